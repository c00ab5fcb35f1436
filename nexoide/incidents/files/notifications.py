"""The kernel's notifications of what happens to logs and their folders, read on the event loop: while nothing happens, nothing runs.

Each followed file has a watch of its own (on the open file, so that it is that one whatever it is called), each folder one for
what appears and vanishes in it. watchdog, which `nexoide.reload` uses, watches folders through a thread; here thousands of
files that are written to often must cost little, and other files beside them nothing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import struct
from typing import NamedTuple

MODIFY, ATTRIB, CLOSE_WRITE = 0x0002, 0x0004, 0x0008
MOVED_FROM, MOVED_TO, CREATE, DELETE = 0x0040, 0x0080, 0x0100, 0x0200
DELETE_SELF, MOVE_SELF = 0x0400, 0x0800
UNMOUNT, OVERFLOW, IGNORED = 0x2000, 0x4000, 0x8000
_ONLY_FOLDERS = 0x0100_0000
OF_FILES = MODIFY | ATTRIB | DELETE_SELF | MOVE_SELF
OF_FOLDERS = ATTRIB | MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF | MOVE_SELF | _ONLY_FOLDERS
_NONBLOCK, _CLOEXEC = os.O_NONBLOCK, os.O_CLOEXEC
_READ = 64 << 10
_ROUNDS = 16
_HEAD = struct.Struct("iIII")
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "vboxsf", "virtiofs", "prl_fs", "davfs"})


class Happened(NamedTuple):
    """One notification: which watch, the kernel's mask, the entry's name in a folder."""

    watch: int
    mask: int
    name: str


class Unavailable(Exception):  # noqa: N818
    """No (more) watches can be had; the message says why and what to do."""


class Notifications:
    """One instance of inotify. Raises Unavailable where none can be had."""

    def __init__(self) -> None:
        try:
            self._libc = ctypes.CDLL(ctypes.util.find_library("c") or None, use_errno=True)
            self.handle: int = self._libc.inotify_init1(_NONBLOCK | _CLOEXEC)
        except (AttributeError, OSError) as error:
            raise Unavailable(f"this system has no inotify ({error})") from error
        if self.handle < 0:
            raise Unavailable(_sentence(ctypes.get_errno()))

    def add_file(self, handle: int) -> int:
        """Watch an open file and return the watch's number; raises Unavailable where no watch is left."""
        return self._add(f"/proc/self/fd/{handle}".encode(), OF_FILES)

    def add_folder(self, folder: str) -> int:
        """Watch a folder and return the watch's number, -1 where it is gone or may not be read; raises Unavailable."""
        return self._add(os.fsencode(folder), OF_FOLDERS)

    def _add(self, path: bytes, mask: int) -> int:
        number: int = self._libc.inotify_add_watch(self.handle, path, ctypes.c_uint32(mask))
        if number >= 0:
            return number
        code = ctypes.get_errno()
        if code in {errno.ENOSPC, errno.ENOMEM}:
            raise Unavailable(_sentence(code))
        return -1

    def remove(self, watch: int) -> None:
        """Give a watch back; one that the kernel gave up already is no matter."""
        self._libc.inotify_rm_watch(self.handle, watch)

    def take(self) -> list[Happened]:
        """Return what has happened since, without waiting."""
        found: list[Happened] = []
        for _ in range(_ROUNDS):
            try:
                data = os.read(self.handle, _READ)
            except BlockingIOError:
                break
            position = 0
            while position < len(data):
                watch, mask, _, length = _HEAD.unpack_from(data, position)
                position += _HEAD.size
                name = data[position : position + length].rstrip(b"\0")
                position += length
                found.append(Happened(watch, mask, os.fsdecode(name)))
        return found

    def close(self) -> None:
        """Give all watches back."""
        os.close(self.handle)


def _sentence(code: int) -> str:
    if code == errno.ENOSPC:
        return f"inotify's limit of {_limit('watches')} watches for this user is reached: raise fs.inotify.max_user_watches with sysctl"
    if code == errno.EMFILE:
        return f"inotify's limit of {_limit('instances')} instances for this user is reached: raise fs.inotify.max_user_instances with sysctl"
    return f"inotify cannot be used here ({os.strerror(code)})"


def _limit(what: str) -> int:
    try:
        with open(f"/proc/sys/fs/inotify/max_user_{what}", encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return 0


def remote(device: int) -> str:
    """Return the kind of a filesystem on which other machines write unseen by this kernel, "" for every other one."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                words = line.split(" ")
                if len(words) > 2 and words[2] == wanted and "-" in words:
                    kind = words[words.index("-") + 1]
                    return kind if kind in _REMOTE or kind.startswith("fuse.") else ""
    except OSError:
        pass
    return ""
