"""Gathers what is saved together into one burst: after a moment of quiet, and at the latest after a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

QUIET_SECONDS = 0.01  # after a file was closed or put in place by a rename: it is whole
OPEN_SECONDS = 0.06  # after a write without a close, a deletion, a new folder: more is likely to come
BOUND_SECONDS = 1.0  # endless writing must not keep other files waiting


@dataclass(frozen=True)
class Burst:
    """Files that were saved together: path → (bytes that are live, bytes on disk).

    None as the first says that the file is new (or that its bytes are not kept: then it is in `without_base`), None as the
    second that it is deleted. `aliases` gives the other paths of a file: its real one and those through links.
    `waiting` are files refused earlier that are not part of this burst. Times are of the monotonic clock, in seconds.
    """

    changed: Mapping[Path, tuple[bytes | None, bytes | None]]
    began: float
    closed_at: float
    aliases: Mapping[Path, tuple[Path, ...]] = field(default_factory=dict)
    without_base: frozenset[Path] = frozenset()
    waiting: tuple[Path, ...] = ()


class Gathering:
    """The files of the burst that is under way; times are given by the caller."""

    def __init__(self, quiet_s: float = QUIET_SECONDS, open_s: float = OPEN_SECONDS, bound_s: float = BOUND_SECONDS) -> None:
        self._quiet, self._open, self._bound = quiet_s, max(open_s, quiet_s), bound_s
        self._due: dict[str, float] = {}
        self._whole: set[str] = set()
        self._later: dict[str, float] = {}
        self.began = self.last = 0.0

    def __len__(self) -> int:
        return len(self._due) + len(self._later)

    def touch(self, path: str, at: float, *, whole: bool) -> None:
        """Add a file that was touched at `at`; `whole` says that its writer has finished with it."""
        if not self._due:
            self.began = self.last = at
        self.last = max(self.last, at)
        self._later.pop(path, None)
        self._due[path] = at + (self._quiet if whole else self._open)
        (self._whole.add if whole else self._whole.discard)(path)

    def again(self, path: str, at: float) -> None:
        """Add a file that could not be read and is tried again at `at`; no other file waits for it."""
        if path not in self._due:
            self._later[path] = at

    def ripe_at(self) -> float | None:
        """Return when the burst is to be taken if nothing more comes, None where there is none."""
        times = list(self._later.values())
        if self._due:
            times.append(self._settles_at())
        return min(times) if times else None

    def take(self, now: float) -> list[str]:
        """Return the files of the burst and begin a new one; at the bound, those still being written stay for the next."""
        taken = [path for path, at in self._later.items() if at <= now]
        for path in taken:
            del self._later[path]
        if self._due and self._settles_at() <= now:
            settled = [path for path, due in self._due.items() if due <= now or path in self._whole] or list(self._due)
            for path in settled:
                del self._due[path]
            self._whole.difference_update(settled)
            taken += settled
            if self._due:
                self.began = now
        return taken

    def _settles_at(self) -> float:
        return min(max(self._due.values()), self.began + self._bound)
