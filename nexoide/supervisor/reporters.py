"""Whose words a source tells: a log file is written by processes, and only what a probed one writes is known to its probe as well."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from nexoide.incidents.once import file_of
from nexoide.model.failure import Failure

REFRESH_SECONDS = 5.0
MAX_PROCESSES = 4096


class Reporters:
    """Tells whether what a source says may have been seen by another source of the same target.

    `attached` gives the pids of a target's probed processes.
    """

    def __init__(self, root: Path, attached: Callable[[str], tuple[int, ...]]) -> None:
        self._root, self._attached = root, attached
        self._writers: dict[str, frozenset[int]] = {}
        self._looked_at = -REFRESH_SECONDS

    def pairs(self, failure: Failure) -> bool:
        """Tell whether other sources may have seen this failure: unless it is known to be a process's that no probe is in."""
        probed = self._attached(failure.target)
        if not probed or failure.source not in {"file", "sentry", "posted"}:
            return True
        if failure.pid and failure.source != "file":
            return failure.pid in probed
        if failure.source != "file":
            return True
        writers = self._writers_of(file_of(failure.origin))
        return not writers or not writers.isdisjoint(probed)

    def _writers_of(self, origin: str) -> frozenset[int]:
        path = os.path.realpath(self._root / origin)
        now = time.monotonic()
        if now - self._looked_at > REFRESH_SECONDS:
            self._looked_at = now
            self._writers = {}
        if path not in self._writers:
            found: dict[str, set[int]] = {}
            for pid, open_file in _open_for_writing():
                found.setdefault(open_file, set()).add(pid)
            self._writers = {name: frozenset(pids) for name, pids in found.items()}
            self._writers.setdefault(path, frozenset())
        return self._writers[path]


def _open_for_writing() -> list[tuple[int, str]]:
    """Return pid and path of every regular file that a process of ours holds open for writing (proc_pid_fd(5), proc_pid_fdinfo(5))."""
    found = []
    for pid in [int(entry) for entry in os.listdir("/proc") if entry.isdigit()][:MAX_PROCESSES]:  # noqa: PTH208
        try:
            if pid == os.getpid() or os.stat(f"/proc/{pid}").st_uid != os.getuid():  # noqa: PTH116
                continue
            descriptors = os.listdir(f"/proc/{pid}/fd")  # noqa: PTH208
        except OSError:
            continue
        for descriptor in descriptors:
            try:
                path = os.readlink(f"/proc/{pid}/fd/{descriptor}")  # noqa: PTH115
                if path.startswith("/") and not path.startswith(("/dev/", "/proc/")) and _writes(pid, descriptor):
                    found.append((pid, path))
            except OSError:
                continue
    return found


def _writes(pid: int, descriptor: str) -> bool:
    for line in Path(f"/proc/{pid}/fdinfo/{descriptor}").read_bytes().splitlines():
        if line.startswith(b"flags:"):
            return bool(int(line[6:], 8) & (os.O_WRONLY | os.O_RDWR))
    return False
