"""What the past of a repository says: the commits that touched a file, those between two, and what a file held then.

Only read, and bounded: in seconds and bytes (`bounded`), in commits walked, and in what is kept of their texts.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from nexoide.errors import RepositoryError
from nexoide.model.examination import CommitRef
from nexoide.vcs import bounded
from nexoide.vcs.objects import BlobReader, Work, blob_reader, entries_at, require_oid
from nexoide.vcs.paths import folders_of

MAX_COMMITS = 30
WALKED = 5000
"""How far back commits are looked through for those that touched a file, which may rest while thousands touch others."""
MAX_FILE = 2 << 20
KEPT_TEXT = 200
KEPT_AUTHOR = 100
_MAX_SHALLOW = 1 << 20
_MAX_BLAME = 64 << 10
_MARK = re.compile(r"\x01([0-9a-f]{40}|[0-9a-f]{64})\Z")
_FORMAT = f"%x01%H%x00%ct%x00%<({KEPT_AUTHOR},trunc)%an%x00%<({KEPT_TEXT},trunc)%s"  # cut by git: a subject may be 1 GB long
_LOG = (
    "log",
    "--no-decorate",
    "--no-notes",
    "--no-ext-diff",
    "--no-textconv",
    "--no-abbrev",
    "--diff-merges=off",
    "-z",
    "--encoding=UTF-8",
    f"--format={_FORMAT}",
)


@dataclass(frozen=True, slots=True)
class Touch:
    """A commit that touched a file, what the file was called then (in the repository), and the id of what it held ("": deleted)."""

    commit: CommitRef
    path: str
    oid: str


@dataclass(frozen=True, slots=True)
class Past:
    """The commits that touched a file, newest first; `whole` is False where git was ended before it had looked at all."""

    touches: tuple[Touch, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What a commit has under a path: a plain `file` with the id and size of its content, or why there is none."""

    kind: Literal["file", "absent", "submodule", "link"]
    oid: str = ""
    size: int = 0


class History:
    """The past of one repository; made by `Repository.history`. Paths are those of the repository (`inside` makes them).

    Every call may raise RepositoryError, and blocks for at most about five seconds.
    """

    def __init__(self, work: Work) -> None:
        self._work = work

    def inside(self, path: str) -> str:
        """Return the repository's path of a path of the workspace; raises RepositoryError unless it is plain."""
        return self._work.inside(path)

    def held(self, commit: str, path: str) -> Held:
        """Say what a commit has under a path."""
        found = entries_at(self._work, commit, [path, *folders_of(path)])
        if any(entry.kind == "commit" for entry in found.values()):
            return Held("submodule")
        entry = found.get(path)
        if entry is None or entry.kind != "blob":
            return Held("absent")
        return Held("link") if entry.mode == "120000" else Held("file", entry.oid, entry.size)

    def contents(self, oids: Iterable[str], seconds: float = bounded.SECONDS) -> Iterator[tuple[str, bytes]]:
        """Yield the contents of blobs in order, as long as they can be read, those above 2 MiB left out."""
        wanted = list(dict.fromkeys(oids))
        while wanted:
            with blob_reader(self._work, seconds) as reader:
                wanted = yield from _read_until_too_large(reader, wanted)

    def touches(self, path: str, start: str, count: int = MAX_COMMITS) -> Past:
        """Return the newest commits up to `start` that touched a file, also where it had another name then."""
        bound = self._bound(start)
        arguments = (*_LOG, "--follow", "--raw", f"--max-count={count}", require_oid(start), *bound, "--", path)
        output = bounded.read(self._work.runner, *arguments)
        return Past(tuple(_touches(output.data)), output.whole)

    def between(self, old: str, new: str, paths: Iterable[str] = (), count: int = 10) -> tuple[CommitRef, ...]:
        """Return the newest commits that `new` has and `old` has not, those that touched `paths` first, at most `count`."""
        if not old or not new or old == new:
            return ()
        span = f"{require_oid(old)}..{require_oid(new)}"
        wanted = [path for path in dict.fromkeys(paths) if path]
        near = self._commits(f"--max-count={count}", span, "--", *wanted) if wanted else []
        every = self._commits(f"--max-count={count}", span, "--") if len(near) < count else []
        known = {commit.id for commit in near}
        return tuple([*near, *(commit for commit in every if commit.id not in known)][:count])

    def commit(self, name: str) -> CommitRef:
        """Return one commit by its full id."""
        found = self._commits("--max-count=1", require_oid(name), "--")
        if not found:
            raise RepositoryError(f"The commit {name[:12]} is not in the repository: fetch it.")
        return found[0]

    def blame(self, commit: str, path: str, line: int) -> CommitRef | None:
        """Return the commit that wrote one line (1-based) of a file as it is in `commit`, None where git took too long to say.

        The repository's list of commits to pass over does not count: the answer is what made the line read as it does.
        """
        options = ("--porcelain", "--root", "--no-textconv", "--no-progress", "--encoding=UTF-8", "--ignore-revs-file=", "-L", f"{line},{line}")
        output = bounded.read(self._work.runner, "blame", *options, require_oid(commit), "--", path, limit=_MAX_BLAME)
        rows = os.fsdecode(output.data).split("\n")
        said = dict(row.split(" ", 1) for row in rows[1:] if " " in row and not row.startswith("\t"))
        if "committer-time" not in said:
            return None
        return commit_ref(require_oid(rows[0].split(" ")[0]), said["committer-time"], said.get("author", ""), said.get("summary", ""))

    def shallow(self) -> frozenset[str]:
        """Return the commits at which a shallow clone ends; empty where the clone has everything."""
        try:
            with (self._work.common_dir / "shallow").open("rb") as file:
                return frozenset(file.read(_MAX_SHALLOW).decode("ascii", "replace").split())
        except OSError:
            return frozenset()

    def _commits(self, *arguments: str) -> list[CommitRef]:
        output = bounded.read(self._work.runner, *_LOG, *arguments)
        return [commit for commit, _ in _records(output.data)]

    def _bound(self, start: str) -> tuple[str, ...]:
        """Return what keeps a walk to about the newest 5,000 commits."""
        output = bounded.read(self._work.runner, "rev-list", "--max-count=1", f"--skip={WALKED}", require_oid(start))
        name = output.data.decode("ascii", "replace").strip()
        return (f"^{require_oid(name)}",) if name else ()


