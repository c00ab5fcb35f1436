"""The watches of a follower: which file and which folder each belongs to, and what is compared each second where there can be none."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping

from nexoide.incidents.files import notifications as n
from nexoide.incidents.files.catalogue import Catalogue
from nexoide.incidents.files.followed import Followed

POLL_SECONDS = 1.0

_Signature = tuple[int, int, int]


class Watches:
    """Watches of files and folders. `wake` is called when there are `news`, `say` with a sentence where something must be polled.

    `poll_at` is when what cannot be watched is to be compared next (monotonic seconds), None where all is watched.
    """

    def __init__(self, wake: Callable[[], None], say: Callable[[str], None], *, poll: bool = False) -> None:
        self._wake, self._say = wake, say
        self.files: dict[int, list[Followed]] = {}
        self.folders: dict[int, str] = {}
        self.news = False
        self.poll_at: float | None = None
        self._numbers: dict[str, int] = {}
        self._users: dict[str, set[Catalogue]] = {}
        self._polled: dict[Followed, _Signature] = {}
        self._remote: dict[int, str] = {}
        self._inotify: n.Notifications | None = None
        if poll:
            self._poll()
            return
        try:
            self._inotify = n.Notifications()
            asyncio.get_running_loop().add_reader(self._inotify.handle, self._readable)
        except n.Unavailable as why:
            self._fall_back(str(why))

    def take(self) -> list[n.Happened]:
        """Return what has happened, and listen again."""
        self.news = False
        if self._inotify is None:
            return []
        found = self._inotify.take()
        asyncio.get_running_loop().add_reader(self._inotify.handle, self._readable)
        return found

    def add_file(self, followed: Followed) -> None:
        """Watch an open file."""
        kind = self._kind(followed.device)
        if self._inotify is None or kind:
            if kind:
                self._fall_back(f"{kind} tells nothing of what other machines write")
            self._polled[followed] = _signature(followed)
            return
        try:
            followed.watch = self._inotify.add_file(followed.handle)
        except n.Unavailable as why:
            self._fall_back(str(why))
        if followed.watch < 0:
            self._poll()
            self._polled[followed] = _signature(followed)
        else:
            self.files.setdefault(followed.watch, []).append(followed)

    def remove_file(self, followed: Followed) -> None:
        """Watch a file no longer."""
        self._polled.pop(followed, None)
        users = self.files.get(followed.watch, [])
        if followed in users:
            users.remove(followed)
            if not users:
                del self.files[followed.watch]
                if self._inotify is not None:
                    self._inotify.remove(followed.watch)
        followed.watch = -1

    def keep_folders(self, catalogue: Catalogue, wanted: Mapping[str, int]) -> None:
        """Watch the folders that a source looks into, and no others for it."""
        for folder in wanted:
            users = self._users.setdefault(folder, set())
            if catalogue not in users or folder not in self._numbers:
                users.add(catalogue)
                self._add_folder(folder)
        for folder in [known for known, users in self._users.items() if catalogue in users and known not in wanted]:
            users = self._users[folder]
            users.discard(catalogue)
            if not users:
                del self._users[folder]
                number = self._numbers.pop(folder, -1)
                if number >= 0 and self.folders.pop(number, None) is not None and self._inotify is not None:
                    self._inotify.remove(number)

    def forgotten(self, number: int) -> None:
        """Forget a watch that the kernel gave up, because what it was of is gone."""
        for followed in self.files.pop(number, ()):
            followed.watch = -1
        folder = self.folders.pop(number, None)
        if folder is not None:
            self._numbers.pop(folder, None)

    def polled(self) -> list[Followed]:
        """Return the files without a watch that look different since the last time."""
        self.poll_at = time.monotonic() + POLL_SECONDS
        different = []
        for followed, known in self._polled.items():
            now = _signature(followed)
            if now != known:
                self._polled[followed] = now
                different.append(followed)
        return different

    def close(self) -> None:
        """Give all watches back."""
        inotify, self._inotify = self._inotify, None
        if inotify is not None:
            asyncio.get_running_loop().remove_reader(inotify.handle)
            inotify.close()

    def _readable(self) -> None:
        """Listen no more until what there is has been taken: a busy log would wake us for each line."""
        if self._inotify is not None:
            asyncio.get_running_loop().remove_reader(self._inotify.handle)
        self.news = True
        self._wake()

    def _add_folder(self, folder: str) -> None:
        if self._inotify is None:
            return
        try:
            number = self._inotify.add_folder(folder)
            kind = self._kind(os.stat(folder).st_dev)
        except n.Unavailable as why:
            self._fall_back(str(why))
            return
        except OSError:
            return
        if kind:
            self._fall_back(f"{kind} tells nothing of what other machines write")
        if number >= 0:
            old = self.folders.get(number)
            if old is not None and old != folder:  # one folder under two paths: both are looked at
                self._users[old] |= self._users[folder]
            self.folders[number] = folder
            self._numbers[folder] = number
        elif os.path.isdir(folder):
            self._poll()

    def _kind(self, device: int) -> str:
        if device not in self._remote:
            self._remote[device] = n.remote(device)
        return self._remote[device]

    def _fall_back(self, why: str) -> None:
        self._poll()
        self._say(f"Logs are compared once a second where they cannot be watched: {why}.")

    def _poll(self) -> None:
        if self.poll_at is None:
            self.poll_at = time.monotonic() + POLL_SECONDS
        self._wake()


def _signature(followed: Followed) -> _Signature:
    try:
        found = os.fstat(followed.handle) if followed.handle >= 0 else os.stat(followed.path)
    except OSError:
        return (0, 0, 0)
    return found.st_size, found.st_mtime_ns, found.st_ino
