"""Bounds on what following holds: how many files are open, and how much is read at a time."""

from __future__ import annotations

import resource

from nexoide.incidents.files.followed import Followed

MAX_OPEN = 256
MIN_SLICE, MAX_SLICE = 8 << 10, 64 << 10
FAST_SECONDS, SLOW_SECONDS = 0.002, 0.008


class OpenFiles:
    """The files that are open: those that were read longest ago are closed, and opened again when they are written to."""

    def __init__(self) -> None:
        self._files: dict[Followed, None] = {}
        self._limit = min(MAX_OPEN, max(8, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4))

    def used(self, followed: Followed) -> None:
        """Note that a file was read, and close others where too many are open; what was deleted or moved away could not be opened again."""
        self._files.pop(followed, None)
        if followed.handle < 0:
            return
        self._files[followed] = None
        for other in list(self._files):
            if len(self._files) <= self._limit:
                return
            if other is not followed and not other.gone and not other.displaced:
                other.give_back()
                del self._files[other]

    def forget(self, followed: Followed) -> None:
        """Note that a file is followed no longer."""
        self._files.pop(followed, None)


class Slice:
    """How many bytes are read in one turn: few enough that whatever else runs on the loop is not held up; dense text costs more a byte."""

    def __init__(self) -> None:
        self.bytes = MAX_SLICE

    def took(self, seconds: float) -> None:
        """Adapt to how long the last turn took."""
        if seconds > SLOW_SECONDS and self.bytes > MIN_SLICE:
            self.bytes //= 2
        elif seconds < FAST_SECONDS and self.bytes < MAX_SLICE:
            self.bytes *= 2
