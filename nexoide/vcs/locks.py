"""Git's lock files: waited for, explained, and removed only where they are provably left by a dead process of ours."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from nexoide.errors import RefusedError
from nexoide.vcs.owners import holder_of
from nexoide.vcs.paths import show
from nexoide.vcs.runner import GitError

T = TypeVar("T")

FIRST_WAIT = 0.02
WAITS = 6  # seven attempts: 20 ms doubling, 1.26 s in all
_HELD = re.compile(r"Unable to create '(.+?)': File exists", re.DOTALL)


class HeldError(Exception):
    """A lock file is in the way (inside this package alone; callers get a RefusedError)."""

    def __init__(self, lock: Path) -> None:
        super().__init__(str(lock))
        self.lock = lock


def held_lock(error: GitError, top: Path) -> Path | None:
    """Return the lock file that a failed command names, or None where it failed for another reason."""
    match = _HELD.search(error.stderr)
    return top / match[1] if match else None


def content_of(path: Path) -> bytes | None:
    """Return the beginning of a lock file without white space around it, or None where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(200).strip()
    except OSError:
        return None


def with_patience(attempt: Callable[[], T], give_way: Callable[[Path], bool] = lambda _: False) -> T:
    """Return what `attempt` returns, trying again while it raises HeldError.

    When patience ends, `give_way` may remove a lock that is provably its own, which buys one more attempt; else raises
    RefusedError naming the lock, its age, and its holder where one is seen.
    """
    wait = FIRST_WAIT
    for _ in range(WAITS):
        try:
            return attempt()
        except HeldError:
            time.sleep(wait)
            wait *= 2
    try:
        return attempt()
    except HeldError as error:
        if not give_way(error.lock):
            raise RefusedError(_sentence(error.lock)) from None
    try:
        return attempt()
    except HeldError as error:
        raise RefusedError(_sentence(error.lock)) from None


def _sentence(lock: Path) -> str:
    try:
        since = datetime.fromtimestamp(lock.stat().st_mtime, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except OSError:
        since = "a moment ago"
    pid = holder_of(lock)
    by = f", by process {pid}" if pid else ""
    return (
        f"The repository is locked by {show(str(lock))}, held since {since}{by}: let that git command finish, "
        "or remove the file if none is running, then try again."
    )
