"""Which failures are one: a fingerprint of what was raised and of the place in the project that raised it.

Equal across moved lines, processes, hosts, folders, routes and versions of Python, and whichever source saw it: for each exception of the chain its
type and its deepest place in the project (places.py); the message counts only where a place says too little, and then without its variables.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from nexoide.incidents.categories import BY_STATUS
from nexoide.incidents.parameterise import parameterise
from nexoide.incidents.places import MAX_CALLERS, MAX_NAME, Place, cycle, origin, places, raises
from nexoide.incidents.project import frames_by_exception, is_group, project_frame, project_frames, relative_path, stable_name
from nexoide.incidents.remote import HEADER, unfolded
from nexoide.incidents.statuses import errno_of, error_code, http_status
from nexoide.model.failure import Failure, Frame, Raised

__all__ = ["fingerprint", "project_frame", "relative_path"]

MAX_CHAIN = 6
MAX_PLANS = 2048
_ALIASES = {
    "IOError": "OSError", "EnvironmentError": "OSError", "WindowsError": "OSError", "socket.error": "OSError", "select.error": "OSError",
    "socket.timeout": "TimeoutError", "timeout": "TimeoutError", "re.error": "PatternError", "PythonFinalizationError": "RuntimeError",
}  # fmt: skip
_FOLDED = frozenset(_ALIASES.values())
_NO_CONTEXT_MANAGER = re.compile(r"(?:.{1,200} has no attribute ')?__a?(?:enter|exit)__'?")  # an AttributeError before 3.11, a TypeError since
_SYNTAX = frozenset({"SyntaxError", "IndentationError", "TabError"})
_SYNTAX_FILE = re.compile(r"\((?P<file>[^()/\\\n]{1,255}), line \d{1,9}\)$")
_DATABASE = frozenset({"DatabaseError", "DataError", "OperationalError", "IntegrityError", "InternalError", "ProgrammingError", "NotSupportedError"})
"""PEP 249's: all statements of a program go through a few lines, and all that is wrong with them has these few types."""
_CHANCE = frozenset({"CancelledError"})  # where a task was when it was cancelled says nothing of why
_RAISED_STOP = re.compile(r"(?:async )?(?:generator|coroutine) raised Stop(?:Async)?Iteration")  # what the interpreter makes of one that left a body
_SUBJECTS = {
    "AttributeError": re.compile(r"has no attribute '(?P<name>\w{1,100})'"),
    "NameError": re.compile(r"(?:name|variable) '(?P<name>\w{1,100})'"),
    "UnboundLocalError": re.compile(r"variable '(?P<name>\w{1,100})'"),
    "ImportError": re.compile(r"cannot import name '(?P<name>\w{1,100})'"),
    "ModuleNotFoundError": re.compile(r"No module named '(?P<name>[\w.]{1,200})'"),
    "KeyError": re.compile(r"^(?P<name>'[^'\n]{1,100}'|\"[^\"\n]{1,100}\")$"),
}
_ROUTE_PART = re.compile(r"(?<=/)(?:\d{1,40}|[0-9a-fA-F-]{16,64}|(?=[\w.~-]{0,80}\d)[\w.~-]{8,80})(?=/|$)")
_shape = attrgetter("file", "function", "source", "in_app")


class _Part(NamedTuple):
    """What of one exception of a chain is the same each time, and what of its message is to be asked (`detail`)."""

    position: int
    type: str
    place: Place | None
    callers: tuple[Place, ...] = ()
    detail: str = ""
    extra: tuple[tuple[str, str], ...] = ()


class _Plan(NamedTuple):
    """How failures of one shape are told apart; `digest` is set where no message is needed for that."""

    parts: tuple[_Part, ...]
    grouped: bool
    digest: str = ""


_plans: dict[int, _Plan] = {}


