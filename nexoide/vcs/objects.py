"""Reading the object store: trees, blobs, and whether one commit descends from another."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nexoide.errors import RepositoryError
from nexoide.vcs.paths import require_plain, show
from nexoide.vcs.runner import Runner, end, kill

MAX_BLOB = 64 << 20
_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Work:
    """A healthy repository with its work tree, and the prefix ("" or "folder/") of the workspace in it."""

    runner: Runner
    top: Path
    git_dir: Path
    common_dir: Path
    prefix: str

    def inside(self, path: str) -> str:
        """Return the repository's path of a path of the workspace; raises RepositoryError unless it is plain."""
        return self.prefix + require_plain(path)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a tree or of the index; `size` is -1 where it was not asked for."""

    path: str
    mode: str
    kind: str
    oid: str
    size: int = -1


def require_oid(name: str) -> str:
    """Return a full object id; raises RepositoryError for anything else, which git could take for an option."""
    if not _OID.fullmatch(name):
        raise RepositoryError(f"{show(name[:80])} is not the full id of a commit: name it with its 40 or 64 hexadecimal digits.")
    return name


def blob_oid(data: bytes, like: str) -> str:
    """Return the id of a blob, by the hash function that the id `like` was made with (Git's object format, gitformat)."""
    name = "sha256" if len(like) == 64 else "sha1"
    return hashlib.new(name, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def entries_at(work: Work, commit: str, paths: Iterable[str]) -> dict[str, Entry]:
    """Return the rows of the commit's tree for exactly these paths of the repository; absent ones are left out."""
    wanted = sorted(set(paths))
    if not wanted:
        return {}
    done = work.runner.run("ls-tree", "-z", "-t", "-l", "--full-tree", require_oid(commit), "--", *wanted)
    found = {entry.path: entry for entry in _rows(done.stdout)}
    return {path: found[path] for path in wanted if path in found}


def all_entries(work: Work, commit: str) -> Iterator[Entry]:
    """Yield every row of the commit's tree, folders aside."""
    yield from _rows(work.runner.run("ls-tree", "-z", "-r", "--full-tree", require_oid(commit), timeout=120).stdout)


def _rows(output: bytes) -> Iterator[Entry]:
    for row in output.split(b"\0"):
        if row:
            head, _, path = row.partition(b"\t")
            mode, kind, oid, *size = head.decode("ascii").split()
            yield Entry(os.fsdecode(path), mode, kind, oid, int(size[0]) if size and size[0].isdigit() else -1)


def read_blob(work: Work, entry: Entry) -> bytes:
    """Return the bytes of a blob; raises RepositoryError above 64 MiB."""
    if entry.size > MAX_BLOB:
        raise RepositoryError(f"{show(entry.path)} is {entry.size >> 20} MiB long, and at most 64 MiB are read: leave it out of the patch.")
    return work.runner.run("cat-file", "blob", entry.oid).stdout


def blob_at(work: Work, commit: str, path: str) -> bytes | None:
    """Return the bytes of a regular file of the workspace in a commit, or None where there is none of that name."""
    wanted = work.inside(path)
    entry = entries_at(work, commit, [wanted]).get(wanted)
    if entry is None or entry.kind != "blob" or entry.mode == "120000":
        return None
    return read_blob(work, entry)


def is_ancestor(work: Work, commit: str, of: str) -> bool:
    """Say whether `commit` is `of` or reachable from it."""
    done = work.runner.run("merge-base", "--is-ancestor", require_oid(commit), require_oid(of), accept=(0, 1))
    return done.returncode == 0


@contextmanager
def blob_reader(work: Work, timeout: float) -> Iterator[BlobReader]:
    """Yield a reader of many blobs through one `cat-file --batch`, which is ended after `timeout` seconds at the latest."""
    process = work.runner.start("cat-file", "--batch")
    watchdog = threading.Timer(timeout, kill, (process,))
    watchdog.daemon = True
    watchdog.start()
    try:
        yield BlobReader(process)
    finally:
        watchdog.cancel()
        end(process)


class BlobReader:
    """Copies blobs one after the other; bounded memory, whatever their size."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._ask, self._answer = process.stdin, process.stdout

    def copy(self, oid: str, target: IO[bytes] | None, limit: int) -> int:
        """Write a blob into `target` and return its size; raises RepositoryError where it is missing or above `limit` bytes."""
        try:
            self._ask.write(require_oid(oid).encode() + b"\n")
            self._ask.flush()
            head = self._answer.readline().split()
        except (OSError, ValueError) as error:
            raise RepositoryError("git ended while the files of a commit were read: try again.") from error
        if len(head) != 3 or head[1] != b"blob":
            raise RepositoryError(f"The file contents {oid[:12]} are missing from the repository: fetch them or clone afresh.")
        size = left = int(head[2])
        if size > limit:
            raise RepositoryError(f"The commit's files are larger than the {limit >> 20} MiB that are left to write: keep large files out of git.")
        while left:
            piece = self._answer.read(min(left, 1 << 20))
            if not piece:
                raise RepositoryError("git ended in the middle of a file of the commit: try again.")
            left -= len(piece)
            if target is not None:
                target.write(piece)
        self._answer.read(1)
        return size
