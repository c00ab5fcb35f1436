r"""Java, Kotlin and Scala: `type: message`, `\\tat class.method(File.java:12)`, `Caused by:`, `... 12 more`, `Suppressed:`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign.stack import Stack

FRAME = re.compile(
    r"\s{1,20}at (?:[\w.@-]{1,120}/{1,2})?(?P<function>[\w.$<>/-]{1,400})\((?:(?P<file>[\w$.-]{1,200}\.\w{1,10}):"
    r"(?P<line>\d{1,9})|(?:[\w$.-]{1,200}\.(?:java|kt|scala|groovy|clj))|Unknown Source|Native Method)\)"
)
HEAD = re.compile(
    r"(?:Exception in thread \"(?P<thread>[^\"\n]{0,200})\" )?(?P<type>(?:[a-z_][\w$]{0,80}\.){1,16}[A-Z][\w$]{0,120})(?:: (?P<message>.{0,8000}))?$"
)
_CAUSE = re.compile(r"\s{0,80}(?P<how>Caused by|Suppressed): (?P<type>[\w.$]{1,300})(?:: (?P<message>.{0,8000}))?$")
_MORE = re.compile(r"\s{1,20}\.\.\. \d{1,9} (?:more|common frames omitted)|\s{1,20}\.\.\. \d{1,9} frames? (?:truncated|excluded)")


class Jvm(Stack):
    """A trace of the Java virtual machine."""

    language = "java"

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self._suppressed = False

    def belongs(self, line: str) -> bool:
        """Take a frame or a cause."""
        found = FRAME.match(line)
        if found is not None:
            if not self._suppressed:
                self.frame(found["file"] or "", found["line"] or 0, found["function"])
            return True
        found = _CAUSE.match(line)
        if found is not None:
            self._suppressed = found["how"] == "Suppressed"
            if not self._suppressed:
                self.cause(found["type"], found["message"] or "")
            return True
        if _MORE.match(line):
            return True
        return (
            not self.parts[-1].frames
            and len(self.lines) < 4
            and bool(line.strip())
            and not line[0].isdigit()
            and not line.startswith(("{", "["))
            and self._message(line)
        )

    def worth(self) -> bool:
        """Return whether frames came, or the machine itself said that nobody caught it."""
        return bool(self.thread) or any(part.frames for part in self.parts)

    def _message(self, line: str) -> bool:
        self.parts[-1].message = f"{self.parts[-1].message}\n{line}"
        return True


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return a trace that begins here: with an uncaught exception, or with its first frame under a head."""
    head = HEAD.match(line)
    if (
        head is not None
        and (head["thread"] is not None or head["type"].rpartition(".")[2].endswith(("Exception", "Error", "Throwable")))
        and head["type"].count(".")
    ):
        if head["thread"] is None and not _java_like(head["type"]):
            return None
        stack = Jvm(head["type"], head["message"] or "")
        stack.thread = head["thread"] or ""
        stack.keep(line)
        return stack
    frame = FRAME.match(line)
    if frame is None or not (frame["file"] or "(" in line):
        return None
    for back, earlier in enumerate(reversed(recent[-4:]), 1):
        head = HEAD.search(earlier[-2000:]) if " " not in earlier[:40] else HEAD.match(earlier) or _inside(earlier)
        if head is not None:
            stack = Jvm(head["type"], "\n".join((head["message"] or "", *recent[len(recent) - back + 1 :])).strip())
            stack.thread, stack.used = head["thread"] or "", back
            stack.belongs(line)
            stack.keep(line)
            return stack
    stack = Jvm("(cut off)", "")
    stack.belongs(line)
    stack.keep(line)
    return stack


def _inside(line: str) -> re.Match[str] | None:
    return re.search(
        r"(?P<thread>(?!))?(?<![\w.])(?P<type>(?:[a-z_][\w$]{0,80}\.){1,16}[A-Z][\w$]{0,120}(?:Exception|Error|Throwable))(?:: (?P<message>.{0,8000}))?$",
        line[:4000],
    )


def _java_like(kind: str) -> bool:
    return kind.startswith(
        ("java.", "javax.", "jakarta.", "kotlin.", "scala.", "org.", "com.", "io.", "net.", "akka.", "groovy.", "sun.", "jdk.", "dev.", "de.", "reactor.")
    )
