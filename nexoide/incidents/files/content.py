"""What is known of a file's content without keeping it: marks by which a rewritten file is told from one that grew, and whether it is text."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass

from nexoide.incidents.files.names import TEXTUAL, compressed, ending

HEAD_BYTES = 1024
TAIL_BYTES = 128
LOOKED_AT = 4096
_MAGIC = (
    (b"\x1f\x8b", "is compressed (gzip)"),
    (b"BZh", "is compressed (bzip2)"),
    (b"\xfd7zXZ\x00", "is compressed (xz)"),
    (b"\x28\xb5\x2f\xfd", "is compressed (zstd)"),
    (b"PK\x03\x04", "is an archive (zip)"),
    (b"\x7fELF", "is a program"),
    (b"\x89PNG", "is an image"),
    (b"SQLite format 3\x00", "is a database"),
    (b"LPKSHHRH", "is a journal of systemd: read it with journalctl into a file"),
)
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})


@dataclass(frozen=True, slots=True)
class Mark:
    """`length` bytes of a file before or after a place, and their hash; a length of 0 says nothing."""

    length: int = 0
    digest: str = ""


NOTHING = Mark()


def mark(data: bytes) -> Mark:
    """Return the mark of some bytes."""
    return Mark(len(data), hashlib.blake2b(data, digest_size=12).hexdigest() if data else "")


def before(handle: int, offset: int) -> bytes:
    """Return the bytes just before `offset` that are marked."""
    length = min(offset, TAIL_BYTES)
    return os.pread(handle, length, offset - length) if length else b""


def begin_of(handle: int, size: int) -> bytes:
    """Return the bytes of a file's beginning that are marked; `size` is how much of it counts."""
    return os.pread(handle, min(size, HEAD_BYTES), 0) if size else b""


def stands(handle: int, start: int, known: Mark) -> bool:
    """Whether the bytes that were marked at `start` are still there."""
    return known.length == 0 or mark(os.pread(handle, known.length, start)) == known


def empty(handle: int, start: int, length: int) -> bool:
    """Whether there are only zeros: a hole, or blocks that were never written."""
    return not os.pread(handle, length, start).strip(b"\0")


def data_after(handle: int, offset: int, size: int) -> int:
    """Return where, from `offset` on, bytes are stored; `size` where only a hole follows."""
    try:
        return os.lseek(handle, offset, os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return size
        return offset  # a filesystem that knows no holes


def no_text(name: str, handle: int, size: int) -> str:
    """Return why a file is not read as text, "" where it is; a file without content is text."""
    if compressed(name):
        return "is compressed"
    begin = data_after(handle, 0, size)
    head = os.pread(handle, LOOKED_AT, begin).lstrip(b"\0")
    why = next((why for magic, why in _MAGIC if head.startswith(magic)), "")
    if why or ending(name) in TEXTUAL or not head:
        return why
    return "is no text" if len(head.translate(None, _CONTROL)) < 0.9 * len(head) else ""
