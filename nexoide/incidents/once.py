"""One failure that several sources saw counts once.

What a probe reports is also printed, logged to a file and perhaps sent to an error tracker, each with its own delay. Failures of
one target with the same type and message are tallied by source: what a source says again that another one has said already is
no further failure. A probe sees each exception object once, so where it reports, its count is the truth; among the others the
highest is.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field

from nexoide.incidents.remote import unfolded
from nexoide.model.failure import Failure, Raised

WINDOW_SECONDS = 5.0
"""How long after the last like failure a source may still say it again."""
REQUEST_SECONDS = 2.0
MAX_TALLIES = 20_000
MAX_TIMES = 4096
MAX_MESSAGE = 160
GUESSED = "*"
"""Stands for every message, where a probe could not tell an exception's own without running code of the program."""
PROBED = frozenset({"main", "thread", "task", "log", "server", "unraisable", "warning", "request"})
_ALONE = frozenset({"pytest"})
_HINT = re.compile(r"[.?]? Did you mean:? .{1,200}\Z|\. Did you forget .{1,200}\Z", re.DOTALL)

_FROM_CLIENT = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}[^\n]{0,1000}")

Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Tally:
    """How often each source said it, and how many failures those were."""

    by: dict[str, int] = field(default_factory=dict)
    total: int = 0
    at: float = 0.0


def channel(failure: Failure) -> str:
    """Return which kind of source a failure came through; sources of one kind never repeat each other."""
    return "probe" if failure.source in PROBED else failure.source


def key_of(failure: Failure) -> Key:
    """Return what a failure has in common with what other sources say of it."""
    if failure.exceptions:
        raised = unfolded(failure.exceptions)[0]
        return failure.target, raised.type.rpartition(".")[2], GUESSED if raised.guessed else _plain(raised.message), _place(raised)
    if failure.status:
        return failure.target, "http", str(failure.status), ""
    return failure.target, "log", _plain(failure.log_message), ""


def _plain(message: str) -> str:
    """Return the words of a message on which sources agree.

    Interpreters print suggestions that the exception does not hold, a probe counts repetitions with other numbers and names under
    the first of them, and what follows in a log may look like a further line of the message.
    """
    first = _HINT.sub("", message[: 4 * MAX_MESSAGE]).partition("\n")[0]
    return " ".join([word for word in first.split() if word.isalpha()])[:MAX_MESSAGE]


def _place(raised: Raised) -> str:
    """Return the name of the file and of the function that raised: all sources agree on them."""
    if not raised.frames:
        return ""
    frame = raised.frames[-1]
    return f"{frame.file.replace(chr(92), '/').rpartition('/')[2]}:{frame.function.rpartition('.')[2]}"


def _stream(failure: Failure) -> str:
    """Return which of the two it was read from that often say the same: what a target prints, or anything else."""
    return "output" if file_of(failure.origin) == "output" else "file"


def file_of(origin: str) -> str:
    """Return an origin without the number of the line."""
    path, _, line = origin.rpartition(":")
    return path if path and line.isdigit() else origin


class Once:
    """Tells how many of the reported failures are new. Times are seconds of any one clock that does not go back."""

    def __init__(self) -> None:
        self._tallies: OrderedDict[Key, _Tally] = OrderedDict()
        self._same: OrderedDict[tuple[Key, int, int], str] = OrderedDict()
        self._raised: dict[str, deque[tuple[float, Key, int]]] = {}
        self._numbers: Counter[str] = Counter()
        self._taken: dict[tuple[str, str], int] = {}
        self._guessed: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self.explained: Key | None = None
        """The failure that the 5xx response which was asked of last belongs to, where it is one that an exception explains."""

    def fresh(self, failure: Failure, count: int, now: float, *, pairs: bool = True) -> int:
        """Return how many of `count` failures were not reported by another source; `pairs` is False for one that others cannot see."""
        source, key = channel(failure), self.key(failure, now)
        self.explained = None
        if source in _ALONE or not pairs:
            return count
        if self._copied(failure) or self._printed_as_well(failure, count, now):
            return 0
        if failure.status >= 500 and not failure.exceptions and self._explain(failure, now):
            return 0
        new = self.more(key, source, count, now)
        if failure.exceptions and new and (source == "probe" or not failure.status):
            self.raised(failure.target, key, new, now)
        elif failure.exceptions and failure.status >= 500 and not new:
            self._explain(failure, now)  # its source has seen the response as well
        return new

    def key(self, failure: Failure, now: float) -> Key:
        """Return the key of a failure: that of a probe's, where it saw one at the same place lately whose message it could only guess."""
        key = key_of(failure)
        at = self._guessed.get((key[0], key[1], key[3])) if failure.exceptions else None
        return key if at is None or now - at > WINDOW_SECONDS else (key[0], key[1], GUESSED, key[3])

    def more(self, key: Key, source: str, count: int, now: float) -> int:
        """Count further failures of a key that a source reported."""
        if key[2] == GUESSED and source == "probe":
            self._guessed[key[0], key[1], key[3]] = now
            while len(self._guessed) > MAX_TALLIES:
                self._guessed.popitem(last=False)
        tally = self._tally(key, now)
        tally.by[source] = tally.by.get(source, 0) + count
        if source != "probe" and tally.by.get("probe"):
            return 0
        new = min(count, max(0, tally.by[source] - tally.total))
        tally.total += new
        return new

    def raised(self, target: str, key: Key, count: int, now: float) -> None:
        """Note exceptions, each of which explains one response of status 5xx that is told within the next two seconds."""
        times, first = self._raised.setdefault(target, deque(maxlen=MAX_TIMES)), self._numbers[target] + 1
        self._numbers[target] += min(count, MAX_TIMES)
        times.extend([(now, key, number) for number in range(first, self._numbers[target] + 1)])

    def _tally(self, key: Key, now: float) -> _Tally:
        tally = self._tallies.get(key)
        if tally is None or now - tally.at > WINDOW_SECONDS:
            tally = self._tallies[key] = _Tally()
            while len(self._tallies) > MAX_TALLIES:
                self._tallies.popitem(last=False)
        tally.at = max(tally.at, now)
        self._tallies.move_to_end(key)
        return tally

    def _copied(self, failure: Failure) -> bool:
        """Tell whether this very record was read from another file: the same process and the same moment, finer than a second."""
        if failure.source not in {"file", "output"} or not failure.pid or failure.at == int(failure.at):
            return False
        mark = (key_of(failure), failure.pid, round(failure.at * 1000))
        other = self._same.get(mark)
        if other is not None:
            return other != file_of(failure.origin)
        self._same[mark] = file_of(failure.origin)
        while len(self._same) > MAX_TIMES:
            self._same.popitem(last=False)
        return False

    def _printed_as_well(self, failure: Failure, count: int, now: float) -> bool:
        """Tell whether this line of an access log stands both in a file and in what the target prints, and was read from the other one."""
        line = _FROM_CLIENT.search(failure.text) if failure.source == "http" else None
        if line is None:
            return False
        return not self.more((failure.target, "access", line[0], ""), _stream(failure), count, now)

    def _explain(self, failure: Failure, now: float) -> bool:
        """Tell whether a 5xx belongs to an exception that was reported a moment ago; each explains one response, printed as well or not."""
        times, reader = self._raised.get(failure.target), (failure.target, _stream(failure))
        while times and now - times[0][0] > REQUEST_SECONDS:
            times.popleft()
        if not times:
            return False
        place = max(0, self._taken.get(reader, 0) + 1 - times[0][2])  # they are numbered without a gap
        if place >= len(times):
            return False
        _, self.explained, self._taken[reader] = times[place]
        return True
