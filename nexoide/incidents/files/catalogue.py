"""Which files one source has: found by its patterns, known by their inodes wherever rotation moves them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass

from nexoide.incidents.files import content
from nexoide.incidents.files.copies import Place
from nexoide.incidents.files.followed import Dropped, Elsewhere, Followed, Make
from nexoide.incidents.files.names import copy_of, in_order_of_time, rotated_from
from nexoide.incidents.files.opening import Refused
from nexoide.incidents.files.patterns import Found, Pattern

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Watched:
    """One source: a name that stays the same from start to start, its patterns, and what its files are read with."""

    name: str
    patterns: tuple[Pattern, ...]
    make: Make
    dropped: Dropped | None = None


class Catalogue:
    """The files of one source. `refused` says of paths that match, and are not read, why.

    `places` say how far files were read before; with `skip` what other files hold at first is history.
    """

    def __init__(self, watched: Watched, places: Iterable[Place], *, skip: bool) -> None:
        self.watched = watched
        self.files: dict[Key, Followed] = {}
        self.refused: dict[str, str] = {}
        self.folders: dict[str, int] = {}
        self.left_out = ""
        self._known = {(place.device, place.inode): place for place in places}
        self._skip = skip
        self._sizes: dict[Key, int] = {}

    async def look(self) -> list[Followed]:
        """Look again at what is there and return the files that are new to it, oldest first."""
        fresh: list[Followed] = []
        refused: dict[str, str] = {}
        folders: dict[str, int] = {}
        everything = Found()
        allowed: dict[str, tuple[str, ...]] = {}
        for pattern in self.watched.patterns:
            found = Found()
            for _ in pattern.look(found):
                await asyncio.sleep(0)
            self.left_out = found.left_out or self.left_out
            for path, inode in found.files.items():
                everything.files.setdefault(path, inode)
                allowed.setdefault(path, pattern.allowed)
            everything.inodes.update(found.inodes)
            refused.update(found.refused)
            folders.update(found.folders)
            folders.update({folder: 0 for folder in found.waiting if folder not in folders})
        everything.folders = folders
        before = {known.path: known for known in self.files.values()}
        newcomers = self._settle(everything)
        for count, (path, key) in enumerate(newcomers):
            made = self._admit(path, key, allowed[path], refused)
            if made is not None:
                made.after = before.get(path)
                fresh.append(made)
            if count % 32 == 31:
                await asyncio.sleep(0)
        fresh += self._left_behind(everything, self._any_allowed())
        for followed in self.files.values():
            folders.setdefault(os.path.dirname(followed.real), 0)
        self.refused, self.folders, self._skip = refused, folders, False
        return fresh

    def drop(self, followed: Followed) -> None:
        """Follow a file no longer."""
        self.files.pop((followed.device, followed.inode), None)

    def judge(self, followed: Followed) -> None:
        """Decide, once there is content, whether a file is read: not where it is no text or a copy of another one (see `skipped`).

        Raises Elsewhere and Refused.
        """
        handle = followed.open()
        size = os.fstat(handle).st_size
        if not size:
            return
        named = any(pattern.literal == followed.path for pattern in self.watched.patterns)
        why = content.no_text("named.log" if named else os.path.basename(followed.path), handle, size)
        if not why and followed.offset == 0 and not followed.rewritten:
            folder, name = os.path.split(followed.path)
            base = rotated_from(name)[0]
            for other in self.files.values():
                if other is not followed and copy_of(name, base) and other.path == os.path.join(folder, base):
                    copied = other.is_copied_by(handle, size)
                    if copied is None:
                        return
                    why = f"is a copy of {base}" if copied else why
        if why:
            followed.skip_to(size)
        followed.skipped, followed.judged = why, True

    def places(self) -> tuple[Place, ...]:
        """Return how far each file was read."""
        return tuple(followed.safe_place() for followed in self.files.values() if not followed.gone)

    def _settle(self, found: Found) -> list[tuple[str, Key]]:
        """Find the known files again, by inode, and return the paths that are new."""
        newcomers: dict[Key, str] = {}
        at: dict[Key, str] = {}
        for path in sorted(found.files, key=in_order_of_time):
            key = _key(path, found)
            if key is None:
                continue
            if key not in self.files:
                newcomers.setdefault(key, path)
            elif key not in at or self.files[key].path == path:
                at[key] = path
        for key, followed in self.files.items():
            now = at.get(key) or _still_seen(key, found)
            followed.displaced = key not in at
            if now is not None:
                followed.path = now
        return [(path, key) for key, path in newcomers.items()]

    def _admit(self, path: str, key: Key, allowed: tuple[str, ...], refused: dict[str, str]) -> Followed | None:
        made = Followed(path, *key, allowed=allowed, make=self.watched.make, dropped=self.watched.dropped)
        try:
            handle = made.open()
        except Elsewhere:
            return None
        except Refused as why:
            refused[path] = str(why)
            if self._skip:
                self._sizes[key] = _size(path)
            return None
        place, size = self._known.pop(key, None), os.fstat(handle).st_size
        try:
            if place is not None:
                made.resume_at(place)
            elif self._skip or key in self._sizes:
                made.skip_to(min(self._sizes.pop(key, size), size))
        except OSError as error:
            refused[path] = f"the system says {error.strerror}"
            made.give_back()
            return None
        self.files[key] = made
        return made

    def _left_behind(self, found: Found, allowed: tuple[str, ...]) -> list[Followed]:
        """Return the files that an earlier supervisor followed and that were renamed since to what no pattern matches: their rest is read."""
        known, self._known = self._known, {}
        fresh = []
        for key, place in known.items():
            path = _still_seen(key, found)
            if path is None or key in self.files:
                continue
            made = Followed(path, *key, allowed=allowed, make=self.watched.make, dropped=self.watched.dropped)
            try:
                made.open()
            except (Elsewhere, Refused):
                continue
            made.resume_at(place)
            made.displaced = made.judged = True
            self.files[key] = made
            fresh.append(made)
        return fresh

    def _any_allowed(self) -> tuple[str, ...]:
        return tuple(folder for pattern in self.watched.patterns for folder in pattern.allowed)


def _key(path: str, found: Found) -> Key | None:
    inode = found.files[path]
    device = found.folders.get(os.path.dirname(path), 0)
    if inode and device:
        return device, inode
    try:
        seen = os.stat(path)
    except OSError:
        return (0, 0) if os.path.islink(path) else None
    return seen.st_dev, seen.st_ino


def _still_seen(key: Key, found: Found) -> str | None:
    path = found.inodes.get(key[1])
    return path if path is not None and found.folders.get(os.path.dirname(path)) == key[0] else None


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
