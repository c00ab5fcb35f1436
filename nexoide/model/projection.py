"""The fold: a state is what the events before it say, and nothing else; the supervisor and every view use this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from nexoide.model import event as e
from nexoide.model import incident_fold
from nexoide.model.deployment import Deployment
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch, Stage, StageStatus
from nexoide.model.reload import Reload
from nexoide.model.route import RouteCount, added
from nexoide.model.target import TargetStatus, Thought

KEPT_THOUGHTS = 2000
KEPT_NOTICES = 200
KEPT_ROUTES = 500
KEPT_RELOADS = 200


@dataclass(slots=True)
class StageView:
    """How one stage of a patch's pipeline stands, and when (sequence number) it last changed."""

    status: StageStatus
    detail: str = ""
    milliseconds: float = 0.0
    seq: int = 0


@dataclass(slots=True)
class State:
    """Everything a view shows. Maps keep the order of appearance; `seq` is the last event folded in.

    `rate` maps an incident to its occurrences per second of wall time, newest last: what sparklines are drawn from.
    `reloads` are the newest 200 of `reload_count`; `routes` maps a target to its HTTP routes, counted since the first event.
    """

    seq: int = 0
    head: str = ""
    started: e.SupervisorStarted | None = None
    started_at: float = 0.0
    stopped: bool = False
    targets: dict[str, TargetStatus] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    rate: dict[str, dict[int, int]] = field(default_factory=dict)
    routes: dict[str, dict[str, RouteCount]] = field(default_factory=dict)
    patches: dict[str, Patch] = field(default_factory=dict)
    stages: dict[str, dict[Stage, StageView]] = field(default_factory=dict)
    deployments: dict[str, Deployment] = field(default_factory=dict)
    reloads: dict[str, Reload] = field(default_factory=dict)
    reload_count: int = 0
    thoughts: list[tuple[float, Thought]] = field(default_factory=list)
    notices: list[tuple[float, e.Notice]] = field(default_factory=list)

    def waiting(self) -> list[Patch]:
        """Return the patches that wait for a human, oldest first."""
        return [patch for patch in self.patches.values() if patch.state == "waiting"]

    def apply(self, event: e.Event) -> None:
        """Fold one event in; events at or before `seq` and bodies of unknown kinds change nothing but `seq`."""
        if event.seq <= self.seq:
            return
        self.seq, self.head = event.seq, event.hash
        handler = _HANDLERS.get(type(event.body))
        if handler is not None:
            handler(self, event, event.body)


def _started(state: State, event: e.Event, body: e.SupervisorStarted) -> None:
    state.started, state.started_at, state.stopped = body, event.ts, False
    for name, reload in state.reloads.items():
        if reload.state == "started":
            state.reloads[name] = replace(reload, state="interrupted", summary="the supervisor ended before it saw what became of it")


def _stopped(state: State, event: e.Event, body: e.SupervisorStopped) -> None:
    state.stopped = True


def _notice(state: State, event: e.Event, body: e.Notice) -> None:
    state.notices.append((event.ts, body))
    del state.notices[:-KEPT_NOTICES]


def _target(state: State, event: e.Event, body: e.TargetChanged) -> None:
    state.targets[body.target.name] = body.target


def _opened(state: State, event: e.Event, body: e.IncidentOpened) -> None:
    incident_fold.opened(state.incidents, state.rate, body)


def _occurred(state: State, event: e.Event, body: e.IncidentOccurred) -> None:
    incident_fold.occurred(state.incidents, state.rate, body)


def _merged(state: State, event: e.Event, body: e.IncidentMerged) -> None:
    incident_fold.merged(state.incidents, state.rate, body)


def _split(state: State, event: e.Event, body: e.IncidentSplit) -> None:
    incident_fold.split(state.incidents, body)


def _examined(state: State, event: e.Event, body: e.IncidentExamined) -> None:
    incident_fold.examined(state.incidents, body)


def _measured(state: State, event: e.Event, body: e.RoutesMeasured) -> None:
    totals = state.routes.setdefault(body.target, {})
    for count in body.routes:
        if count.route in totals:
            totals[count.route] = added(totals[count.route], count)
        elif len(totals) < KEPT_ROUTES:
            totals[count.route] = count


