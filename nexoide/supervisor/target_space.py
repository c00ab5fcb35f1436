"""The disk space of what targets print: bounded while they print, nothing read twice, everything that is dropped counted.

A log is appended to and its offsets only grow. Where it gets too long, the space of its middle is given back to the disk (a hole;
fallocate(2), FALLOC_FL_PUNCH_HOLE): nothing that the program prints meanwhile is lost, its descriptor stays valid, and whoever follows the
file reads on at the same offset. Its first block stays, so that a follower who knows files by their first bytes knows it again.
Where the file system makes no holes, the log is emptied and refilled instead (`target_logs.cap_log`).
"""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import resource
import threading
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import RefusedError
from nexoide.supervisor.target_logs import LOG_KEPT, LOG_LIMIT, cap_log, dropped_at_head, open_to_read

LONGEST = 1 << 40
"""The length (holes included, in bytes) from which a log is begun anew: file systems end at 16 TiB (ext4 with blocks of 4 KiB)."""
_KEEP_SIZE, _PUNCH_HOLE = 1, 2  # linux/falloc.h
_MARK = "user.nexoide.dropped"
_SLICE = 1 << 20
_STEP = 16 << 20
_alone = threading.Lock()  # what is dropped is counted, so that two must not do it at one moment
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What is gone of a log: bytes, and the lines that are not there whole any more."""

    bytes: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader goes on: the offset, what the program had printed before the file's first byte, and the bytes the reader missed."""

    offset: int
    base: int = 0
    missed: int = 0


def bound_log(path: Path, limit: int = LOG_LIMIT) -> Dropped:
    """Give space of a log's oldest output back where more than `limit` bytes are kept; a quarter at a time, returning what was dropped.

    Raises RefusedError where the file system makes no holes and the file cannot be shortened either.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return Dropped()
    try:
        with _alone:
            return _bound(path, handle, limit)
    except OSError as error:
        raise RefusedError(f"The log {path} cannot be kept short ({error.strerror}): mend its owner, its permissions or the disk.") from error
    finally:
        os.close(handle)


def _bound(path: Path, handle: int, limit: int) -> Dropped:
    found = os.fstat(handle)
    if found.st_size >= longest():
        return _shorten(path, min(limit, found.st_size - 1))
    block = max(4096, found.st_blksize)
    begin = max(block, _hole(handle)[1])
    if found.st_size - begin <= limit:
        return Dropped()
    upto = (found.st_size - limit * 3 // 4) // block * block
    gone = Dropped()
    while begin < upto:  # in steps, because what prints so much does not wait
        step = min(begin + _STEP, upto)
        lines, last = _lines(handle, begin, step)
        if not _punch(handle, block, step - block) or _hole(handle)[1] < step:
            return _shorten(path, limit)
        more = _remember(handle, step - begin, lines, whole=last == b"\n")
        gone, begin = Dropped(gone.bytes + more.bytes, gone.lines + more.lines), step
    return gone


def dropped(path: Path) -> Dropped:
    """Return what is gone of a log since it was begun."""
    try:
        handle = open_to_read(path)
    except OSError:
        return Dropped()
    try:
        begin, end = _hole(handle)
        newlines, whole = _noted(handle) or (0, True)
        before, _ = dropped_at_head(os.pread(handle, 80, 0))
        return Dropped(end - begin + before, newlines + (0 if whole else 1))
    except OSError:
        return Dropped()
    finally:
        os.close(handle)


def kept_bytes(path: Path) -> int:
    """Return how much of a log lies on the disk."""
    try:
        return path.stat().st_blocks * 512
    except OSError:
        return 0


def first_whole_line(path: Path) -> int:
    """Return the offset of the first line after what was dropped in the middle of a log, 0 where nothing was."""
    try:
        handle = open_to_read(path)
    except OSError:
        return 0
    try:
        _, end = _hole(handle)
        noted = _noted(handle)
        if not end or (noted is not None and noted[1]):
            return end
        return end + os.pread(handle, _SLICE, end).find(b"\n") + 1
    except OSError:
        return 0
    finally:
        os.close(handle)


def resume(handle: int, offset: int, base: int = 0) -> Place:
    """Return where a reader of a log goes on that had read up to `offset`: behind a hole, or in a file that was shortened meanwhile.

    `base` is that of the place that it was given last. Nothing is read twice. Raises OSError where the file cannot be read.
    """
    total, head = dropped_at_head(os.pread(handle, 80, 0))
    now = total - head
    missed = 0
    if now != base and total:
        moved = offset + base - now
        offset, missed = max(head, moved), max(0, head - moved)
    elif offset > os.fstat(handle).st_size:
        return Place(0, now)  # begun anew, by somebody else
    data = _data(handle, offset)
    return Place(data, now, missed + data - offset)


def _hole(handle: int) -> tuple[int, int]:
    """Return where the first hole begins and ends; (0, 0) where there is none before the end."""
    size = os.fstat(handle).st_size
    try:
        begin = os.lseek(handle, 0, os.SEEK_HOLE)
    except OSError:
        return 0, 0
    if begin >= size:
        return 0, 0
    return begin, _data(handle, begin)


def _data(handle: int, offset: int) -> int:
    try:
        return os.lseek(handle, offset, os.SEEK_DATA)
    except OSError as error:
        return os.fstat(handle).st_size if error.errno == errno.ENXIO else offset


def _lines(handle: int, begin: int, end: int) -> tuple[int, bytes]:
    """Return how many newlines lie between two offsets, and the last byte."""
    count, last = 0, b""
    while begin < end:
        piece = os.pread(handle, min(_SLICE, end - begin), begin)
        if not piece:
            break
        count, last, begin = count + piece.count(b"\n"), piece[-1:], begin + len(piece)
    return count, last


def _remember(handle: int, gone: int, newlines: int, *, whole: bool) -> Dropped:
    """Note on the file itself how many lines are gone; a line of which the end is still there counts as gone."""
    before, was_whole = _noted(handle) or (0, True)
    try:
        os.setxattr(handle, _MARK, b"%d %d" % (before + newlines, whole))
    except OSError:
        _log.debug("how many lines were dropped of a log cannot be noted on it")
    return Dropped(gone, newlines + (0 if whole else 1) - (0 if was_whole else 1))


def _noted(handle: int) -> tuple[int, bool] | None:
    """Return how many newlines are gone, and whether what follows them begins with a whole line; None where it is not noted."""
    try:
        newlines, _, whole = os.getxattr(handle, _MARK)[:40].partition(b" ")
        return int(newlines), whole != b"0"
    except (OSError, ValueError):
        return None


def _shorten(path: Path, limit: int) -> Dropped:
    """Empty and refill a log; the lines that are gone are not counted then."""
    gone = cap_log(path, limit, min(LOG_KEPT, limit // 2))
    try:
        os.removexattr(path, _MARK)
    except OSError:
        pass  # none was there, or the file system has none
    return Dropped(gone)


def longest() -> int:
    """Return how long a log may get, holes included: a limit on the size of files would end the program that prints."""
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return LONGEST if limit == resource.RLIM_INFINITY else min(LONGEST, max(limit // 2, 1))


def _punch(handle: int, begin: int, length: int) -> bool:
    """Make a hole; returns False where the file system makes none."""
    libc = ctypes.CDLL(None, use_errno=True)
    call = getattr(libc, "fallocate64", None) or getattr(libc, "fallocate", None)
    if call is None:
        return False
    call.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
    for _ in range(10):
        if call(handle, _PUNCH_HOLE | _KEEP_SIZE, begin, length) == 0:
            return True
        if ctypes.get_errno() != errno.EINTR:
            return False
    return False
