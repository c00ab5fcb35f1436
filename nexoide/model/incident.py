"""An incident: a group of like failures with a fingerprint, a count and a state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from nexoide.model.examination import CommitRef, Examination
from nexoide.model.failure import Failure, Severity

IncidentState = Literal["open", "probation", "resolved", "ignored", "merged"]
SplitBy = Literal["message", "route", "target", "caller"]
Category = Literal[
    "payload too large", "missing attribute", "timeout", "missing method", "auth", "rate limit", "wrong signature", "None",
    "missing key", "missing index", "missing name", "missing module", "missing file", "wrong value", "wrong type", "wrong encoding", "wrong JSON",
    "connection", "database", "disk", "permission", "memory", "recursion", "division by zero", "assertion", "syntax", "not implemented", "not awaited",
    "warning", "server error", "client error", "crash", "other",
]  # fmt: skip
"""What kind of thing went wrong, in the words that an operator would use; `nexoide incidents list` shows it as `class`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A group of like failures.

    `file` and `line` name the deepest frame inside the workspace (`file` relative to it, POSIX separators; empty where
    no frame is inside), `first_at` and `last_at` are wall seconds, `count` the number of occurrences, `sample` a recent
    one. `note` says in words why nothing is proposed, where that is so. `target` is the first of `targets`; `routes` maps a
    route to how many of its requests failed, `requests` counts all failed requests. `fingerprints` are those merged into it (its
    own first); `into` is where a merged one went. `commit` is what was checked out when it opened, `resolved_commit` when it
    was resolved, `since` what was committed in between, where it came back (a regression).
    """

    id: str
    fingerprint: str
    target: str
    error_class: str
    message: str
    file: str
    line: int
    function: str
    first_at: float
    last_at: float
    count: int
    sample: Failure
    state: IncidentState = "open"
    recurrences: int = 0
    note: str = ""
    category: Category = "other"
    severity: Severity = "error"
    expression: str = ""
    targets: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    routes: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    fingerprints: tuple[str, ...] = ()
    split_by: str = ""
    into: str = ""
    commit: str = ""
    resolved_at: float = 0.0
    resolved_commit: str = ""
    since: tuple[CommitRef, ...] = ()
    examination: Examination | None = None
