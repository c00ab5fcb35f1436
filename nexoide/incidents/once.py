"""One failure that several sources saw counts once.

What a probe reports is also printed, logged to a file and perhaps sent to an error tracker, each with its own delay. Failures of
one target with the same type and message are tallied by source: what a source says again that another one has said already is
no further failure. A probe sees each exception object once, so where it reports, its count is the truth; among the others the
highest is.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from nexoide.incidents.remote import unfolded
from nexoide.model.failure import Failure, Raised

WINDOW_SECONDS = 5.0
"""How long after the last like failure a source may still say it again."""
REQUEST_SECONDS = 2.0
MAX_TALLIES = 20_000
MAX_TIMES = 4096
MAX_MESSAGE = 160
PROBED = frozenset({"main", "thread", "task", "log", "server", "unraisable", "warning", "request"})
_ALONE = frozenset({"pytest"})
_HINT = re.compile(r"[.?]? Did you mean:? .{1,200}\Z|\. Did you forget .{1,200}\Z", re.DOTALL)

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
        return failure.target, raised.type.rpartition(".")[2], _plain(raised.message), _place(raised)
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


def file_of(origin: str) -> str:
    """Return an origin without the number of the line."""
    path, _, line = origin.rpartition(":")
    return path if path and line.isdigit() else origin


class Once:
    """Tells how many of the reported failures are new. Times are seconds of any one clock that does not go back."""

    def __init__(self) -> None:
        self._tallies: OrderedDict[Key, _Tally] = OrderedDict()
        self._same: OrderedDict[tuple[Key, int, int], str] = OrderedDict()
        self._raised: dict[str, deque[tuple[float, Key]]] = {}
        self.explained: Key | None = None
        """The failure that the 5xx response which was asked of last belongs to, where it is one that an exception explains."""

    def fresh(self, failure: Failure, count: int, now: float, *, pairs: bool = True) -> int:
        """Return how many of `count` failures were not reported by another source; `pairs` is False for one that others cannot see."""
        source, key = channel(failure), key_of(failure)
        self.explained = None
        if source in _ALONE or not pairs:
            return count
        if self._copied(failure):
            return 0
        if failure.status >= 500 and not failure.exceptions and self._explain(failure.target, now):
            return 0
        new = self.more(key, source, count, now)
        if failure.exceptions and new and (source == "probe" or not failure.status):
            self.raised(failure.target, key, new, now)
        elif failure.exceptions and failure.status >= 500 and not new:
            self._explain(failure.target, now)  # its source has seen the response as well
        return new

    def more(self, key: Key, source: str, count: int, now: float) -> int:
        """Count further failures of a key that a source reported."""
        tally = self._tally(key, now)
        tally.by[source] = tally.by.get(source, 0) + count
        if source != "probe" and tally.by.get("probe"):
            return 0
        new = min(count, max(0, tally.by[source] - tally.total))
        tally.total += new
        return new

    def raised(self, target: str, key: Key, count: int, now: float) -> None:
        """Note exceptions, each of which explains one response of status 5xx that is told within the next two seconds."""
        self._raised.setdefault(target, deque(maxlen=MAX_TIMES)).extend([(now, key)] * min(count, MAX_TIMES))

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

    def _explain(self, target: str, now: float) -> bool:
        """Tell whether a 5xx belongs to an exception that was reported a moment ago; each explains one response."""
        times = self._raised.get(target)
        while times and now - times[0][0] > REQUEST_SECONDS:
            times.popleft()
        if not times:
            return False
        self.explained = times.popleft()[1]
        return True
