"""Finding a repository and its folders, and whether git accepts it at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import RepositoryError
from nexoide.vcs.paths import show
from nexoide.vcs.runner import GitError, Runner

Signature = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Location:
    """Where a repository is: `top` holds the work tree (or is the bare repository itself)."""

    top: Path
    bare: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of a repository that git accepts: its git dir (a linked worktree has its own) and the common one.

    `silenced` names the hooks which its settings define, and `signature` what has to stay for all this to hold.
    """

    git_dir: Path
    common_dir: Path
    silenced: tuple[str, ...]
    signature: Signature


class BareError(RepositoryError):
    """The repository has no work tree."""


def locate(root: Path) -> Location | None:
    """Return the repository at or above `root`, or None. Looks at names alone, so a broken one is found too."""
    for folder in (root, *root.parents):
        try:
            if (folder / ".git").is_symlink() or (folder / ".git").exists():
                return Location(folder, bare=False)
            if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
                return Location(folder, bare=True)
        except PermissionError:
            continue
    return None


def discover(root: Path, location: Location) -> Layout:
    """Ask git about the repository at `location`; raises BareError, or RepositoryError saying why it cannot be used."""
    where = show(str(location.top))
    if location.bare:
        raise BareError(f"The repository at {where} is bare.")
    try:
        return _discover(root, location)
    except OSError as error:
        raise RepositoryError(f"The repository at {where} cannot be read ({error.strerror}): check its permissions, then try again.") from error
    except GitError as error:
        raise RepositoryError(_sentence(where, error)) from error


def _discover(root: Path, location: Location) -> Layout:
    # Discovered, not named by GIT_DIR: only then does git check who owns the repository.
    runner = Runner(root)
    asked = ("--absolute-git-dir", "--is-bare-repository", "--git-common-dir")
    lines = runner.run("rev-parse", *asked, operator_config=True).text.split("\n")
    if len(lines) != len(asked):
        raise RepositoryError(f"The repository at {show(str(location.top))} has a newline in its path, so nexoide cannot use it: move it.")
    git_dir, common_dir = Path(lines[0]), (root / lines[2]).resolve()
    if not _belongs(git_dir, location):
        raise RepositoryError(_elsewhere(show(str(location.top))))
    if lines[1] == "true":
        raise BareError(f"The repository at {show(str(location.top))} is bare.")
    top = Path(runner.run("rev-parse", "--show-toplevel", operator_config=True).text)
    if not top.samefile(location.top):
        raise RepositoryError(_elsewhere(show(str(location.top))))
    signature = sign(location, git_dir, common_dir)
    return Layout(git_dir, common_dir, _configured_hooks(Runner(location.top, git_dir, location.top)), signature)


def sign(location: Location, git_dir: Path, common_dir: Path) -> Signature:
    """Return what must not change for a layout to stay true: owners and identities of the folders, and the settings."""
    folders = (location.top, location.top / ".git", git_dir, common_dir)
    settings = (common_dir / "config", git_dir / "config.worktree")
    return (*(_stat(path, content=False) for path in folders), *(_stat(path, content=True) for path in settings))


def _stat(path: Path, *, content: bool) -> tuple[int, ...]:
    try:
        found = path.lstat()
    except OSError:
        return ()
    identity = (found.st_dev, found.st_ino, found.st_uid, found.st_mode)
    return (*identity, found.st_size, found.st_mtime_ns, found.st_ctime_ns) if content else identity


def _belongs(git_dir: Path, location: Location) -> bool:
    """Say whether git means the `.git` that `locate` found: it skips a broken one and takes that of a folder above."""
    entry = location.top / ".git"
    if entry.is_dir():
        return git_dir.samefile(entry)
    with entry.open("rb") as file:
        written = os.fsdecode(file.read(4096))
    return written.startswith("gitdir:") and git_dir.samefile(location.top / written.removeprefix("gitdir:").strip())


def _configured_hooks(runner: Runner) -> tuple[str, ...]:
    """Return the names of hooks that settings define (git 2.54 and later), which core.hooksPath does not switch off."""
    output = runner.run("config", "--list", "-z", "--name-only").text
    keys = [key for key in output.split("\0") if key.startswith("hook.")]
    return tuple(sorted({key[len("hook.") :].rpartition(".")[0] for key in keys} - {""}))


def _elsewhere(where: str) -> str:
    return f"The .git in {where} is damaged, or belongs to another work tree, so git does not accept it: repair it or clone afresh."


def _sentence(where: str, error: GitError) -> str:
    if "dubious ownership" in error.stderr:
        return (
            f"The repository at {where} belongs to another user, so its settings are not trusted: change its owner, "
            f"or allow it with 'git config --global --add safe.directory {where}'."
        )
    if "not a git repository" in error.stderr or "invalid gitfile" in error.stderr:
        return _elsewhere(where)
    return error.sentence
