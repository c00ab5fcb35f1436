"""Compressed bodies, decompressed piece by piece and never beyond a limit: a bomb costs no more than what is kept of it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from nexoide.errors import UsageError

PIECE = 1 << 20
_GZIP = 0x1F
ENCODINGS = ("identity", "gzip", "deflate", "br")


class _Decompressor(Protocol):
    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` adds, at most 1 MiB at a time."""

    def finished(self) -> bool:
        """Whether the stream ended where it says that it does."""


class Inflater:
    """One body; `feed` yields what each part of it decompresses to.

    Raises UsageError for an encoding that is not known and for bytes that are no such stream, `TooLargeError` beyond `limit` bytes.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        make = _KINDS.get(encoding.strip().lower() or "identity")
        if make is None:
            raise UsageError(f"The body is encoded as {encoding[:40]!r}: send it as {', '.join(ENCODINGS[1:])} or as it is.")
        self._inner, self._limit, self._encoding = make(), limit, encoding
        self.total = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the pieces that `data` adds."""
        try:
            for piece in self._inner.pieces(data):
                self.total += len(piece)
                if self.total > self._limit:
                    raise TooLargeError(f"The body is more than {self._limit >> 20} MiB when decompressed: send less at a time.")
                yield piece
        except (zlib.error, brotli.error):
            raise UsageError(f"The body is no {self._encoding[:40]} stream: it was damaged on its way, or its Content-Encoding is wrong.") from None

    @property
    def finished(self) -> bool:
        """Whether the stream ended where it says that it does; what was decompressed of a truncated one is good all the same."""
        return self._inner.finished()


class TooLargeError(UsageError):
    """A body beyond its limit."""

    http_status = 413


class _Identity:
    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finished(self) -> bool:
        return True


class _Zlib:
    def __init__(self, bits: int) -> None:
        self._stream = zlib.decompressobj(bits)
        self._bits = bits

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:  # gzip may be several members, one after the other
                if self._bits <= zlib.MAX_WBITS or data[0] != _GZIP:
                    return
                self._stream = zlib.decompressobj(self._bits)
            yield self._stream.decompress(data, PIECE)
            while self._stream.unconsumed_tail:
                yield self._stream.decompress(self._stream.unconsumed_tail, PIECE)
            data = self._stream.unused_data

    def finished(self) -> bool:
        return self._stream.eof


class _Deflate(_Zlib):
    """HTTP's deflate is zlib's format; some send the raw stream inside it, which is told by its first byte."""

    def __init__(self) -> None:
        super().__init__(zlib.MAX_WBITS)
        self._first = True

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._first and data and data[0] & 0x0F != zlib.DEFLATED:
            super().__init__(-zlib.MAX_WBITS)
        self._first = self._first and not data
        yield from super().pieces(data)


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        piece = self._stream.process(data, output_buffer_limit=PIECE)
        yield piece
        while not self._stream.can_accept_more_data():
            yield self._stream.process(b"", output_buffer_limit=PIECE)

    def finished(self) -> bool:
        return bool(self._stream.is_finished())


_KINDS: dict[str, Callable[[], _Decompressor]] = {
    "identity": _Identity,
    "gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "deflate": _Deflate,
    "br": _Brotli,
}
