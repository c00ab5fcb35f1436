"""The effects of a deployment on git and on the disk: each can be repeated, and what was begun can be undone."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from nexoide.errors import ConflictError, NexoideError
from nexoide.journal import storage
from nexoide.journal.failpoints import hit
from nexoide.journal.journal import Journal
from nexoide.model.deployment import DeploymentPlan, PlannedFile
from nexoide.vcs.repository import Repository

FileState = Literal["before", "after", "other"]


def file_state(root: Path, file: PlannedFile) -> FileState:
    """Return whether a file on disk is as before the deployment, as after it, or something else."""
    try:
        found = hashlib.sha256(storage.read_bytes(root / file.path)).hexdigest()
    except (OSError, NexoideError):
        return "other"
    if found == file.after_sha256:
        return "after"
    return "before" if found == file.before_sha256 else "other"


def apply(plan: DeploymentPlan, root: Path, repository: Repository | None, journal: Journal) -> None:
    """Move the branch, write the files and the index; whatever of it is done already is left as it is.

    Raises ConflictError, with everything put back, where the branch or a file is no longer what the plan expects.
    """
    for file in plan.files:
        if file_state(root, file) == "other":
            raise ConflictError(f"{file.path} was changed on disk meanwhile, so nothing was applied: look at it, then try again.")
    if repository is not None and plan.ref:
        hit("deploy.publish.before")
        if repository.published(plan) != "yes":
            repository.publish(plan)
        hit("deploy.publish.after")
    try:
        for file in plan.files:
            _write(root, file, journal.blob(file.after_sha256), file.before_sha256)
            hit("deploy.write.after")
    except (OSError, NexoideError) as error:
        undo(plan, root, repository, journal)
        raise ConflictError(f"{error} Everything was put back.") from error
    if repository is not None and plan.ref:
        repository.sync_index(plan)
        hit("deploy.index.after")


def undo(plan: DeploymentPlan, root: Path, repository: Repository | None, journal: Journal) -> None:
    """Put the branch and the files back to what they were; files that are neither before nor after are left alone."""
    for file in plan.files:
        if file_state(root, file) == "after":
            _write(root, file, journal.blob(file.before_sha256), file.after_sha256)
    if repository is not None and plan.ref and repository.head() == plan.new_commit:
        repository.retract(plan)


def _write(root: Path, file: PlannedFile, data: bytes, expected: str) -> None:
    wanted = hashlib.sha256(data).hexdigest()
    path = root / file.path
    if hashlib.sha256(storage.read_bytes(path)).hexdigest() == wanted:
        return
    storage.replace_file(path, data, expect_sha256=expected)
