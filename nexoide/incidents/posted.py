"""Failures that a program posts as plain JSON, one object or many.

    {"type", "message", "module", "traceback", "frames": [{"file", "line", "function", "source", "module", "column", "in_app"}],
     "target", "severity", "route", "status", "time", "host", "pid", "thread", "logger", "language", "release", "count"}

One of `type`, `message`, `traceback`, `frames` and `status` must be there, the rest may be; what is not listed is not looked at.
`frames` end with the raising one; `time` is wall seconds or ISO 8601; `count` says how many like it this stands for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from nexoide.errors import UsageError
from nexoide.incidents import bounded
from nexoide.incidents.documents import document
from nexoide.incidents.pasted import pasted
from nexoide.incidents.routing import route
from nexoide.model.failure import Failure, Frame, Raised, Severity

MAX_ITEMS = 1000
MAX_COUNT = 1_000_000_000
NEEDED = ("type", "message", "traceback", "frames", "status")
SEVERITIES: dict[str, Severity] = {
    "warning": "warning",
    "warn": "warning",
    "error": "error",
    "critical": "critical",
    "fatal": "critical",
}  # fmt: skip
_TEXTS = ("type", "message", "module", "traceback", "target", "severity", "route", "host", "thread", "logger", "language", "release")
_FRAME_TEXTS = ("file", "function", "source", "module")


class BadItemError(UsageError):
    """What was posted is JSON, and says no failure."""

    http_status = 422


@dataclass(frozen=True, slots=True)
class Posted:
    """One failure, and how many like it it stands for; `target` is the name that was given, "" where none was."""

    failure: Failure
    count: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """What was posted together; `refused` maps the place of each item that says no failure (from 0) to a sentence why."""

    items: list[Posted]
    refused: dict[int, str]


def read(body: bytes, *, lines: bool, now: float) -> Batch:
    """Return what a body says: an object, a list, or with `lines` one object a line; `now` is wall seconds, for those without a time.

    Raises UsageError where it is no JSON or holds more than 1,000 items, BadItemError where none of its items says a failure.
    """
    batch = Batch([], {})
    for place, item in enumerate(_lines(body) if lines else _items(body)):
        try:
            if isinstance(item, UsageError):
                raise item
            batch.items.append(_posted(item, f"item {place}: " if lines or place else "", now))
        except UsageError as error:
            batch.refused[place] = error.sentence
    if batch.refused and not batch.items:
        raise BadItemError(next(iter(batch.refused.values())))
    if not batch.items:
        raise BadItemError("The body says no failure: post an object with at least 'type', 'message' or 'traceback'.")
    return batch


def _items(body: bytes) -> list[Any]:
    try:
        found = document(body)
    except UsageError as error:
        raise UsageError(f"The body cannot be read: {error.sentence}; post a JSON object, or a list of them.") from None
    items = found if isinstance(found, list) else [found]
    if len(items) > MAX_ITEMS:
        raise UsageError(f"The body holds {len(items)} items, and at most {MAX_ITEMS} are taken at a time: post fewer.")
    return items


def _lines(body: bytes) -> list[Any]:
    found: list[Any] = []
    for line in body.splitlines():
        if not line.strip():
            continue
        if len(found) == MAX_ITEMS:
            raise UsageError(f"The body holds more than {MAX_ITEMS} lines, which is as many as are taken at a time: post fewer.")
        try:
            found.append(document(line))
        except UsageError as error:
            found.append(BadItemError(f"item {len(found)}: it cannot be read: {error.sentence}; write one JSON object a line."))
    return found


def _posted(item: Any, where: str, now: float) -> Posted:
    if not isinstance(item, dict):
        raise BadItemError(f"{where}it is no JSON object: post an object with at least 'type', 'message' or 'traceback'.")
    texts = {name: _text(item, name, where) for name in _TEXTS}
    frames = _frames(item.get("frames"), where)
    status = _number(item, "status", 0, 599, where)
    if not (texts["type"] or texts["message"] or texts["traceback"] or frames or status):
        raise BadItemError(f"{where}it says no failure: 'type', 'message' or 'traceback' must be there.")
    severity = SEVERITIES.get(texts["severity"].lower(), "error" if not texts["severity"] else None)
    if severity is None:
        raise BadItemError(f"{where}'severity' is {texts['severity'][:40]!r}: it must be warning, error or critical.")
    whole = _failure(texts, frames, bounded.moment(item.get("time"), now))
    whole = replace(whole, severity=severity, status=status, pid=_number(item, "pid", 0, (1 << 31) - 1, where))
    return Posted(whole, _number(item, "count", 1, MAX_COUNT, where))


def _failure(texts: dict[str, str], frames: tuple[Frame, ...], at: float) -> Failure:
    """Put together what was said and what its traceback says; what was said goes first."""
    language, read = pasted(texts["traceback"]) if texts["traceback"] else ("python", ())
    chain = _chain(texts, frames, read)
    return Failure(
        target=bounded.line(texts["target"], 64),
        pid=0,
        source="posted",
        at=at,
        thread=bounded.line(texts["thread"]),
        exceptions=chain,
        logger=bounded.line(texts["logger"]),
        log_message=_beside(bounded.text(texts["message"], bounded.MAX_MESSAGE), chain),
        language=bounded.line(texts["language"], 64).lower() or (language if read else "python"),
        host=bounded.line(texts["host"]),
        origin="posted",
        route=_route(texts["route"]),
        release=bounded.line(texts["release"]),
        text=bounded.text(texts["traceback"]) if texts["traceback"] and not read else "",
    )


def _chain(texts: dict[str, str], frames: tuple[Frame, ...], read: tuple[Raised, ...]) -> tuple[Raised, ...]:
    given, python = bounded.line(texts["type"]), texts["language"].lower() in {"", "python"}
    module, _, short = given.rpartition(".") if python else ("", "", given)
    if read:
        return bounded.chain([replace(read[0], frames=frames or read[0].frames), *read[1:]])
    if not given and not frames:
        return ()
    module = bounded.line(texts["module"]) or module or ("builtins" if python else "")
    return (Raised(type=short or "Error", message=bounded.text(texts["message"], bounded.MAX_MESSAGE), module=module, frames=frames),)


def _beside(message: str, chain: tuple[Raised, ...]) -> str:
    """Return what was said besides the exception's own message: what a logger wrote when it met it."""
    return "" if chain and chain[0].message.strip() == message.strip() else message


