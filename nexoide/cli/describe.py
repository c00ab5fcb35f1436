"""One line for people about any event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nexoide.cli.output import clock, percent
from nexoide.model import event as e
from nexoide.model.event import Event
from nexoide.model.examination import Examination
from nexoide.model.incident import Incident
from nexoide.model.reload import SavedFile
from nexoide.tui.format import plural

_TEXTS: dict[type[Any], Callable[[Any], str]] = {
    e.SupervisorStarted: lambda b: f"process {b.pid} took {b.workspace}" + (f" on {b.branch}" if b.branch else ""),
    e.SupervisorStopped: lambda b: b.reason,
    e.Recovered: lambda b: f"{b.subject}: {b.outcome}",
    e.Notice: lambda b: f"{b.level}: {b.text}",
    e.TargetChanged: lambda b: f"{b.target.name} {b.target.state}" + (f", process {b.target.pid}" if b.target.pid else "") + _note(b.target.note),
    e.IncidentOpened: lambda b: _opened(b.incident),
    e.IncidentOccurred: lambda b: f"{b.incident} {b.count}x (+{b.added})" + (f", {plural(b.requests, 'request')} failed" if b.requests else ""),
    e.IncidentMoved: lambda b: f"{b.incident} {b.state}{_note(b.note)}" + (f" ({plural(len(b.since), 'commit')} since)" if b.since else ""),
    e.IncidentMerged: lambda b: f"{b.incident} is counted with {b.into}{_note(b.note)}",
    e.IncidentSplit: lambda b: f"{b.incident} split" + (f" by {b.by}" if b.by else f", again on their own: {', '.join(b.parted)}") + _note(b.note),
    e.IncidentExamined: lambda b: f"{b.incident}: {_examined(b.examination)}",
    e.RoutesMeasured: lambda b: f"{b.target}: {plural(sum(r.count for r in b.routes), 'request')}, {sum(r.errors for r in b.routes)} failed",
    e.ThoughtSpoken: lambda b: f"{b.thought.agent} {b.thought.step}: {b.thought.text}",
    e.PatchProposed: lambda b: f"{b.patch.id} for {b.patch.incident}: {b.patch.title}",
    e.PatchExtended: lambda b: f"{b.patch} brings {b.file.path}",
    e.PatchStage: lambda b: f"{b.patch} {b.stage} {b.status}{_note(b.detail)}",
    e.EvidenceGathered: lambda b: f"{b.patch} {b.evidence.kind} {b.evidence.outcome}: {b.evidence.summary}",
    e.PatchJudged: lambda b: f"{b.patch} {b.verdict}, confidence {percent(b.confidence)}{_note(b.reason)}",
    e.PatchStale: lambda b: f"{b.patch} is stale{_note(b.reason)}",
    e.DecisionMade: lambda b: f"{b.decision.patch} {b.decision.action} by {b.decision.operator}{_note(b.decision.reason)}",
    e.DeploymentStarted: lambda b: f"{b.deployment.id} {b.deployment.action} of {b.deployment.patch}",
    e.DeploymentCommitted: lambda b: b.deployment,
    e.DeploymentLive: lambda b: f"{b.deployment} in {b.milliseconds:.0f} ms: {'; '.join(b.changed)}",
    e.DeploymentNotLive: lambda b: f"{b.deployment}{_note(b.note)}",
    e.DeploymentFailed: lambda b: f"{b.deployment}{_note(b.note)}",
    e.DeploymentPassed: lambda b: f"{b.deployment} passed {b.passes}, failed {b.failures}",
    e.ReloadStarted: lambda b: f"{b.reload.id} for {b.reload.target}: {_files(b.reload.files)}",
    e.ReloadFinished: lambda b: f"{b.reload} {b.state.replace('_', ' ')}{', restarted' if b.restarted else ''}: {b.summary}",
}


def _opened(incident: Incident) -> str:
    where = f" ({incident.file}:{incident.line})" if incident.file else ""
    return f"{incident.id} {incident.error_class}: {incident.message}{where}, {incident.category}"


def _examined(found: Examination) -> str:
    written = found.introduced
    by = f"the line is from {written.id[:10]} by {written.author} ({written.subject})" if written is not None else "who wrote the line is not known"
    return by + (f"; {plural(len(found.recent), 'recent change')}" if found.recent else "") + (f"; {found.note}" if found.note else "")


def _files(files: Sequence[SavedFile]) -> str:
    shown = [f"{file.path} {file.before_sha256[:8] or 'unknown'}→{file.after_sha256[:8] or 'deleted'}" for file in files[:4]]
    return ", ".join(shown) + (f" and {len(files) - 4} more" if len(files) > 4 else "")


def _note(text: str) -> str:
    return f": {text}" if text else ""


def line_of(event: Event) -> str:
    """Return one line: sequence number, time, actor, kind and what the body says; not yet made harmless."""
    text = _TEXTS[type(event.body)](event.body) if event.body is not None else "(of a newer version)"
    return f"{event.seq:>6}  {clock(event.ts)}  {event.actor:<16}  {event.kind:<20}  {text}"
