"""What a fold means: incidents, routes, classes and repair times, those that matter most first."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import replace

from nexoide.incidents.analysis.fold import SPANS, Fold, Seen
from nexoide.incidents.analysis.rates import trend
from nexoide.model.analysis import Analysis, IncidentPattern, RepairTime, RoutePattern, Trend
from nexoide.model.incident import Incident
from nexoide.model.route import quantile

SHOWN = 50
NOISY_COUNT = 100
NOISY_SPANS = 20
"""An incident is noisy that failed at least 100 times, in at least 20 of the window's 24 spans: it fails all the time."""
COMPARED = 0.1
"""How much of the window before must have been recorded for the two to be compared."""


def analysis_of(fold: Fold, incidents: Mapping[str, Incident], failures: Mapping[str, Seen]) -> Analysis:
    """Return the analysis of a whole fold, unshortened and without its sentences; `failures` are those of each incident, with what was merged into it."""
    earlier = _earlier(fold)
    total = sum(seen.now for seen in failures.values())
    patterns = [_incident(fold, incidents[name], seen, total, earlier) for name, seen in failures.items() if name in incidents and (seen.now or seen.regressed)]
    patterns.sort(key=lambda one: (-one.count, one.id))
    classes: dict[str, int] = {}
    for one in patterns:
        classes[one.category] = classes.get(one.category, 0) + one.count
    return Analysis(
        began=fold.began,
        ended=fold.ended,
        recorded_since=fold.first_at,
        events=fold.events,
        failures=_whole(fold, failures, earlier),
        failing=len(patterns),
        incidents=tuple(patterns),
        routes=tuple(_routes(fold)),
        repair=tuple(_repair(fold, incidents)),
        targets=tuple(fold.uptime.patterns()),
        classes=dict(sorted(classes.items(), key=lambda item: -item[1])),
        note=_note(fold),
    )


def shortened(found: Analysis) -> Analysis:
    """Return an analysis with at most 50 entries in each list."""
    return replace(found, incidents=found.incidents[:SHOWN], routes=found.routes[:SHOWN], targets=found.targets[:SHOWN])


def rolled_up(fold: Fold, incidents: Mapping[str, Incident]) -> dict[str, Seen]:
    """Return what was seen of each incident, together with that of those that were merged into it."""
    whole: dict[str, Seen] = {}
    for name, seen in fold.incidents.items():
        last = _last(name, incidents)
        into = whole.get(last)
        if into is None:
            own = fold.incidents.get(last, seen)
            into = whole[last] = Seen(opened_at=own.opened_at, open_since=own.open_since, state=own.state, regressed=own.regressed)
        into.spans = [one + other for one, other in zip(into.spans, seen.spans, strict=True)]
        into.requests += seen.requests
        for route, count in seen.routes.items():
            into.routes[route] = into.routes.get(route, 0) + count
    return whole


def _last(name: str, incidents: Mapping[str, Incident]) -> str:
    for _ in range(len(incidents)):
        incident = incidents.get(name)
        if incident is None or incident.state != "merged" or incident.into not in incidents:
            break
        name = incident.into
    return name


def _earlier(fold: Fold) -> int:
    """Return how many of the 24 spans of the window before were recorded from their beginning."""
    if not fold.first_at:
        return 0
    spans = int((fold.began - max(fold.first_at, fold.began - fold.seconds)) / fold.seconds * SPANS + 1e-9)
    return spans if spans >= COMPARED * SPANS else 0


def _trend(fold: Fold, spans: list[int], earlier: int) -> Trend:
    span = fold.seconds / SPANS
    before = spans[SPANS - earlier : SPANS]
    return trend(sum(spans[SPANS:]), sum(before), (fold.seconds, earlier * span), (spans[SPANS:], before))


def _whole(fold: Fold, failures: Mapping[str, Seen], earlier: int) -> Trend:
    spans = [0] * (2 * SPANS)
    for seen in failures.values():
        spans = [one + other for one, other in zip(spans, seen.spans, strict=True)]
    return _trend(fold, spans, earlier)


def _incident(fold: Fold, incident: Incident, seen: Seen, total: int, earlier: int) -> IncidentPattern:
    after = fold.changes.before(incident)
    busy = sum(1 for count in seen.spans[SPANS:] if count)
    return IncidentPattern(
        id=incident.id,
        state=incident.state,
        category=incident.category,
        error_class=incident.error_class,
        where=f"{incident.file}:{incident.line}" if incident.file else incident.function,
        count=seen.now,
        share=seen.now / total if total else 0.0,
        trend=_trend(fold, seen.spans, earlier),
        first_at=incident.first_at,
        last_at=incident.last_at,
        new=fold.began <= seen.opened_at <= fold.ended,
        regression=seen.regressed,
        noisy=seen.now >= NOISY_COUNT and busy >= NOISY_SPANS,
        route=max(seen.routes, key=lambda route: seen.routes[route], default=""),
        requests=seen.requests,
        after=after,
        after_seconds=incident.first_at - after.at if after is not None else 0.0,
    )


def _routes(fold: Fold) -> list[RoutePattern]:
    found = []
    for (target, route), count in fold.routes.items():
        before = fold.routes_before.get((target, route))
        exposures = (float(count.count), float(before.count if before is not None else 0))
        found.append(
            RoutePattern(
                target=target,
                route=route,
                requests=count.count,
                errors=count.errors,
                client_errors=count.client_errors,
                error_rate=count.errors / count.count if count.count else 0.0,
                p50_ms=quantile(count, 0.5),
                p95_ms=quantile(count, 0.95),
                max_ms=count.max_ms,
                trend=trend(count.errors, before.errors if before is not None else 0, exposures),
            )
        )
    return sorted(found, key=lambda one: (-one.errors, -one.p95_ms, one.route))


def _repair(fold: Fold, incidents: Mapping[str, Incident]) -> list[RepairTime]:
    by_class: dict[str, list[float]] = {}
    for name, seconds in fold.durations:
        by_class.setdefault(incidents[name].category if name in incidents else "other", []).append(seconds)
    every = [seconds for durations in by_class.values() for seconds in durations]
    if not every:
        return []
    return [_times("", every), *(_times(name, by_class[name]) for name in sorted(by_class, key=lambda name: (-len(by_class[name]), name)))]


def _times(category: str, durations: list[float]) -> RepairTime:
    return RepairTime(category=category, resolved=len(durations), median=statistics.median(durations), mean=statistics.fmean(durations), longest=max(durations))


def _note(fold: Fold) -> str:
    if not fold.events:
        return "nothing is in the journal yet"
    if fold.first_at > fold.began:
        return "the journal begins within this window"
    return "" if _earlier(fold) else "too little of the window before was recorded to compare with"
