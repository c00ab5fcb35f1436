"""A reload: what a save (or a deployment) brought into the running processes, definition by definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

When = Literal["auto", "now", "quiescent", "next_start"]
"""When a change goes live: as soon as it is safe, at once, when nothing of it is being run, or when the program starts again."""

ReloadState = Literal["started", "live", "already", "not_loaded", "absent", "refused", "gone", "staged", "interrupted"]
"""`interrupted`: the supervisor ended before it saw the outcome; `gone`: the processes ended before they answered."""

NOT_TAKEN = frozenset({"refused", "restart"})
"""Actions of definitions that go on as they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionChange:
    """What happened, or would happen, to one definition; `line` is 1-based in the new text, 0 where unknown.

    `kind` is function, method, class, constant, attribute, import, statement, module or file; `action` one of replaced,
    added, removed, migrated, unchanged, refused, kept, runs and restart.
    """

    module: str
    name: str
    kind: str
    action: str
    reason: str = ""
    file: str = ""
    line: int = 0

    @property
    def full(self) -> str:
        """The name with its module's."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReload:
    """What one process answered; `blockers` are sentences on threads, tasks and calls that stand in the way or go on with old code."""

    pid: int
    ok: bool
    state: str = ""
    definitions: tuple[DefinitionChange, ...] = ()
    notes: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    error: str = ""
    generation: int = 0
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """One file of a burst of saves: path relative to the workspace where it lies in it; an empty hash: it was or is not there."""

    path: str
    before_sha256: str = ""
    after_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """One transaction over all processes of a target that a burst of saves caused; `summary` is one line for people."""

    id: str
    target: str
    files: tuple[SavedFile, ...]
    state: ReloadState = "started"
    summary: str = ""
    processes: tuple[ProcessReload, ...] = ()
    began_at: float = 0.0
    milliseconds: float = 0.0
    restarted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a reload would do in each live process of one target; `subject` is a patch's id or the paths."""

    subject: str
    target: str
    state: ReloadState
    summary: str
    processes: tuple[ProcessReload, ...] = ()
