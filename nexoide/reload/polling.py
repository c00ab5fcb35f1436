"""Looks at files again and again where the kernel tells nothing: seldom when idle, often at what was just saved."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from nexoide.reload.contents import Signature, signature

SHARE = 0.05  # of one core, at most, goes into looking
SHORTEST, LONGEST = 0.2, 3.0
HOT_STEP = 0.05
HOT_SECONDS = 300.0
MAX_HOT = 64
_NOTHING = (0, 0, 0, 0)


class Cadence:
    """When to look next: at everything at a pace that its own cost sets, at recently saved files every 50 ms."""

    def __init__(self) -> None:
        self.interval = SHORTEST
        self._next = self._next_hot = 0.0
        self._hot: dict[str, float] = {}
        self._folders: dict[str, Signature | None] = {}

    def enter(self, folder: str) -> None:
        """Note how a folder looks right before it is listed."""
        self._folders[folder] = _look(folder)

    def looked(self, now: float, took: float) -> None:
        """Note that everything was looked at, and what that cost in seconds of processor time."""
        self.interval = min(max(SHORTEST, took / SHARE), LONGEST)
        self._next = now + self.interval

    def look(self, folders: Iterable[str], files: dict[str, Signature | None]) -> list[str] | None:
        """Return the files that look different from `files`, which is brought up to date; None where a folder does: then all is listed anew."""
        for folder in folders:
            found = _look(folder)
            if found is None or self._folders.get(folder) != found:
                return None
        return _different(files, files)

    def heat(self, path: str, now: float) -> None:
        """Look at a file often for the next five minutes."""
        self._hot.pop(path, None)
        self._hot[path] = now + HOT_SECONDS
        while len(self._hot) > MAX_HOT:
            del self._hot[next(iter(self._hot))]

    def due_at(self) -> float:
        """Return when to look next."""
        return min(self._next, self._next_hot) if self._hot else self._next

    def walk_due(self, now: float) -> bool:
        """Whether everything is to be looked at."""
        return now >= self._next

    def hot(self, now: float, files: dict[str, Signature | None]) -> list[str]:
        """Return the recently saved files that look different from `files`, which is brought up to date."""
        self._hot = {path: until for path, until in self._hot.items() if until > now}
        self._next_hot = now + HOT_STEP
        return _different(self._hot, files)


def _different(paths: Iterable[str], files: dict[str, Signature | None]) -> list[str]:
    changed = []
    for path in paths:
        found = _look(path)
        if found is None or files.get(path) != found:
            changed.append((path, found))
    files.update(changed)
    return [path for path, _ in changed]


def _look(path: str) -> Signature | None:
    try:
        return signature(os.stat(path), time.time_ns())
    except OSError:
        return _NOTHING
