"""Copies of a folder in which a program may be run and spoilt: its files, links that stay inside, and nothing else."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from nexoide.errors import RefusedError

MAX_BYTES = 512 << 20
MAX_FILES = 100_000
_LEFT_OUT = frozenset({".git", ".hg", ".nexoide", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox"})


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder without its history, caches and environments; raises RefusedError above 512 MiB or 100,000 files.

    Links that lead to something inside are kept as links, others are left out, as are pipes, sockets and devices.
    """
    total = count = 0
    for here, folders, names in os.walk(source):
        place = Path(here)
        into = target / place.relative_to(source)
        into.mkdir(mode=0o755, parents=True, exist_ok=True)
        links = [name for name in folders if (place / name).is_symlink()]
        folders[:] = [name for name in folders if name not in _LEFT_OUT and name not in links and not (place / name / "pyvenv.cfg").exists()]
        for name in (*links, *names):
            path = place / name
            try:
                found = path.lstat()
            except OSError:
                continue
            if stat.S_ISLNK(found.st_mode):
                _copy_link(path, into / name, source)
                continue
            if not stat.S_ISREG(found.st_mode):
                continue
            count, total = count + 1, total + found.st_size
            if total > MAX_BYTES or count > MAX_FILES:
                raise RefusedError(f"{source} holds more than {MAX_BYTES >> 20} MiB or {MAX_FILES:,} files, too much to copy: name the program's own folder.")
            _copy_file(path, into / name)


def left_out(root: Path, path: Path) -> Path | None:
    """Return the part of a path that is in `root` and in no copy of it: a link that leads out, or a folder that is not copied."""
    here = root
    for part in path.relative_to(root).parts:
        here = here / part
        if here.is_symlink() and not here.resolve().is_relative_to(root):
            return here
        if here.is_dir() and (part in _LEFT_OUT or (here / "pyvenv.cfg").exists()):
            return here
    return None


def _copy_file(path: Path, target: Path) -> None:
    try:
        shutil.copy2(path, target)
    except PermissionError:
        return  # what the operator may not read, the program could not read either


def _copy_link(path: Path, target: Path, root: Path) -> None:
    try:
        inside = path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return
    if inside:
        target.symlink_to(path.readlink())


def put(folder: Path, changes: Mapping[str, bytes]) -> None:
    """Write a patch's files into a copy; raises RefusedError for a path that leads out of it."""
    for rel, data in changes.items():
        parts = PurePosixPath(rel).parts
        path = folder.joinpath(*parts)
        if not parts or rel.startswith("/") or ".." in parts or not path.parent.resolve().is_relative_to(folder.resolve()) or path.is_symlink():
            raise RefusedError(f"{rel} is not a path inside the folder.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
