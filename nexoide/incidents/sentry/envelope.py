"""An envelope: one line of JSON about the whole, then items, each a line of JSON about it and its payload.

Lengths are believed only where a line ends there; what cannot be an item is passed over up to the next line that can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nexoide.errors import UsageError
from nexoide.incidents.bounded import integer, line
from nexoide.incidents.documents import document, table

MAX_ITEMS = 1000
MAX_HEADER = 64 << 10
MAX_PAYLOAD = 2 << 20
"""Of an item that is read; attachments and the like may be longer, up to the whole envelope, since nobody looks into them."""
MAX_PROBLEMS = 8
_NEWLINE = 10


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its type (as `event`) and its payload, still undecoded."""

    kind: str
    header: dict[str, Any]
    payload: memoryview


@dataclass(slots=True)
class Envelope:
    """An envelope in bytes: `items` yields what can be found in it; `problems` and `lost` then say what could not.

    Raises UsageError where the first line is none: nothing that follows can be trusted to be an envelope then.
    """

    raw: bytes
    header: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    lost: int = 0
    _start: int = 0

    def __post_init__(self) -> None:
        end = self.raw.find(b"\n", 0, MAX_HEADER)
        first = self.raw[: end if end >= 0 else MAX_HEADER]
        try:
            found = document(first)
        except UsageError as error:
            raise UsageError(f"The first line of the envelope is no envelope header: {error.sentence}.") from None
        if not isinstance(found, dict):
            raise UsageError("The first line of the envelope is no envelope header: it is no JSON object.")
        self.header = found
        self._start = len(self.raw) if end < 0 else end + 1

    @property
    def id(self) -> str:
        """The id of the event that it carries, "" where it names none."""
        return line(self.header.get("event_id"), 64)

    @property
    def key(self) -> str:
        """The public key of the DSN that it names, "" where it names none."""
        return key_of(self.header.get("dsn"))

    def items(self) -> Iterator[Item]:
        """Yield the items in order, at most 1,000."""
        raw, view, at, found = self.raw, memoryview(self.raw), self._start, 0
        while at < len(raw):
            end = raw.find(b"\n", at)
            end = len(raw) if end < 0 else end
            header = self._header(at, end)
            if header is None:
                at = end + 1
                continue
            if found == MAX_ITEMS:
                self._problem(f"it holds more than {MAX_ITEMS} items, and the rest was not read")
                return
            found += 1
            start = min(end + 1, len(raw))
            stop = self._stop(start, header)
            yield Item(line(header.get("type"), 64), header, view[start:stop])
            at = stop + 1

    def _header(self, at: int, end: int) -> dict[str, Any] | None:
        """Return the header of an item, None where the line is empty or no header."""
        if at == end or (end - at <= 2 and not self.raw[at:end].strip()):
            return None
        problem = "what stands where an item begins is none"
        if end - at <= MAX_HEADER and b'"type"' in self.raw[at:end]:
            try:
                found = table(document(self.raw[at:end]))
            except UsageError:
                found = {}
            if isinstance(found.get("type"), str) and found.get("exception") is None:
                return found
        self._problem(problem)
        return None

    def _stop(self, start: int, header: dict[str, Any]) -> int:
        """Return where the payload ends: after its length where a line or the envelope ends there, else with its line."""
        raw, length = self.raw, header.get("length")
        if isinstance(length, int) and not isinstance(length, bool) and length >= 0:
            stop = start + length
            if stop == len(raw) or (stop < len(raw) and raw[stop] == _NEWLINE):
                return stop
            if stop > len(raw):
                self._problem(f"an item of {integer(length)} bytes ends after {len(raw) - start}")
            else:
                self._problem("an item is longer than its length says")
        stop = raw.find(b"\n", start)
        return len(raw) if stop < 0 else stop

    def _problem(self, sentence: str) -> None:
        self.lost += 1
        if len(self.problems) < MAX_PROBLEMS and sentence not in self.problems:
            self.problems.append(sentence)


def key_of(dsn: object) -> str:
    """Return the public key in a DSN (`http://KEY@host/1`), "" where there is none."""
    if not isinstance(dsn, str) or len(dsn) > 1000:
        return ""
    place = dsn.partition("://")[2].partition("/")[0]
    user, at, _ = place.rpartition("@")
    return user.partition(":")[0] if at else ""
