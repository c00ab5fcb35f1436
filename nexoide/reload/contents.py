"""Reads files as they are at one moment, and remembers contents by their bytes or, beyond a bound, by their hash."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from typing import NamedTuple

MAX_BYTES = 4 << 20  # of one file
MAX_KEPT = 64 << 20  # bytes of all files together; beyond it hashes alone are kept
MAX_KEPT_FILES = 20_000
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EISDIR, errno.ENXIO})
_FINE_NS = 50_000_000  # a clock tick is at most 10 ms; five of them on a loaded machine
_COARSE_NS = 2_500_000_000  # FAT counts in steps of two seconds

Signature = tuple[int, int, int, int]
"""Inode, size, mtime and ctime in nanoseconds: equal where a file was most likely not touched."""


class Digest(NamedTuple):
    """The hash of a content whose bytes are not kept."""

    sha256: bytes


class Unstable(Exception):  # noqa: N818
    """The file was written to while it was read: read it again in a moment."""


class Unreadable(Exception):  # noqa: N818
    """The file is there and cannot be read now; the message says why, `lasting` whether waiting helps."""

    def __init__(self, reason: str, *, lasting: bool) -> None:
        super().__init__(reason)
        self.lasting = lasting


def signature(found: os.stat_result, now_ns: int) -> Signature | None:
    """Return what tells an untouched file, or None where its clock is too coarse to tell it from one touched right now."""
    newest = max(found.st_mtime_ns, found.st_ctime_ns)
    coarse = found.st_mtime_ns % 1_000_000_000 == 0 and found.st_ctime_ns % 1_000_000_000 == 0
    if newest > now_ns - (_COARSE_NS if coarse else _FINE_NS):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def read(path: str) -> bytes | None:
    """Return the bytes of a regular file, None where there is none; raises Unstable or Unreadable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        if error.errno in _GONE:
            return None
        raise Unreadable(os.strerror(error.errno or 0), lasting=error.errno in {errno.EACCES, errno.EPERM}) from error
    try:
        return _read_all(descriptor)
    except OSError as error:
        raise Unreadable(os.strerror(error.errno or 0), lasting=False) from error
    finally:
        os.close(descriptor)


def _read_all(descriptor: int) -> bytes | None:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        return None
    if before.st_size > MAX_BYTES:
        raise Unreadable(f"it has {before.st_size >> 20} MiB, and {MAX_BYTES >> 20} MiB are the most that is reloaded", lasting=True)
    pieces = []
    left = before.st_size + 1
    while left > 0 and (piece := os.read(descriptor, left)):
        pieces.append(piece)
        left -= len(piece)
    content = b"".join(pieces)
    after = os.fstat(descriptor)
    if len(content) != before.st_size or (before.st_size, before.st_mtime_ns, before.st_ctime_ns) != (after.st_size, after.st_mtime_ns, after.st_ctime_ns):
        raise Unstable(len(content))
    return content


class Memory:
    """What is live of every file, in bytes where they fit the bound and as a hash where not."""

    def __init__(self, max_bytes: int = MAX_KEPT, max_files: int = MAX_KEPT_FILES) -> None:
        self._of: dict[str, bytes | Digest] = {}
        self._bytes = self._whole = 0
        self._max_bytes, self._max_files = max_bytes, max_files

    def __contains__(self, path: str) -> bool:
        return path in self._of

    def __len__(self) -> int:
        return len(self._of)

    def paths(self) -> list[str]:
        """Return the paths of all files that are there."""
        return list(self._of)

    def set(self, path: str, content: bytes | None) -> None:
        """Remember a content; None says that there is no such file."""
        old = self._of.pop(path, None)
        if type(old) is bytes:
            self._bytes -= len(old)
            self._whole -= 1
        if content is None:
            return
        if self._bytes + len(content) > self._max_bytes or self._whole >= self._max_files:
            self._of[path] = Digest(hashlib.sha256(content).digest())
            return
        self._of[path] = content
        self._bytes += len(content)
        self._whole += 1

    def bytes_of(self, path: str) -> bytes | None:
        """Return the bytes, None where there is no such file or its bytes are not kept."""
        found = self._of.get(path)
        return found if type(found) is bytes else None

    def only_hash(self, path: str) -> bool:
        """Whether the file is known by its hash alone."""
        return type(self._of.get(path)) is Digest

    def same(self, path: str, content: bytes | None) -> bool:
        """Whether `content` is what is remembered."""
        found = self._of.get(path)
        if isinstance(found, Digest):
            return content is not None and hashlib.sha256(content).digest() == found.sha256
        return found == content
