"""The filter is run, statement by statement, by a small BPF machine: what the kernel would decide is known without it."""

from __future__ import annotations

import errno
import struct

import pytest

from nexoide.sandbox import seccomp

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = {
    "x86_64": {"read": 0, "socket": 41, "socketpair": 53, "clone": 56, "clone3": 435, "ioctl": 16, "ptrace": 101, "mount": 165, "unshare": 272, "bpf": 321},
    "aarch64": {"read": 63, "socket": 198, "socketpair": 199, "clone": 220, "clone3": 435, "ioctl": 29, "ptrace": 117, "mount": 40, "unshare": 97, "bpf": 280},
}


def decide(program: bytes, arch: int, number: int, *arguments: int) -> int:
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    statements = list(struct.iter_unpack("<HBBI", program))
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, k = statements[at]
        at += 1
        if code == 0x20:
            accumulator = struct.unpack_from("<I", data, k)[0]
        elif code == 0x54:
            accumulator &= k
        elif code == 0x06:
            return int(k)
        else:
            holds = {0x15: accumulator == k, 0x35: accumulator >= k, 0x45: bool(accumulator & k)}[code]
            at += if_true if holds else if_false


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def verdict(machine: str, name: str, *arguments: int, internet: bool = True) -> int:
    return decide(seccomp.program(internet=internet, machine=machine), ARCH[machine], NUMBERS[machine][name], *arguments)


def test_ordinary_calls_are_allowed(machine: str) -> None:
    assert verdict(machine, "read") == ALLOW
    assert verdict(machine, "clone", 0x01200011) == ALLOW  # fork
    assert verdict(machine, "clone", 0x003D0F00) == ALLOW  # pthread_create
    assert verdict(machine, "ioctl", 0, 0x5401) == ALLOW  # TCGETS


@pytest.mark.parametrize("name", ["ptrace", "mount", "unshare", "bpf"])
def test_dangerous_calls_are_refused(machine: str, name: str) -> None:
    assert verdict(machine, name) == ERRNO | errno.EPERM


@pytest.mark.parametrize("flag", [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
def test_clone_into_a_new_namespace_is_refused(machine: str, flag: int) -> None:
    assert verdict(machine, "clone", flag | 17) == ERRNO | errno.EPERM


def test_clone3_is_said_not_to_exist_so_that_libc_falls_back(machine: str) -> None:
    assert verdict(machine, "clone3") == ERRNO | errno.ENOSYS


@pytest.mark.parametrize("command", [0x5412, 0x541C])
def test_terminal_injection_is_refused_whatever_the_upper_half_says(machine: str, command: int) -> None:
    assert verdict(machine, "ioctl", 0, command) == ERRNO | errno.EPERM
    assert verdict(machine, "ioctl", 0, command | (1 << 40)) == ERRNO | errno.EPERM


@pytest.mark.parametrize(("family", "allowed"), [(1, False), (2, True), (10, True), (16, False), (17, False), (38, False), (40, False)])
def test_only_internet_sockets_can_be_made(machine: str, family: int, *, allowed: bool) -> None:
    assert verdict(machine, "socket", family) == (ALLOW if allowed else ERRNO | errno.EACCES)
    assert verdict(machine, "socket", family, internet=False) == ERRNO | errno.EACCES


@pytest.mark.parametrize(("kind", "allowed"), [(1, True), (1 | 0o2000000, True), (2, False), (5, False), (2 | 0o4000, False)])
def test_only_stream_pairs_can_be_made(machine: str, kind: int, *, allowed: bool) -> None:
    assert verdict(machine, "socketpair", 1, kind) == (ALLOW if allowed else ERRNO | errno.EACCES)
    assert verdict(machine, "socketpair", 16, 1) == ERRNO | errno.EACCES


def test_another_architecture_is_killed(machine: str) -> None:
    program = seccomp.program(internet=True, machine=machine)
    assert decide(program, 0x40000003, 1) == KILL  # i386, whose numbers mean other calls


def test_x32_numbers_are_killed() -> None:
    program = seccomp.program(internet=True, machine="x86_64")
    assert decide(program, ARCH["x86_64"], 0x40000000 | 41) == KILL


def test_an_unknown_machine_has_no_program() -> None:
    assert seccomp.program(internet=True, machine="riscv64") == b""
    assert not seccomp.supported("riscv64")


def test_the_program_fits_the_kernels_limit() -> None:
    assert 0 < len(seccomp.program(internet=True, machine="x86_64")) <= 4096 * 8
