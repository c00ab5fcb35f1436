"""A new repository with a history that is given: for the demo and for tests."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nexoide.errors import RepositoryError
from nexoide.vcs.runner import Runner

DAY = 86_400.0
AUTHOR = ("Mira Holm", "mira@shop.example")


def create_repository(
    root: Path,
    commits: Sequence[tuple[str, Mapping[str, bytes]]],
    *,
    author: tuple[str, str] = AUTHOR,
    now: float | None = None,
) -> str:
    """Make `root` a git repository on branch `main` with one commit for each (message, changed files); return the last commit's id.

    Files are POSIX paths relative to `root`; their last versions are left in the work tree. The commits are a day
    apart, the last one an hour before `now` (wall seconds). Neither the operator's git settings nor hooks or templates
    take part, and no setting of the new repository names an author. Raises RepositoryError where git or the disk fails.
    """
    ends = (time.time() if now is None else now) - 3600
    stamped = [(message, files, ends - (len(commits) - 1 - index) * DAY) for index, (message, files) in enumerate(commits)]
    try:
        root.mkdir(parents=True, exist_ok=True)
        runner = Runner(root)
        runner.run("init", "--quiet", "--initial-branch=main", "--template=", str(root))
        runner.run("fast-import", "--quiet", stdin=b"".join(_stream(stamped, author)))
        for _, files in commits:
            for path, content in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(content)
        runner.run("read-tree", "HEAD")
        runner.run("update-index", "-q", "--refresh")
        return runner.run("rev-parse", "HEAD").text
    except OSError as error:
        raise RepositoryError(f"The repository {root} could not be made ({error}): look for room and permissions there.") from error


def _stream(commits: Sequence[tuple[str, Mapping[str, bytes], float]], author: tuple[str, str]) -> Iterator[bytes]:
    """Yield the commits in the input format of git-fast-import(1)."""
    for message, files, at in commits:
        who = f"{author[0]} <{author[1]}> {int(at)} +0000\n"
        yield f"commit refs/heads/main\nauthor {who}committer {who}".encode()
        yield _data(message.encode() + b"\n")
        for path, content in files.items():
            if path.startswith('"') or "\n" in path:
                raise RepositoryError(f"{path!r} cannot be the name of a file in a new repository: leave quotes and line ends away.")
            yield f"M 100644 inline {path}\n".encode()
            yield _data(content)


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)
