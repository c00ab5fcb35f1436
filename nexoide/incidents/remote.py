"""Tracebacks inside messages: what a worker process raised reaches its parent as text (`_RemoteTraceback` and its like)."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from nexoide.model.failure import Frame, Raised

HEADER = "Traceback (most recent call last)"
MAX_FRAMES = 64
MAX_TEXT = 20_000
_FRAME = re.compile(r"^\s{0,12}File \"(?P<file>[^\"\n]{1,1024})\", line (?P<line>\d{1,9}), in (?P<function>[^\n]{1,300})$")
_LAST = re.compile(r"^(?P<type>[A-Za-z_][\w.]{0,300})(?:: (?P<message>.{0,2000}))?$")
_MARKS = re.compile(r"^[\s~^]{1,400}$")


def unfolded(chain: tuple[Raised, ...]) -> tuple[Raised, ...]:
    """Return a chain in which each traceback that a message holds has become an exception of its own, with its frames.

    The exception that the parent raises again at the place where it waited is the same one, and goes.
    """
    if not any(HEADER in raised.message for raised in chain):
        return chain
    found: list[Raised] = []
    for raised in chain:
        inner = _read(raised.message[:MAX_TEXT]) if HEADER in raised.message else None
        if inner is None:
            found.append(raised)
        elif "RemoteTraceback" not in raised.type:
            found += [replace(raised, message=raised.message.partition(HEADER)[0].strip()), replace(inner, relation="cause")]
        elif found and _last_name(found[-1].type) == _last_name(inner.type):
            found[-1] = replace(inner, relation=found[-1].relation)
        else:
            found.append(replace(inner, relation=raised.relation))
    return tuple(found)


def _last_name(dotted: str) -> str:
    return dotted.rpartition(".")[2]


@lru_cache(maxsize=256)
def _read(text: str) -> Raised | None:
    """Return the last exception of a printed traceback, None where there is none."""
    frames: list[Frame] = []
    ended: Raised | None = None
    for line in text.rpartition(HEADER)[2].split("\n"):
        found = _FRAME.match(line)
        if found is not None:
            frames = [*frames[-MAX_FRAMES + 1 :], Frame(file=found["file"], line=int(found["line"]), function=found["function"])]
        elif line.startswith(" ") and frames:
            if not frames[-1].source and _MARKS.match(line) is None:
                frames[-1] = replace(frames[-1], source=line.strip()[:400])
        elif frames and (last := _LAST.match(line.rstrip())) is not None:
            kind = last["type"]
            ended = Raised(type=kind, message=last["message"] or "", module=kind.rpartition(".")[0], frames=tuple(frames))
            break
    return ended
