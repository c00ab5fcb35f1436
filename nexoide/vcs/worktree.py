"""A commit's files in a temporary folder, written by us from the object store.

Git itself would run smudge filters and hooks at check-out; here it only registers the folder as a worktree, and the
bytes are copied as they are stored. A name in a hostile tree can therefore reach nothing outside.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from nexoide.errors import RepositoryError
from nexoide.vcs.objects import BlobReader, Entry, Work, all_entries, blob_reader, require_oid
from nexoide.vcs.owners import is_alive, own_stamp
from nexoide.vcs.paths import is_plain, show
from nexoide.vcs.runner import GitError

MAX_FILES = 200_000
MAX_BYTES = 2 << 30
TIMEOUT = 300.0
_PREFIX = "nexoide-"
_MAX_LINK = 4096
_registering = threading.Lock()  # git reads all registered worktrees, and fails where one is half written


@contextmanager
def worktree(work: Work, commit: str, parent_folder: Path, report: Callable[[str], None]) -> Iterator[Path]:
    """Yield the workspace's folder inside a fresh worktree of the commit, and remove all of it afterwards in any case.

    `report` is told, one sentence each, of entries that were left out (submodules, links that lead outside, names that
    are no plain paths). Raises RepositoryError above 200,000 files or 2 GiB, or where objects are missing.
    """
    require_oid(commit)
    # The owner is part of the name, so that leftovers of a killed supervisor are told from what another one still uses.
    top = parent_folder.resolve() / f"{_PREFIX}{own_stamp()}-{secrets.token_hex(4)}"
    try:
        _register(work, commit, top)
        _fill(work, commit, top, report)
        place = top / work.prefix
        place.mkdir(parents=True, exist_ok=True)
        yield place
    finally:
        _remove(work, top)


def _register(work: Work, commit: str, top: Path) -> None:
    """Have git add the worktree; again, a moment later, where it stumbled over one that another process was just adding."""
    for wait in (0.02, 0.1, 0.5, 0):
        try:
            with _registering:
                work.runner.run("worktree", "add", "--detach", "--no-checkout", str(top), commit, timeout=60)
            return
        except GitError as error:
            if not wait or "worktrees" not in error.stderr:
                raise
            _remove(work, top)
            time.sleep(wait)


def prune_worktrees(work: Work) -> None:
    """Remove worktrees that a supervisor which is no longer alive left behind; nobody else's are touched."""
    for admin in sorted((work.common_dir / "worktrees").glob(f"{_PREFIX}*")):
        stamp = admin.name.removeprefix(_PREFIX).rpartition("-")[0]
        if is_alive(stamp):
            continue
        try:
            written = (admin / "gitdir").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            written = ""
        top = Path(written).parent
        if written and top.name == admin.name:
            _remove(work, top)
        else:
            shutil.rmtree(admin, ignore_errors=True)


def _fill(work: Work, commit: str, top: Path, report: Callable[[str], None]) -> None:
    links = []
    left = MAX_BYTES
    with blob_reader(work, TIMEOUT) as reader:
        for count, entry in enumerate(all_entries(work, commit)):
            if count >= MAX_FILES:
                raise RepositoryError(f"The commit holds more than {MAX_FILES} files, too many to copy for a test run: exclude what is not code.")
            if not is_plain(entry.path):
                report(f"{show(entry.path)} was left out: it is not a plain path.")
            elif entry.mode == "120000":
                links.append(entry)
            elif entry.kind != "blob":
                report(f"{show(entry.path)} was left out: it is a submodule.")
            else:
                left -= _write(reader, entry, top, left, report)
        for entry in links:
            _link(reader, entry, top, report)
    _drop_escapes(links, top, report)


def _write(reader: BlobReader, entry: Entry, top: Path, left: int, report: Callable[[str], None]) -> int:
    target = top / entry.path
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(target, flags, 0o755 if entry.mode == "100755" else 0o644)
    except OSError as error:
        report(f"{show(entry.path)} was left out: it cannot be written ({error.strerror}).")
        return 0
    with os.fdopen(handle, "wb") as file:
        return reader.copy(entry.oid, file, left)


def _link(reader: BlobReader, entry: Entry, top: Path, report: Callable[[str], None]) -> None:
    """Make a symbolic link after all files are written, so that no file is ever written through one."""
    target = BytesIO()
    reader.copy(entry.oid, target, _MAX_LINK)
    text = os.fsdecode(target.getvalue())
    try:
        (top / entry.path).parent.mkdir(parents=True, exist_ok=True)
        (top / entry.path).symlink_to(text)
    except (OSError, ValueError):
        report(f"{show(entry.path)} was left out: the link cannot be made.")


def _drop_escapes(links: list[Entry], top: Path, report: Callable[[str], None]) -> None:
    """Remove links that lead outside, until none is left: one may lead through another."""
    for entry in links:
        place = top / entry.path
        if place.is_symlink() and not _stays(place, top):
            place.unlink()
            report(f"{show(entry.path)} was left out: the link leads outside.")


def _stays(place: Path, top: Path) -> bool:
    if place.readlink().is_absolute():
        return False
    try:
        found = place.resolve()
    except (OSError, RuntimeError):  # a loop
        return False
    return found.is_relative_to(top) and not any(part.casefold() == ".git" for part in found.relative_to(top).parts)


def _remove(work: Work, top: Path) -> None:
    """Delete the folder ourselves first, so that git reads nothing a test run may have left in it, then its registration."""
    _delete(top)
    admin = work.common_dir / "worktrees" / top.name
    if not admin.exists():
        return
    try:
        with _registering:
            work.runner.run("worktree", "remove", "--force", str(top))
    except GitError:
        pass
    if admin.exists():
        shutil.rmtree(admin, ignore_errors=True)


def _delete(top: Path) -> None:
    def open_up(function: Callable[..., Any], path: str, _: Any) -> None:
        """Make a folder that a test run closed writable again, and try once more."""
        try:
            parent = Path(path).parent
            for place in (parent, Path(path)):
                if place.is_relative_to(top) and stat.S_ISDIR(place.lstat().st_mode):
                    place.chmod(0o700)
            function(path)
        except OSError:
            return

    for _ in range(2):  # a folder that could not be listed the first time can be the second
        if top.exists():
            shutil.rmtree(top, onerror=open_up)
