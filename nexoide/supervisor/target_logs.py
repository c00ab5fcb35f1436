"""What targets print: files that are appended to, read from the end in bounded pieces, and kept short."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from nexoide.errors import RefusedError, UnavailableError

LOG_LIMIT = 64 << 20
LOG_KEPT = 8 << 20
TAIL_BYTES = 64 << 10
MORE_TAIL_BYTES = 4 << 20
LINE_BYTES = 4 << 10
_SHORTENED = re.compile(rb"\(nexoide dropped (\d{1,20}) bytes of older output\)\n")
SHORTAGE = frozenset({errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE})
"""What the system answers when it is short of processes, files or memory: trying again later may help."""


def open_log(path: Path) -> int:
    """Open a target's log for appending, mode 0600; raises RefusedError where it is no regular file or cannot be written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno in SHORTAGE:
            raise UnavailableError(f"The log {path} cannot be opened now ({error.strerror}): close programs or raise the limit.") from error
        raise RefusedError(f"The log {path} cannot be written ({error.strerror}): mend the folder's owner and permissions.") from error
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
        os.close(handle)
        raise RefusedError(f"The log {path} is not a regular file of yours: remove it.")
    os.fchmod(handle, 0o600)
    os.set_blocking(handle, True)
    return handle


def open_to_read(path: Path) -> int:
    """Open a log for reading, never waiting for it; raises OSError where it is no regular file or cannot be read."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return handle


def tail(path: Path, lines: int, since: int = 0, window: int = TAIL_BYTES, until: int | None = None) -> list[str]:
    r"""Return the last `lines` lines of a log, reading at most `window` bytes; no line is longer than 4 KiB, nothing is not text.

    `since` is the offset before which nothing is wanted, `until` the one after it. Bytes that are not UTF-8 are shown as `\xNN`; what was left
    out of a long line is counted where its length is known.
    """
    try:
        with os.fdopen(open_to_read(path), "rb") as file:
            size = file.seek(0, os.SEEK_END)
            size = size if until is None else min(size, until)
            floor = since if since <= size else 0
            begin = max(floor, size - window)
            file.seek(begin)
            raw = file.read(size - begin)
    except OSError:
        return []
    rows = raw.split(b"\n")
    if rows and not rows[-1]:
        rows.pop()
    cut = begin > floor
    if cut and len(rows) > 1 and len(rows[0]) <= LINE_BYTES:
        rows, cut = rows[1:], False  # the first is the end of an ordinary line that began before the window
    first = max(0, len(rows) - max(lines, 0))
    return [line_of(row, cut=cut and index == 0) for index, row in enumerate(rows[first:], first)]


def last_lines(path: Path, lines: int, since: int = 0, until: int | None = None) -> list[str]:
    """Return the last `lines` lines of a log as `tail` does, reading as much as it takes for them, at most 4 MiB."""
    window = TAIL_BYTES
    while True:
        found = tail(path, lines, since, window, until)
        if len(found) >= lines or window >= MORE_TAIL_BYTES:
            return found
        window *= 8


def line_of(row: bytes, *, cut: bool = False) -> str:
    """Return a line without its newline as text of at most 4 KiB and a word on the rest; `cut`: its beginning is not there."""
    row = row.removesuffix(b"\r")
    extra = len(row) - LINE_BYTES
    text = row[:LINE_BYTES].decode("utf-8", "backslashreplace") if not cut else row[-LINE_BYTES:].decode("utf-8", "backslashreplace")
    if cut:
        return f"(a line of more than {len(row)} bytes; its end) {text}"
    return f"{text} (+{extra} bytes)" if extra > 0 else text


def log_size(path: Path) -> int:
    """Return a log's size in bytes, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def cap_log(path: Path, limit: int = LOG_LIMIT, kept: int = LOG_KEPT) -> int:
    """Shorten a log that outgrew `limit` to its last `kept` bytes, in place, and say the sum of all in its first line; returns the bytes dropped.

    The program holds the file open, so it is emptied and refilled (as logrotate's copytruncate): its writes append,
    and what it prints between the copy and the emptying is lost. Raises RefusedError where it may not be written.
    """
    size = log_size(path)
    if size <= limit:
        return 0
    try:
        with path.open("r+b") as file:
            before, head = dropped_at_head(file.read(80))
            file.seek(size - kept)
            rest = file.read(kept)
            rest = rest[rest.find(b"\n") + 1 :]
            file.truncate(0)
        dropped = size - len(rest) - head
        with open(open_log(path), "ab") as file:
            file.write(b"(nexoide dropped %d bytes of older output)\n" % (before + dropped) + rest)
    except OSError as error:
        raise RefusedError(f"The log {path} cannot be shortened ({error.strerror}): mend its owner, its permissions or the disk.") from error
    return dropped


def dropped_at_head(head: bytes) -> tuple[int, int]:
    """Return how many bytes the first line of a shortened log says were dropped in all, and that line's length; (0, 0) where it is none."""
    found = _SHORTENED.match(head)
    return (int(found[1]), found.end()) if found else (0, 0)
