"""What the stack traces of all languages have in common while they are read."""

from __future__ import annotations

from nexoide.incidents.logs import text
from nexoide.model.failure import Frame, Raised, Relation, Severity

MAX_FRAMES = 64
MAX_CAUSES = 8


class Part:
    """One exception of a trace: frames in the order in which they were printed."""

    __slots__ = ("frames", "message", "relation", "type")

    def __init__(self, kind: str, message: str, relation: Relation = "raised") -> None:
        self.type, self.message, self.relation = kind, message, relation
        self.frames: list[Frame] = []


class Stack:
    """A stack trace that is being read; subclasses say which lines belong to it.

    `innermost_first` is how a language prints frames; `used` is how many recent lines, counted from the last, were its head.
    `crash` is the signal that ended the process, where one did; the same may be told by its runtime, the kernel and a shell (`teller`).
    """

    language = "other"
    innermost_first = True
    severity: Severity = "error"

    def __init__(self, kind: str, message: str) -> None:
        self.parts = [Part(kind, message)]
        self.current = self.parts[0]
        self.thread = ""
        self.pid = 0
        self.used = 0
        self.crash = ""
        self.teller = ""
        self.lines: list[str] = []

    def feed(self, line: str) -> bool:
        """Take a line; False where it belongs to this trace no more."""
        if not self.belongs(line):
            return False
        self.keep(line)
        return True

    def belongs(self, line: str) -> bool:
        """Take what a line says; False where it is none of this trace."""
        raise NotImplementedError

    def worth(self) -> bool:
        """Return whether it is a failure by itself, now that it is over."""
        return True

    def keep(self, line: str) -> None:
        """Keep a line for the text of the failure."""
        if len(self.lines) < 64:
            self.lines.append(line[:400])

    def frame(self, file: str, line: str | int, function: str) -> None:
        """Take a frame of the current part."""
        frames = self.current.frames
        if len(frames) < MAX_FRAMES:
            frames.append(Frame(file=text.name(file), line=int(line) if str(line).isdigit() and len(str(line)) < 10 else 0, function=text.name(function)))

    def cause(self, kind: str, message: str, relation: Relation = "cause") -> None:
        """Take a further exception."""
        if len(self.parts) < MAX_CAUSES:
            self.current = Part(kind, message, relation)
            self.parts.append(self.current)

    def exceptions(self) -> tuple[Raised, ...]:
        """Return what was raised, the latest first, each with the raising frame last."""
        return tuple(
            Raised(
                type=text.name(part.type),
                message=text.message(part.message),
                module="",
                relation=part.relation,
                frames=tuple(reversed(part.frames) if self.innermost_first else part.frames),
            )
            for part in self.parts
        )