def _read_until_too_large(reader: BlobReader, wanted: list[str]) -> Generator[tuple[str, bytes], None, list[str]]:
    """Yield contents up to one that is too large, and return those after it: what is in the pipe of that one is given up."""
    for position, oid in enumerate(wanted):
        data = io.BytesIO()
        try:
            reader.copy(oid, data, MAX_FILE)
        except RepositoryError:
            return wanted[position + 1 :]
        yield oid, data.getvalue()
    return []


def _records(data: bytes) -> Iterator[tuple[CommitRef, list[str]]]:
    """Yield each commit of a log with the fields after it: `:mode mode oid oid status` and the one or two paths that follow that."""
    fields = [field.removeprefix("\n") for field in os.fsdecode(data).split("\0")]
    place = 0
    while place + 3 < len(fields):
        if not _MARK.match(fields[place]):
            place += 1
            continue
        commit = commit_ref(fields[place][1:], *fields[place + 1 : place + 4])
        place = start = place + 4
        while place < len(fields) and fields[place].startswith(":"):
            place += 3 if fields[place].rpartition(" ")[2][:1] in {"R", "C"} else 2  # a path may look like anything
        yield commit, fields[start:place]


def _touches(data: bytes) -> Iterator[Touch]:
    for commit, fields in _records(data):
        words = fields[0].split(" ") if fields else []
        if len(words) == 5 and len(fields) > 1:
            yield Touch(commit, fields[-1], words[3] if words[3].strip("0") else "")


def commit_ref(name: str, at: str, author: str, subject: str) -> CommitRef:
    """Return a commit as it is kept: texts of at most 200 characters, without what cannot be printed or encoded."""
    when = float(at) if at.isascii() and at.isdigit() and len(at) < 12 else 0.0
    return CommitRef(id=name, author=_text(author, KEPT_AUTHOR), at=when, subject=_text(subject, KEPT_TEXT))


def _text(text: str, limit: int) -> str:
    whole = os.fsencode(text).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "�" for char in whole.strip())[:limit]
