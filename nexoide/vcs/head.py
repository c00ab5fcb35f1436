"""What is checked out, remembered until HEAD moves: asked for at each failure that matters, answered without starting git."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from nexoide.vcs.objects import Work
from nexoide.vcs.paths import is_plain

Mark = tuple[object, ...]
_MAX_REF = 4096


class HeadMemory:
    """The commit HEAD is at; `read` asks git where anything that says so changed since it was last asked."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        self._mark: Mark = ()
        self._head = ""

    def now(self, work: Work) -> str:
        """Return the commit HEAD is at; raises what `read` raises."""
        before = mark(work)
        if before != self._mark:
            self._head = self._read()
            self._mark = before  # that of before: what moved meanwhile is asked for again
        return self._head


def mark(work: Work) -> Mark:
    """Return what is different after HEAD, its branch or their packed form was written."""
    head = work.git_dir / "HEAD"
    ref = _text(head).removeprefix("ref:").strip()
    named = work.common_dir / ref if ref.startswith("refs/") and is_plain(ref) else head
    return (ref, *(_stat(path) for path in (head, named, work.common_dir / "packed-refs", work.common_dir / "reftable" / "tables.list")))


def _text(path: Path) -> str:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
            return file.read(_MAX_REF).decode("utf-8", "replace") if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else ""
    except OSError:
        return ""


def _stat(path: Path) -> tuple[int, ...]:
    try:
        found = path.lstat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
