"""Knows whether git is in the middle of something, so that half a checkout is never taken for a save."""

from __future__ import annotations

import os
from collections.abc import Iterable

MARKS = ("index.lock", "rebase-merge", "rebase-apply")
IDLE_SECONDS = 1.0  # nothing was written for so long: the lock is stale, or waits for a person (an editor, a conflict)
BOUND_SECONDS = 10.0


def git_folder(folder: str) -> str | None:
    """Return the git folder of the repository that `folder` lies in, None where it lies in none."""
    while True:
        mark = os.path.join(folder, ".git")
        if os.path.isdir(mark):
            return mark
        pointed = _pointed(mark)
        if pointed is not None:
            return os.path.normpath(os.path.join(folder, pointed))
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _pointed(mark: str) -> str | None:
    """Return where the `.git` file of a worktree or submodule points to."""
    try:
        with open(mark, encoding="utf-8", errors="surrogateescape") as file:
            first = file.readline(4096)
    except OSError:
        return None
    return first[8:].strip() if first.startswith("gitdir: ") else None


class GitOperations:
    """The operations of git that a burst waits for, each only as long as it makes progress."""

    def __init__(self) -> None:
        self._folders: set[str] = set()
        self._passed: set[tuple[str, int, int]] = set()
        self.gave_up: str | None = None

    def look_in(self, folders: Iterable[str]) -> None:
        """Also heed the repositories that these folders lie in."""
        self._folders.update(found for folder in folders if (found := git_folder(folder)) is not None)

    def busy(self, now: float, began: float, last: float) -> bool:
        """Whether a burst that began at `began` and last grew at `last` waits for git.

        An operation that wrote nothing for a second, or holds the burst for ten, is waited for no longer; `gave_up` then
        names its mark.
        """
        waits = False
        for folder in self._folders:
            for mark in MARKS:
                found = self._mark(os.path.join(folder, mark))
                if found is None or found in self._passed:
                    continue
                if now - last < IDLE_SECONDS and now - began < BOUND_SECONDS:
                    waits = True
                    continue
                self._passed.add(found)
                self.gave_up = found[0]
        return waits

    @staticmethod
    def _mark(path: str) -> tuple[str, int, int] | None:
        try:
            found = os.lstat(path)
        except OSError:
            return None
        return path, found.st_ino, found.st_ctime_ns
