"""Making a commit that holds exactly the given bytes, out of sight of the work tree, the index and every branch.

Plumbing alone: blobs are written without filters, the tree is built in a private index, and the result is compared with
what was asked for before anybody is told of it. Until `publish` moves the branch the commit is an unreferenced object.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nexoide.errors import ConflictError, RepositoryError
from nexoide.model.deployment import DeploymentPlan, PlannedFile
from nexoide.vcs import trailers as t
from nexoide.vcs.objects import Entry, Work, all_entries, blob_oid, entries_at, read_blob
from nexoide.vcs.paths import folders_of, show
from nexoide.vcs.state import RepositoryState

FALLBACK_AUTHOR = ("nexoide operator", "operator@localhost")
MAX_FILES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitText:
    """What a commit says and who says it when (seconds since the epoch, shown as UTC)."""

    message: str
    trailers: Sequence[tuple[str, str]]
    author: tuple[str, str] | None
    when: float


def prepare(work: Work, state: RepositoryState, changes: Mapping[str, bytes | None], text: CommitText, parent: str) -> DeploymentPlan:
    """Write a commit of exactly these contents (None: no file) on top of `parent` and return the plan that publishes it.

    Raises ConflictError where the branch is not at `parent`, RepositoryError where a path cannot be replaced by a plain
    file or nothing would change, RefusedError where the message cannot carry its trailers.
    """
    if state.head != parent:
        raise ConflictError(f"The branch {show(state.branch)} is at {state.head[:10]}, not at {parent[:10]} any more: validate the patch again on top of it.")
    if not changes or len(changes) > MAX_FILES:
        raise RepositoryError(f"A commit of {len(changes)} files is not made: a patch changes between 1 and {MAX_FILES}.")
    names = {work.inside(path): path for path in changes}
    before = _replaceable(work, parent, names)
    with TemporaryDirectory(prefix="nexoide-index-") as folder:
        written = {path: data for path, name in names.items() if (data := changes[name]) is not None}
        oids = {**dict.fromkeys(names, ""), **_write_blobs(work, written, Path(folder), like=parent)}
        tree = _write_tree(work, parent, oids, Path(folder))
    _require_exactly(work, parent, tree, before, oids)
    commit = _write_commit(work, tree, parent, text)
    files = tuple(_planned(work, names[path], before.get(path), changes[names[path]], oids[path]) for path in sorted(names))
    return DeploymentPlan(files=files, ref=state.ref, old_commit=parent, new_commit=commit)


def _replaceable(work: Work, parent: str, names: Mapping[str, str]) -> dict[str, Entry]:
    above = [folder for path in names for folder in folders_of(path)]
    entries = entries_at(work, parent, [*names, *above])
    for folder in above:
        if folder in entries and entries[folder].kind != "tree":
            raise RepositoryError(f"{show(folder)} is no folder in git (a file, link or submodule), so nothing can be written below it.")
    for path, name in names.items():
        if path in entries and (entries[path].kind, entries[path].mode) != ("blob", "100644"):
            raise RepositoryError(f"{show(name)} is not a plain 100644 file in git, and only those are patched: change it by hand.")
    created = {path.casefold(): path for path in names if path not in entries}
    if created:
        for entry in all_entries(work, parent):
            if entry.path.casefold() in created:
                raise RepositoryError(f"{show(created[entry.path.casefold()])} differs from {show(entry.path)} in case alone: choose another name.")
    return {path: entries[path] for path in names if path in entries}


def _write_blobs(work: Work, contents: Mapping[str, bytes], folder: Path, like: str) -> dict[str, str]:
    if not contents:
        return {}
    files = [folder / f"blob-{number}" for number in range(len(contents))]
    for file, data in zip(files, contents.values(), strict=True):
        file.write_bytes(data)
    listing = "".join(f"{file}\n" for file in files).encode()
    written = work.runner.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listing).text.split("\n")
    if written != [blob_oid(data, like) for data in contents.values()]:
        raise RepositoryError("git stored other bytes than it was given, so nothing was committed: check the disk with 'git fsck'.")
    return dict(zip(contents, written, strict=True))


def _write_tree(work: Work, parent: str, oids: Mapping[str, str], folder: Path) -> str:
    private = {"GIT_INDEX_FILE": str(folder / "index")}
    work.runner.run("read-tree", parent, environment=private)
    rows = [word for path, oid in oids.items() for word in (("--cacheinfo", f"100644,{oid},{path}") if oid else ("--force-remove", path))]
    work.runner.run("update-index", "--add", *rows, environment=private)
    return work.runner.run("write-tree", environment=private).text


def _require_exactly(work: Work, parent: str, tree: str, before: Mapping[str, Entry], oids: Mapping[str, str]) -> None:
    """Raise unless the new tree differs from the parent's in exactly the planned blobs."""
    absent = "0" * len(parent)
    planned = {path: (before[path].oid if path in before else absent, oid or absent) for path, oid in oids.items()}
    wanted = {path: pair for path, pair in planned.items() if pair[0] != pair[1]}
    if not wanted:
        raise RepositoryError("The patch changes nothing: every file is already as it would become.")
    options = ("-r", "-z", "--raw", "--no-renames", "--full-index", "--no-ext-diff", "--no-textconv", "-O/dev/null")
    fields = work.runner.run("diff-tree", *options, parent, tree).stdout.split(b"\0")
    found = {}
    for head, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, old, new, _ = head.decode("ascii").split()
        found[path.decode("utf-8", "surrogateescape")] = (old, new) if mode == ("000000" if new == absent else "100644") else ("", "")
    if found != wanted:
        raise RepositoryError("The commit would change other files than the patch does, so it was not made: check the repository with 'git fsck'.")


def _write_commit(work: Work, tree: str, parent: str, text: CommitText) -> str:
    subject, _, body = text.message.partition("\n")
    message = t.format_message(subject, body, text.trailers)
    t.require_exact(message, text.trailers)
    name, email = _ident(text.author or configured_author(work) or FALLBACK_AUTHOR)
    date = f"@{max(int(text.when), 0)} +0000"
    people = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in (("NAME", name), ("EMAIL", email), ("DATE", date))}
    return work.runner.run("commit-tree", "--no-gpg-sign", tree, "-p", parent, stdin=message.encode(), environment=people).text


def configured_author(work: Work) -> tuple[str, str] | None:
    """Return user.name and user.email as the repository's or the operator's git settings have them, or None."""
    done = work.runner.run("config", "-z", "--get-regexp", r"^user\.(name|email)$", accept=(0, 1), operator_config=True)
    found = dict(row.partition("\n")[::2] for row in done.stdout.decode("utf-8", "replace").split("\0") if row)
    name, email = found.get("user.name", ""), found.get("user.email", "")
    return (name, email) if name.strip() and email.strip() else None


def _ident(author: tuple[str, str]) -> tuple[str, str]:
    name, email = (t.single_line(part).translate({ord("<"): None, ord(">"): None}).strip(" .,:;\"'\\") for part in author)
    return name or FALLBACK_AUTHOR[0], email or FALLBACK_AUTHOR[1]


def _planned(work: Work, name: str, before: Entry | None, data: bytes | None, oid: str) -> PlannedFile:
    old = hashlib.sha256(read_blob(work, before)).hexdigest() if before else ""
    new = hashlib.sha256(data).hexdigest() if data is not None else ""
    return PlannedFile(path=name, before_sha256=old, after_sha256=new, before_oid=before.oid if before else "", after_oid=oid)
