"""Targets, incidents and patches as rows for people."""

from __future__ import annotations

from collections.abc import Sequence

from nexoide.cli.output import clock, emit_table, percent
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch
from nexoide.model.reload import Reload
from nexoide.model.target import TargetStatus


def target_table(targets: Sequence[TargetStatus]) -> None:
    """Print the targets."""
    rows = [(t.name, t.state, str(t.pid or ""), str(t.restarts), " ".join(t.command), t.note) for t in targets]
    emit_table(("TARGET", "STATE", "PID", "RESTARTS", "COMMAND", "NOTE"), rows, "No targets.")


def incident_table(incidents: Sequence[Incident]) -> None:
    """Print the incidents, oldest first."""
    rows = [(i.id, i.state, f"{i.count}x", i.error_class, i.message, f"{i.file}:{i.line}" if i.file else "", clock(i.last_at)) for i in incidents]
    emit_table(("INCIDENT", "STATE", "COUNT", "CLASS", "MESSAGE", "WHERE", "LAST"), rows, "No incidents.")


def patch_table(patches: Sequence[Patch]) -> None:
    """Print the patches, oldest first."""
    rows = [(p.id, p.state, percent(p.confidence), p.incident, p.title, ", ".join(f.path for f in p.files), p.commit[:10]) for p in patches]
    emit_table(("PATCH", "STATE", "CONFIDENCE", "INCIDENT", "TITLE", "FILES", "COMMIT"), rows, "No patches.")


def reload_table(reloads: Sequence[Reload]) -> None:
    """Print reloads that saves caused, oldest first."""
    rows = [(r.id, r.state.replace("_", " "), r.target, str(sum(p.ok for p in r.processes)), clock(r.began_at), r.summary) for r in reloads]
    emit_table(("RELOAD", "STATE", "TARGET", "PROCESSES", "AT", "WHAT"), rows, "Nothing was saved yet that a program took over.")
