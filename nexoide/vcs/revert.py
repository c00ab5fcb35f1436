"""The contents that undo a deployment on top of whatever was committed since; history is never rewritten."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from nexoide.errors import ConflictError, RepositoryError
from nexoide.model.deployment import DeploymentPlan, PlannedFile
from nexoide.vcs.objects import Entry, Work, entries_at, read_blob
from nexoide.vcs.paths import show
from nexoide.vcs.runner import Runner


def inverse(work: Work, plan: DeploymentPlan, parent: str) -> dict[str, bytes | None]:
    """Return, for each of the plan's files that has to change, the bytes that undo the plan on top of `parent`.

    A file that is still as the plan left it gets its bytes from before; one that was changed since is merged three ways
    (git-merge-file(1), with the plan's result as the common ancestor). Raises ConflictError, naming the file, where the
    later changes overlap. A file that the plan created is gone again (None), and stays where somebody changed it since.
    """
    names = {work.inside(file.path): file for file in plan.files}
    current = entries_at(work, parent, names)
    old = entries_at(work, plan.old_commit, names)
    new = entries_at(work, plan.new_commit, names)
    contents: dict[str, bytes | None] = {}
    for path, file in names.items():
        if path not in old:
            if path in current and path in new and current[path].oid == new[path].oid:
                contents[file.path] = None
            continue
        if path not in current:
            raise ConflictError(f"{show(file.path)} was deleted since, so the patch cannot be taken back from it: undo the rest by hand.")
        if path not in new:
            raise RepositoryError(f"{show(file.path)} is not part of the commit {plan.new_commit[:10]}: nothing can be taken back.")
        data = _undone(work, file, current[path], new[path], old[path])
        if data is not None:
            contents[file.path] = data
    if not contents:
        raise ConflictError("The patch is already undone in every file: there is nothing left to revert.")
    return contents


def _undone(work: Work, file: PlannedFile, current: Entry, new: Entry, old: Entry) -> bytes | None:
    """Return the merged bytes, or None where the file is already without the patch."""
    if current.mode != "100644":
        raise ConflictError(f"{show(file.path)} is no plain file any more, so the patch cannot be taken back from it: undo it by hand.")
    before = read_blob(work, old)
    if current.oid == new.oid:
        return before if old.oid != new.oid else None
    now = read_blob(work, current)
    merged = _merge(file.path, now, read_blob(work, new), before)
    return merged if merged != now else None


def _merge(name: str, current: bytes, base: bytes, other: bytes) -> bytes:
    with TemporaryDirectory(prefix="nexoide-merge-") as folder:
        place = Path(folder).resolve()
        for title, data in (("current", current), ("base", base), ("other", other)):
            (place / title).write_bytes(data)
        runner = Runner(place, extra={"GIT_CEILING_DIRECTORIES": str(place.parent)})
        done = runner.run("merge-file", "-p", "-q", "current", "base", "other", accept=range(256))
    if done.returncode == 0:
        return done.stdout
    if done.returncode <= 127:
        raise ConflictError(f"{show(name)} was changed since in the same lines, so the patch cannot be taken back by itself: undo it by hand.")
    raise RepositoryError(f"{show(name)} cannot be merged (is it text?), so the patch cannot be taken back by itself: undo it by hand.")
