"""Builds the JSON of a Failure (nexoide.model.failure) from an exception, without running any code of the program."""

from __future__ import annotations

import os
import re
import sys
import time
from types import FunctionType

from .frames import Budget, frames
from .redact import redact
from .remote import is_remote, remote_frames
from .values import SEQUENCES, _mro, _type_vars, shown, type_module, type_name, view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

MAX_EXCEPTIONS = 8
MAX_WALK = 1000
MAX_MESSAGE = 2000
MAX_PLAIN = 20_000
MAX_ROUTE = 200

cause_of = BaseException.__dict__["__cause__"].__get__
context_of = BaseException.__dict__["__context__"].__get__
suppressed = BaseException.__dict__["__suppress_context__"].__get__
traceback_of = BaseException.__dict__["__traceback__"].__get__
args_of = BaseException.__dict__["args"].__get__
GROUP: Any = getattr(__import__("builtins"), "BaseExceptionGroup", None)
_MISSING = re.compile(r"(?:module |type object )?'(?P<owner>[^']{1,200})' (?:object )?has no attribute '(?P<name>[^']{1,200})'")
_UNBOUND = re.compile(r"(?:global |free |local |cannot access (?:local|free) )?(?:name|variable) '(?P<name>[^']{1,200})'")
_STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep


def failure(
    error: Optional[BaseException],
    traceback: Any,
    source: str,
    thread: str,
    logger: str = "",
    log_message: str = "",
    severity: str = "error",
    route: str = "",
    status: int = 0,
) -> dict[str, Any]:
    """Return a Failure as a dict; `source` and the field names are those of nexoide.model.failure."""
    budget = Budget()
    return {
        "target": os.environ.get("NEXOIDE_PROBE_TARGET", ""),
        "pid": os.getpid(),
        "source": source,
        "at": time.time(),
        "thread": thread,
        "exceptions": [] if error is None else [_raised(item, how, traceback if item is error else None, budget) for item, how in chain(error)],
        "logger": logger,
        "log_message": bounded(redact(log_message)),
        "severity": severity,
        "route": redact(route[:MAX_ROUTE]),
        "status": status,
    }


def chain(error: BaseException) -> list[tuple[BaseException, str]]:
    """Return an exception with its causes, contexts and group members: all of up to 8, else the first 6 and the last 2."""
    found: list[tuple[BaseException, str]] = []
    seen: set[int] = set()
    waiting: list[tuple[BaseException, str]] = [(error, "raised")]
    while waiting and len(found) < MAX_WALK:
        item, relation = waiting.pop(0)
        if id(item) in seen or (relation == "cause" and is_remote(item)):
            continue
        seen.add(id(item))
        found.append((item, relation))
        if GROUP is not None and issubclass(type(item), GROUP):
            waiting += [(member, "member") for member in GROUP.__dict__["exceptions"].__get__(item)[:MAX_EXCEPTIONS]]
        cause, context = cause_of(item), context_of(item)
        if cause is not None:
            waiting.append((cause, "cause"))
        elif context is not None and not suppressed(item):
            waiting.append((context, "context"))
    return found if len(found) <= MAX_EXCEPTIONS else found[: MAX_EXCEPTIONS - 2] + found[-2:]


def _raised(error: BaseException, relation: str, traceback: Any, budget: Budget) -> dict[str, Any]:
    kind = type(error)
    entries = traceback if traceback is not None else traceback_of(error)
    words, guessed = message_of(error)
    message = bounded(redact(words))
    name, obj = _missing(error, message, entries)
    return {
        "type": type_name(kind),
        "message": message,
        "module": type_module(kind),
        "relation": relation,
        "name": name,
        "obj": obj,
        "frames": [*frames(entries, budget), *remote_frames(cause_of(error))],
        "guessed": guessed,
    }


def bounded(text: str) -> str:
    """Return at most 2,000 characters of `text`: its head and its tail."""
    if len(text) <= MAX_MESSAGE:
        return text
    tail = MAX_MESSAGE // 4
    return f"{text[: MAX_MESSAGE - tail - 40]} … {len(text) - MAX_MESSAGE + 40} characters … {text[-tail:]}"


