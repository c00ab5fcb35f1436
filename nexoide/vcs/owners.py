"""Whose a lock or a leftover is: a process named so that a reused pid is not mistaken for it."""

from __future__ import annotations

import os
import re
from pathlib import Path

_STAMP = re.compile(r"(\d{1,10})-(\d{1,20})")


def own_stamp() -> str:
    """Return "pid-starttime" of this process (start in clock ticks since boot; 0 where the system does not say)."""
    return f"{os.getpid()}-{_started(os.getpid())}"


def is_alive(stamp: str) -> bool:
    """Say whether the stamped process still runs; a stamp that is none counts as alive, so that nothing of it is removed."""
    match = _STAMP.fullmatch(stamp)
    if match is None:
        return True
    pid, started = int(match[1]), int(match[2])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _started(pid) == started


def _started(pid: int) -> int:
    try:
        line = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return 0
    return int(line.rpartition(b")")[2].split()[19])


def holder_of(path: Path) -> int:
    """Return the pid of a process that has the file open, or 0 where none is seen (other users' are not)."""
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if entry.readlink() == path:
                return int(entry.parts[2])
        except OSError:
            continue
    return 0
