"""Turns what the kernel tells, or what looking again shows, into the paths of files that were touched."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from nexoide.reload import notifications as n
from nexoide.reload.polling import Cadence
from nexoide.reload.selection import MARKS_OF_ENVIRONMENTS, Selection
from nexoide.reload.tree import Found, Walk, aliases

MANY = 16  # folders that come or go at once: one new walk is cheaper than each by itself
MISSING_SECONDS = 0.25
_APPEARS = n.CREATE | n.MOVED_TO
_VANISHES = n.DELETE | n.MOVED_FROM


class Touch(NamedTuple):
    """A file that was touched: when (monotonic seconds), whether its writer has finished, whether this was surely a save."""

    path: str
    at: float
    whole: bool
    saved: bool


class Observed:
    """The folders and files of one watcher. All methods but `close` are called by one thread alone.

    `wake` is called (from another thread) whenever `touched` has something to say; `notice` gets sentences for people.
    """

    def __init__(self, roots: Iterable[str], selection: Selection, wake: Callable[[], None], notice: Callable[[str], None]) -> None:
        self.roots, self._selection, self._wake, self._notice = tuple(roots), selection, wake, notice
        self._notifications: n.Notifications | None = None
        self._limit: str | None = None
        self._told: set[str] = set()
        self._extra: set[str] = set()
        self._stale = False
        self._retry_at: float | None = None
        self._cadence: Cadence | None = None
        self.found = Found()

    @property
    def polling(self) -> bool:
        """Whether files are compared again and again, because the kernel does not tell."""
        return self._notifications is None

    @property
    def interval(self) -> float:
        """Every how many seconds everything is looked at while polling; 0 where nothing is."""
        return self._cadence.interval if self._cadence is not None else 0.0

    def open(self, *, poll: bool) -> list[str]:
        """Begin to watch and return the paths of all files there are."""
        if not poll:
            try:
                self._notifications = n.Notifications(self._wake)
            except n.LimitReached as reached:
                self._limit = str(reached)
        self._walk()
        return list(self.found.files)

    def close(self) -> None:
        """Give all watches back."""
        if self._notifications is not None:
            self._notifications.close()

    def root_folders(self) -> list[str]:
        """Return the real folders of the roots, and those further below that are repositories of their own."""
        roots = [os.path.realpath(root if os.path.isdir(root) else os.path.dirname(root)) for root in self.roots]
        return [*roots, *self.found.repositories]

    def other_paths(self, path: str) -> list[str]:
        """Return the other paths of a file, through links and without any."""
        return aliases(path, self.found.ways)

    def path_of(self, path: str) -> str:
        """Return under which path a file is known here, whichever of its paths is given."""
        if path in self.found.files:
            return path
        real = os.path.realpath(path)
        given = self.found.folders.get(os.path.dirname(real))
        return os.path.join(given, os.path.basename(real)) if given is not None else os.path.abspath(path)

    def heat(self, path: str, now: float) -> None:
        """Look at a file more often, because it was just saved."""
        if self._cadence is not None:
            self._cadence.heat(path, now)

    def due_at(self) -> float | None:
        """Return when `touched` is to be called though nothing was told; None: never."""
        times = [] if self._retry_at is None else [self._retry_at]
        if self._cadence is not None:
            times.append(self._cadence.due_at())
        return min(times) if times else None

    def touched(self, now: float) -> list[Touch]:
        """Return what was touched since the last call."""
        found: list[Touch] = []
        if self._notifications is not None:
            changes = self._notifications.take()
            structural = sum(1 for change in changes if change.mask & n.ISDIR)
            for change in changes:
                found += self._apply(change, many=structural > MANY)
        if self._cadence is not None:
            found += [Touch(path, now, whole=False, saved=False) for path in self._look(self._cadence, now)]
        if self._retry_at is not None and now >= self._retry_at:
            self._retry_at = now + MISSING_SECONDS
            self._stale = self._stale or any(os.path.exists(root) for root in self.found.missing)
        if self._stale or self._limit is not None:  # a limit that was reached right now: nothing is watched any more
            found += self._walk()
        return found

    def _look(self, cadence: Cadence, now: float) -> list[str]:
        if not cadence.walk_due(now):
            return cadence.hot(now, self.found.files)
        began = time.thread_time()
        changed = cadence.look(self.found.folders, self.found.files)
        cadence.looked(now, time.thread_time() - began)
        if changed is None:
            self._stale = True
        return changed or []

    def _apply(self, change: n.Change, *, many: bool) -> list[Touch]:
        folder, name, mask, at = change
        real = os.path.join(folder, name) if name else folder
        if mask & (n.OVERFLOW | n.UNMOUNT) or (real in self.found.turns and mask & (_APPEARS | _VANISHES)):
            self._stale = True
        if not name:
            self._stale = self._stale or bool(folder in self._extra and mask & (n.DELETE_SELF | n.MOVE_SELF))
            return []
        whole = bool(mask & n.FINISHED)
        found = [Touch(link, at, whole=whole, saved=True) for link in self.found.targets.get(real, ())]
        given = self.found.folders.get(folder)
        if given is None:
            if mask & n.MODIFY and not found and self._notifications is not None:
                self._notifications.unwanted(folder)
            return found
        path = os.path.join(given, name)
        if mask & n.ISDIR:
            return found + self._folder(path, real, mask, at, many=many)
        if self._selection.file(name, self._below(path)):
            self.found.files.setdefault(path, None)
            self._stale = self._stale or (bool(mask & _APPEARS) and os.path.islink(real))
            found.append(Touch(path, at, whole=whole, saved=True))
        elif mask & _APPEARS:
            self._stale = self._stale or name in MARKS_OF_ENVIRONMENTS or (os.path.islink(real) and os.path.isdir(real))
        elif mask & n.MODIFY and not found and self._notifications is not None:
            self._notifications.unwanted(folder)
        return found

    def _folder(self, path: str, real: str, mask: int, at: float, *, many: bool) -> list[Touch]:
        """Take up or drop a folder that appeared or vanished."""
        if not mask & (_APPEARS | _VANISHES) or not self._selection.folder(os.path.basename(path), self._below(path)):
            return []
        if many:
            self._stale = True
            return []
        return self._grow(path, real, at) if mask & _APPEARS else self._shrink(path, real, at)

    def _grow(self, path: str, real: str, at: float) -> list[Touch]:
        found = self._walker().below(path, real, self._root_of(path))
        self.found.folders.update(found.folders)
        self.found.files.update(found.files)
        self.found.ways += found.ways
        self.found.turns |= found.turns
        self.found.repositories |= found.repositories
        for target, links in found.targets.items():
            self.found.targets.setdefault(target, set()).update(links)
        self._tell(found)
        if found.targets or found.turns:
            self._watch_extra()
        return [Touch(file, at, whole=False, saved=True) for file in found.files]

    def _shrink(self, path: str, real: str, at: float) -> list[Touch]:
        for folder in [known for known in self.found.folders if known == real or known.startswith(real + "/")]:
            del self.found.folders[folder]
            self._leave(folder)
        gone = [file for file in self.found.files if file.startswith(path + "/")]
        for file in gone:
            del self.found.files[file]
        return [Touch(file, at, whole=False, saved=True) for file in gone]

    def _walk(self) -> list[Touch]:
        """Look at everything again and return what looks different."""
        self._stale = False
        if self.polling:
            self._cadence = self._cadence or Cadence()
        old, self.found = self.found, self._walker().through(self.roots)
        for file, known in old.files.items():
            if file not in self.found.files and any(file.startswith(folder + "/") for folder in self.found.unsure):
                self.found.files[file] = known
        self._watch_extra()
        if self._limit is not None:
            self._fall_back()
        if self._notifications is not None:
            for folder in set(self._notifications.folders()) - set(self.found.folders) - self._extra:
                self._notifications.remove(folder)
        self._told &= {*self.found.unsure, *self.found.missing}
        self._tell(self.found)
        self._retry_at = time.monotonic() + MISSING_SECONDS if self.found.missing else None
        now = time.monotonic()
        files = self.found.files
        different = [file for file in files if files[file] is None or file not in old.files or old.files[file] != files[file]]
        return [Touch(file, now, whole=False, saved=False) for file in (*different, *(old.files.keys() - files.keys()))]

    def _watch_extra(self) -> None:
        """Watch the folders in which a root, or what a link leads to, may be replaced."""
        places = {os.path.dirname(place) for place in (*self.found.turns, *self.found.targets)}
        self._extra = places - set(self.found.folders)
        for folder in self._extra:
            self._enter(folder)

    def _walker(self) -> Walk:
        return Walk(self._selection, self._enter, self._leave)

    def _enter(self, folder: str) -> None:
        if self._cadence is not None:
            self._cadence.enter(folder)
        if self._notifications is None:
            return
        try:
            self._notifications.add(folder)
        except n.LimitReached as reached:
            self._limit = str(reached)
            self._notifications.close()  # the watches are shared with the user's other programs: none is kept in vain
            self._notifications = None
            self._cadence = Cadence()

    def _leave(self, folder: str) -> None:
        if self._notifications is not None and folder not in self._extra:
            self._notifications.remove(folder)

    def _fall_back(self) -> None:
        reason, self._limit = str(self._limit), None
        count = len(self.found.folders)
        self._notice(f"{reason.replace('{folders}', str(count))}; until then the files of {count} folder{'s' * (count != 1)} are compared again and again.")

    def _tell(self, found: Found) -> None:
        """Say which folders cannot be read, once."""
        for folder, reason in found.unsure.items():
            if folder not in self._told:
                self._told.add(folder)
                self._notice(f"{folder} cannot be read ({reason}): what is saved below it is not seen until it can be, and the watching starts again.")
        for root in found.missing:
            if root not in self._told:
                self._told.add(root)
                self._notice(f"{root} does not exist: its files are watched as soon as it does.")

    def _below(self, path: str) -> str:
        return path[len(self._root_of(path)) :].lstrip("/")

    def _root_of(self, path: str) -> str:
        return max((root for root in self.roots if path == root or path.startswith(root.rstrip("/") + "/")), key=len, default="")
