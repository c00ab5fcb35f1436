"""Landlock: from here on, only the named folders can be read, and fewer written (Linux 5.13 and later).

Structures and bits of include/uapi/linux/landlock.h. What it does not govern (stat, chmod, Unix sockets by path, UDP)
is for the other layers.
"""

from __future__ import annotations

import ctypes
import os

from nexoide.sandbox.launcher import syscalls

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_FIRST_VERSION = (1 << 13) - 1
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2


def version() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    try:
        return syscalls.call(_CREATE, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(readable: list[str], writable: list[str], devices: list[str]) -> int:
    """Confine this process and its children; returns the Landlock version used. Raises OSError where it cannot."""
    abi = version()
    if abi < 1:
        raise OSError("the kernel has no Landlock")
    handled = _FIRST_VERSION | (_REFER if abi >= 2 else 0) | (_TRUNCATE if abi >= 3 else 0) | (_IOCTL_DEV if abi >= 5 else 0)
    scoped = _SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS if abi >= 6 else 0
    attributes = (ctypes.c_uint64 * 3)(handled, 0, scoped)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = syscalls.call(_CREATE, ctypes.byref(attributes), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in devices:
            _allow(ruleset, path, (_READ | _WRITE_FILE | _TRUNCATE) & handled)
        for path in writable:
            _allow(ruleset, path, handled)
        syscalls.call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
    return abi


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112  (stays without pathlib: this process starts for every run)
            access &= _ON_FILES
        # struct landlock_path_beneath_attr is packed: u64 allowed_access, s32 parent_fd
        rule = access.to_bytes(8, "little") + place.to_bytes(4, "little", signed=True)
        syscalls.call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(place)