def _route(said: str) -> str:
    """Return `POST /orders/{n}` of what was given as such, or as a path alone."""
    verb, _, path = said.strip().partition(" ")
    shown = route(verb, path, None) if path and "{" in path else route(verb, None, path.strip()) if path else route("", None, verb)
    return bounded.line(shown or said.strip(), 200)


def _text(item: dict[str, Any], name: str, where: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if isinstance(value, list) and name == "traceback" and all(isinstance(part, str) for part in value):
        return "".join(part if part.endswith("\n") else part + "\n" for part in value)
    if isinstance(value, str):
        return value
    if name in {"message", "host", "thread", "release"} and isinstance(value, int | float) and not isinstance(value, bool):
        return bounded.text(value)
    raise BadItemError(f"{where}{name!r} is {_kind(value)}: it must be a text.")


def _number(item: dict[str, Any], name: str, low: int, high: int, where: str) -> int:
    value = item.get(name)
    if value is None:
        return low
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadItemError(f"{where}{name!r} is {_kind(value)}: it must be a whole number from {low} to {high}.")
    return value


def _frames(value: Any, where: str) -> tuple[Frame, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(frame, dict) for frame in value):
        raise BadItemError(f"{where}'frames' is {_kind(value)}: it must be a list of objects with 'file', 'line' and 'function'.")
    head, missing, tail = bounded.ends(value, bounded.MAX_FRAMES)
    first = [_frame(frame, f"{where}frames: ") for frame in head]
    last = [_frame(frame, f"{where}frames: ") for frame in tail]
    return tuple([*first, bounded.left_out(missing), *last] if missing else first)


def _frame(item: dict[str, Any], where: str) -> Frame:
    texts = {name: _text(item, name, where) for name in _FRAME_TEXTS}
    own = item.get("in_app")
    return Frame(
        file=bounded.line(texts["file"], bounded.MAX_FILE),
        line=_number(item, "line", 0, (1 << 31) - 1, where),
        function=bounded.line(texts["function"]) or "<unknown>",
        module=bounded.line(texts["module"]),
        source=bounded.text(texts["source"], bounded.MAX_SOURCE),
        column=_number(item, "column", 0, (1 << 20) - 1, where) if item.get("column") is not None else -1,
        in_app=own if isinstance(own, bool) else None,
    )


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool | float):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 1 << 64 else "a number beyond all bounds"
    return "a text" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"