def fingerprint(failure: Failure, root: Path | None) -> str:
    """Return 16 hex digits that are equal for failures of one bug; `root` is the workspace, absolute and resolved, or None."""
    chain = failure.exceptions
    if not chain:
        return _without_exceptions(failure)
    if failure.language != "python":
        return _foreign(chain[0])
    if any(HEADER in raised.message for raised in chain):
        chain = unfolded(chain)
    key = hash((str(root), tuple([(raised.type, raised.module, raised.relation, _decides(raised), tuple(map(_shape, raised.frames))) for raised in chain])))
    plan = _plans.get(key)
    if plan is None:
        if len(_plans) >= MAX_PLANS:
            _plans.clear()
        plan = _plans[key] = _planned(chain, root)
    return plan.digest or _digest(_components(plan, chain))


def _decides(raised: Raised) -> str:
    """Return what of a message the shape of a failure depends on."""
    if raised.type in _SYNTAX:
        return raised.message[-300:]
    if raised.type == "RuntimeError" and _RAISED_STOP.fullmatch(raised.message):
        return "stop"
    return "__" if raised.type == "AttributeError" and _NO_CONTEXT_MANAGER.fullmatch(raised.message) else ""


def _planned(chain: tuple[Raised, ...], root: Path | None) -> _Plan:
    grouped = any(raised.relation == "member" for raised in chain)
    frames = frames_by_exception(chain, root)
    parts = [_part(index, raised, frames[index]) for index, raised in enumerate(chain) if not (grouped and is_group(raised)) and (grouped or index < MAX_CHAIN)]
    parts = [part for part in parts if part.type not in _CHANCE and _decides(chain[part.position]) != "stop"] or parts
    if any(part.place for part in parts):
        parts = [part for part in parts if part.place]
    plan = _Plan(tuple(parts), grouped)
    return plan if any(part.detail or not part.place for part in parts) else plan._replace(digest=_digest(_components(plan, chain)))


def _part(index: int, raised: Raised, frames: list[tuple[Frame, str]]) -> _Part:
    """Return what counts of one exception; `frames` are those of the project."""
    kind = _type(raised)
    if kind in _SYNTAX and (file := _syntax_file(raised)):
        return _Part(index, kind, Place("<syntax>", file, ""))
    found = places(frames)
    if not found:
        return _Part(index, kind, None)
    if kind == "RecursionError":
        return _Part(index, kind, Place("<recursion>", "", ""), extra=tuple(cycle(found)))
    place = found[-1]
    if not place.source:
        return _Part(index, kind, place, detail="message")
    if kind in _DATABASE and not raises(place.source):
        return _Part(index, kind, place, detail="database")
    if frames[-1][0] is not raised.frames[-1]:
        return _Part(index, kind, place, detail="status")
    if raises(place.source):
        callers = tuple(dict.fromkeys(caller for caller in reversed(found[:-1]) if caller != place))
        return _Part(index, kind, place, callers[:MAX_CALLERS], "origin")
    return _Part(index, kind, place, detail="subject" if kind in _SUBJECTS else "errno" if kind == "OSError" else "")


def _type(raised: Raised) -> str:
    """Return the plain name of a class, one for all names that it has had in versions of Python."""
    name = raised.type.rpartition(".")[2][:MAX_NAME]
    if name == "AttributeError" and _NO_CONTEXT_MANAGER.fullmatch(raised.message):
        return "TypeError"
    if name in {"error", "timeout"}:
        module = raised.type.rpartition(".")[0] or raised.module
        return _ALIASES.get(f"{module}.{name}", _ALIASES.get(name, name))
    return _ALIASES.get(name, name)


def _dotted(raised: Raised) -> str:
    """Return the class with its module, which counts where no place does."""
    name = _type(raised)
    if name in _FOLDED:
        return name
    whole = raised.type if raised.module in {"", "builtins", "__main__"} or raised.type.startswith(f"{raised.module}.") else f"{raised.module}.{raised.type}"
    return whole.removeprefix("__main__.").removeprefix("builtins.")[:MAX_NAME]


