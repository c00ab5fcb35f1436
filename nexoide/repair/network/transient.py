"""Failures that pass by themselves (timeouts, rate limits, broken connections), and whether a call may be made again."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nexoide.model.failure import Raised
from nexoide.repair.code.index import find_classes, index, last_name, members
from nexoide.repair.code.names import words
from nexoide.repair.code.shapes import classes_with
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

STATUSES = (408, 425, 429, 500, 502, 503, 504)
_TYPES = frozenset(
    [
        "APIConnectionError",
        "APITimeoutError",
        "ChunkedEncodingError",
        "ClientOSError",
        "ConnectTimeout",
        "ConnectTimeoutError",
        "ConnectionAbortedError",
        "ConnectionResetError",
        "ConnectionTimeout",
        "GatewayTimeout",
        "IncompleteRead",
        "PoolTimeout",
        "RateLimitError",
        "RateLimitExceeded",
        "RateLimited",
        "ReadError",
        "ReadTimeout",
        "ReadTimeoutError",
        "RemoteDisconnected",
        "RemoteProtocolError",
        "RequestTimeout",
        "ServerDisconnectedError",
        "ServerTimeoutError",
        "ServiceUnavailable",
        "ServiceUnavailableError",
        "SocketTimeoutError",
        "Throttled",
        "ThrottlingException",
        "TimeoutError",
        "TimeoutException",
        "TooManyRequests",
        "TooManyRequestsError",
        "TransientError",
        "WriteTimeout",
        "timeout",
    ]
)
_MESSAGE = re.compile(
    r"\b(?:408|425|429|502|503|504)\b(?=.*(?:error|timeout|time-out|too many|unavailable|gateway|status|http|retry))"
    r"|(?:status|http|code|error)[^\d\n]{0,12}\b(?:408|425|429|502|503|504)\b"
    r"|too many requests|rate limit|request timeout|gateway time-?out|service unavailable|temporarily unavailable|connection reset|timed out"
    r"|remote end closed connection|connection aborted|server disconnected|try again later|throttl",
    re.IGNORECASE,
)
_NEVER = frozenset(
    [
        "AssertionError",
        "KeyError",
        "TypeError",
        "AttributeError",
        "NameError",
        "ImportError",
        "IndexError",
        "SyntaxError",
        "BrokenBarrierError",
        "Empty",
        "Full",
    ]
)
_TIMED = re.compile(r"(?i)timeout|timed out|time-out|\b(?:408|504)\b")
_READS = frozenset(
    [
        "get",
        "fetch",
        "load",
        "read",
        "list",
        "find",
        "search",
        "query",
        "lookup",
        "download",
        "pull",
        "poll",
        "check",
        "status",
        "ping",
        "head",
        "describe",
        "show",
        "count",
        "resolve",
        "urlopen",
        "retrieve",
        "select",
        "scan",
        "view",
        "browse",
        "sync",
        "options",
        "geturl",
        "recv",
        "receive",
        "balance",
        "quote",
        "price",
        "rate",
        "weather",
        "latest",
        "current",
        "export",
        "request",
    ]
)
_WRITES = frozenset(
    [
        "post",
        "create",
        "charge",
        "pay",
        "send",
        "submit",
        "order",
        "buy",
        "refund",
        "transfer",
        "insert",
        "add",
        "book",
        "place",
        "publish",
        "notify",
        "email",
        "mail",
        "withdraw",
        "deposit",
        "register",
        "signup",
        "upload",
        "write",
        "save",
        "patch",
        "checkout",
        "purchase",
        "invoice",
        "capture",
        "enqueue",
        "push",
        "emit",
        "trigger",
        "payment",
        "debit",
        "credit",
        "issue",
        "sms",
        "append",
        "reserve",
    ]
)
_REPEATABLE = frozenset({"put", "delete"})


def is_transient(raised: Raised) -> bool:
    """Say whether a failure is one that often passes by itself."""
    last = raised.type.rsplit(".", 1)[-1]
    if last in _NEVER:
        return False
    return last in _TYPES or _MESSAGE.search(raised.message) is not None


def is_timeout(raised: Raised) -> bool:
    """Say whether it is about time, and not about too many requests or a broken connection."""
    return _TIMED.search(raised.type) is not None or _TIMED.search(raised.message) is not None


def effect(context: Context, call: ast.Call, function: str = "") -> str:
    """Return "reads" where a call may be made again, "writes" where that could do something twice, "" where neither is shown.

    Read from the HTTP method where one is given, else from the words of the called name and of the function around.
    """
    method = _method(call)
    if method:
        return "writes" if method in ("POST", "PATCH") else "reads"
    name = last_name(call.func)
    if name in ("wait_for", "shield", "run_in_executor", "to_thread", "run") and call.args:  # what they run decides
        inner = next((item for item in call.args if isinstance(item, ast.Call)), None)
        name = last_name(inner.func) if inner is not None else last_name(call.args[-1])
    if name == "urlopen":
        return _of_urlopen(context.module, call)
    first = words(name)[:1] or ("",)
    if first[0] in _READS:
        return "reads"
    own = set(words(name))
    if own & _WRITES:
        return "writes"
    around = words(function)
    if not own & (_READS | _REPEATABLE) and set(around) & _WRITES and around[0] not in _READS:
        return "writes"
    return "reads" if (own | set(around)) & (_READS | _REPEATABLE) else ""


_METHODS = frozenset({"GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS"})


def _method(call: ast.Call) -> str:
    """Return the HTTP method that a call names in its arguments, "" where it names none."""
    for item in (*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg in ("method", "verb"))):
        if (
            isinstance(item, ast.Constant)
            and isinstance(item.value, str)
            and item.value.upper() in ("GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS")
        ):
            return item.value.upper()
    return ""


def _of_urlopen(module: Module, call: ast.Call) -> str:
    """Return the effect of `urlopen`: a body makes it a POST, in the call or in the request that it is given."""
    if len(call.args) > 1 or any(item.arg == "data" for item in call.keywords):
        return "writes"
    given = call.args[0] if call.args else None
    around: ast.AST = module.function(call) or module.tree
    for node in ast.walk(around):
        if isinstance(node, ast.Call) and last_name(node.func) == "Request":
            made = {item.arg: item.value for item in node.keywords}
            method = made.get("method")
            if isinstance(method, ast.Constant):
                return "writes" if method.value in ("POST", "PATCH") else "reads"
            if ("data" in made or len(node.args) > 1) and (isinstance(given, ast.Name) or node is given):
                return "writes"
    return "reads"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a caught exception is asked: whether it passes, and how long its sender says to wait; "" where it cannot be asked."""

    passing: str = ""
    after: str = ""


