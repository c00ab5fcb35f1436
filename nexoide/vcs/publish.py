"""Moving the branch to a prepared commit, exactly once."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Literal

from nexoide.errors import ConflictError, RepositoryError
from nexoide.model.deployment import DeploymentPlan
from nexoide.vcs.locks import HeldError, content_of, held_lock, with_patience
from nexoide.vcs.objects import Work, is_ancestor, require_oid
from nexoide.vcs.owners import holder_of
from nexoide.vcs.paths import show
from nexoide.vcs.runner import GitError

_MOVED = re.compile(r"is at [0-9a-f]+ but expected|reference already exists|unable to resolve reference|reference is missing")
_REFLOG = {"GIT_COMMITTER_NAME": "nexoide", "GIT_COMMITTER_EMAIL": "nexoide@localhost"}
_SLACK_NS = 20_000_000  # file times come from a clock that ticks every few milliseconds
_NEXT_NS = 1_000_000_000

Span = tuple[int, int]


def move(work: Work, plan: DeploymentPlan, *, new: str, old: str, reason: str) -> None:
    """Point the plan's branch at `new` if, and only if, it is at `old` (compare and swap, done by git under its lock).

    Returns as well where it is at `new` already. Raises ConflictError where it moved elsewhere, RefusedError where
    another git holds a lock for longer than 1.3 s.
    """
    _require_branch(plan.ref)
    killed: list[Span] = []
    head = work.git_dir / "HEAD.lock"

    def attempt() -> None:
        begun = time.time_ns()
        try:
            work.runner.run("update-ref", "-m", reason, plan.ref, require_oid(new), require_oid(old), environment=_REFLOG)
        except GitError as error:
            if error.returncode < 0:
                killed.append((begun, time.time_ns()))
            if value_of(work, plan.ref) == new:
                if _within(head, killed):
                    raise HeldError(head) from None
                return
            if error.returncode < 0:
                raise HeldError(work.common_dir / f"{plan.ref}.lock") from None
            lock = held_lock(error, work.top)
            if lock is not None:
                raise HeldError(lock) from None
            if _MOVED.search(error.stderr):
                branch = show(plan.ref.removeprefix("refs/heads/"))
                raise ConflictError(f"The branch {branch} moved meanwhile, so nothing was published: try again.") from error
            raise

    with_patience(attempt, lambda lock: _remove_own_locks(work, plan, lock, new, killed))


def _require_branch(ref: str) -> None:
    if not ref.startswith("refs/heads/"):
        raise RepositoryError(f"{show(ref)} is not a branch, and only branches are moved: switch to one, then try again.")


def _remove_own_locks(work: Work, plan: DeploymentPlan, lock: Path, new: str, killed: list[Span]) -> bool:
    """Remove the locks of a git of ours that was killed, and say whether any was.

    Git locks the branch, writes the value to come into that lock, and then locks HEAD for its reflog. So a lock is ours
    if it holds a commit which only we ever made, or if it is empty and appeared just while a git of ours ran that was
    then killed; and so is a HEAD.lock that appeared next after such a lock. Nobody may have it open.
    """
    branch, head = work.common_dir / f"{plan.ref}.lock", work.git_dir / "HEAD.lock"
    if lock not in {branch, head} or holder_of(branch) or holder_of(head):
        return False
    ours = [path for path in (branch, head) if content_of(path) in {b"", new.encode()} and _within(path, killed)]
    if content_of(branch) == new.encode():
        ours.append(branch)
        if content_of(head) == b"" and 0 <= head.stat().st_mtime_ns - branch.stat().st_mtime_ns < _NEXT_NS:
            ours.append(head)
    for path in ours:
        path.unlink(missing_ok=True)
    return bool(ours)


def _within(path: Path, spans: list[Span]) -> bool:
    try:
        at = path.stat().st_mtime_ns
    except OSError:
        return False
    return any(begun - _SLACK_NS <= at <= ended for begun, ended in spans)


def value_of(work: Work, ref: str) -> str:
    """Return the commit a branch is at, or an empty string where there is no such branch."""
    _require_branch(ref)
    done = work.runner.run("rev-parse", "-q", "--verify", ref, accept=(0, 1, 128))
    return done.text if done.returncode == 0 else ""


def published(work: Work, plan: DeploymentPlan) -> Literal["no", "yes", "moved"]:
    """Say whether the plan's commit is in its branch: "no" where it is still at the old one, "moved" where it went elsewhere."""
    value = value_of(work, plan.ref)
    if value == plan.new_commit:
        return "yes"
    if value == plan.old_commit:
        return "no"
    try:
        return "yes" if value and is_ancestor(work, plan.new_commit, value) else "moved"
    except GitError:
        return "moved"
