"""Runs inside the sandbox, once a supervisor: tries to get out in every way the sandbox promises to refuse.

Reads what to try from NEXOIDE_HOSTILE (JSON), writes what it found to `answer` (JSON: name → "" where it was refused,
else what it managed), then leaves a daemon behind that holds the descriptor `life`. It harms nothing: what it could
spoil was made for it, and a kernel setting is only opened.
"""

from __future__ import annotations

import _socket
import ctypes
import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import Any

_CLONE_NEWUSER = 0x10000000


def tcp(asked: dict[str, Any]) -> str:
    """Connect to a port that listens on the host's loopback."""
    _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM).connect(("127.0.0.1", asked["tcp"]))
    return "connected to a port of the host"


def udp(asked: dict[str, Any]) -> str:
    """Send a datagram; whether it arrived is seen outside."""
    _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", asked["udp"]))
    return ""


def unix(asked: dict[str, Any]) -> str:
    """Connect to a control socket, by path and in the abstract name space."""
    for name in (asked["unix"], asked["abstract"]):
        try:
            _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM).connect(name)
        except OSError:
            continue
        return "connected to a Unix socket of the host"
    return ""


def write_outside(asked: dict[str, Any]) -> str:
    """Create, change and re-mode files beside the copy."""
    managed = []
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("created", lambda: os.close(os.open(asked["outside"] + "/new", os.O_CREAT | os.O_WRONLY))),
        ("changed", lambda: os.close(os.open(asked["outside"] + "/old", os.O_WRONLY | os.O_TRUNC))),
        ("re-moded", lambda: os.chmod(asked["outside"] + "/old", 0o777)),  # noqa: PTH101, S103
        ("removed", lambda: os.unlink(asked["outside"] + "/old")),  # noqa: PTH108
    )
    for name, step in steps:
        try:
            step()
            managed.append(name)
        except OSError:
            continue
    return " and ".join(managed) + " a file outside the copy" if managed else ""


def read_secret(asked: dict[str, Any]) -> str:
    """Read a file beside the copy."""
    with open(asked["secret"], encoding="ascii") as stream:  # noqa: PTH123
        return "read a file outside the copy: " + stream.read(64)


def kernel_settings(_asked: dict[str, Any]) -> str:
    """Open a setting of the kernel for writing: as root that is the host's own, and a way to run code there."""
    os.close(os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY))
    return "opened a kernel setting for writing"


def devices(asked: dict[str, Any]) -> str:
    """Set the rights of device files to what they are already; whether they were the host's is seen outside."""
    for name in asked["devices"]:
        try:
            os.chmod(name, os.stat(name).st_mode & 0o7777)  # noqa: PTH101, PTH116
        except OSError:
            continue
    return ""


def capabilities(_asked: dict[str, Any]) -> str:
    """Hold any capability."""
    return "" if int(_status("CapEff"), 16) == 0 else "holds capabilities " + _status("CapEff")


def new_privileges(_asked: dict[str, Any]) -> str:
    """Gain rights through a set-user-id program."""
    return "" if _status("NoNewPrivs") == "1" else "can gain privileges through set-user-id programs"


def system_calls(_asked: dict[str, Any]) -> str:
    """Make any system call."""
    return "" if _status("Seccomp") == "2" else "can make every system call"


def user_namespaces(_asked: dict[str, Any]) -> str:
    """Become root of a namespace, which opens the kernel's rarely used parts."""
    child = os.fork()
    if child == 0:
        os._exit(1 if ctypes.CDLL(None).unshare(_CLONE_NEWUSER) == 0 else 0)
    return "" if os.waitpid(child, 0)[1] == 0 else "made a user namespace"


def other_processes(asked: dict[str, Any]) -> str:
    """Signal the supervisor."""
    if os.readlink("/proc/self/ns/pid") != asked["pid_namespace"]:  # noqa: PTH115
        return ""
    os.kill(asked["supervisor"], 0)
    return "can signal the supervisor"


def terminal(_asked: dict[str, Any]) -> str:
    """Open the supervisor's terminal."""
    os.close(os.open("/dev/tty", os.O_RDWR))
    return "opened the supervisor's terminal"


def memory(asked: dict[str, Any]) -> str:
    """Take more memory than allowed."""
    try:
        return f"took {len(bytearray(asked['memory'] + 1)) >> 20} MiB"
    except MemoryError:
        return ""


def file_size(asked: dict[str, Any]) -> str:
    """Write a file larger than allowed."""
    descriptor = os.open("large", os.O_CREAT | os.O_WRONLY)
    os.lseek(descriptor, asked["file"], os.SEEK_SET)
    os.write(descriptor, b"x")
    return "wrote a file beyond the limit"


def cpu_time(_asked: dict[str, Any]) -> str:
    """Compute without end."""
    return "no limit of CPU time" if resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY else ""


def process_count(asked: dict[str, Any]) -> str:
    """Start more processes than allowed."""
    children: list[int] = []
    try:
        while len(children) <= asked["processes"]:
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
    except OSError:
        return ""
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return f"started {len(children)} processes"


TRIES: dict[str, Callable[[dict[str, Any]], str]] = {
    try_.__name__: try_
    for try_ in (
        tcp,
        udp,
        unix,
        write_outside,
        read_secret,
        kernel_settings,
        devices,
        capabilities,
        new_privileges,
        system_calls,
        user_namespaces,
        other_processes,
        terminal,
        memory,
        file_size,
        cpu_time,
        process_count,
    )
}


def main() -> None:
    """Try everything, answer, and stay as a daemon that should not survive."""
    asked = json.loads(os.environ["NEXOIDE_HOSTILE"])
    found = {}
    for name, try_ in TRIES.items():
        try:
            found[name] = try_(asked)
        except OSError:
            found[name] = ""
    with open("answer", "w", encoding="utf-8") as stream:  # noqa: PTH123
        json.dump(found, stream)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(asked["life"], b"r")
            watched = select.poll()
            watched.register(asked["life"], 0)
            watched.poll(60_000)  # ends with the test, which closes the other end
        os._exit(0)
    time.sleep(60)


def _status(name: str) -> str:
    with open("/proc/self/status", encoding="ascii") as stream:  # noqa: PTH123
        for line in stream:
            if line.startswith(name + ":"):
                return line.split()[1]
    return "?"


if __name__ == "__main__":
    main()
