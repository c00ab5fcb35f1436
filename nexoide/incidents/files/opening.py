"""The one way in which a log is opened: nothing but a regular file, where it may lie, without ever blocking or running a driver.

The place is opened without access first (O_PATH), looked at, and only then opened for reading through that handle; what is
checked and what is read is the same file, whatever its name leads to meanwhile.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import NamedTuple

from nexoide.incidents.files.names import shown

_KINDS = {
    stat.S_IFDIR: "it is a folder",
    stat.S_IFIFO: "it is a FIFO",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
}


class Refused(Exception):  # noqa: N818
    """A log is not read; the message says why and what to do, without the path. `again`: it may become readable."""


class Opened(NamedTuple):
    """An open regular file: its handle, what the system says of it, and its path without links."""

    handle: int
    found: os.stat_result
    real: str


def open_log(path: str, allowed: tuple[str, ...]) -> Opened:
    """Open a log for reading; `allowed` are real folders within which it must lie.

    Raises FileNotFoundError where nothing is there, Refused where it is not to be read or may not be.
    """
    place = _place(path)
    try:
        found = os.fstat(place)
        kind = _KINDS.get(stat.S_IFMT(found.st_mode))
        if kind is not None:
            raise Refused(f"{kind}, and only regular files are read")
        real = os.readlink(f"/proc/self/fd/{place}")
        _check(path, real, found, allowed)
        handle = os.open(f"/proc/self/fd/{place}", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except PermissionError:
        raise Refused("it may not be read: give this user read permission") from None
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Refused(f"it cannot be opened ({error.strerror})") from error
    finally:
        os.close(place)
    return Opened(handle, found, real)


def _place(path: str) -> int:
    try:
        return os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(path):
            raise Refused("it is a link that leads nowhere") from None
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from None
    except PermissionError:
        raise Refused("it may not be read: give this user permission to enter its folder") from None
    except OSError as error:
        raise Refused(f"it cannot be opened ({error.strerror})") from error


def _check(path: str, real: str, found: os.stat_result, allowed: tuple[str, ...]) -> None:
    if found.st_nlink == 0:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    if not any(inside(real, folder) for folder in allowed):
        raise Refused(f"it leads to {shown(real)}, outside of the folder that is watched: name that file itself where it is wanted")
    linked = real != os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    if linked and found.st_uid not in {0, os.getuid()}:
        raise Refused(f"it is a link to a file of user {found.st_uid}, and links are followed to files of yours or of root alone")


def inside(real: str, folder: str) -> bool:
    """Whether a real path lies within a real folder."""
    return real.startswith(folder.rstrip("/") + "/")
