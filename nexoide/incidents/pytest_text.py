"""pytest's own way to print a failure (`--tb=long` and `short`, also as JUnit XML holds it): exceptions with their frames.

>       return 1 / total            <- the line of the frame, in its function's source
E       ZeroDivisionError: …        <- what was raised, in the last frame alone
shop/orders.py:12: ZeroDivisionError  (long)      shop/orders.py:12: in average  (short, the line below it)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from nexoide.incidents import bounded
from nexoide.model.failure import Frame, Raised, Relation

MAX_LINES = 20_000
MACHINERY = ("/_pytest/", "/pluggy/", "/xdist/", "/execnet/", "/pytest_asyncio/", "/pytest_timeout", "/anyio/pytest_plugin")
_PLACE = re.compile(r"(?P<file>(?:[A-Za-z]:)?[^\s:>][^:\n]{0,500}):(?P<line>\d{1,9}): ?(?P<rest>.{0,300})\Z")
_FUNCTION = re.compile(r"(?P<indent>[ ]{0,64})(?:async )?def (?P<name>[^\W\d]\w{0,200})\(")
_RAISED = re.compile(r"(?P<type>[^\W\d][\w.]{0,300})(?:: (?P<message>.*))?\Z", re.DOTALL)
_CAUSES: dict[str, Relation] = {
    "The above exception was the direct cause of the following exception:": "cause",
    "During handling of the above exception, another exception occurred:": "context",
}


@dataclass(slots=True)
class _Section:
    """What stands between two of the sentences that join exceptions."""

    frames: list[Frame] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    last_type: str = ""
    function: str = ""
    marked: str = ""
    waiting: bool = False


def exceptions(text: str) -> tuple[Raised, ...]:
    """Return the exceptions of one failed test, that which was raised last first; empty where the text is none of pytest's."""
    sections, relations = [_Section()], []
    for line in text.splitlines()[:MAX_LINES]:
        relation = _CAUSES.get(line.strip())
        if relation is not None:
            relations.append(relation)
            sections.append(_Section())
        else:
            _read(sections[-1], line)
    found = [_raised(section) for section in sections]
    ordered: list[Raised] = []
    for position in range(len(found) - 1, -1, -1):
        raised = found[position]
        if raised is None:
            continue
        type_, message, frames = raised
        module, _, short = type_.rpartition(".")
        how: Relation = "raised" if not ordered else relations[position]
        ordered.append(Raised(type=short, message=message, module=module or "builtins", relation=how, frames=frames))
    return bounded.chain(ordered)


def machinery(file: str) -> bool:
    """Whether a frame's file is of pytest itself, through which every test is called."""
    path = file.replace("\\", "/")
    return "-packages/" in path and any(part in path for part in MACHINERY)


def without_machinery(found: tuple[Raised, ...]) -> tuple[Raised, ...]:
    """Return exceptions without the frames of pytest itself; what was raised in there keeps its last one."""
    return tuple(replace(raised, frames=tuple(frame for frame in raised.frames if not machinery(frame.file)) or raised.frames[-1:]) for raised in found)


def _read(section: _Section, line: str) -> None:
    if line.startswith("E ") or line == "E":
        section.said.append(line[1:])
        return
    if line.startswith(">"):
        section.marked = line[1:].strip()
        return
    place = _PLACE.match(line)
    if place is not None and not line.startswith(" "):
        _frame(section, place)
    elif section.waiting and line.startswith("    ") and section.frames:
        section.waiting = False
        last = section.frames[-1]
        section.frames[-1] = Frame(file=last.file, line=last.line, function=last.function, source=bounded.text(line.strip(), bounded.MAX_SOURCE))
    elif section.said and not section.frames and line.startswith("    "):
        section.said.append(line)  # `--tb=line` marks the first line alone
    else:
        found = _FUNCTION.match(line)
        if found is not None and (not section.function or len(found["indent"]) <= 8):
            section.function = found["name"]


def _frame(section: _Section, place: re.Match[str]) -> None:
    rest = place["rest"].strip()
    short = rest.startswith("in ")
    function = rest[3:] if short else section.function
    section.frames.append(
        Frame(
            file=bounded.line(place["file"], bounded.MAX_FILE),
            line=int(place["line"]),
            function=bounded.line(function) or "<module>",
            source="" if short else bounded.text(section.marked, bounded.MAX_SOURCE),
        )
    )
    section.waiting = short
    section.function = section.marked = ""
    if rest and not short:
        section.last_type = rest


def _raised(section: _Section) -> tuple[str, str, tuple[Frame, ...]] | None:
    if not section.frames and not section.said:
        return None
    said = _dedented(section.said)
    found = _RAISED.match(said)
    kind = found["type"] if found is not None else ""
    if not section.last_type or kind.rpartition(".")[2] == section.last_type.rpartition(".")[2]:
        message = (found["message"] or "") if found is not None else said
        kind = kind or "Exception"
    else:  # `E   assert 1 == 2` names no type: the place below it does
        kind, message = section.last_type, said
    if said.startswith("assert ") and kind in {"Exception", "assert", ""}:
        kind, message = "AssertionError", said  # a rewritten assert without words of its own
    return bounded.line(kind) or "Exception", bounded.text(message, bounded.MAX_MESSAGE), bounded.frames(section.frames)


def _dedented(lines: list[str]) -> str:
    if not lines:
        return ""
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] if not line[:indent].strip() else line.lstrip() for line in lines).strip()
