"""The kernel launcher's outer half: describes a run to `launcher.enter`, which confines itself without any tool's help."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from nexoide.sandbox import cgroup, seccomp
from nexoide.sandbox.launch import Prepared, joining, memory_file
from nexoide.sandbox.profile import SYSTEM_FILES, SYSTEM_ROOTS, Limits, Profile, megabytes, readable_roots, uncovered

_PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])
_ENTER = "import sys; sys.dont_write_bytecode = True; sys.path.append(sys.argv[1]); from nexoide.sandbox.launcher.enter import main; main(int(sys.argv[2]))"
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


class Kernel:
    """Runs a profile in namespaces, under Landlock, a system-call filter and resource limits, as far as each can be had.

    `required` are the layers that a self-test saw hold: a run in which one of them fails is refused. `withheld` are
    layers that are not tried, to see what a machine without them would offer.
    """

    def __init__(self, *, required: tuple[str, ...] = (), withheld: tuple[str, ...] = ()) -> None:
        self.required, self.withheld = required, withheld
        self.name = f"kernel without {', '.join(withheld)}" if withheld else "kernel"

    def requiring(self, layers: tuple[str, ...]) -> Kernel:
        """Return this launcher, refusing runs in which one of `layers` fails."""
        return Kernel(required=layers, withheld=self.withheld)

    def prepare(self, profile: Profile) -> Prepared:
        """Return the confined command."""
        limits = profile.limits
        group = cgroup.make(megabytes(limits.memory_mb + limits.scratch_mb), limits.processes)
        status, theirs = os.pipe()
        home, temp = profile.scratch / "home", profile.scratch / "temp"
        for folder in (home, temp):
            folder.mkdir(mode=0o700, exist_ok=True)
        spec = memory_file(json.dumps(self._spec(profile, theirs, (home, temp))).encode())
        argv = joining(group, [sys.executable, "-I", "-S", "-c", _ENTER, _PACKAGE_PARENT, str(spec)])
        return Prepared(argv, {"PATH": "/usr/bin:/bin"}, status, (spec, theirs, *profile.inherited), [spec, theirs], group)

    def started(self, status: bytes) -> str:
        """Return '' where the launcher reports that every required layer held, else why nothing ran."""
        try:
            missing = [str(name) for name in json.loads(status)["missing"]]
        except (ValueError, TypeError, KeyError):
            return "The sandbox ended before the command began: it could not be set up, or was killed."
        reasons = ", ".join(f"{name} ({layers_that_held(status).get(name, 'not tried')})" for name in missing)
        return f"The sandbox refused the run: what held when it was tested fails now: {reasons}." if missing else ""

    def _spec(self, profile: Profile, status: int, own: tuple[Path, Path]) -> dict[str, object]:
        limits = profile.limits
        system = [str(path) for path in (*SYSTEM_ROOTS, *SYSTEM_FILES) if path.exists()]
        return {
            "status": status,
            "command": list(profile.command),
            "folder": str(profile.folder),
            "cwd": str(profile.cwd),
            "guarded": str(profile.cwd / ".git") if profile.has_git else "",
            "env": {"HOME": str(own[0]), "TMPDIR": str(own[1]), **profile.env},
            "readable": [*system, *(str(path) for path in uncovered(readable_roots(profile.readable), [profile.cwd]))],
            "writable": [str(path) for path in (*own, *profile.writable)],
            "devices": list(_DEVICES),
            "scratch_bytes": megabytes(limits.scratch_mb),
            "limits": _resource_limits(limits),
            "filter": seccomp.program(internet=True).hex(),
            "filter_without_network": seccomp.program(internet=False).hex(),
            "required": list(self.required),
            "withheld": list(self.withheld),
        }


def layers_that_held(status: bytes) -> dict[str, str]:
    """Return what the launcher tried, with the reason where it failed; empty where it did not say."""
    try:
        layers = json.loads(status)["layers"]
    except (ValueError, TypeError, KeyError):
        return {}
    return {str(name): str(reason) for name, reason in layers.items()}


def _resource_limits(limits: Limits) -> dict[str, int]:
    return {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_FSIZE": megabytes(limits.file_mb),
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_AS": megabytes(limits.memory_mb),
        "RLIMIT_NPROC": limits.processes,
    }
