"""Control groups, where we may make them: the only limits that bind root and all processes of a run together.

Both versions: v1 has one tree a controller (/sys/fs/cgroup/pids, …/memory), v2 one tree for all. Elsewhere the
resource limits of each process stand alone, and the self-test says what they do not hold.
"""

from __future__ import annotations

import os
import secrets
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_PREFIX = "nexoide-"
_DEADLINE = 2.0


@dataclass(frozen=True, slots=True)
class Group:
    """One run's control groups; `entrances` are the files a process writes 0 to, to join."""

    folders: tuple[Path, ...]
    has_memory: bool
    has_pids: bool

    @property
    def entrances(self) -> tuple[str, ...]:
        """The cgroup.procs files."""
        return tuple(str(folder / "cgroup.procs") for folder in self.folders)

    def members(self) -> set[int]:
        """Return the process ids that are in the group now."""
        found: set[int] = set()
        for folder in self.folders:
            try:
                found |= {int(line) for line in (folder / "cgroup.procs").read_text(encoding="ascii").split()}
            except (OSError, ValueError):
                continue
        return found - {0}

    def kill(self) -> None:
        """Send SIGKILL to everything in the group."""
        for pid in self.members():
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue

    def close(self) -> None:
        """End what is left and remove the group; what cannot be removed yet is swept by the next run."""
        deadline = time.monotonic() + _DEADLINE
        while self.members() and time.monotonic() < deadline:
            self.kill()
            time.sleep(0.002)
        for folder in self.folders:
            try:
                folder.rmdir()
            except OSError:
                continue


def make(memory_bytes: int, processes: int) -> Group | None:
    """Return a new group with both limits, as far as they can be set here; None where none can."""
    name = f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    folders, held = [], {"memory": False, "pids": False}
    for base, controllers in _trees():
        folder = base / name
        try:
            folder.mkdir(mode=0o755)
        except OSError:
            continue
        useful = False
        if "pids" in controllers and _write(folder, ("pids.max",), processes):
            held["pids"] = useful = True
        if "memory" in controllers and _write(folder, ("memory.max", "memory.limit_in_bytes"), memory_bytes):
            held["memory"] = useful = True
            _write(folder, ("memory.swap.max",), 0)
        if useful:
            folders.append(folder)
        else:
            folder.rmdir()
    return Group(tuple(folders), held["memory"], held["pids"]) if folders else None


def sweep() -> None:
    """Remove the groups of supervisors that are gone."""
    for base, _ in _trees():
        for folder in base.glob(f"{_PREFIX}*-*"):
            owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
            if owner.isdigit() and not Path("/proc", owner).exists():
                try:
                    folder.rmdir()
                except OSError:
                    continue


def _trees() -> list[tuple[Path, frozenset[str]]]:
    """Return the folders below which we may make groups, with their controllers, each at our own place in its tree."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        number, _, rest = line.partition(":")
        names, _, place = rest.partition(":")
        controllers = frozenset(names.split(","))
        if number == "0":
            base = _ROOT / place.lstrip("/")
            controllers = frozenset(_read(base / "cgroup.subtree_control").split())
        else:
            base = _ROOT / names / place.lstrip("/")
        if controllers & {"pids", "memory"} and os.access(base, os.W_OK):
            found.append((base, controllers))
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""


def _write(folder: Path, names: tuple[str, ...], value: int) -> bool:
    for name in names:
        path = folder / name
        if path.exists():
            try:
                path.write_text(str(value), encoding="ascii")
            except OSError:
                return False
            return True
    return False
