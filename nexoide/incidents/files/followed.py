"""One followed file: where it was read up to, and how it is noticed that it is not what it was."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from nexoide.incidents.files import content, copies
from nexoide.incidents.files.copies import Place, Rest
from nexoide.incidents.files.memory import Memory
from nexoide.incidents.files.opening import open_log
from nexoide.model.failure import Failure

GENERATIONS = 4
_FIRST_LINE = 200

Make = Callable[[str], "Reader"]
"""Makes the reader of a file; given its path."""
Dropped = Callable[[bytes], tuple[int, int]]
"""Given a file's beginning: how many bytes its first line says were dropped before it, and that line's length; (0, 0) where it says nothing."""


class Reader(Protocol):
    """What makes failures of bytes: `nexoide.incidents.logs.LogReader`; `lines` are where, from 1 on, those of the last call begin."""

    lines: list[int]

    def feed(self, data: bytes, now: float) -> list[Failure]:
        """Take more bytes."""

    def due(self) -> float | None:
        """Return after how many seconds of silence `idle` is to be called, None where nothing is held back."""

    def idle(self, now: float) -> list[Failure]:
        """Tell what was held back."""

    def close(self, now: float) -> list[Failure]:
        """Tell what is left."""


class Elsewhere(Exception):  # noqa: N818
    """At its path lies another file now, or none."""


class Followed:
    """One regular file, known by its inode. `allowed` and Refused are those of `opening`.

    `path` is where it lies now (`displaced`: no longer where it was found), `gone` says that it was deleted, `skipped` why it is
    not read; `failures`, `bytes_read` and `dropped` (bytes that vanished unread) count.
    """

    def __init__(self, path: str, device: int, inode: int, *, allowed: tuple[str, ...], make: Make, dropped: Dropped | None = None) -> None:
        self.path, self.device, self.inode = path, device, inode
        self.real = path
        self.handle = self.watch = -1
        self.offset = self.base = self.lines = 0
        self._memory = Memory()
        self.gone = self.displaced = self.judged = self.punched = self.more = False
        self.skipped = ""
        self.after: Followed | None = None
        self.failures = self.bytes_read = self.dropped = self.rewritten = 0
        self.read_at = 0.0
        self.due: float | None = None
        self._allowed, self._make, self._dropped = allowed, make, dropped
        self._reader: Reader | None = None
        self._first_line = 0
        self._rest: Rest | None = None
        self._before: deque[Place] = deque(maxlen=GENERATIONS)
        self._safe: Place | None = None

    def open(self) -> int:
        """Return the open file; raises Elsewhere where another one lies there now, Refused."""
        if self.handle < 0:
            try:
                opened = open_log(self.path, self._allowed)
            except FileNotFoundError:
                raise Elsewhere from None
            if (opened.found.st_dev, opened.found.st_ino) != (self.device, self.inode):
                os.close(opened.handle)
                raise Elsewhere
            self.handle, self.real = opened.handle, opened.real
        return self.handle

    def give_back(self) -> None:
        """Close the handle; it is opened again when there is more to read."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def skip_to(self, offset: int) -> None:
        """Go on at `offset` of the open file, as if all before it had been read."""
        self.lines = self.lines if offset == self.offset else -1
        self.offset = offset
        self._look_again(self.open())
        self._safe = self.place()

    def resume_at(self, place: Place) -> None:
        """Go on where an earlier supervisor stopped; the first step sees whether the content is still that one."""
        self.offset, self.base, self.lines = place.offset, place.base, place.lines
        self._memory.restore(place.head, place.tail)
        self._safe = place

    def place(self) -> Place:
        """Return how far it was read."""
        return Place(self.path, self.device, self.inode, self.offset, self._memory.head, self._memory.tail, self.base, self.lines)

    def safe_place(self) -> Place:
        """Return how far it was read when nothing was held back: whoever goes on there loses nothing."""
        safe = self._safe or Place(self.path, self.device, self.inode, 0, lines=0)
        return replace(safe, path=self.path)

    def is_copied_by(self, handle: int, size: int) -> bool | None:
        """Whether another file holds what this one holds or held, as far as it was read; None: that cannot be said yet."""
        return copies.holds(handle, size, (self.place(), *self._before), self.handle)

    def step(self, limit: int, now: float) -> list[Failure]:
        """Read at most `limit` bytes and return the failures in them; `more` says whether there is more now. Raises Elsewhere, Refused.

        `now` is wall seconds.
        """
        if self._rest is not None:
            return self._from_rest(self._rest, limit, now)
        handle = self.open()
        found = os.fstat(handle)
        self.gone = self.gone or found.st_nlink == 0
        if not self._stands(handle, found.st_size):
            return self._rewritten(handle, now)
        failures: list[Failure] = []
        begin, data = self._next(handle, found.st_size, limit)
        if not data:
            if self.more:
                self.skip_to(begin)
            return failures
        if begin > self.offset and (self.punched or self._dropped is not None):
            self.dropped += begin - self.offset
            failures += self._cut(now)
        if self.offset == 0 and self._dropped is not None:
            self.base = self._base(handle)[0]
        self.offset = begin
        self._memory.read(begin, data)
        failures += self._feed(data, now)
        self._settle(data)
        return failures

    def grew(self) -> bool:
        """Whether there is more than was read, as far as can be seen without opening it."""
        return self.handle >= 0 and os.fstat(self.handle).st_size > self.offset

    def idle(self, now: float) -> list[Failure]:
        """Say that nothing came for as long as `due` said; return what was held back."""
        if self._reader is None:
            return []
        failures = self._reader.idle(now)
        self._settle(b"\n")
        return self._counted(self._reader, failures)

    def close(self, now: float) -> list[Failure]:
        """Return what was held back, and let go of the file."""
        failures = self._end_reader(now)
        self._safe = self.place()
        self.give_back()
        if self._rest is not None:
            os.close(self._rest.handle)
            self._rest = None
        return failures

    def _stands(self, handle: int, size: int) -> bool:
        if size < self.offset:
            return False
        head, tail = self._memory.head, self._memory.tail
        before = self.offset - tail.length
        head_stands, tail_stands = content.stands(handle, 0, head), content.stands(handle, before, tail)
        if head_stands and tail_stands:
            return True
        hollow = (head_stands or content.empty(handle, 0, head.length)) and (tail_stands or content.empty(handle, before, tail.length))
        if hollow:  # a hole was punched into what was read, or the file was emptied under a writer that goes on at its old place: the offset stands
            self.punched = True
            self._look_again(handle)
        return hollow

    def _next(self, handle: int, size: int, limit: int) -> tuple[int, bytes]:
        """Return the next bytes and where they begin; holes and zeros are passed over, those at the end are not yet (space that is to be written)."""
        begin = content.data_after(handle, self.offset, size) if self.offset < size else size
        if begin >= size:
            self.more = False
            return size, b""
        data = os.pread(handle, limit, begin)
        self.more = bool(data) and begin + len(data) < size
        if data.startswith(b"\0"):
            begin, data = begin + len(data) - len(data.lstrip(b"\0")), data.lstrip(b"\0")
        return begin, data if self.more else data.rstrip(b"\0")

    def _feed(self, data: bytes, now: float) -> list[Failure]:
        self.offset += len(data)
        self.bytes_read += len(data)
        if self._reader is None:
            self._reader, self._first_line = self._make(self.path), self.lines
        if self.lines >= 0:
            self.lines += data.count(b"\n")
        return self._counted(self._reader, self._reader.feed(data, now))

    def _cut(self, now: float) -> list[Failure]:
        """End the line that a hole has cut: what comes after the hole is another one."""
        self.lines = self._first_line = -1
        return self._counted(self._reader, self._reader.feed(b"\n", now)) if self._reader is not None else []

    def _settle(self, data: bytes) -> None:
        self.due = self._reader.due() if self._reader is not None else None
        if self.due is None and data.endswith(b"\n"):
            self._safe = self.place()

    def _look_again(self, handle: int) -> None:
        self._memory.look(handle, self.offset)
        if self._dropped is not None:
            self.base = self._base(handle)[0]

    def _rewritten(self, handle: int, now: float) -> list[Failure]:
        """Go on with the new content: where the old one was moved to within the file, else from its beginning, after the rest of a copy."""
        self.more = True
        if self._dropped is not None:
            base, first = self._base(handle)
            moved = self.offset + self.base - base
            if base > self.base and moved <= os.fstat(handle).st_size:
                self.dropped += max(0, first - moved)
                self.offset, self.lines, self._first_line = max(first, moved), -1, -1
                self._look_again(handle)
                return []
        self._rest = copies.newest(self.place(), self._allowed)
        return [] if self._rest is not None else self._anew(now)

    def _base(self, handle: int) -> tuple[int, int]:
        """Return how much was written before the file's first byte, as its first line says, and where what is left begins."""
        total, first = self._dropped(os.pread(handle, _FIRST_LINE, 0)) if self._dropped is not None else (0, 0)
        return (total - first if total else 0), first

    def _from_rest(self, rest: Rest, limit: int, now: float) -> list[Failure]:
        data = os.pread(rest.handle, min(limit, rest.end - self.offset), self.offset)
        if data:
            self._memory.read(self.offset, data)
            return self._feed(data, now)
        os.close(rest.handle)
        self._rest = None
        return self._anew(now)

    def _anew(self, now: float) -> list[Failure]:
        failures = self._end_reader(now)
        self._before.appendleft(self.place())
        self.offset, self.lines, self.punched, self._memory = 0, 0, False, Memory()
        self._safe = self.place()
        self.rewritten += 1
        return failures

    def _end_reader(self, now: float) -> list[Failure]:
        reader, self._reader, self.due = self._reader, None, None
        return self._counted(reader, reader.close(now)) if reader is not None else []

    def _counted(self, reader: Reader, failures: list[Failure]) -> list[Failure]:
        """Count failures and say in which line of the file each begins, where that is known."""
        self.failures += len(failures)
        if self._first_line < 0:
            return failures
        return [replace(failure, origin=f"{failure.origin}:{self._first_line + line}") for failure, line in zip(failures, reader.lines, strict=True)]
