"""Leaves the host's namespaces and makes everything but the run's own folders read-only, as far as the kernel lets us."""

from __future__ import annotations

import _socket
import fcntl
import os
import struct
from typing import Any

from nexoide.sandbox.launcher import syscalls

_NOBODY = 65534
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_EACH = {
    "network namespace": syscalls.NEWNET,
    "process namespace": syscalls.NEWPID,
    "ipc namespace": syscalls.NEWIPC,
    "host name namespace": syscalls.NEWUTS,
    "mount namespace": syscalls.NEWNS,
}

WITHHELD = "withheld"
Layers = dict[str, str]  # what was tried, with the reason it failed, '' where it holds


def attempt(layers: Layers, name: str, step: Any, *words: Any) -> bool:
    """Run one step; note under `name` whether it holds."""
    if layers.get(name) == WITHHELD:
        return False
    try:
        step(*words)
    except OSError as error:
        layers[name] = str(error.strerror or error)
        return False
    layers[name] = ""
    return True


def leave_host(layers: Layers) -> None:
    """Enter new namespaces: a user namespace first, which gives an ordinary user the right to the others."""
    user, group = os.geteuid(), os.getegid()
    if attempt(layers, "user namespace", syscalls.unshare, syscalls.NEWUSER):
        attempt(layers, "user namespace", _map_users, user, group)
    for name, flag in _EACH.items():
        attempt(layers, name, syscalls.unshare, flag)
    if layers["network namespace"] == "":
        attempt(layers, "loopback", _raise_loopback)


def _map_users(user: int, group: int) -> None:
    for name, text in (("setgroups", "deny"), ("uid_map", f"{_NOBODY} {user} 1"), ("gid_map", f"{_NOBODY} {group} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _raise_loopback() -> None:
    with_address = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
    try:
        asked = fcntl.ioctl(with_address.fileno(), _SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", asked)[1]
        fcntl.ioctl(with_address.fileno(), _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
    finally:
        with_address.close()


def arrange_mounts(layers: Layers, spec: dict[str, Any]) -> None:
    """Inside a mount namespace: own /proc and /dev/shm, the copy where it is to be seen, the rest read-only."""
    if layers["mount namespace"]:
        return
    syscalls.mount("none", "/", "", syscalls.MS_REC | syscalls.MS_PRIVATE)
    closed = syscalls.MS_NOSUID | syscalls.MS_NODEV
    if layers["process namespace"] == "":
        attempt(layers, "own /proc", syscalls.mount, "proc", "/proc", "proc", closed | syscalls.MS_NOEXEC)
    attempt(layers, "own /dev/shm", syscalls.mount, "tmpfs", "/dev/shm", "tmpfs", closed, f"size={spec['scratch_bytes']},mode=1777")  # noqa: S108
    attempt(layers, "read-only root", _close_root, spec, layers["own /dev/shm"] == "")


def _close_root(spec: dict[str, Any], own_memory: bool) -> None:
    writable = [(spec["folder"], spec["cwd"]), *((path, path) for path in spec["writable"])]
    inner = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in spec["readable"] if path.startswith(spec["cwd"] + "/")]
    for source, place in writable:
        syscalls.mount(source, place, "", syscalls.MS_BIND | syscalls.MS_REC)
    if spec["cwd"] != spec["folder"]:
        for path, place in inner:  # the copy now hides what lay below the original: an environment kept inside it
            os.makedirs(path, exist_ok=True)  # noqa: PTH103
            syscalls.mount(f"/proc/self/fd/{place}", path, "", syscalls.MS_BIND | syscalls.MS_REC)
    for _, place in inner:
        os.close(place)
    if spec["guarded"]:
        syscalls.mount(spec["guarded"], spec["guarded"], "", syscalls.MS_BIND)
    syscalls.set_read_only("/", on=True, recursive=True)
    for _, place in writable:
        syscalls.set_read_only(place, on=False, recursive=False)
    if own_memory:
        syscalls.set_read_only("/dev/shm", on=False, recursive=False)  # noqa: S108
