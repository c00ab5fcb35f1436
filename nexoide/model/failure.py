"""A failure as a source saw it: exceptions, frames and a bounded view of locals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Source = Literal[
    "main", "thread", "task", "log", "server", "unraisable", "warning", "request", "file", "output", "http", "pytest", "sentry", "posted"
]  # fmt: skip
"""Where it was seen: the first eight by a probe; `file` in a log, `output` in what a target printed, `http` as a status in either."""
Relation = Literal["raised", "cause", "context", "member"]
Severity = Literal["warning", "error", "critical"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """What may be known of one value: never the value itself.

    `repr` is redacted and bounded (200 characters); `attributes` are public names (at most 64), `file` is where the
    value's class is defined, `keys` are the reprs of a plain dict's keys (at most 64), `length` that of a plain container or
    string, -1 for anything else. `literal`: `repr` is the whole value, which `ast.literal_eval` gives back.
    """

    type: str
    module: str = ""
    repr: str = ""
    file: str = ""
    attributes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    length: int = -1
    literal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of a traceback; `function` is the qualified name, columns are 0-based code points or -1 if unknown.

    What was read from a log has the plain name of the function, no module and no locals; `file` may be a path of another
    host. `in_app` is what a source says of whose code it is (None: it does not say).
    """

    file: str
    line: int
    function: str
    module: str = ""
    source: str = ""
    end_line: int = -1
    column: int = -1
    end_column: int = -1
    in_app: bool | None = None
    locals: dict[str, ValueView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One exception of a chain; frames are ordered as in a traceback, the raising frame last.

    `name` and `obj` are those of AttributeError and NameError where the interpreter gives them (3.10 and later).
    `module` is empty where a source does not say it. `guessed`: the message is what the arguments show, for only code of the
    program could say it as the program prints it.
    """

    type: str
    message: str
    module: str = "builtins"
    relation: Relation = "raised"
    name: str | None = None
    obj: ValueView | None = None
    frames: tuple[Frame, ...] = ()
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One captured failure of one process; `exceptions[0]` is what was raised last, its causes follow.

    `pid` is 0 where it is not known, `at` wall seconds as its source says them, `route` as `POST /orders/{id}`, `status` an
    HTTP status or 0. `origin` names the file, address or tool that it came through; `text` is the piece of a log that
    it was read from (at most 4 KiB), kept where frames do not say it all. `language` other than `python` has no repair.
    """

    target: str
    pid: int
    source: Source
    at: float
    thread: str = ""
    exceptions: tuple[Raised, ...] = ()
    logger: str = ""
    log_message: str = ""
    severity: Severity = "error"
    language: str = "python"
    host: str = ""
    origin: str = ""
    route: str = ""
    status: int = 0
    release: str = ""
    text: str = ""
