"""What one confined run may see, write and use: the same description for every launcher."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from nexoide.errors import RefusedError

_MIB = 1024 * 1024
SYSTEM_ROOTS = tuple(Path(name) for name in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"))
SYSTEM_FILES = tuple(
    Path("/etc") / name
    for name in (
        "alternatives",
        "group",
        "hosts",
        "host.conf",
        "ld.so.cache",
        "ld.so.conf",
        "ld.so.conf.d",
        "localtime",
        "mime.types",
        "nsswitch.conf",
        "os-release",
        "passwd",
        "protocols",
        "services",
        "ssl/certs",
        "ssl/openssl.cnf",
        "timezone",
    )
)
# Folders that hold other people's things: never opened as a whole, whatever an interpreter's path says.
_NEVER = tuple(Path(name) for name in ("/", "/tmp", "/var", "/var/tmp", "/etc", "/home", "/root", "/run", "/proc", "/dev", "/sys", "/mnt", "/opt", "/srv"))  # noqa: S108


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one run. Bytes are MiB, times seconds; `memory_mb` binds every process, and all together where a cgroup can be made."""

    memory_mb: int = 2048
    cpu_seconds: int = 120
    file_mb: int = 512
    open_files: int = 1024
    processes: int = 256
    scratch_mb: int = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One confined run: `folder` and `writable` can be written, `readable` read, nothing else of ours is there.

    `seen_as` is the path at which the process finds `folder` (default: its own): an editable installation names the
    place of the original, and would run that instead of the copy. `inherited` are file descriptors handed through.
    """

    command: tuple[str, ...]
    folder: Path
    env: dict[str, str]
    scratch: Path
    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    seen_as: Path | None = None
    limits: Limits = field(default_factory=Limits)
    inherited: tuple[int, ...] = ()

    @property
    def cwd(self) -> Path:
        """The folder as the process sees it."""
        return self.seen_as or self.folder

    @property
    def has_git(self) -> bool:
        """Whether the copy has git's own file or folder, which stays read-only: git run there later would obey what it says."""
        git = self.folder / ".git"
        return not git.is_symlink() and git.exists()


def readable_roots(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return `paths` and what they resolve to, absolute, without repeats, without what the system roots already show.

    Folders that hold more than the run's business (the root, a home, all of /tmp) are left out: naming one would
    show secrets, and hide what is mounted below it.
    """
    forbidden = {*_NEVER, Path.home(), *Path.home().parents}
    found: dict[Path, None] = {}
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100  (resolve() would lose the link's own place)
        for candidate in (absolute, absolute.resolve()):
            if candidate not in forbidden and candidate.exists() and not _inside_system(candidate):
                found[candidate] = None
    return tuple(found)


def uncovered(paths: tuple[Path, ...], places: list[Path]) -> list[Path]:
    """Return `paths` without those inside another of them, unless a writable place comes between and would hide them."""
    kept = []
    for path in paths:
        above = [other for other in paths if other != path and path.is_relative_to(other)]
        between = [place for place in places if path.is_relative_to(place)]
        covered = any(not any(place.is_relative_to(other) for place in between) for other in above)
        if not covered and path not in places:
            kept.append(path)
    return kept


def checked_folder(folder: Path) -> Path:
    """Return the copy's resolved folder; raises RefusedError where it is not a folder that can be given away."""
    resolved = folder.resolve()
    if not resolved.is_dir():
        raise RefusedError(f"{folder} is not a folder: tests run in a copy of the project, which must be there first.")
    if resolved in {*_NEVER, Path.home().resolve(), *Path.home().resolve().parents}:
        raise RefusedError(f"{resolved} is not a copy of a project: the sandbox would open it for writing. Give it a folder of its own.")
    return resolved


def base_environment(interpreter_bin: Path | None) -> dict[str, str]:
    """Return the environment every confined process starts from; nothing of ours is inherited, the launcher adds HOME and TMPDIR."""
    path = "/usr/local/bin:/usr/bin:/bin"
    return {"PATH": f"{interpreter_bin}:{path}" if interpreter_bin else path, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def megabytes(count: int) -> int:
    """Return bytes."""
    return count * _MIB


def _inside_system(path: Path) -> bool:
    return any(path.is_relative_to(root) for root in SYSTEM_ROOTS)
