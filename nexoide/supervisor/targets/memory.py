"""Whether the kernel killed a process because memory ran out: by evidence, never by the signal alone (anybody may send SIGKILL).

Evidence, best first: the kernel's own log names the process; its control group counts a kill more than when the process started
(memory.events of version 2, memory.oom_control of version 1); the whole system counts one more, which is only a hint.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
_INITIAL_NAMESPACE = "pid:[4026531836]"  # PROC_PID_INIT_INO of linux/proc_ns.h
_RECORDS = 20_000
_COUNT = re.compile(r"^oom_kill (\d{1,18})$", re.MULTILINE)
_SLACK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Kills:
    """How many processes the kernel killed for lack of memory so far: in the system, and in one control group (-1: cannot be known)."""

    at: float = 0.0
    system: int = -1
    group: int = -1
    file: Path | None = None


def counted(pid: int) -> Kills:
    """Return the counts as they are when a process starts."""
    file = _events_file(pid)
    return Kills(at=time.monotonic(), system=_count(Path("/proc/vmstat")), group=_count(file), file=file)


def ran_out(pid: int, before: Kills) -> str:
    """Return in words what says that a process that SIGKILL ended was killed for lack of memory since `before`, or "" where nothing does."""
    told = _told_by_kernel(pid, before.at)
    if told:
        return "memory ran out: the kernel's log says that it killed it"
    group = _count(before.file)
    if 0 <= before.group < group:
        return f"memory ran out: the kernel killed {_times(group - before.group)} in its control group since it started"
    system = _count(Path("/proc/vmstat"))
    if told is None and before.group < 0 <= before.system < system:
        return f"perhaps memory ran out: the kernel killed {_times(system - before.system)} for it since it started"
    return ""


def _times(count: int) -> str:
    return "a process" if count == 1 else f"{count} processes"


def _events_file(pid: int) -> Path | None:
    """Return the file in which a process's control group counts such kills."""
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if "memory" in controllers.split(","):
            root, name = _GROUPS / "memory", "memory.oom_control"
        elif not controllers:
            root, name = _GROUPS, "memory.events"
        else:
            continue
        for folder in (root / path.strip("/"), root):  # in a container the path may be the host's, and the mount the container's own
            if _count(folder / name) >= 0:
                return folder / name
    return None


def _count(file: Path | None) -> int:
    if file is None:
        return -1
    try:
        found = _COUNT.search(file.read_text(encoding="ascii", errors="replace"))
    except OSError:
        return -1
    return int(found[1]) if found else -1


def _told_by_kernel(pid: int, since: float) -> bool | None:
    """Return whether the kernel's log tells of the kill; None where it cannot be read, or has other numbers for processes than we."""
    try:
        if os.readlink("/proc/self/ns/pid") != _INITIAL_NAMESPACE:  # noqa: PTH115 - it is no path
            return None
        handle = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    wanted = b"Killed process %d (" % pid
    try:
        for _ in range(_RECORDS):
            record = _record(handle)
            if record is None:
                return False
            if wanted in record and _at(record) >= since - _SLACK_SECONDS:
                return True
    except OSError:
        return None
    finally:
        os.close(handle)
    return None


def _record(handle: int) -> bytes | None:
    while True:
        try:
            return os.read(handle, 8192)
        except BlockingIOError:
            return None
        except BrokenPipeError:
            continue  # it was overwritten before it was read (kmsg, dev-kmsg ABI): the next one is there


def _at(record: bytes) -> float:
    """Return when a record was written, in seconds on the kernel's monotonic clock: `PRIORITY,SEQUENCE,MICROSECONDS,…;TEXT`."""
    fields = record.split(b";", 1)[0].split(b",")
    return int(fields[2]) / 1e6 if len(fields) > 2 and fields[2].isdigit() else 0.0
