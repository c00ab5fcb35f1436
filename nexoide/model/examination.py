"""What git knows of an incident: the source as it was when it failed, who wrote the line, and what changed lately nearby."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitRef:
    """One commit: its full id, its author's name, when (wall seconds), and the first line of its message."""

    id: str
    author: str
    at: float
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """Some lines of a file around a frame's line (1-based), as they were when it failed.

    `commit` is the commit whose blob they are from; empty: from the file on disk, which had been changed since the last commit.
    """

    path: str
    line: int
    function: str
    first_line: int
    lines: tuple[str, ...]
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found out about an incident when it opened (or came back): `note` says in words what could not be.

    `commit` is what was checked out; `introduced` the commit that wrote the failing line (None: it is not committed, or there
    is no git); `recent` the latest commits, newest first, that touched the failing file or function.
    """

    commit: str = ""
    sources: tuple[SourceView, ...] = ()
    introduced: CommitRef | None = None
    recent: tuple[CommitRef, ...] = ()
    note: str = ""
