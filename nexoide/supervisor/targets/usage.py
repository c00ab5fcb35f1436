"""What processes use, read once when somebody asks: resident memory and processor time (proc_pid_stat(5), proc_pid_statm(5))."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nexoide.supervisor.processes import Seen

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """The sum over some processes."""

    processes: int = 0
    memory_bytes: int = 0
    cpu_seconds: float = 0.0


def of(those: Iterable[Seen]) -> Usage:
    """Return what processes use together; memory that they share counts once for each."""
    count, pages, ticks = 0, 0, 0
    for seen in those:
        try:
            pages += int(Path(f"/proc/{seen.pid}/statm").read_bytes().split()[1])
            raw = Path(f"/proc/{seen.pid}/stat").read_bytes()
        except (OSError, IndexError, ValueError):
            continue  # it ended meanwhile
        fields = raw[raw.rfind(b")") + 2 :].split()
        ticks += int(fields[11]) + int(fields[12])
        count += 1
    return Usage(count, pages * _PAGE, ticks / _TICKS)
