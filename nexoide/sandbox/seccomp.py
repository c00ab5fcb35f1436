"""The system calls a confined process may not make, as a classic BPF program built in pure Python.

The program is what `prctl(PR_SET_SECCOMP)` and `bwrap --seccomp` take: an array of `struct sock_filter`
{u16 code, u8 jt, u8 jf, u32 k} over `struct seccomp_data` {u32 nr, u32 arch, u64 ip, u64 args[6]}
(Linux, Documentation/userspace-api/seccomp_filter.rst). Numbers are of the kernel's own syscall tables.
"""

from __future__ import annotations

import errno
import platform
import struct
from dataclasses import dataclass

_LD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JEQ = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JGE = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_JSET = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_AND = 0x54  # BPF_ALU | BPF_AND | BPF_K
_RET = 0x06  # BPF_RET | BPF_K

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_ERRNO = 0x00050000

_NR = 0
_ARCH = 4
_X32_BIT = 0x40000000
_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10
_SOCK_TYPE_MASK, _SOCK_STREAM = 0xF, 1
_CLONE_NEW = 0x7E020000  # NEWNS NEWCGROUP NEWUTS NEWIPC NEWUSER NEWPID NEWNET
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # both put characters into a terminal's input

# Names in one order; a number of None means the architecture has no such call.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # name: (x86_64, aarch64)
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "open_by_handle_at": (304, 265),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "fanotify_init": (300, 262),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
}


@dataclass(frozen=True, slots=True)
class _Arch:
    audit: int
    column: int
    clone: int
    clone3: int
    ioctl: int
    socket: int
    socketpair: int


_ARCHES = {
    "x86_64": _Arch(audit=0xC000003E, column=0, clone=56, clone3=435, ioctl=16, socket=41, socketpair=53),
    "aarch64": _Arch(audit=0xC00000B7, column=1, clone=220, clone3=435, ioctl=29, socket=198, socketpair=199),
}


def supported(machine: str = "") -> bool:
    """Return whether a program can be built for `machine` (default: this one)."""
    return (machine or platform.machine()) in _ARCHES


def program(*, internet: bool, machine: str = "") -> bytes:
    """Return the filter's bytes, 8 a statement; empty where the architecture is unknown.

    `internet` allows AF_INET and AF_INET6 sockets, which is right only in a network namespace of its own. All other
    families (AF_UNIX, AF_NETLINK, AF_VSOCK, AF_PACKET, …) are refused; of socket pairs only stream ones are allowed,
    since a datagram pair can be re-connected to a socket of the file system.
    """
    arch = _ARCHES.get(machine or platform.machine())
    if arch is None:
        return b""
    refuse = _return(_ERRNO | errno.EPERM)
    body = [_load(_ARCH), _jump(_JEQ, arch.audit, 1, 0), _return(_KILL_PROCESS), _load(_NR)]
    if arch.column == 0:
        body += [_jump(_JGE, _X32_BIT, 0, 1), _return(_KILL_PROCESS)]
    for numbers in _REFUSED.values():
        number = numbers[arch.column]
        if number is not None:
            body += [_jump(_JEQ, number, 0, 1), refuse]
    # clone3 takes its flags behind a pointer, which BPF cannot read; ENOSYS makes every libc fall back to clone
    body += [_jump(_JEQ, arch.clone3, 0, 1), _return(_ERRNO | errno.ENOSYS)]
    body += _only_for(arch.clone, [_load(_argument(0)), _jump(_JSET, _CLONE_NEW, 0, 1), refuse])
    body += _only_for(arch.ioctl, [_load(_argument(1)), _jump(_JEQ, _TIOCSTI, 1, 0), _jump(_JEQ, _TIOCLINUX, 0, 1), refuse])
    body += _only_for(arch.socket, _families(internet=internet))
    body += _only_for(arch.socketpair, _stream_pairs())
    return b"".join([*body, _return(_ALLOW)])


def _families(*, internet: bool) -> list[bytes]:
    refuse = _return(_ERRNO | errno.EACCES)
    if not internet:
        return [refuse]
    return [_load(_argument(0)), _jump(_JEQ, _AF_INET, 2, 0), _jump(_JEQ, _AF_INET6, 1, 0), refuse, _return(_ALLOW)]


def _stream_pairs() -> list[bytes]:
    refuse = _return(_ERRNO | errno.EACCES)
    return [
        _load(_argument(0)),
        _jump(_JEQ, _AF_UNIX, 1, 0),
        refuse,
        _load(_argument(1)),
        _statement(_AND, _SOCK_TYPE_MASK),
        _jump(_JEQ, _SOCK_STREAM, 1, 0),
        refuse,
        _return(_ALLOW),
    ]


def _only_for(number: int, block: list[bytes]) -> list[bytes]:
    """Run `block` for one syscall alone; it leaves the accumulator changed, so it ends with a decision of its own."""
    ending = [*block, _return(_ALLOW)]
    return [_jump(_JEQ, number, 0, len(ending)), *ending]


def _argument(index: int) -> int:
    return 16 + 8 * index  # the low half of a little-endian u64; the kernel reads these arguments as 32 bits too


def _statement(code: int, k: int) -> bytes:
    return struct.pack("<HBBI", code, 0, 0, k)


def _load(offset: int) -> bytes:
    return _statement(_LD, offset)


def _return(value: int) -> bytes:
    return _statement(_RET, value)


def _jump(code: int, k: int, if_true: int, if_false: int) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, k)
