"""Decisions and deployments: who decided what about which bytes, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nexoide.model.reload import ProcessReload, When

Action = Literal["approve", "reject", "revert"]
DeploymentState = Literal["started", "committed", "live", "not_live", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided what, when, about which patch hash."""

    patch: str
    action: Action
    digest: str
    operator: str
    at: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One file that a deployment replaces: what must be there before, and what is there after (sha256, git oid; empty: no file)."""

    path: str
    before_sha256: str
    after_sha256: str
    before_oid: str = ""
    after_oid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentPlan:
    """Everything an interrupted deployment needs to be completed or undone exactly once.

    `ref` is the full branch name, `old_commit` what it must point to, `new_commit` the commit object that was already
    written to the object store; all three are empty in a folder without git.
    """

    files: tuple[PlannedFile, ...]
    ref: str = ""
    old_commit: str = ""
    new_commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment, forwards (`approve`) or backwards (`revert`), and how far it was observed to get.

    `passes` counts executions of the healed lines observed since it went live
    (`passes_needed` end its probation), `failures` the incident's recurrences.
    `changed` says in words what the running program took over; `note` why it is not live, and what to do;
    `when` what was decided about going live; `processes` what each answered, definition by definition.
    """

    id: str
    patch: str
    incident: str
    target: str
    action: Literal["approve", "revert"]
    operator: str
    plan: DeploymentPlan
    state: DeploymentState = "started"
    pids: tuple[int, ...] = ()
    changed: tuple[str, ...] = ()
    passes: int = 0
    passes_needed: int = 0
    failures: int = 0
    started_at: float = 0.0
    live_at: float = 0.0
    milliseconds: float = 0.0
    note: str = ""
    when: When = "auto"
    processes: tuple[ProcessReload, ...] = ()
