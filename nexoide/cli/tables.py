"""Targets, incidents and patches as rows for people."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence

from nexoide.cli.output import clock, emit, emit_table, percent
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch
from nexoide.model.reload import Reload
from nexoide.model.target import TargetStatus

WIDE = 110
"""From how many columns on a table of incidents has room for their trends."""
BARS = 12
RATE_SECONDS = 600.0
QUIET = frozenset({"resolved", "ignored", "merged"})
_ORDER = {"open": 0, "probation": 1, "resolved": 2, "ignored": 3, "merged": 4}
_BARS = "▁▂▃▄▅▆▇█"


def target_table(targets: Sequence[TargetStatus]) -> None:
    """Print the targets."""
    rows = [(t.name, t.state.replace("_", " "), "" if t.health == "unknown" else t.health, str(t.pid or ""), str(t.restarts), _why(t)) for t in targets]
    if not rows:
        emit("No targets.")
        return
    from nexoide.cli.sheet import BAD, PLAIN, WARN, Column, emit_fitted

    columns = (
        Column("TARGET", 8),
        Column("STATE"),
        Column("HEALTH", optional=True),
        Column("PID", right=True),
        Column("RESTARTS", right=True),
        Column("NOTE", 12),
    )
    styles = [BAD if t.state == "given_up" else WARN if t.health == "unwell" or t.state == "exited" else PLAIN for t in targets]
    emit_fitted(columns, rows, styles)


def _why(target: TargetStatus) -> str:
    return target.note or (target.health_note if target.health == "unwell" else "") or " ".join(target.command)


def ordered(incidents: Sequence[Incident]) -> list[Incident]:
    """Return incidents as they are listed: what fails first, the latest first among its like."""
    return sorted(incidents, key=lambda one: (_ORDER.get(one.state, 9), one.severity == "warning", -one.last_at, one.id))


def incident_table(incidents: Sequence[Incident], rates: Mapping[str, Sequence[int]] | None = None, empty: str = "No incidents.") -> None:
    """Print incidents in the order in which they are given, in as many columns as the terminal has; `rates` are drawn where there is room."""
    if not incidents:
        emit(empty)
        return
    from nexoide.cli.sheet import BAD, DIM, PLAIN, Column, emit_fitted, width
    from nexoide.tui.format import age

    now, wide = time.time(), width() >= WIDE
    rows = []
    for one in incidents:
        where = f"{one.file}:{one.line}" if one.file else one.function
        trend = bars((rates or {}).get(one.id, ())) if wide else ""
        targets = ", ".join(one.targets or (one.target,))
        rows.append((one.id, state_of(one), one.category, one.error_class, where, f"{one.count}x", age(now - one.last_at), trend, targets))
    columns = (
        Column("ID"),
        Column("STATE"),
        Column("CLASS", 8),
        Column("TYPE", 10),
        Column("WHERE", 12, from_left=True),
        Column("COUNT", right=True),
        Column("LAST", right=True),
        Column("TREND", optional=True),
        Column("TARGETS", 6),
    )
    emit_fitted(columns, rows, [BAD if one.severity == "critical" and one.state == "open" else DIM if one.state in QUIET else PLAIN for one in incidents])


def state_of(incident: Incident) -> str:
    """Return an incident's state as it is listed; a ↺ marks one that came back."""
    return incident.state + (" ↺" if incident.recurrences and incident.state == "open" else "")


def bars(counts: Sequence[int]) -> str:
    """Return counts as a sparkline; empty where nothing was counted."""
    top = max(counts, default=0)
    return "".join(_BARS[min(7, math.ceil(7 * count / top))] for count in counts) if top else ""


def patch_table(patches: Sequence[Patch]) -> None:
    """Print the patches, oldest first."""
    if not patches:
        emit("No patches.")
        return
    from nexoide.cli.sheet import Column, emit_fitted

    rows = [(p.id, p.state, percent(p.confidence), p.incident, p.title, ", ".join(f.path for f in p.files), p.commit[:10]) for p in patches]
    columns = (
        Column("PATCH"),
        Column("STATE"),
        Column("CONFIDENCE", right=True),
        Column("INCIDENT"),
        Column("TITLE", 12),
        Column("FILES", 8, from_left=True),
        Column("COMMIT", 8),
    )
    emit_fitted(columns, rows)


def reload_table(reloads: Sequence[Reload]) -> None:
    """Print reloads that saves caused, oldest first."""
    rows = [(r.id, r.state.replace("_", " "), r.target, str(sum(p.ok for p in r.processes)), clock(r.began_at), r.summary) for r in reloads]
    emit_table(("RELOAD", "STATE", "TARGET", "PROCESSES", "AT", "WHAT"), rows, "Nothing was saved yet that a program took over.")