def message_of(error: BaseException) -> tuple[str, bool]:
    """Return what `str(error)` gives where that runs builtin code on builtin values only, else what its args show and True: it is guessed."""
    arguments = args_of(error)
    if GROUP is not None and issubclass(type(error), GROUP):
        title, members = GROUP.__dict__["message"].__get__(error), GROUP.__dict__["exceptions"].__get__(error)
        return f"{title[:MAX_PLAIN] if type(title) is str else '?'} ({len(members)} sub-exception{'s' * (len(members) != 1)})", False
    printer = _printer(error)
    if len(arguments) == 1 and type(arguments[0]) is str and printer is not KeyError.__str__:
        return str(arguments[0][:MAX_PLAIN]), printer is None
    if printer is not None and all(_plain(item, 0) for item in arguments) and _plain_file(error):
        try:
            return str(error)[:MAX_PLAIN], False
        except (TypeError, ValueError, AttributeError, RecursionError):
            pass
    if len(arguments) == 1:
        return shown(arguments[0]), True
    return ", ".join(shown(item) for item in arguments[:8]), True


def is_key_error(error: BaseException) -> bool:
    """Tell whether an exception's only argument is a key, which its message shows as a value."""
    return issubclass(type(error), KeyError)


def _printer(error: BaseException) -> Any:
    """Return the `__str__` of an exception where it is the interpreter's or the standard library's own, else None."""
    for kind in _mro(type(error)):
        found = _type_vars(kind).get("__str__")
        if found is None:
            continue
        if type(found) is FunctionType:
            file = found.__code__.co_filename
            return found if kind is type(error) and file.startswith(_STDLIB) and "-packages" not in file else None
        return found if type_module(kind) == "builtins" else None
    return None


def _plain(value: Any, depth: int) -> bool:
    kind = type(value)
    if kind in (str, bytes):
        return len(value) <= MAX_PLAIN
    if kind is int:
        return bool(-(1 << 256) < value < 1 << 256)
    if kind in (float, complex, bool, type(None)):
        return True
    if kind in SEQUENCES and depth < 3 and len(value) <= 64:
        return all(_plain(item, depth + 1) for item in value)
    if kind is dict and depth < 3 and len(value) <= 64:
        return all(_plain(key, depth + 1) and _plain(item, depth + 1) for key, item in list(value.items()))
    return False


def _plain_file(error: BaseException) -> bool:
    if not issubclass(type(error), OSError):
        return True
    pathlib = sys.modules.get("pathlib")
    kinds = (str, bytes, int, type(None)) + ((pathlib.PosixPath,) if pathlib is not None else ())
    return all(type(OSError.__dict__[name].__get__(error)) in kinds for name in ("filename", "filename2", "strerror", "errno"))


def _missing(error: BaseException, message: str, traceback: Any) -> tuple[Optional[str], Optional[dict[str, Any]]]:
    """Return name and obj of an AttributeError or NameError, from its message where the interpreter keeps neither."""
    kind = type(error)
    if not issubclass(kind, (AttributeError, NameError)):
        return None, None
    base: Any = AttributeError if issubclass(kind, AttributeError) else NameError
    name = base.__dict__["name"].__get__(error) if "name" in base.__dict__ else None
    if base is NameError:
        found = _UNBOUND.search(message) if type(name) is not str else None
        return (name if type(name) is str else found["name"] if found else None), None
    if type(name) is str:
        obj = base.__dict__["obj"].__get__(error)
        return name, view(obj, builtin=True)
    found = _MISSING.match(message)
    if found is None:
        return None, None
    return found["name"], _owner(found["owner"], message, traceback)


def _owner(owner: str, message: str, traceback: Any) -> Optional[dict[str, Any]]:
    """Return a view of the variable of the raising frame that is of type `owner`; None where there is no such."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    variables = traceback.tb_frame.f_locals if traceback is not None else {}
    if message.startswith("module "):
        module = sys.modules.get(owner)
        return None if module is None else view(module, builtin=True)
    if type(variables) is not dict or message.startswith("type object "):
        return None
    for value in list(variables.values()):
        if type_name(type(value)).rpartition(".")[2] == owner:
            return view(value, builtin=True)
    return None


def log_text(template: Any, arguments: Any) -> str:
    """Return the message of a log record where it is made of builtin values, else its template."""
    if type(template) is not str:
        return shown(template)
    if arguments and type(arguments) in (tuple, dict) and _plain(arguments, 0) and len(template) <= MAX_PLAIN:
        try:
            return str(template % arguments)
        except (TypeError, ValueError, KeyError):
            return template
    return template
