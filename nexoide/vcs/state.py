"""In which state a repository is, and whether anything may be committed in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nexoide.vcs.discovery import Layout
from nexoide.vcs.paths import show
from nexoide.vcs.runner import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryState:
    """What HEAD is and what is going on. `branch` is short and empty when detached, `head` empty when unborn.

    `operation` is empty or one of rebase, am, merge, cherry-pick, revert, bisect. `problem` is empty, or one sentence
    saying why the repository cannot be used at all.
    """

    branch: str = ""
    ref: str = ""
    head: str = ""
    detached: bool = False
    unborn: bool = False
    bare: bool = False
    shallow: bool = False
    operation: str = ""
    problem: str = ""


_MARKS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("BISECT_LOG", "bisect"),
)


def read_state(runner: Runner, layout: Layout) -> RepositoryState:
    """Return what HEAD is; raises GitError or OSError where it cannot be read."""
    symbolic = runner.run("symbolic-ref", "-q", "HEAD", accept=(0, 1))
    ref = symbolic.text if symbolic.returncode == 0 else ""
    head, problem = _head(runner, layout, ref)
    return RepositoryState(
        branch=ref.removeprefix("refs/heads/"),
        ref=ref,
        head=head,
        detached=not ref,
        unborn=not head and not problem,
        shallow=(layout.common_dir / "shallow").exists(),
        operation=operation_in(layout.git_dir),
        problem=problem,
    )


def _head(runner: Runner, layout: Layout, ref: str) -> tuple[str, str]:
    """Return HEAD's commit and, where it names none that can be read, why not (both empty where it is unborn)."""
    answer = runner.run("cat-file", "--batch-check", stdin=b"HEAD\n").text.split()
    if len(answer) == 3 and answer[1] == "commit":
        return answer[0], ""
    named = runner.run("rev-parse", "-q", "--verify", "HEAD", accept=(0, 1, 128))
    if named.returncode == 0:
        return "", f"The commit {show(named.text[:12])} that HEAD names is missing from the repository: fetch it or clone afresh."
    written = layout.common_dir / ref if ref else layout.git_dir / "HEAD"
    if written.is_file():
        return "", f"The file {show(str(written))} is damaged, so HEAD names no commit: restore its content (see 'git reflog'), or clone afresh."
    return "", ""


def operation_in(git_dir: Path) -> str:
    """Return the name of the operation that is under way in a git dir, or an empty string."""
    for mark, name in _MARKS:
        if (git_dir / mark).exists():
            return name
    todo = git_dir / "sequencer" / "todo"
    if not todo.is_file():
        return ""
    with todo.open("rb") as file:
        return "revert" if file.read(6) == b"revert" else "cherry-pick"


def refusal(state: RepositoryState) -> str:
    """Return the sentence that says why nothing may be committed in this state, or an empty string."""
    if state.problem:
        return state.problem
    if state.bare:
        return "The repository is bare, so there are no files to heal: run nexoide in a clone that has a work tree."
    if state.operation:
        return f"A {state.operation} is in progress, and a commit would become part of it: finish it with {_finish(state.operation)}, then try again."
    if state.unborn:
        return "The repository has no commits yet, so there is nothing to build on: make a first one ('git add -A && git commit'), then try again."
    if state.detached:
        return "HEAD is detached, so a commit would belong to no branch: switch to one ('git switch BRANCH'), then try again."
    return ""


def _finish(operation: str) -> str:
    if operation == "bisect":
        return "'git bisect reset'"
    return f"'git {operation} --continue' or 'git {operation} --abort'"
