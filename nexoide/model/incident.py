"""An incident: a group of like failures with a fingerprint, a count and a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nexoide.model.failure import Failure

IncidentState = Literal["open", "probation", "resolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A group of like failures.

    `file` and `line` name the deepest frame inside the workspace (`file` relative to it, POSIX separators; empty where
    no frame is inside), `first_at` and `last_at` are wall seconds, `count` the number of occurrences (of
    those that a flooded probe dropped it cannot be known what they were: they count where the next one does),
    `sample` a recent occurrence. `note` says in words why nothing is proposed, where that is so.
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
