"""What class a failure is of, and how bad it is: in the words that an operator would use.

The whole chain is looked at, the outermost first: a wrapper that says nothing (RuntimeError, a class of the program's own) has
the class of its cause.
"""

from __future__ import annotations

import re

from nexoide.incidents.categories import BY_ERRNO, BY_STATUS, GENERIC, MESSAGES, NAMES, TYPES
from nexoide.incidents.project import is_group
from nexoide.incidents.remote import unfolded
from nexoide.incidents.statuses import errno_of, error_code, http_status
from nexoide.model.failure import Failure, Raised, Severity
from nexoide.model.incident import Category

_QUOTED = re.compile(r"'[^'\n]{0,300}'|\"[^\"\n]{0,300}\"|`[^`\n]{0,300}`")
_WHOLE = re.compile(r"(?:(?<=\(\d\d\d, )|(?<=\(\d{4}, )|(?<=details = ))b?(['\"])([^\n]{0,1000})\1")
"""The text in what a database's driver (`(2006, "…")`), a mail server or gRPC says."""
_WORD_CODE = re.compile(r"['\"](?:error|code|type|reason)['\"]: ?['\"](\w{1,60})['\"]")
_SIGNATURE = re.compile(
    r"missing \d{1,4} required|missing (?:a )?required|unexpected keyword|takes .{1,60} arguments?\b|multiple values for|takes no |takes at |takes from "
    r"|(?:takes|expected) (?:exactly |at (?:least|most) )?\w{1,10} (?:positional )?arguments?|positional-only|required positional|too many positional"
    r"|invalid keyword argument"
)
_ATTRIBUTE = re.compile(r"has no attribute '(\w{1,200})'")
_STARTUP = frozenset({"missing module", "syntax"})
_CRITICAL = frozenset({"memory", "crash"})


def classify(failure: Failure) -> tuple[Category, Severity]:
    """Return the class of any failure, `other` where nothing tells it, and its severity."""
    category = _category(failure)
    return category, _severity(failure, category)


def _category(failure: Failure) -> Category:
    chain = unfolded(failure.exceptions)
    leaves = [raised for raised in chain if not is_group(raised)] or list(chain)
    for raised in leaves:
        found = _of(raised)
        if found is not None:
            return found
    if failure.status:
        return of_status(failure.status)
    if leaves:
        return "warning" if failure.source == "warning" else "other"
    message = failure.log_message or failure.text
    status = http_status(message)
    return (of_status(status) if status else _of_words(message)) or ("warning" if failure.severity == "warning" else "other")


def of_status(status: int) -> Category:
    """Return the class of an HTTP status of 400 and above."""
    return BY_STATUS.get(status, "client error" if status < 500 else "server error")


def _of(raised: Raised) -> Category | None:
    """Return the class of one exception, None where it is a mere wrapper."""
    name, message = raised.type.rpartition(".")[2], raised.message
    if name == "AttributeError":
        return _of_attribute(raised)
    if name == "TypeError":
        return _of_type_error(message)
    if name.endswith("Warning"):
        return "not awaited" if "was never awaited" in message else "warning"
    if name in GENERIC:
        return _of_generic(name, message)
    if (known := TYPES.get(name)) is not None:
        return _precisely(known, message)
    status = http_status(message)
    if status:
        return _precisely(of_status(status), message)
    return _of_name(name) or _of_words(message)


def _precisely(category: Category, message: str) -> Category:
    """Return what the words say where a status of a whole family says no more than whose fault it is."""
    said = _of_words(message) if category == "client error" else None
    return said if said in {"payload too large", "rate limit"} else category


def _of_name(name: str) -> Category | None:
    """Return the class by parts of a name."""
    return next((category for pattern, category in NAMES if pattern.search(name)), None)


def _of_generic(name: str, message: str) -> Category | None:
    """Return what a message says where the type says little: a status, an errno, words; else what the type says."""
    status = http_status(message)
    if status:
        return _precisely(of_status(status), message)
    found = BY_ERRNO.get(errno_of(message)) or _of_words(message)
    return found or ("wrong value" if name == "ValueError" else TYPES.get(name))


def _of_attribute(raised: Raised) -> Category:
    message, source = raised.message, raised.frames[-1].source if raised.frames else ""
    if "'NoneType'" in message or (raised.obj is not None and raised.obj.type == "NoneType"):
        return "None"
    if "'coroutine'" in message or "'async_generator'" in message:
        return "not awaited"
    found = _ATTRIBUTE.search(message)
    name = raised.name or (found[1] if found else "")
    return "missing method" if name and re.search(rf"\.\s?{re.escape(name[:200])}\s?\(", source) else "missing attribute"


def _of_type_error(message: str) -> Category:
    if "NoneType" in message:
        return "None"
    if "'coroutine'" in message or "in 'await' expression" in message or "'async_generator'" in message or "was never awaited" in message:
        return "not awaited"
    if _SIGNATURE.search(message[:1000]):
        return "wrong signature"
    return next((category for pattern, category in MESSAGES if category in {"None", "missing method"} and pattern.search(message[:1000])), "wrong type")


def _of_words(message: str) -> Category | None:
    code = error_code(message)
    if code:
        said = _by_words(message) if code == "ResourceExhausted" else None  # quotas and sizes have one code
        found = said or TYPES.get(code) or _of_name(code)
        if found is not None:
            return found
    return _by_words(message)


def _by_words(message: str) -> Category | None:
    """Return the class by the words of a message; what is quoted counts where it is the message or a code itself."""
    text = _WHOLE.sub(r"\2", message[:1000])
    codes = " ".join(found[1].replace("_", " ") for found in _WORD_CODE.finditer(text))
    text = f"{_QUOTED.sub(lambda found: found[0] if 'NoneType' in found[0] else ' ', text)} {codes}"
    return next((category for pattern, category in MESSAGES if pattern.search(text)), None)


def _severity(failure: Failure, category: Category) -> Severity:
    """Return how bad it is; the level of a log's record, where there is one, has said it already."""
    if failure.severity != "error" or (failure.logger and failure.source == "log"):
        return failure.severity
    if category == "warning" or failure.source == "warning" or (not failure.exceptions and 400 <= failure.status < 500):
        return "warning"
    if category in _CRITICAL or (failure.source == "main" and category in _STARTUP):
        return "critical"
    return "error"
