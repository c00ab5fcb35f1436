"""Whether the files of a patch are exactly what the last commit holds, so that writing them loses nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

from nexoide.errors import RepositoryError
from nexoide.vcs.index import index_entries
from nexoide.vcs.objects import MAX_BLOB, Entry, Work, blob_oid, entries_at
from nexoide.vcs.paths import folders_of, show

_SHOWN = 20
_NAMED = {"120000": "is a symbolic link in git", "160000": "is a submodule", "100755": "is executable in git, and only plain 100644 files are patched"}


@dataclass(frozen=True, slots=True)
class _Disk:
    data: bytes | None = None
    problem: str = ""


def require_clean(work: Work, head: str, paths: Iterable[str]) -> None:
    """Raise RepositoryError, naming each file and why, unless all are the same in the last commit, the index and on disk.

    Files that exist in none of the three are fine (they are to be created). Bytes are compared with bytes: no filter of
    the repository is run to find out. Edits in any other file are nobody's business.
    """
    names = {work.inside(path): path for path in paths}
    ordered = sorted(names)
    committed = entries_at(work, head, [*ordered, *(folder for path in ordered for folder in folders_of(path))])
    staged = index_entries(work, ordered, head)
    problems = []
    for path in ordered:
        why = _problem(work, path, committed, staged.get(path, []))
        if why:
            problems.append(f"{show(names[path])} {why}")
    if problems:
        rest = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise RepositoryError(f"Nothing was committed, because {'; '.join(problems[:_SHOWN])}{rest}: commit, stash or undo that, then try again.")


def _problem(work: Work, path: str, committed: dict[str, Entry], staged: list[Entry]) -> str:
    for folder in folders_of(path):
        entry = committed.get(folder)
        if entry is not None and entry.kind == "commit":
            return f"lies in the submodule {show(folder)}"
    entry = committed.get(path)
    if entry is not None and entry.mode != "100644":
        return _NAMED.get(entry.mode, "is not a plain file in git")
    disk = _read(work, path)
    if disk.problem:
        return disk.problem
    if any(row.kind != "0" for row in staged):
        return "has an unresolved merge conflict"
    if entry is None:
        return _problem_of_new(disk, staged)
    if disk.data is None:
        return "is missing from the work tree"
    if not staged:
        return "is staged for deletion"
    if (staged[0].mode, staged[0].oid) != (entry.mode, entry.oid):
        return "has staged changes"
    return "" if blob_oid(disk.data, entry.oid) == entry.oid else _difference(work, path, entry, disk.data)


def _problem_of_new(disk: _Disk, staged: list[Entry]) -> str:
    if staged:
        return "is newly added and not committed yet"
    return "is not tracked by git" if disk.data is not None else ""


def _read(work: Work, path: str) -> _Disk:
    for folder in folders_of(path):
        place = work.top / folder
        if place.is_symlink():
            return _Disk(problem=f"is reached through the symbolic link {show(folder)}")
        if (place / ".git").exists() or (place / ".git").is_symlink():
            return _Disk(problem=f"lies in another repository ({show(folder)})")
    target = work.top / path
    try:
        if stat.S_ISLNK(target.lstat().st_mode):
            return _Disk(problem="is a symbolic link")
        with os.fdopen(os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return _Disk(problem="is not a regular file")
            if found.st_size > MAX_BLOB:
                return _Disk(problem="is larger than 64 MiB")
            return _Disk(data=file.read(MAX_BLOB + 1))
    except (FileNotFoundError, NotADirectoryError):
        return _Disk()
    except OSError as error:
        return _Disk(problem=f"cannot be read ({error.strerror})")


def _difference(work: Work, path: str, entry: Entry, data: bytes) -> str:
    """Say why the bytes differ: a conversion at check-out is told from an edit, because undoing an edit would not help."""
    if blob_oid(data.replace(b"\r\n", b"\n"), entry.oid) == entry.oid:
        return "has other line endings on disk than in git (core.autocrlf or an eol attribute converts them)"
    output = work.runner.run("check-attr", "-z", "filter", "ident", "working-tree-encoding", "--", path).stdout
    fields = os.fsdecode(output).split("\0")
    values = dict(zip(fields[1::3], fields[2::3], strict=False))
    if values.get("filter", "unspecified") not in {"unspecified", "unset", "set"}:
        return f"is stored through the git filter {show(values['filter'])} (as LFS does), so its bytes in git are not those on disk"
    if values.get("ident") == "set" or values.get("working-tree-encoding", "unspecified") not in {"unspecified", "unset"}:
        return "is converted at check-out (an ident or working-tree-encoding attribute)"
    return "has uncommitted edits"
