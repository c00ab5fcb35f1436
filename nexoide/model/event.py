"""Events: everything that happens, in order, as frozen types; a kind names the type of the body."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nexoide.model.deployment import Decision, Deployment
from nexoide.model.examination import CommitRef, Examination
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident, IncidentState, SplitBy
from nexoide.model.patch import Evidence, FileChange, Part, Patch, Stage, StageStatus, Verdict
from nexoide.model.reload import ProcessReload, Reload, ReloadState
from nexoide.model.route import RouteCount
from nexoide.model.target import TargetStatus, Thought


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorStarted:
    """The supervisor took the workspace; whatever was attached before is attached no more."""

    pid: int
    version: str
    workspace: str
    project: str
    branch: str
    policy: str
    has_git: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorStopped:
    """The supervisor ends on request."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """Something that an earlier supervisor began was completed or undone at start."""

    subject: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence for the operator that belongs to no incident; `level` is info, warning or error."""

    level: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetChanged:
    """A target was started, attached, detached, exited, given up or stopped."""

    target: TargetStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened:
    """A failure of a new kind."""

    incident: Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOccurred:
    """More occurrences of a known incident; `count` is the exact total, `added` what this event adds to it.

    `targets`, `hosts` and `sources` name those that are new to the incident, `routes` how many requests of which route failed.
    """

    incident: str
    count: int
    added: int
    at: float
    latest: Failure | None = None
    targets: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    routes: dict[str, int] = field(default_factory=dict)
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMoved:
    """An incident's state changed; `note` says why in words.

    `commit` is what was checked out then; of one that came back after it was resolved, `since` is what was committed in between.
    """

    incident: str
    state: IncidentState
    note: str
    commit: str = ""
    since: tuple[CommitRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMerged:
    """An operator said that two incidents are one: `incident` is counted with `into` from now on, its own count with it."""

    incident: str
    into: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSplit:
    """An operator said that an incident is several.

    With `by`, what differs in that from its sample opens incidents of its own from now on; without, what was merged into it is on
    its own again (`parted` are those incidents).
    """

    incident: str
    by: SplitBy | None = None
    parted: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentExamined:
    """What git knows of an incident was looked up."""

    incident: str
    examination: Examination


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutesMeasured:
    """What the HTTP routes of a target did between two times (wall seconds)."""

    target: str
    began: float
    ended: float
    routes: tuple[RouteCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThoughtSpoken:
    """A line of an agent's live thinking."""

    thought: Thought


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchProposed:
    """A patch was made; its bytes are in the blob store."""

    patch: Patch


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchExtended:
    """A file was added to a patch before it was judged: the test that shows the failure; its bytes are in the blob store."""

    patch: str
    file: FileChange


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchStage:
    """A stage of a patch's pipeline began or ended."""

    patch: str
    stage: Stage
    status: StageStatus
    detail: str = ""
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceGathered:
    """One check of a patch came out."""

    patch: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchJudged:
    """Evidence was weighed: the patch waits for a human, or is invalid; `digest` is what an approval must name."""

    patch: str
    confidence: float
    verdict: Verdict
    digest: str
    reason: str = ""
    parts: tuple[Part, ...] = ()
    bound: str = ""
    vetoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchStale:
    """The base of a patch moved, so it can no longer be applied."""

    patch: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade:
    """An operator decided; durable before any effect begins."""

    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentStarted:
    """Intent: everything needed to complete or undo the deployment; durable before any effect begins."""

    deployment: Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentCommitted:
    """The branch points to the commit and the files are on disk (or, without git, the files are on disk)."""

    deployment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentLive:
    """Every attached process of the target confirmed that it runs the new code."""

    deployment: str
    pids: tuple[int, ...]
    changed: tuple[str, ...]
    milliseconds: float
    at: float
    processes: tuple[ProcessReload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentNotLive:
    """On disk, but the running program does not have it; `note` says why and what to do."""

    deployment: str
    note: str
    processes: tuple[ProcessReload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentFailed:
    """The deployment was undone: nothing of it is on disk, in git or in the running program."""

    deployment: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentPassed:
    """Traffic ran through the healed lines; totals since it went live."""

    deployment: str
    passes: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadStarted:
    """Intent: files were saved (by which hashes), and every process of the target is about to be asked to take them over."""

    reload: Reload


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadFinished:
    """Outcome: what each process answered, definition by definition; `summary` says it in one line."""

    reload: str
    state: ReloadState
    summary: str
    processes: tuple[ProcessReload, ...] = ()
    milliseconds: float = 0.0
    restarted: bool = False


Body = (
    SupervisorStarted
    | SupervisorStopped
    | Recovered
    | Notice
    | TargetChanged
    | IncidentOpened
    | IncidentOccurred
    | IncidentMoved
    | IncidentMerged
    | IncidentSplit
    | IncidentExamined
    | RoutesMeasured
    | ThoughtSpoken
    | PatchProposed
    | PatchExtended
    | PatchStage
    | EvidenceGathered
    | PatchJudged
    | PatchStale
    | DecisionMade
    | DeploymentStarted
    | DeploymentCommitted
    | DeploymentLive
    | DeploymentNotLive
    | DeploymentFailed
    | DeploymentPassed
    | ReloadStarted
    | ReloadFinished
)

KINDS: dict[str, type[Any]] = {
    "supervisor.started": SupervisorStarted,
    "supervisor.stopped": SupervisorStopped,
    "recovery.performed": Recovered,
    "notice": Notice,
    "target.changed": TargetChanged,
    "incident.opened": IncidentOpened,
    "incident.occurred": IncidentOccurred,
    "incident.moved": IncidentMoved,
    "incident.merged": IncidentMerged,
    "incident.split": IncidentSplit,
    "incident.examined": IncidentExamined,
    "routes.measured": RoutesMeasured,
    "agent.thought": ThoughtSpoken,
    "patch.proposed": PatchProposed,
    "patch.extended": PatchExtended,
    "patch.stage": PatchStage,
    "patch.evidence": EvidenceGathered,
    "patch.judged": PatchJudged,
    "patch.stale": PatchStale,
    "decision.made": DecisionMade,
    "deployment.started": DeploymentStarted,
    "deployment.committed": DeploymentCommitted,
    "deployment.live": DeploymentLive,
    "deployment.not_live": DeploymentNotLive,
    "deployment.failed": DeploymentFailed,
    "deployment.passed": DeploymentPassed,
    "reload.started": ReloadStarted,
    "reload.finished": ReloadFinished,
}
KIND_OF: dict[type[Any], str] = {body: kind for kind, body in KINDS.items()}

DURABLE: frozenset[type[Any]] = frozenset({DecisionMade, DeploymentStarted, DeploymentCommitted, DeploymentLive, DeploymentNotLive, DeploymentFailed})
"""Bodies that are on the disk (fsync) before the append returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the journal: `seq` orders, `ts` (wall seconds) is shown, `hash` chains; a body of an unknown kind is None.

    `actor` is who caused it (`supervisor`, `medic`, `operator:NAME`, `target:NAME`), `via` how it came in.
    """

    seq: int
    ts: float
    kind: str
    actor: str
    via: str
    body: Body | None
    hash: str = ""