def _syntax_file(raised: Raised) -> str:
    """Return the base name of the file that could not be compiled, "" where it is not said."""
    found = _SYNTAX_FILE.search(raised.message)
    if found is not None:
        return "" if found["file"].startswith("<") else found["file"]
    last = raised.frames[-1] if raised.frames else None  # a printed traceback has the place of the error as a last frame
    printed = last is not None and last.function in {"", "<module>"} and not last.file.startswith("<")
    return stable_name(last.file).rpartition("/")[2] if last is not None and printed else ""


def _components(plan: _Plan, chain: tuple[Raised, ...]) -> tuple[tuple[str, ...], ...]:
    """Return what counts of each exception, each once; members of a group in no order."""
    if not any(part.place for part in plan.parts):
        first, *rest = plan.parts
        types = dict.fromkeys((_dotted(chain[part.position]),) for part in rest)
        return ((_dotted(chain[first.position]), parameterise(chain[first.position].message)), *types)
    found: dict[tuple[str, ...], bool] = {}
    for part in plan.parts:
        flat = [word for pair in part.extra for word in pair]
        component = (part.type, *(part.place or ()), *flat, *(_detail(part, chain[part.position].message) if part.detail else ()))
        found.setdefault(component, chain[part.position].relation in {"cause", "context"})
    if not plan.grouped:
        return tuple(found)
    return (*sorted(part for part, behind in found.items() if not behind), *sorted(part for part, behind in found.items() if behind))


def _detail(part: _Part, message: str) -> tuple[str, ...]:
    """Return what of a message tells apart failures of one place; empty for most."""
    source = part.place.source if part.place else ""
    if part.detail == "message":
        return (parameterise(message),)
    if part.detail == "origin" and part.place is not None:
        return (*origin(part.place, part.callers, message), *_status(message))
    if part.detail == "database":
        return (parameterise(message.partition("\n")[0])[:MAX_NAME],)
    if part.detail == "status":
        return _status(message) or _errno(part, message)
    if part.detail == "subject":
        found = _SUBJECTS[part.type].search(message)
        name = found["name"] if found else ""
        return (name.strip("'\""),) if name and _stands_in(name, source) else ()
    return _errno(part, message)


def _status(message: str) -> tuple[str, ...]:
    """Return what kind of status or which code a message says: one call fails for many reasons, and 500 and 503 are the same one."""
    code = error_code(message)
    if code:
        return (f"code {code}",)
    status = http_status(message)
    return (f"status {status if status in BY_STATUS else status // 100}",) if status else ()


def _errno(part: _Part, message: str) -> tuple[str, ...]:
    number = errno_of(message) if part.type == "OSError" else 0
    return (f"errno {number}",) if number else ()


def _stands_in(name: str, source: str) -> bool:
    """Say whether a line names what is missing: what it computes is a value, and values count for nothing."""
    if name[0] in "'\"":
        return name in source or f'"{name[1:-1]}"' in source
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source) is not None


@lru_cache(maxsize=2048)
def _digest(components: tuple[tuple[str, ...], ...]) -> str:
    whole = json.dumps(components, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _without_exceptions(failure: Failure) -> str:
    """Tell apart failures that are no exceptions: a status by its route, a record by its logger and its message."""
    if failure.status and failure.route:
        return _digest((("http", str(failure.status), route_of(failure.route)),))
    message = failure.log_message or failure.text.partition("\n")[0]
    return _digest((("log", failure.logger[:MAX_NAME], parameterise(message)),))


def route_of(route: str) -> str:
    """Return a route without query and without the identifiers in its path, where its source told a path instead."""
    return _ROUTE_PART.sub("{id}", route[:512].partition("?")[0])


def _foreign(raised: Raised) -> str:
    """Tell apart failures of other languages: by their last three plausible frames, else by the message."""
    frames = project_frames(raised, None)[-3:]
    if not frames:
        return _digest(((_dotted(raised), parameterise(raised.message)),))
    return _digest(((raised.type[:MAX_NAME],), *[(frame.function[:MAX_NAME], file[:MAX_NAME]) for frame, file in frames]))
