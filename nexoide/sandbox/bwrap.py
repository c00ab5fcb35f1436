"""The bubblewrap launcher: a root of its own in which only what the run needs is there.

The order of mounts is the contract: whatever lies deeper is mounted later, so that neither the empty /tmp nor a
read-only library hides the copy, and neither the copy nor a shared parent hides the interpreter.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

from nexoide.errors import UnavailableError
from nexoide.sandbox import cgroup, seccomp
from nexoide.sandbox.launch import Prepared, joining, memory_file
from nexoide.sandbox.profile import SYSTEM_FILES, SYSTEM_ROOTS, Limits, Profile, megabytes, readable_roots, uncovered

_NOBODY = "65534"
# Set inside, where the count of processes is that of the new user namespace. Wider than the present limit: that one stands.
_LIMIT = '{ ulimit -c 0; ulimit -t "$1"; ulimit -f "$2"; ulimit -n "$3"; ulimit -v "$4"; ulimit -u "$5" || ulimit -p "$5"; } 2>/dev/null; shift 5; exec "$@"'
_DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}

Mount = tuple[Path, tuple[str, ...]]


class Bubblewrap:
    """Runs a profile under `bwrap`, with the system-call filter unless `filtered` is off."""

    def __init__(self, *, filtered: bool = True) -> None:
        self.filtered = filtered and seccomp.supported()
        self.name = "bubblewrap+seccomp" if self.filtered else "bubblewrap"

    def prepare(self, profile: Profile) -> Prepared:
        """Return the confined command; raises UnavailableError where bwrap is not installed."""
        tool = find()
        limits = profile.limits
        options = os.fsencode("\0".join([*arguments(profile, features(tool)), ""]))
        group = cgroup.make(megabytes(limits.memory_mb + limits.scratch_mb), limits.processes)
        ours = [memory_file(options)]
        status, theirs = os.pipe()
        ours.append(theirs)
        inside = ["--args", str(ours[0]), "--json-status-fd", str(theirs)]
        if self.filtered:
            ours.append(memory_file(seccomp.program(internet=True)))
            inside += ["--seccomp", str(ours[-1])]
        argv = joining(group, [tool, *inside, "--", "/bin/sh", "-c", _LIMIT, "sh", *_limit_words(limits), *profile.command])
        return Prepared(argv, {"PATH": "/usr/bin:/bin"}, status, (*ours, *profile.inherited), ours, group)

    def started(self, status: bytes) -> str:
        """Return '' where bwrap reports that the command ended, else why nothing ran."""
        for line in status.decode("utf-8", "replace").splitlines():
            try:
                if "exit-code" in json.loads(line):
                    return ""
            except (ValueError, TypeError):
                continue
        return "The sandbox ended before the command did: bubblewrap could not set it up, or was killed."


def arguments(profile: Profile, options: frozenset[str]) -> list[str]:
    """Return bwrap's options for one profile, before the command; `options` are those this bwrap knows."""
    words = ["--unshare-all", "--unshare-user", "--cap-drop", "ALL", "--uid", _NOBODY, "--gid", _NOBODY, "--die-with-parent", "--new-session"]
    if "--disable-userns" in options:
        words.append("--disable-userns")
    for _, mount in sorted(mounts(profile, options), key=lambda item: len(item[0].parts)):
        words += mount
    # /proc read-only: for a supervisor run by root, /proc/sys is the host's own and root's to write, capabilities or not
    words += ["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", str(profile.cwd), "--clearenv"]
    for name, value in {"HOME": "/tmp/home", "TMPDIR": "/tmp", **profile.env}.items():  # noqa: S108  (a tmpfs of its own)
        words += ["--setenv", name, value]
    if any("\0" in word for word in words):
        raise UnavailableError("A path or an environment variable of the tests contains a NUL character: remove it from the target's settings.")
    return words


def mounts(profile: Profile, options: frozenset[str]) -> list[Mount]:
    """Return what is mounted where; the caller orders by depth, and equal depth keeps this order."""
    sized = ("--size", str(megabytes(profile.limits.scratch_mb))) if "--size" in options else ()
    found: list[Mount] = [
        (Path("/proc"), ("--proc", "/proc")),
        (Path("/dev"), ("--dev", "/dev")),
        (Path("/dev/shm"), (*sized, "--tmpfs", "/dev/shm")),  # noqa: S108
        (Path("/tmp"), (*sized, "--tmpfs", "/tmp")),  # noqa: S108
        (Path("/tmp/home"), ("--dir", "/tmp/home")),  # noqa: S108
        *_system(),
        *_own_devices(profile),
    ]
    writable = [(profile.folder, profile.cwd), *((path, path) for path in profile.writable)]
    kept = uncovered(readable_roots(profile.readable), [place for _, place in writable])
    found += [(path, ("--ro-bind", str(path), str(path))) for path in kept]
    found += [(place, ("--bind", str(source), str(place))) for source, place in writable]
    if profile.has_git:
        found.append((profile.cwd / ".git", ("--ro-bind", str(profile.folder / ".git"), str(profile.cwd / ".git"))))
    return found


def find() -> str:
    """Return the path of bwrap; raises UnavailableError where it is not installed."""
    tool = shutil.which("bwrap")
    if tool is None:
        raise UnavailableError("bubblewrap (bwrap) is not installed: install the package 'bubblewrap' for the stronger sandbox.")
    return tool


@functools.cache
def features(tool: str) -> frozenset[str]:
    """Return the options this bwrap knows; older releases lack some."""
    try:
        text = subprocess.run([tool, "--help"], capture_output=True, check=False, timeout=10, stdin=subprocess.DEVNULL).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{tool} cannot be run ({error}): reinstall the package 'bubblewrap'.") from error
    return frozenset(word for word in text.decode("utf-8", "replace").split() if word.startswith("--"))


def _system() -> list[Mount]:
    found: list[Mount] = []
    for root in SYSTEM_ROOTS:
        if root.is_symlink():
            found.append((root, ("--symlink", os.readlink(root), str(root))))  # noqa: PTH115  (the text, not a path)
        elif root.is_dir():
            found.append((root, ("--ro-bind", str(root), str(root))))
    found += [(path, ("--ro-bind", str(path), str(path))) for path in SYSTEM_FILES if path.exists()]
    return found


def _own_devices(profile: Profile) -> list[Mount]:
    """Return device files of the run's own: root's process owns the host's and could take everybody's rights to them away."""
    if os.geteuid() != 0:
        return []
    folder = profile.scratch / "dev"
    found: list[Mount] = []
    try:
        folder.mkdir(exist_ok=True)
        for name, (major, minor) in _DEVICES.items():
            node = folder / name
            os.mknod(node, stat.S_IFCHR | 0o666, os.makedev(major, minor))
            node.chmod(0o666)
            if name != "tty":  # which cannot be opened without a terminal
                os.close(os.open(node, os.O_RDONLY | os.O_CLOEXEC))
            found.append((Path("/dev") / name, ("--dev-bind", str(node), f"/dev/{name}")))
    except OSError:  # a file system without devices, or a container: the self-test reports what that leaves open
        return []
    return found


def _limit_words(limits: Limits) -> list[str]:
    blocks, kibibytes = limits.file_mb * 2048, limits.memory_mb * 1024
    return [str(value) for value in (limits.cpu_seconds, blocks, limits.open_files, kibibytes, limits.processes)]
