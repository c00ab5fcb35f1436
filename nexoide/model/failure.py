"""A failure as a source saw it: exceptions, frames and a bounded view of locals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Source = Literal["main", "thread", "task", "log", "server", "unraisable"]
Relation = Literal["raised", "cause", "context", "member"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """What may be known of one value: never the value itself.

    `repr` is redacted and bounded (200 characters); `attributes` are public names (at most 64), `file` is where the
    value's class is defined.
    """

    type: str
    module: str = ""
    repr: str = ""
    file: str = ""
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of a traceback; `function` is the qualified name, columns are 0-based code points or -1 if unknown."""

    file: str
    line: int
    function: str
    module: str = ""
    source: str = ""
    end_line: int = -1
    column: int = -1
    end_column: int = -1
    locals: dict[str, ValueView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One exception of a chain; frames are ordered as in a traceback, the raising frame last.

    `name` and `obj` are those of AttributeError and NameError where the interpreter gives them (3.10 and later).
    """

    type: str
    message: str
    module: str = "builtins"
    relation: Relation = "raised"
    name: str | None = None
    obj: ValueView | None = None
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One captured failure of one process; `exceptions[0]` is what was raised last, its causes follow."""

    target: str
    pid: int
    source: Source
    at: float
    thread: str = ""
    exceptions: tuple[Raised, ...] = ()
    logger: str = ""
    log_message: str = ""