def _moved(state: State, event: e.Event, body: e.IncidentMoved) -> None:
    incident = state.incidents.get(body.incident)
    if incident is None:
        return
    incident_fold.moved(state.incidents, body, event.ts)
    outcome: dict[str, StageStatus] = {"probation": "running", "resolved": "passed", "open": "failed"}
    for patch in state.patches.values():
        if patch.incident == incident.id and patch.state == "live" and body.state in outcome:
            _set_stage(state, event, patch.id, "probation", outcome[body.state], body.note)
            if body.state == "resolved":
                _set_stage(state, event, patch.id, "resolved", "passed", body.note)
            else:
                state.stages[patch.id].pop("resolved", None)


def _thought(state: State, event: e.Event, body: e.ThoughtSpoken) -> None:
    state.thoughts.append((event.ts, body.thought))
    del state.thoughts[:-KEPT_THOUGHTS]


def _set_stage(state: State, event: e.Event, patch: str, stage: Stage, status: StageStatus, detail: str = "", milliseconds: float = 0.0) -> None:
    state.stages.setdefault(patch, {})[stage] = StageView(status, detail, milliseconds, event.seq)


def _change_patch(into: State, patch_id: str, **changes: Any) -> None:
    patch = into.patches.get(patch_id)
    if patch is not None:
        into.patches[patch_id] = replace(patch, **changes)


def _proposed(state: State, event: e.Event, body: e.PatchProposed) -> None:
    state.patches[body.patch.id] = body.patch
    done: tuple[Stage, ...] = ("raised", "grouped", "proposed")
    for stage in done:
        _set_stage(state, event, body.patch.id, stage, "passed")


def _extended(state: State, event: e.Event, body: e.PatchExtended) -> None:
    patch = state.patches.get(body.patch)
    if patch is not None and patch.state == "proposed":
        _change_patch(state, body.patch, files=(*patch.files, body.file))


def _stage(state: State, event: e.Event, body: e.PatchStage) -> None:
    _set_stage(state, event, body.patch, body.stage, body.status, body.detail, body.milliseconds)


def _evidence(state: State, event: e.Event, body: e.EvidenceGathered) -> None:
    patch = state.patches.get(body.patch)
    if patch is not None:
        state.patches[patch.id] = replace(patch, evidence=(*patch.evidence, body.evidence))


def _judged(state: State, event: e.Event, body: e.PatchJudged) -> None:
    patch = state.patches.get(body.patch)
    if patch is not None and patch.state == "stale":
        return  # its incident was ignored, resolved or merged while it was being validated
    fate = "invalid" if body.verdict == "reject" else "waiting"
    judged = {"confidence": body.confidence, "verdict": body.verdict, "parts": body.parts, "bound": body.bound, "vetoes": body.vetoes}
    _change_patch(state, body.patch, state=fate, digest=body.digest, reason=body.reason, **judged)
    _set_stage(state, event, body.patch, "review", "failed" if fate == "invalid" else "running", body.reason)


def _stale(state: State, event: e.Event, body: e.PatchStale) -> None:
    _change_patch(state, body.patch, state="stale", reason=body.reason)
    _set_stage(state, event, body.patch, "review", "failed", body.reason)


def _decided(state: State, event: e.Event, body: e.DecisionMade) -> None:
    decision = body.decision
    if decision.action == "revert":
        return
    fate = "approved" if decision.action == "approve" else "rejected"
    _change_patch(state, decision.patch, state=fate, decided_by=decision.operator, reason=decision.reason)
    _set_stage(state, event, decision.patch, "review", "passed" if fate == "approved" else "failed", f"{fate} by {decision.operator}")


def _deploying(state: State, event: e.Event, body: e.DeploymentStarted) -> None:
    state.deployments[body.deployment.id] = body.deployment
    if body.deployment.action == "approve":
        _change_patch(state, body.deployment.patch, deployment=body.deployment.id)
        _set_stage(state, event, body.deployment.patch, "committed", "running")


def _deployment(into: State, deployment_id: str, **changes: Any) -> Deployment | None:
    deployment = into.deployments.get(deployment_id)
    if deployment is None:
        return None
    into.deployments[deployment_id] = changed = replace(deployment, **changes)
    return changed


