"""What is remembered of what was read, as marks made of the very bytes that were read: the file may be another one by then."""

from __future__ import annotations

from nexoide.incidents.files import content
from nexoide.incidents.files.content import HEAD_BYTES, NOTHING, TAIL_BYTES, Mark


class Memory:
    """The marks of a file's beginning and of what comes just before the offset up to which it was read."""

    __slots__ = ("_at", "_begin", "_end", "head", "tail")

    def __init__(self) -> None:
        self.head = self.tail = NOTHING
        self._begin: bytes | None = b""
        self._end = b""
        self._at = 0

    def restore(self, head: Mark, tail: Mark) -> None:
        """Take marks over that were made earlier."""
        self.head, self.tail, self._begin, self._end, self._at = head, tail, None, b"", -1

    def look(self, handle: int, offset: int) -> None:
        """Make the marks of what is in the file up to `offset`, which was not read now."""
        self._at, self._begin, self._end = offset, content.begin_of(handle, offset), content.before(handle, offset)
        if not self._begin.strip(b"\0"):
            self._begin = None if offset else b""  # a hole: what will be written there is nothing that was read
        self.head, self.tail = content.mark(self._begin or b""), content.mark(self._end)

    def read(self, begin: int, data: bytes) -> None:
        """Extend the marks by what was read from `begin` on."""
        goes_on = begin == self._at
        if self._begin is not None and goes_on and len(self._begin) == begin < HEAD_BYTES:
            self._begin = (self._begin + data[: HEAD_BYTES - begin])[:HEAD_BYTES]
            self.head = content.mark(self._begin)
        self._end = (self._end + data[-TAIL_BYTES:])[-TAIL_BYTES:] if goes_on else data[-TAIL_BYTES:]
        self.tail = content.mark(self._end)
        self._at = begin + len(data)
