"""The supervisor before what it supervises: a flood of failures must not keep the one who is to see it from the processor."""

from __future__ import annotations

import os
from pathlib import Path

_AUTOGROUP = Path("/proc/self/autogroup")
NICE = -5
"""About three times the share of an ordinary process (sched(7)); only a privileged supervisor may have it."""


def prefer() -> bool:
    """Give all threads of this process that there are now a larger share, and none of the targets; tell whether it could be.

    Children begin as ordinary processes again, which SCHED_RESET_ON_FORK sees to. Where the kernel shares out by sessions first, the
    session gets the larger share if it is our own, and not that of somebody's shell (sched(7), the autogroup feature); targets have
    sessions of their own.
    """
    try:
        if os.getsid(0) == os.getpid() and _AUTOGROUP.exists():
            _AUTOGROUP.write_text(str(NICE))
        for thread in map(int, os.listdir("/proc/self/task")):  # noqa: PTH208 - numbers, not paths
            os.sched_setscheduler(thread, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))
            os.setpriority(os.PRIO_PROCESS, thread, NICE)
    except OSError:
        return False
    return True
