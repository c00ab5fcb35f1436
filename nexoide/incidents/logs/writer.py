"""What one writer of a log (a process, a container, a bare file) has begun and not ended."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from nexoide.incidents.logs.chain import EXCEPTION, Node
from nexoide.incidents.logs.foreign.stack import Stack
from nexoide.incidents.logs.frames import FRAME
from nexoide.incidents.logs.heads import Head
from nexoide.incidents.logs.outbox import Entry
from nexoide.incidents.logs.times import TIME
from nexoide.incidents.logs.traceback import Traceback
from nexoide.incidents.logs.transports import BARE, Carried
from nexoide.model.failure import Severity

RECENT = 8
MAX_RECENT = 2000
_TIMES = re.compile(TIME)


@dataclass(slots=True)
class Record:
    """A record whose first line came: more of it may follow."""

    head: Head
    number: int
    severity: Severity | None
    carried: Carried = BARE
    lines: list[str] = field(default_factory=list)
    others: int = 0


class Margin:
    """What stands before each line of something that has several: the first of them after its head shows whether that is anything."""

    __slots__ = ("_mask", "_masks", "all")

    def __init__(self, prefix: str = "", like: Margin | None = None) -> None:
        known: tuple[re.Pattern[str], ...] = like.all if like is not None else ()
        self.all: tuple[re.Pattern[str], ...] = known if known and known[0].fullmatch(prefix) else masks_of(prefix)
        self._masks = self.all
        self._mask: re.Pattern[str] | None = None

    @property
    def indented(self) -> bool:
        """Whether white space alone stands before its lines: one without it ends it."""
        return self._mask is not None and self._mask.pattern.isspace()

    @property
    def bare(self) -> bool:
        """Whether nothing stands before its lines, for certain."""
        return not self._masks and self._mask is None

    def without(self, line: str) -> str:
        """Return a line without the margin, the line itself where it has none."""
        for mask in self.all:
            found = mask.match(line)
            if found is not None:
                return line[found.end() :]
        return line

    def exactly(self, line: str) -> bool:
        """Return whether a line has the margin of this very writer."""
        return bool(self.all) and self.all[0].match(line) is not None

    def inner(self, line: str) -> str | None:
        """Return the line without what stands before each line of this traceback, None where it is another's."""
        if self._masks and not self._decided(line):
            return None
        if self._mask is None:
            return line
        found = self._mask.match(line)
        return None if found is None else line[found.end() :]

    def _decided(self, line: str) -> bool:
        """Take the first line after the head: its margin is that of all; False where it is plainly another writer's."""
        for index, mask in enumerate(self._masks):
            found = mask.match(line)
            if found is not None and (index == 0 or line[found.end() : found.end() + 1] in {" ", "\t", "|", "+"}):
                self._mask, self._masks = mask, ()
                return True
        if line[:1] in {" ", "\t", "|", "+", ">", ""}:
            self._masks = ()
            return True
        return False


@dataclass(slots=True)
class Open:
    """A traceback that is being read."""

    trace: Traceback
    number: int
    last: int
    carried: Carried
    record: Record | None = None
    thread: str = ""
    intro: str = ""
    margin: Margin = field(default_factory=Margin)
    others: int = 0


@dataclass(slots=True)
class OpenStack:
    """A stack trace of another language that is being read."""

    stack: Stack
    number: int
    carried: Carried
    record: Record | None
    margin: Margin


class Writer:
    """One writer: its open record, tracebacks and stack trace, and its last lines that belonged to nothing."""

    __slots__ = ("finished", "key", "last", "margin", "recent", "record", "stack", "traces")

    def __init__(self, key: str) -> None:
        self.key = key
        self.record: Record | None = None
        self.traces: list[Open] = []
        self.stack: OpenStack | None = None
        self.recent: deque[tuple[int, str]] = deque(maxlen=RECENT)
        self.finished: tuple[Node, Open, Entry] | None = None
        self.last = 0
        self.margin: Margin | None = None

    @property
    def open(self) -> bool:
        """Whether lines to come may belong to something begun."""
        return bool(self.record or self.traces or self.stack)

    def remember(self, line: str, number: int) -> None:
        """Keep a line that belongs to nothing yet: it may turn out to be the head of what follows."""
        self.recent.append((number, line[:MAX_RECENT]))

    def near(self, number: int, margin: Margin | None = None) -> list[str]:
        """Return the last lines just before line `number`, without the margin where they have it."""
        found = [line for at, line in self.recent if number - at <= RECENT * 4]
        return found if margin is None or margin.bare else [margin.without(line) for line in found]

    def preferred(self, line: str) -> list[Open]:
        """Return the open tracebacks in the order in which a line is likely theirs; those of other processes are mixed by their lines."""
        if len(self.traces) == 1:
            return self.traces[:]
        latest = sorted(self.traces, key=lambda item: (not item.margin.exactly(line), -item.last))
        if latest[0].margin.exactly(line):
            return latest
        frame = FRAME.match(line)
        if frame is not None:
            name = (frame["function"] or "").rpartition(".")[2]
            return sorted(
                latest,
                key=lambda item: (
                    not item.trace.waiting,
                    not (name and item.trace.source_mentions(name)),
                    not item.trace.empty,
                    item.number if item.trace.empty else -item.last,
                ),
            )
        if line[:1] in " \t":
            return sorted(latest, key=lambda item: (not item.trace.expects_source, item.number if item.trace.expects_source else 0))
        raised = EXCEPTION.match(line)
        kind = raised["type"].rpartition(".")[2] if raised is not None else ""
        return sorted(latest, key=lambda item: (not item.trace.waiting, item.trace.empty, not (kind and item.trace.source_mentions(kind)), item.number))


def masks_of(prefix: str) -> tuple[re.Pattern[str], ...]:
    """Return what a prefix looks like on other lines of the same writer: with another time, or with other numbers throughout."""
    if not prefix.strip():
        return (re.compile(prefix),) if prefix else ()
    exact: list[str] = []
    at = 0
    for found in _TIMES.finditer(prefix[:500]):
        exact += [_spaced(prefix[at : found.start()]), f"(?:{TIME})"]
        at = found.end()
    exact.append(_spaced(prefix[at:500]))
    loose = re.sub(r"\d{1,40}", "0", prefix[:500])
    return (re.compile("".join(exact)), re.compile(_spaced(loose).replace("0", r"\d{1,40}")))


def _spaced(literal: str) -> str:
    """Return a pattern of a text in which white space may be of another width, but not at its end: there the line's own begins."""
    body = literal.rstrip(" \t")
    return r"\s{1,500}".join(re.escape(part) for part in re.split(r"\s{1,500}", body)) + re.escape(literal[len(body) :])
