"""A git repository as nexoide uses it: everything by bytes and object ids, nothing by its work tree's good will."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from nexoide.errors import ConflictError, RepositoryError
from nexoide.model.deployment import DeploymentPlan
from nexoide.vcs import clean, commit, index, objects, publish, revert, worktree
from nexoide.vcs.discovery import BareError, Layout, Location, discover, locate, sign
from nexoide.vcs.head import HeadMemory
from nexoide.vcs.history import History
from nexoide.vcs.objects import Work
from nexoide.vcs.paths import prefix_of, show
from nexoide.vcs.runner import Runner
from nexoide.vcs.state import RepositoryState, read_state, refusal
from nexoide.vcs.trailers import require_key

__all__ = ["Repository", "RepositoryState"]


class Repository:
    """The repository at or above a workspace's root; all paths are POSIX and relative to that root.

    Every call asks git afresh, and blocks: an event loop runs it in a thread. Any number of threads may.
    """

    def __init__(self, root: Path, location: Location) -> None:
        self._root, self._location = root, location
        self._layout: Layout | None = None
        self._head = HeadMemory(self.head)

    @classmethod
    def open(cls, root: Path) -> Repository | None:
        """Return the repository at or above `root`, healthy or not, or None where there is none."""
        root = root.resolve()
        location = locate(root)
        return cls(root, location) if location is not None else None

    def state(self) -> RepositoryState:
        """Return what HEAD is and what is going on; never raises for a broken repository, but says so in `problem`."""
        try:
            return self._read(self._work())
        except BareError:
            return RepositoryState(bare=True)
        except RepositoryError as error:
            return RepositoryState(problem=error.sentence)

    def require_committable(self) -> RepositoryState:
        """Return the state; raises RepositoryError, saying why and what to do, where nothing may be committed in it."""
        state = self.state()
        why = refusal(state)
        if why:
            raise RepositoryError(why)
        return state

    def require_clean(self, paths: Iterable[str]) -> None:
        """Raise RepositoryError, naming each file and why, unless all are the same in HEAD, the index and on disk."""
        work = self._work()
        clean.require_clean(work, self._read(work).head, paths)

    def head(self) -> str:
        """Return the commit HEAD is at; empty where there is none yet."""
        return self._read(self._work()).head

    def current_head(self) -> str:
        """Return the same, asking git only where HEAD moved since it was last asked: some 50 µs otherwise."""
        return self._head.now(self._work())

    def history(self) -> History:
        """Return what can be asked about the past."""
        return History(self._work())

    def ref(self) -> str:
        """Return the full name of the branch HEAD is on; empty when detached."""
        return self._read(self._work()).ref

    def blob(self, commit: str, path: str) -> bytes | None:
        """Return the bytes of a regular file in a commit, or None where there is none of that name."""
        return objects.blob_at(self._work(), commit, path)

    def list_files(self, commit: str) -> list[str]:
        """Return the regular files of the workspace in a commit (undecodable bytes of names as surrogates)."""
        work = self._work()
        entries = objects.all_entries(work, commit)
        return [
            entry.path.removeprefix(work.prefix) for entry in entries if entry.kind == "blob" and entry.mode != "120000" and entry.path.startswith(work.prefix)
        ]

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Say whether `commit` is `of` or reachable from it."""
        return objects.is_ancestor(self._work(), commit, of)

    def trailer_values(self, key: str, limit: int = 1000) -> list[str]:
        """Return the values of one trailer in the newest `limit` commits of HEAD, newest first."""
        work = self._work()
        head = self._read(work).head
        if not head:
            return []
        wanted = f"--format=%(trailers:key={require_key(key)},valueonly,unfold)"
        output = work.runner.run("rev-list", "--no-commit-header", f"--max-count={limit}", wanted, head, timeout=60).stdout
        return [line for line in output.decode("utf-8", "replace").split("\n") if line]

    def prepare(
        self,
        changes: Mapping[str, bytes | None],
        *,
        message: str,
        trailers: Sequence[tuple[str, str]],
        parent: str,
        author: tuple[str, str] | None,
        when: float,
    ) -> DeploymentPlan:
        """Write a commit of exactly these contents (None: no file) on top of `parent`, visible to nobody yet, and return its plan.

        The first line of `message` is the subject. `author` is (name, email), by default the configured identity.
        """
        state, work = self.require_committable(), self._work()
        text = commit.CommitText(message=message, trailers=trailers, author=author, when=when)
        return commit.prepare(work, state, changes, text, parent)

    def publish(self, plan: DeploymentPlan) -> None:
        """Move the branch from the plan's old commit to its new one; raises ConflictError where it is not there any more."""
        work = self._on_branch(plan)
        publish.move(work, plan, new=plan.new_commit, old=plan.old_commit, reason="nexoide: publish")

    def retract(self, plan: DeploymentPlan) -> None:
        """Move the branch back, and the index with it, where the plan's commit is its tip and nobody built on it."""
        work = self._on_branch(plan)
        publish.move(work, plan, new=plan.old_commit, old=plan.new_commit, reason="nexoide: retract")
        index.sync_index(work, plan, forwards=False)

    def sync_index(self, plan: DeploymentPlan) -> None:
        """Set the index' rows of exactly the plan's files to their new content; whatever else is staged stays."""
        index.sync_index(self._work(), plan)

    def published(self, plan: DeploymentPlan) -> Literal["no", "yes", "moved"]:
        """Say whether the plan's commit is in its branch; "moved" where the branch went elsewhere."""
        return publish.published(self._work(), plan)

    def inverse(self, plan: DeploymentPlan, parent: str) -> dict[str, bytes | None]:
        """Return the contents that undo the plan's commit on top of `parent`; raises ConflictError where changes overlap."""
        return revert.inverse(self._work(), plan, parent)

    def worktree(self, commit: str, parent_folder: Path, report: Callable[[str], None] = lambda _: None) -> AbstractContextManager[Path]:
        """Yield the workspace's folder in a throw-away worktree of the commit; `report` is told what was left out."""
        return worktree.worktree(self._work(), commit, parent_folder, report)

    def prune_worktrees(self) -> None:
        """Remove the worktrees and scratch folders that a killed supervisor left behind; in a repository that cannot be used, nothing."""
        try:
            work = self._work()
        except RepositoryError:
            return
        worktree.prune_worktrees(work)
        index.prune_scratch(work)

    def _work(self) -> Work:
        """Return the repository's folders; asks git again whenever an owner or a setting changed since it was last asked."""
        location, layout = self._location, self._layout
        if layout is None or layout.signature != sign(location, layout.git_dir, layout.common_dir):
            layout = self._layout = discover(self._root, location)
        runner = Runner(location.top, layout.git_dir, location.top, layout.silenced)
        return Work(runner, location.top, layout.git_dir, layout.common_dir, prefix_of(self._root, location.top))

    def _read(self, work: Work) -> RepositoryState:
        """Return the state; raises RepositoryError where the repository is broken."""
        assert self._layout is not None
        try:
            state = read_state(work.runner, self._layout)
        except OSError as error:
            where = show(str(work.git_dir))
            raise RepositoryError(f"{where} cannot be read ({error.strerror}): check its permissions, then try again.") from error
        if state.problem:
            raise RepositoryError(state.problem)
        return state

    def _on_branch(self, plan: DeploymentPlan) -> Work:
        state = self.require_committable()
        if state.ref != plan.ref:
            wanted, found = plan.ref.removeprefix("refs/heads/"), state.branch
            raise ConflictError(f"The branch was {show(wanted)} when this was prepared and is {show(found)} now, so nothing was published: switch back.")
        return self._work()