def _committed(state: State, event: e.Event, body: e.DeploymentCommitted) -> None:
    deployment = _deployment(state, body.deployment, state="committed")
    if deployment is None:
        return
    if deployment.action == "approve":
        _change_patch(state, deployment.patch, commit=deployment.plan.new_commit)
        _set_stage(state, event, deployment.patch, "committed", "passed", deployment.plan.new_commit[:10])
        _set_stage(state, event, deployment.patch, "reloaded", "running")


def _live(state: State, event: e.Event, body: e.DeploymentLive) -> None:
    deployment = _deployment(state, body.deployment, state="live", pids=body.pids, changed=body.changed, milliseconds=body.milliseconds, live_at=body.at)
    if deployment is not None and body.processes:
        deployment = _deployment(state, body.deployment, processes=body.processes)
    if deployment is None:
        return
    if deployment.action == "revert":
        _change_patch(state, deployment.patch, state="reverted", reason="")
        _set_stage(state, event, deployment.patch, "reloaded", "failed", "reverted")
        _set_stage(state, event, deployment.patch, "probation", "skipped", "reverted")
        state.stages[deployment.patch].pop("resolved", None)
    else:
        _change_patch(state, deployment.patch, state="live", reason="")
        _set_stage(state, event, deployment.patch, "reloaded", "passed", "; ".join(body.changed), body.milliseconds)


def _not_live(state: State, event: e.Event, body: e.DeploymentNotLive) -> None:
    deployment = _deployment(state, body.deployment, state="not_live", note=body.note, processes=body.processes)
    if deployment is not None:
        fate = "reverted" if deployment.action == "revert" else "not_live"
        _change_patch(state, deployment.patch, state=fate, reason=body.note)
        _set_stage(state, event, deployment.patch, "reloaded", "failed", body.note)


def _failed(state: State, event: e.Event, body: e.DeploymentFailed) -> None:
    deployment = _deployment(state, body.deployment, state="failed", note=body.note)
    if deployment is None:
        return
    if deployment.action == "approve":
        _change_patch(state, deployment.patch, state="failed", reason=body.note)
        _set_stage(state, event, deployment.patch, "committed", "failed", body.note)


def _passed(state: State, event: e.Event, body: e.DeploymentPassed) -> None:
    _deployment(state, body.deployment, passes=body.passes, failures=body.failures)


def _reloading(state: State, event: e.Event, body: e.ReloadStarted) -> None:
    state.reloads[body.reload.id] = body.reload
    state.reload_count += 1
    while len(state.reloads) > KEPT_RELOADS:
        del state.reloads[next(iter(state.reloads))]


def _reloaded(state: State, event: e.Event, body: e.ReloadFinished) -> None:
    reload = state.reloads.get(body.reload)
    if reload is not None:
        state.reloads[reload.id] = replace(
            reload, state=body.state, summary=body.summary, processes=body.processes, milliseconds=body.milliseconds, restarted=body.restarted
        )


_HANDLERS: dict[type[Any], Callable[[State, e.Event, Any], None]] = {
    e.SupervisorStarted: _started,
    e.SupervisorStopped: _stopped,
    e.Notice: _notice,
    e.TargetChanged: _target,
    e.IncidentOpened: _opened,
    e.IncidentOccurred: _occurred,
    e.IncidentMoved: _moved,
    e.IncidentMerged: _merged,
    e.IncidentSplit: _split,
    e.IncidentExamined: _examined,
    e.RoutesMeasured: _measured,
    e.ThoughtSpoken: _thought,
    e.PatchProposed: _proposed,
    e.PatchExtended: _extended,
    e.PatchStage: _stage,
    e.EvidenceGathered: _evidence,
    e.PatchJudged: _judged,
    e.PatchStale: _stale,
    e.DecisionMade: _decided,
    e.DeploymentStarted: _deploying,
    e.DeploymentCommitted: _committed,
    e.DeploymentLive: _live,
    e.DeploymentNotLive: _not_live,
    e.DeploymentFailed: _failed,
    e.DeploymentPassed: _passed,
    e.ReloadStarted: _reloading,
    e.ReloadFinished: _reloaded,
}
