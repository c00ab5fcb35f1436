"""Exceptions that a log holds as data instead of text: structlog's dictionaries, and lists of frames like them."""

from __future__ import annotations

from typing import Any

from nexoide.incidents.logs import text
from nexoide.incidents.logs.chain import MAX_EXCEPTIONS, split_type
from nexoide.incidents.logs.frames import HEAD, TAIL
from nexoide.model.failure import Frame, Raised, Relation


def exceptions_of(items: list[Any]) -> tuple[Raised, ...]:
    """Return the exceptions of a list of `{exc_type, exc_value, frames: [{filename, lineno, name, line}]}`, () where it is none.

    Such a list begins with what was raised last; its causes follow.
    """
    found: list[Raised] = []
    relation: Relation = "raised"
    for item in items[:MAX_EXCEPTIONS]:
        kind = _first(item, "exc_type", "type", "exception_type", "class", "name")
        if not isinstance(item, dict) or not kind:
            return ()
        module, name = split_type(kind)
        module = _first(item, "module", "exc_module") or module
        frames = item.get("frames", item.get("stacktrace", item.get("stack", item.get("traceback"))))
        if isinstance(frames, dict):
            frames = frames.get("frames")
        listed = [_frame(entry) for entry in frames[:10_000] if isinstance(entry, dict)] if isinstance(frames, list) else []
        kept = listed if len(listed) <= HEAD + TAIL else listed[:HEAD] + listed[-TAIL:]
        message = text.message(_first(item, "exc_value", "value", "message", "msg", "exc_message"))
        found.append(Raised(type=name, message=message, module=module, relation=relation, frames=tuple(kept)))
        relation = "cause" if item.get("is_cause") else "context"
    return tuple(found)


def _frame(entry: dict[str, Any]) -> Frame:
    line = entry.get("lineno", entry.get("line", entry.get("line_number", 0)))
    number = (
        line
        if isinstance(line, int) and not isinstance(line, bool) and 0 <= line < 1 << 31
        else int(line)
        if isinstance(line, str) and line.isdigit() and len(line) < 10
        else 0
    )
    shown = (
        entry.get("line") if isinstance(entry.get("line"), str) and "lineno" in entry else entry.get("code", entry.get("source", entry.get("context_line", "")))
    )
    return Frame(
        file=text.name(_first(entry, "filename", "file", "path", "abs_path")),
        line=number,
        function=text.name(_first(entry, "name", "function", "func", "method")),
        source=text.source(shown) if isinstance(shown, str) else "",
    )


def _first(item: Any, *keys: str) -> str:
    if isinstance(item, dict):
        for key in keys:
            value = item.get(key)
            if isinstance(value, str) and value:
                return value
    return ""
