"""The few system calls that Python has no function for, through ctypes; each raises OSError with the kernel's reason."""

from __future__ import annotations

import ctypes
import os
import platform

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 22, 24, 36, 38
_SECCOMP_MODE_FILTER = 2
_LAST_CAPABILITY = 63
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_SETATTR = 442
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAP_VERSION_3 = 0x20080522
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
_ATTR_RDONLY = 1

_libc = ctypes.CDLL(None, use_errno=True)


def call(number: int, *words: object) -> int:
    """Make one system call by number; integers are passed as longs."""
    given = [ctypes.c_long(word) if isinstance(word, int) else word for word in words]
    return _checked(_libc.syscall(ctypes.c_long(number), *given))


def unshare(flags: int) -> None:
    """Leave the named namespaces for new ones."""
    _checked(_libc.unshare(ctypes.c_int(flags)))


def prctl(option: int, *words: int) -> None:
    """Set one attribute of this process."""
    given = [ctypes.c_ulong(word) for word in (*words, 0, 0, 0, 0)[:4]]
    _checked(_libc.prctl(ctypes.c_int(option), *given))


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """Attach a file system."""
    words = [ctypes.c_char_p(os.fsencode(word)) for word in (source, target, kind)]
    _checked(_libc.mount(*words, ctypes.c_ulong(flags), ctypes.c_char_p(data.encode())))


def set_read_only(path: str, *, on: bool, recursive: bool) -> None:
    """Make the mount at `path` read-only or writable (Linux 5.12 and later)."""
    attributes = (ctypes.c_uint64 * 4)(_ATTR_RDONLY if on else 0, 0 if on else _ATTR_RDONLY, 0, 0)
    flags = _AT_RECURSIVE if recursive else 0
    call(_MOUNT_SETATTR, _AT_FDCWD, ctypes.c_char_p(os.fsencode(path)), flags, ctypes.byref(attributes), ctypes.sizeof(attributes))


def drop_capabilities() -> None:
    """Give up every capability, now and for every program started from here."""
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # beyond the kernel's last one, or not ours to drop: no_new_privs holds those
            continue
    header = (ctypes.c_uint32 * 2)(_CAP_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    call(_CAPSET[platform.machine()], ctypes.byref(header), ctypes.byref(nothing))


def filter_calls(program: bytes) -> None:
    """Put a classic BPF program in front of every later system call of this process and its children."""
    statements = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    whole = Program(len(program) // 8, ctypes.cast(statements, ctypes.c_void_p))
    words = (ctypes.c_ulong(_SECCOMP_MODE_FILTER), ctypes.byref(whole), ctypes.c_ulong(0), ctypes.c_ulong(0))
    _checked(_libc.prctl(ctypes.c_int(PR_SET_SECCOMP), *words))


def _checked(result: int) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
