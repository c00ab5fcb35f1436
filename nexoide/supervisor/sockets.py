"""Local sockets that only we may use: made private, and knowing from the kernel who is at the other end."""

from __future__ import annotations

import errno
import os
import signal
import socket
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import RefusedError
from nexoide.workspace import make_private

_SO_PEERPIDFD = 77  # Linux 6.5; the socket module of Python 3.11 does not name it


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end of a local socket; `ours` means the same user in the same user namespace."""

    pid: int
    uid: int
    ours: bool
    reason: str = ""


def bind_private(path: Path) -> socket.socket:
    """Return a Unix socket bound at `path`: folder 0700 and ours, socket 0600 from its first moment, a stale one removed.

    The caller holds the workspace's lock. Raises RefusedError where the folder is not ours alone or where something
    else than a socket of ours lies at the path.
    """
    try:
        make_private(path.parent)
        try:
            found = path.lstat()
        except FileNotFoundError:
            pass
        else:
            if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid():
                raise RefusedError(f"{path} is not a socket of yours: remove it, or set NEXOIDE_RUNTIME_DIR to another place.")
            path.unlink()
    except OSError as error:
        raise RefusedError(f"{path.parent} cannot be used ({error.strerror}): mend its owner and permissions, or set NEXOIDE_RUNTIME_DIR.") from error
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o077)
    try:
        sock.bind(str(path))
    except OSError as error:
        sock.close()
        raise RefusedError(f"{path} cannot be made ({error}): mend the folder, or set NEXOIDE_RUNTIME_DIR to a shorter, writable one.") from error
    finally:
        os.umask(before)
    path.chmod(0o600)
    sock.setblocking(False)
    return sock


def peer_of(sock: socket.socket) -> Peer:
    """Return who connected to a Unix socket, as the kernel recorded it (unix(7): SO_PEERCRED, SO_PEERPIDFD).

    A sandbox started by root still shows uid 0, so the user namespace must be ours as well; the process is pinned
    by a pidfd while its namespace is read, so that its number cannot pass to another meanwhile.
    """
    pid, uid, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    if uid != os.getuid():
        return Peer(pid, uid, False, f"user {uid} is not the owner of this socket")
    pidfd = -1
    try:
        pidfd = _peer_pidfd(sock, pid)
        theirs, own = os.stat(f"/proc/{pid}/ns/user"), os.stat("/proc/self/ns/user")  # noqa: PTH116
        signal.pidfd_send_signal(pidfd, 0)
    except OSError as error:
        return Peer(pid, uid, False, f"process {pid} cannot be identified ({error.strerror})")
    finally:
        if pidfd >= 0:
            os.close(pidfd)
    if (theirs.st_dev, theirs.st_ino) != (own.st_dev, own.st_ino):
        return Peer(pid, uid, False, f"process {pid} is in another user namespace")
    return Peer(pid, uid, True)


def _peer_pidfd(sock: socket.socket, pid: int) -> int:
    try:
        return sock.getsockopt(socket.SOL_SOCKET, _SO_PEERPIDFD)
    except OSError as error:
        if error.errno != errno.ENOPROTOOPT:
            raise
        return os.pidfd_open(pid)
