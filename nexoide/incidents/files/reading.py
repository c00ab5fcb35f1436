"""Logs read once from beginning to end, oldest part first, compressed ones included: within bounds on what is unpacked."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import IO

from nexoide.incidents.files import content, copies
from nexoide.incidents.files.followed import Make, Reader
from nexoide.incidents.files.names import compressed, in_order_of_time, rotated_from, shown
from nexoide.incidents.files.opening import Opened, Refused, open_log
from nexoide.incidents.files.patterns import Found, Pattern
from nexoide.model.failure import Failure

SLICE = 256 << 10
MAX_UNPACKED = 2 << 30
"""How much of one compressed log is unpacked, in bytes."""
_PACKED = frozenset({".gz", ".bz2", ".xz"})

Take = Callable[[Failure, str, float], object]


@dataclass
class Read:
    """What was read: how many files and bytes (unpacked), and what was left out, with the reason."""

    files: int = 0
    bytes: int = 0
    skipped: dict[str, str] = field(default_factory=dict)


def read_once(patterns: Sequence[Pattern], make: Make, take: Take) -> Read:
    """Read all that the patterns find; `take` gets each failure, its file's path, and the time of what has none (the file's last change)."""
    done = Read()
    seen: set[tuple[int, int]] = set()
    for path, pattern in _found(patterns, done):
        try:
            opened = open_log(path, pattern.allowed)
        except FileNotFoundError:
            continue
        except Refused as refused:
            done.skipped[path] = str(refused)
            continue
        try:
            key = (opened.found.st_dev, opened.found.st_ino)
            why = "it is another name of a file that was read" if key in seen else _left_out(path, opened, pattern)
            seen.add(key)
            if why:
                done.skipped[path] = why
            else:
                done.files += 1
                _read(path, opened, make, take, done)
        finally:
            os.close(opened.handle)
    return done


def _found(patterns: Sequence[Pattern], done: Read) -> Iterator[tuple[str, Pattern]]:
    paths: dict[str, Pattern] = {}
    for pattern in patterns:
        found = Found()
        for _ in pattern.look(found):
            pass
        for path in found.files:
            paths.setdefault(path, pattern)
        done.skipped.update(found.refused)
        if found.left_out:
            done.skipped[pattern.text] = found.left_out
    return iter([(path, paths[path]) for path in sorted(paths, key=in_order_of_time)])


def _left_out(path: str, opened: Opened, pattern: Pattern) -> str:
    folder, name = os.path.split(path)
    size = opened.found.st_size
    if compressed(name):
        return "" if os.path.splitext(name)[1].lower() in _PACKED else "it is compressed in a way that is not read: unpack it first"
    why = content.no_text("named.log" if pattern.literal == path else name, opened.handle, size)
    if why:
        return f"it {why}"
    base = rotated_from(name)[0]
    if base == name or not size:
        return ""
    try:
        original = open_log(os.path.join(folder, base), pattern.allowed)
    except (Refused, FileNotFoundError):
        return ""
    copied = original.found.st_ino != opened.found.st_ino and copies.holds(opened.handle, size, (), original.handle) is None
    os.close(original.handle)
    return f"it is a copy of {shown(base)}" if copied else ""


def _read(path: str, opened: Opened, make: Make, take: Take, done: Read) -> None:
    now, reader = opened.found.st_mtime, make(path)
    for data in _slices(path, opened, done):
        done.bytes += len(data)
        _tell(path, reader, reader.feed(data, now), take, now)
    _tell(path, reader, reader.close(now), take, now)


def _tell(path: str, reader: Reader, failures: list[Failure], take: Take, now: float) -> None:
    for failure, line in zip(failures, reader.lines, strict=True):
        take(replace(failure, origin=f"{failure.origin}:{line}"), path, now)


def _slices(path: str, opened: Opened, done: Read) -> Iterator[bytes]:
    if not compressed(path):
        yield from _plain(opened)
        return
    left = MAX_UNPACKED
    try:
        with os.fdopen(os.dup(opened.handle), "rb") as packed, _unpacked(path, packed) as file:
            while data := file.read1(min(SLICE, left)):  # `read` would forget what it has where the rest is damaged
                left -= len(data)
                yield data
                if not left:
                    done.skipped[path] = f"it is longer than {MAX_UNPACKED >> 20} MiB when it is unpacked: what comes before was read"
                    return
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        done.skipped[path] = f"it is damaged ({error}): what comes before was read"


def _unpacked(path: str, packed: IO[bytes]) -> bz2.BZ2File | lzma.LZMAFile | gzip.GzipFile:
    ending = os.path.splitext(path)[1].lower()
    if ending == ".bz2":
        return bz2.BZ2File(packed)
    return lzma.LZMAFile(packed) if ending == ".xz" else gzip.GzipFile(fileobj=packed)


def _plain(opened: Opened) -> Iterator[bytes]:
    """Yield a file's bytes up to where it ended when it was opened; holes are passed over."""
    offset, size = 0, opened.found.st_size
    while offset < size:
        offset = content.data_after(opened.handle, offset, size)
        data = os.pread(opened.handle, min(SLICE, max(0, size - offset)), offset)
        if not data:
            return
        offset += len(data)
        yield data
