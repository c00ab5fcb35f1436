"""The index of the work tree: read row by row, and rewritten for exactly the files of a plan."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from nexoide.errors import RepositoryError
from nexoide.model.deployment import DeploymentPlan, PlannedFile
from nexoide.vcs.locks import HeldError, content_of, with_patience
from nexoide.vcs.objects import Entry, Work
from nexoide.vcs.owners import is_alive, own_stamp
from nexoide.vcs.paths import show
from nexoide.vcs.runner import GitError, reason

_MARK = "nexoide "
_SCRATCH = "nexoide-index-"


def index_entries(work: Work, paths: Sequence[str], like: str) -> dict[str, list[Entry]]:
    """Return the index' rows (several where a merge is unresolved; `kind` is the stage) for exactly these paths of the repository.

    `like` is any object id of the repository. Raises RepositoryError where the index is damaged.
    """
    found: dict[str, list[Entry]] = {}
    if not paths:
        return found
    _require_sound(work, "sha256" if len(like) == 64 else "sha1")
    try:
        output = work.runner.run("ls-files", "-s", "-z", "--full-name", "--", *paths).stdout
    except GitError as error:
        raise _damaged(work, reason(error.stderr)) from error
    wanted = set(paths)
    for row in output.split(b"\0"):
        head, _, raw = row.partition(b"\t")
        path = os.fsdecode(raw)
        if path in wanted:
            mode, oid, stage = head.decode("ascii").split()
            found.setdefault(path, []).append(Entry(path, mode, stage, oid))
    return found


def _require_sound(work: Work, algorithm: str) -> None:
    """Compare the index with its checksum (gitformat-index(5)): git itself takes a truncated one for an emptied one."""
    try:
        data = (work.git_dir / "index").read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise _damaged(work, str(error.strerror)) from error
    digest = hashlib.new(algorithm, usedforsecurity=False)
    body, written = data[: -digest.digest_size], data[-digest.digest_size :]
    digest.update(body)
    if not body or (written != digest.digest() and any(written)):  # all zeroes: index.skipHash
        raise _damaged(work, "its checksum does not match")


def _damaged(work: Work, why: str) -> RepositoryError:
    where = show(str(work.git_dir / "index"))
    return RepositoryError(f"git's index cannot be read ({why}): delete the file {where}, run 'git reset', then try again.")


def sync_index(work: Work, plan: DeploymentPlan, *, forwards: bool = True) -> None:
    """Set the index' rows of exactly the plan's files to their new content; whatever else is staged stays.

    A row that is not as the plan expects was staged by somebody since, and is left to them. Raises RefusedError where
    another git holds the index' lock.
    """
    files = {work.inside(file.path): file for file in plan.files}
    lock = work.git_dir / "index.lock"

    def attempt() -> None:
        with TemporaryDirectory(prefix=f"{_SCRATCH}{own_stamp()}-", dir=work.git_dir) as folder:
            _take(lock, Path(folder))
            try:
                _rewrite(work, files, Path(folder), plan.new_commit, forwards=forwards)
            finally:
                lock.unlink(missing_ok=True)

    with_patience(attempt, _remove_own_lock)


def _take(lock: Path, folder: Path) -> None:
    """Take git's lock the way git does (the file's existence), with our mark in it from its first moment."""
    mark = folder / "mark"
    mark.write_text(f"{_MARK}{own_stamp()}\n", encoding="ascii")
    try:
        os.link(mark, lock)
    except FileExistsError:
        raise HeldError(lock) from None


def _remove_own_lock(lock: Path) -> bool:
    content = (content_of(lock) or b"").decode("ascii", "replace")
    if not content.startswith(_MARK) or is_alive(content.removeprefix(_MARK)):
        return False
    lock.unlink(missing_ok=True)
    return True


def _rewrite(work: Work, files: dict[str, PlannedFile], folder: Path, like: str, *, forwards: bool) -> None:
    index, copy = work.git_dir / "index", folder / "index"
    if index.exists():
        shutil.copyfile(index, copy)
    staged = index_entries(work, sorted(files), like)
    rows: list[str] = []
    for path, file in files.items():
        old, new = (file.before_oid, file.after_oid) if forwards else (file.after_oid, file.before_oid)
        present = staged.get(path, [])
        if [row.oid for row in present] == ([old] if old else []):
            rows += ["--cacheinfo", f"100644,{new},{path}"] if new else ["--force-remove", path]
    if rows:
        work.runner.run("update-index", "--add", *rows, environment={"GIT_INDEX_FILE": str(copy)})
        copy.replace(index)


def prune_scratch(work: Work) -> None:
    """Remove the folders that a supervisor which was killed in `sync_index` left in the git dir."""
    for folder in work.git_dir.glob(f"{_SCRATCH}*"):
        if not is_alive(folder.name.removeprefix(_SCRATCH).rpartition("-")[0]):
            shutil.rmtree(folder, ignore_errors=True)
