"""What was reported is counted, not told again: one entry for each kind of failure, with its sample and its count.

The program's threads only append to a deque, which is atomic, so that a failure that is known costs them next to nothing and
may come from anywhere, a signal handler or a finaliser in the middle of this very code included. They never wait for a lock.
"""

from __future__ import annotations

import _thread
import time
from _collections import deque  # type: ignore[import-not-found]
from itertools import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

MAX_KEYS = 4096
MAX_CACHED = 4096
WAITING_BYTES = 8 << 20
KEPT_BYTES = 1 << 20
"""How much of what was sent is kept: it stands for what was counted and not told when a connection broke."""
WHOLE_BYTES = (1 << 20) - 256
NOTED = 10_000
QUIET_S = 10.0
LOST_S = 5.0
WORDS_OWN, WORDS_FOREIGN = 8, 64


class Entry:
    """One kind of failure: `count` of it are not told yet; `epoch` is that of the connection in which its sample was, or will be, sent."""

    __slots__ = ("count", "epoch", "fresh", "last", "number", "payload", "sample_due", "since")

    def __init__(self, number: int) -> None:
        self.number, self.count, self.epoch = number, 0, 0
        self.payload: Optional[bytes] = None
        self.fresh = False
        self.last, self.since, self.sample_due = time.time(), time.monotonic(), 0.0


class Place:
    """One location in the code; failures there whose messages differ in words are told apart, up to a number of them."""

    __slots__ = ("entries", "limit")

    def __init__(self, own: bool) -> None:
        self.entries: dict[str, Entry] = {}
        self.limit = WORDS_OWN if own else WORDS_FOREIGN


class Table:
    """The entries of one process; `epoch` counts its connections, `dropped` what was neither told nor will be."""

    def __init__(self) -> None:
        self.epoch, self.dropped = 1, 0
        self.cache: dict[tuple[Any, ...], tuple[Place, Any]] = {}
        self.places: dict[tuple[Any, ...], Place] = {}
        self._numbers = count(1)
        self._lock = _thread.allocate_lock()
        self._noted: Any = deque()
        self._dirty: dict[int, Entry] = {}
        self._waiting = self._kept = 0
        self._keys = 0
        self._lost = Entry(0)

    # what the program's threads call

    def entry(self, place: Place, words: str) -> Optional[Entry]:
        """Return the entry of a message's words at a place, a new one where there is room; None where there is none."""
        found = place.entries.get(words)
        if found is not None:
            return found
        if len(place.entries) >= place.limit:
            return next(iter(list(place.entries.values())), None)
        if self._keys >= MAX_KEYS:
            self._sweep()
            if self._keys >= MAX_KEYS:
                return None
        self._keys += 1
        return place.entries.setdefault(words, Entry(next(self._numbers)))

    def note(self, entry: Entry) -> None:
        """Count one more failure of a kind."""
        self._noted.append(entry)
        if len(self._noted) > NOTED:
            self.gather()

    def put(self, entry: Entry, payload: bytes) -> None:
        """Count one more failure, of which there is a sample; where that finds no room it is counted alone."""
        old = entry.payload
        more = len(payload) - (len(old) if old is not None and entry.fresh else 0)
        if len(payload) <= WHOLE_BYTES and self._waiting + more <= WAITING_BYTES:
            if old is not None and not entry.fresh:
                self._kept -= len(old)
            self._waiting += more
            entry.payload, entry.fresh, entry.epoch = payload, True, self.epoch
        self.note(entry)

    def drop(self) -> None:
        """Count a failure that nothing more will be told of."""
        self.note(self._lost)  # counted as exactly as all else

    def pending(self) -> bool:
        """Tell whether anything was counted and not told yet."""
        return bool(self._noted or self._dirty)

    def gather(self, wait: bool = False) -> bool:
        """Sum up what was noted; False where another thread is at it and it must not be waited for."""
        if not self._lock.acquire(wait):
            return False
        try:
            now, monotonic = time.time(), time.monotonic()
            for _ in range(len(self._noted)):
                entry = self._noted.popleft()
                if entry is self._lost:
                    self.dropped += 1
                    continue
                if not entry.count:
                    entry.since = monotonic
                entry.count += 1
                entry.last = now
                self._dirty[entry.number] = entry
        finally:
            self._lock.release()
        return True

    def _sweep(self) -> None:
        """Forget the kinds that were quiet for a while."""
        if not self._lock.acquire(False):
            return
        try:
            before = time.time() - QUIET_S
            for key, place in list(self.places.items()):
                for words, entry in list(place.entries.items()):
                    if not entry.count and not entry.fresh and entry.last < before and entry.number not in self._dirty:
                        del place.entries[words]
                        self._keys -= 1
                        self._kept -= len(entry.payload or b"")
                if not place.entries:
                    del self.places[key]
            self.cache.clear()
        finally:
            self._lock.release()

    # what the one who sends calls, under the lock of the connection

    def wholes(self) -> list[tuple[Entry, bytes, int]]:
        """Return what must be sent with its sample now, oldest first, and how many failures each stands for."""
        found, waiting = [], 0
        for entry in list(self._dirty.values()):
            payload = entry.payload
            if payload is not None and (entry.fresh or entry.epoch != self.epoch):
                found.append((entry, payload, entry.count))
                waiting += len(payload) if entry.fresh else 0
        self._waiting = waiting  # the program's threads add to it without a lock: this is where it is right again
        return found

    def told(self, entry: Entry, payload: bytes, counted: int, dropped: int) -> None:
        """Take off what was sent; the sample is kept while there is room, for what a broken connection leaves untold."""
        with self._lock:
            if entry.payload is payload:
                if entry.fresh:
                    self._waiting -= len(payload)
                    self._kept += len(payload)
                entry.fresh, entry.epoch = False, self.epoch
                if self._kept > KEPT_BYTES:
                    self._kept -= len(payload)
                    entry.payload = None
            self._less(entry, counted)
            self.dropped -= dropped

    def repeats(self, most: int) -> list[tuple[Entry, int]]:
        """Return up to `most` kinds whose sample was sent in this connection, each with how many more there were."""
        found = [(entry, entry.count) for entry in list(self._dirty.values()) if entry.epoch == self.epoch and not entry.fresh]
        return found[:most]

    def counted(self, items: list[tuple[Entry, int]], dropped: int) -> None:
        """Take off what was told as repeats."""
        with self._lock:
            for entry, number in items:
                self._less(entry, number)
            self.dropped -= dropped

    def _less(self, entry: Entry, number: int) -> None:
        entry.count -= number
        if entry.count <= 0:
            self._dirty.pop(entry.number, None)

    def lose(self, at_once: bool) -> bool:
        """Give up on counts that no sample explains, after a while or at once; they are said as dropped. False where some stay."""
        before = time.monotonic() - (0.0 if at_once else LOST_S)
        stays = False
        with self._lock:
            for entry in list(self._dirty.values()):
                if entry.payload is None and entry.epoch != self.epoch:
                    if entry.since <= before:
                        self.dropped += entry.count
                        self._less(entry, entry.count)
                    else:
                        stays = True
        return not stays

    def broken(self) -> None:
        """Begin afresh: the next connection knows none of the kinds."""
        self.epoch += 1
