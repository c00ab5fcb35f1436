"""The fold of incidents: what each event makes of them; used by the one projection alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nexoide.model import event as e
from nexoide.model.incident import Incident

KEPT_NAMES = 64
"""How many targets, hosts or routes an incident names; the rest is in its count alone."""
KEPT_BUCKETS = 600

Incidents = dict[str, Incident]
Rates = dict[str, dict[int, int]]


def opened(incidents: Incidents, rates: Rates, body: e.IncidentOpened) -> None:
    """Take a new incident."""
    incidents[body.incident.id] = body.incident
    _rate(rates, body.incident.id, body.incident.last_at, body.incident.count)


def occurred(incidents: Incidents, rates: Rates, body: e.IncidentOccurred) -> None:
    """Count more of one."""
    incident = incidents.get(body.incident)
    if incident is None:
        return
    incidents[incident.id] = replace(
        incident,
        count=body.count,
        last_at=max(incident.last_at, body.at),
        sample=body.latest or incident.sample,
        targets=_union(incident.targets, body.targets),
        hosts=_union(incident.hosts, body.hosts),
        sources=_union(incident.sources, body.sources),
        routes=_sum(incident.routes, body.routes) if body.routes else incident.routes,
        requests=incident.requests + body.requests,
    )
    _rate(rates, incident.id, body.at, body.added)


def moved(incidents: Incidents, body: e.IncidentMoved, at: float) -> None:
    """Take a change of state; one that comes back says so, with what was committed since it was resolved."""
    incident = incidents[body.incident]
    returned = body.state == "open" and incident.state in {"resolved", "probation"}
    changed = replace(incident, state=body.state, note=body.note, recurrences=incident.recurrences + returned)
    if body.state == "resolved":
        changed = replace(changed, resolved_at=at, resolved_commit=body.commit, since=())
    elif returned:
        changed = replace(changed, since=body.since)
    incidents[incident.id] = changed


def merged(incidents: Incidents, rates: Rates, body: e.IncidentMerged) -> None:
    """Count one incident with another."""
    one, into = incidents.get(body.incident), incidents.get(body.into)
    if one is None or into is None or one.id == into.id:
        return
    incidents[one.id] = replace(one, state="merged", into=into.id, note=body.note)
    incidents[into.id] = replace(
        into,
        count=into.count + one.count,
        first_at=min(into.first_at, one.first_at),
        last_at=max(into.last_at, one.last_at),
        targets=_union(into.targets, one.targets),
        hosts=_union(into.hosts, one.hosts),
        sources=_union(into.sources, one.sources),
        routes=_sum(into.routes, one.routes),
        requests=into.requests + one.requests,
        fingerprints=_union(into.fingerprints or (into.fingerprint,), one.fingerprints or (one.fingerprint,), 1000),
    )
    for second, added in rates.get(one.id, {}).items():
        buckets = rates.setdefault(into.id, {})
        buckets[second] = buckets.get(second, 0) + added


def split(incidents: Incidents, body: e.IncidentSplit) -> None:
    """Part what was merged, or note by what further occurrences are told apart."""
    whole = incidents.get(body.incident)
    if whole is None:
        return
    for name in body.parted:
        part = incidents.get(name)
        if part is None or part.state != "merged":
            continue
        own = part.fingerprints or (part.fingerprint,)
        incidents[name] = replace(part, state="open", into="", note=f"it was merged into {whole.id} and is on its own again")
        whole = replace(
            whole,
            count=max(0, whole.count - part.count),
            requests=max(0, whole.requests - part.requests),
            fingerprints=tuple(known for known in whole.fingerprints if known not in own),
        )
    incidents[whole.id] = replace(whole, split_by=body.by or whole.split_by)


def examined(incidents: Incidents, body: e.IncidentExamined) -> None:
    """Keep what git knows of one."""
    incident = incidents.get(body.incident)
    if incident is not None:
        incidents[incident.id] = replace(incident, examination=body.examination, commit=incident.commit or body.examination.commit)


def _rate(rates: Rates, incident: str, at: float, added: int) -> None:
    if not added:
        return  # a route that became known late: nothing happened at that time
    buckets = rates.setdefault(incident, {})
    buckets[int(at)] = buckets.get(int(at), 0) + added
    while len(buckets) > KEPT_BUCKETS:
        del buckets[next(iter(buckets))]


def _union(one: tuple[str, ...], other: Iterable[str], kept: int = KEPT_NAMES) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))[:kept]


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    whole = dict(one)
    for route, count in other.items():
        if route in whole or len(whole) < KEPT_NAMES:
            whole[route] = whole.get(route, 0) + count
    return whole
