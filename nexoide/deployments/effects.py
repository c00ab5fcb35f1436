"""The effects of a deployment on git and on the disk: each can be repeated, and what was begun can be undone."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from nexoide.errors import ConflictError, NexoideError, NotFoundError
from nexoide.journal import storage
from nexoide.journal.failpoints import hit
from nexoide.journal.journal import Journal
from nexoide.model.deployment import DeploymentPlan, PlannedFile
from nexoide.vcs.repository import Repository

FileState = Literal["before", "after", "other"]


def file_state(root: Path, file: PlannedFile) -> FileState:
    """Return whether a file on disk is as before the deployment, as after it, or something else."""
    found = _found(root / file.path)
    if found is None:
        return "other"
    if found == file.after_sha256:
        return "after"
    return "before" if found == file.before_sha256 else "other"


def _found(path: Path) -> str | None:
    """Return the sha256 of a file, empty where there is none, None where something is there that cannot be read."""
    try:
        return hashlib.sha256(storage.read_bytes(path)).hexdigest()
    except NotFoundError:
        return None if path.is_symlink() else ""
    except (OSError, NexoideError):
        return None


def apply(plan: DeploymentPlan, root: Path, repository: Repository | None, journal: Journal) -> None:
    """Move the branch, write the files and the index; whatever of it is done already is left as it is.

    Raises ConflictError, with everything put back, where the branch or a file is no longer what the plan expects or
    cannot be written; the sentence names what could not be put back.
    """
    for file in plan.files:
        if file_state(root, file) == "other":
            raise ConflictError(f"{file.path} was changed on disk meanwhile, so nothing was applied: look at it, then try again.")
    try:
        _carry_out(plan, root, repository, journal)
    except (OSError, NexoideError) as error:
        left = undo(plan, root, repository, journal)
        words = error.sentence if isinstance(error, NexoideError) else f"The files could not be written ({error})."
        rest = f"Not everything could be put back: {'; '.join(left)}." if left else "Everything was put back."
        raise ConflictError(f"{words} {rest}") from error


def _carry_out(plan: DeploymentPlan, root: Path, repository: Repository | None, journal: Journal) -> None:
    if repository is not None and plan.ref:
        hit("deploy.publish.before")
        if repository.published(plan) != "yes":
            repository.publish(plan)
        hit("deploy.publish.after")
    for file in plan.files:
        _write(root, file, file.after_sha256, file.before_sha256, journal)
        hit("deploy.write.after")
    if repository is not None and plan.ref:
        repository.sync_index(plan)
        hit("deploy.index.after")


def undo(plan: DeploymentPlan, root: Path, repository: Repository | None, journal: Journal) -> list[str]:
    """Put the branch and the files back to what they were and return, in words, what could not be.

    A file that is neither as before nor as after is somebody's edit and is left alone, and said.
    """
    left = []
    for file in plan.files:
        found = file_state(root, file)
        if found == "other":
            left.append(f"{file.path} was edited meanwhile and is left as it is")
        if found != "after":
            continue
        try:
            _write(root, file, file.before_sha256, file.after_sha256, journal)
        except (OSError, NexoideError) as error:
            left.append(f"{file.path}: {error}")
    if repository is not None and plan.ref:
        left += _retract(plan, repository)
    return left


def _retract(plan: DeploymentPlan, repository: Repository) -> list[str]:
    try:
        if repository.head() == plan.new_commit:
            repository.retract(plan)
        elif repository.published(plan) == "yes":
            return [f"commit {plan.new_commit[:10]} stays: others were built on it"]
    except NexoideError as error:
        try:
            moved_back = repository.head() == plan.old_commit  # then only the index was held, and it was never moved forwards
        except NexoideError:
            moved_back = False
        return [] if moved_back else [error.sentence]
    return []


def _write(root: Path, file: PlannedFile, wanted: str, expected: str, journal: Journal) -> None:
    """Bring a file from one content to another, each named by its sha256, empty for no file."""
    path = root / file.path
    if _found(path) == wanted:
        return
    if not wanted:
        storage.remove_file(path, expect_sha256=expected)
    elif not expected:
        storage.create_file(path, journal.blob(wanted), below=root)
    else:
        storage.replace_file(path, journal.blob(wanted), expect_sha256=expected)