def shape(context: Context) -> Shape:
    """Return how the raised exception carries its status and its Retry-After, by its class or its library."""
    raised = context.raised
    last, top = raised.type.rsplit(".", 1)[-1], raised.module.split(".", maxsplit=1)[0]
    statuses = "(408, 425, 429, 502, 503, 504)"
    if last == "HTTPError" and top == "urllib":
        return Shape(f"error.code in {statuses}", 'error.headers.get("Retry-After") if error.headers else None')
    if last in ("HTTPError", "HTTPStatusError") and top in ("requests", "httpx"):
        return Shape(f"error.response.status_code in {statuses}", 'error.response.headers.get("Retry-After")')
    found = find_classes(context.project, last, context.module)
    if len(found) != 1:
        return Shape()
    known = members(context.project, found[0])
    names = set(known.attributes) | {name for name, item in known.methods.items() if "property" in item.decorators}
    status = next((name for name in ("status", "status_code", "code", "http_status") if name in names), "")
    after = next((f"error.{name}" for name in ("retry_after", "wait", "delay") if name in names), "")
    if "response" in names and not status and not after:
        return Shape(f"error.response.status_code in {statuses}", 'error.response.headers.get("Retry-After")') if _has_status(context) else Shape()
    if not after and "headers" in names:
        after = 'error.headers.get("Retry-After") if error.headers else None'
    numeric = bool(status) and re.search(r"\b[45]\d\d\b", raised.message + _given(context)) is not None
    specific = last in _TYPES or not numeric
    return Shape("" if specific else f"error.{status} in {statuses}", after)


def _has_status(context: Context) -> bool:
    """Say whether the project's responses have a status_code and headers."""
    return bool(classes_with(context.project, "status_code")) and bool(classes_with(context.project, "headers"))


def _given(context: Context) -> str:
    """Return the text of the failing line, where a status may stand that the message does not say."""
    view = context.frame.locals
    return " ".join([context.module.lines[context.line - 1], *(item.repr for item in list(view.values())[:8])])


def exception_text(context: Context, module: Module) -> tuple[str, tuple[str, str] | None]:
    """Return how the raised type is written in a module, and (source, name) to import where it is not reachable yet."""
    raised = context.raised
    last = raised.type.rsplit(".", 1)[-1]
    if raised.module in ("builtins", ""):
        own = find_classes(context.project, last, module)
        if not own:
            return last, None
    if last in ("TimeoutError", "timeout") and raised.module in ("builtins", "socket", "asyncio.exceptions"):
        return "TimeoutError", None
    imports = index(module).imports
    if last in index(module).globals or imports.get(last, ("", ""))[1] == last:
        return last, None
    top = raised.module.split(".", maxsplit=1)[0]
    bound = imports.get(top)
    if bound is not None and not bound[1] and raised.module != "__main__":
        return f"{raised.module}.{last}", None
    return last, (raised.module, last)
