"""Change notifications of the kernel, one watch a folder, through watchdog's reader of inotify.

watchdog's own recursive observer is not used: it watches `.git` and `node_modules` as well, rebuilds its watches for ever
once a big tree has overflowed the queue, and passes over the limit of watches in silence (all of 7.1.0). Its reader, one
level below, leaves the choice of folders and the errors to us.
"""

from __future__ import annotations

import errno
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from nexoide.reload.guard import contained

MODIFY = 0x0002
CLOSE_WRITE = 0x0008
MOVED_FROM, MOVED_TO = 0x0040, 0x0080
CREATE, DELETE = 0x0100, 0x0200
DELETE_SELF, MOVE_SELF = 0x0400, 0x0800
UNMOUNT, OVERFLOW, IGNORED = 0x2000, 0x4000, 0x8000
ISDIR = 0x4000_0000
_ONLY_FOLDERS, _NO_ORPHANS = 0x0100_0000, 0x0400_0000
FINISHED = CLOSE_WRITE | MOVED_TO
_STRUCTURE = CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF | MOVE_SELF | _ONLY_FOLDERS | _NO_ORPHANS
MAX_PENDING = 50_000
NOISE = 500  # writes to files that nobody watches, in one folder, before its writes are no longer asked for


class Change(NamedTuple):
    """One notification: the folder's real path, the entry's name (empty for the folder itself), the kernel's mask, when (monotonic seconds)."""

    folder: str
    name: str
    mask: int
    at: float


class LimitReached(Exception):  # noqa: N818
    """No (more) watches can be had; the message says why and what to do, `{folders}` in it stands for how many the tree takes."""


class Notifications:
    """The watches of one watcher. `wake` is called from watchdog's thread whenever there is something to take."""

    def __init__(self, wake: Callable[[], None]) -> None:
        try:
            from watchdog.observers.inotify_c import InotifyFD  # noqa: PLC0415, RUF100
        except ImportError as error:
            raise LimitReached(f"watchdog 7.1 or newer is not installed here ({error}): install it with pip and start again") from error
        logging.getLogger("watchdog").addHandler(logging.NullHandler())  # an overflow is told by us, not by logging's last resort
        try:
            self._reader: Any = InotifyFD()
        except OSError as error:
            raise LimitReached(_sentence(error)) from error
        descriptor = getattr(self._reader, "_inotify_fd", None)
        if type(descriptor) is int:
            os.set_inheritable(descriptor, False)  # watchdog lets programs that this process starts inherit it
        self._wake = wake
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._paths: dict[int, list[str]] = {}
        self._watches: dict[str, tuple[int, int]] = {}
        self._noise: dict[str, int] = {}
        self._pending: list[Change] = []
        self._reader.start()

    def __len__(self) -> int:
        return len(self._watches)

    def folders(self) -> list[str]:
        """Return the real paths of the folders that are watched."""
        return list(self._watches)

    def add(self, folder: str) -> bool:
        """Watch a folder; returns False where it is gone or may not be read, raises LimitReached where no watch is left.

        A folder that is watched already and lies at another inode now is watched anew.
        """
        mask = _STRUCTURE if self._noise.get(folder, 0) > NOISE else _STRUCTURE | MODIFY
        callback = next(self._ids)
        with self._lock:
            try:
                number = self._reader.add_callback(os.fsencode(folder), mask, self, callback)
            except OSError as error:
                if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP, errno.ENAMETOOLONG}:
                    return False
                raise LimitReached(_sentence(error)) from error
            if number < 0:  # watchdog's way to say EACCES
                return False
            old = self._watches.get(folder)
            self._watches[folder] = (number, callback)
            paths = self._paths.setdefault(number, [])
            if folder not in paths:
                paths.append(folder)
            if old is not None:
                self._forget(folder, *old, keep=number)
        return True

    def remove(self, folder: str) -> None:
        """Watch a folder no longer."""
        with self._lock:
            old = self._watches.pop(folder, None)
            if old is not None:
                self._forget(folder, *old, keep=-1)

    def take(self) -> list[Change]:
        """Return what has come since, in order."""
        with self._lock:
            pending, self._pending = self._pending, []
        return pending

    def unwanted(self, folder: str) -> None:
        """Count a write to a file that nobody watches; a folder of busy logs is asked for closings alone after a while."""
        count = self._noise[folder] = self._noise.get(folder, 0) + 1
        if count == NOISE + 1 and folder in self._watches:
            self.add(folder)

    def close(self) -> None:
        """Give all watches back and end watchdog's thread."""
        self._reader.stop()
        if threading.current_thread() is not self._reader:
            self._reader.join(5)

    def on_event(self, event: Any) -> None:
        """Take what watchdog read (its callback)."""
        contained(self._event, event)

    def on_queue_overflow(self) -> None:
        """Note that the kernel dropped notifications (watchdog's callback)."""
        self._put(Change("", "", OVERFLOW, time.monotonic()))

    def on_watch_deleted(self, wd: int) -> None:
        """Forget a watch that the kernel gave up, because its folder is gone (watchdog's callback)."""
        with self._lock:
            for folder in self._paths.pop(wd, ()):
                if self._watches.get(folder, (0, 0))[0] == wd:
                    del self._watches[folder]

    def _event(self, event: Any) -> None:
        now = time.monotonic()
        with self._lock:
            folders = list(self._paths.get(event.wd, ()))
        for folder in folders:
            self._put(Change(folder, os.fsdecode(event.name), event.mask, now))

    def _put(self, change: Change) -> None:
        with self._lock:
            if len(self._pending) >= MAX_PENDING:
                self._pending = [Change("", "", OVERFLOW, change.at)]
            elif self._pending and self._pending[-1][:3] == change[:3]:
                self._pending[-1] = change
                return
            else:
                self._pending.append(change)
        self._wake()

    def _forget(self, folder: str, number: int, callback: int, *, keep: int) -> None:
        """Give back one registration; the kernel's watch goes with the last of its inode."""
        if number != keep:
            paths = self._paths.get(number, [])
            if folder in paths:
                paths.remove(folder)
            if not paths:
                self._paths.pop(number, None)
        self._reader.remove_callbacks([(number, callback)])


def _sentence(error: OSError) -> str:
    """Say which limit it is, what it stands at, and how it is raised."""
    if error.errno == errno.ENOSPC:
        return (
            f"inotify's limit of {limit('watches')} watched folders for this user is reached (this tree alone has {{folders}}): "
            "raise fs.inotify.max_user_watches with sysctl and start again"
        )
    if error.errno == errno.EMFILE and not _descriptors_left():
        return "this process has no file descriptor left: raise its limit (ulimit -n) and start again"
    if error.errno == errno.EMFILE:
        return (
            f"inotify's limit of {limit('instances')} instances for this user is reached: raise fs.inotify.max_user_instances with sysctl, or end another "
            "program that watches files, and start again"
        )
    return f"inotify cannot be used here ({error.strerror or error}): mend that and start again"


def limit(what: str) -> int:
    """Return a limit of inotify for this user: `watches` or `instances`; 0 where it cannot be read."""
    found = []
    for path in (f"/proc/sys/fs/inotify/max_user_{what}", f"/proc/sys/user/max_inotify_{what}"):
        try:
            with open(path, encoding="ascii") as file:
                found.append(int(file.read()))
        except (OSError, ValueError):
            continue
    return min(found, default=0)


def _descriptors_left() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError:
        return False
    return True
