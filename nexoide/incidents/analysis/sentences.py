"""An analysis in plain sentences: what an operator would want to be told first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nexoide.incidents.analysis.rates import LEVEL
from nexoide.model.analysis import Analysis, IncidentPattern, Trend

MAX_NAMED = 8


def sentences(found: Analysis) -> tuple[str, ...]:
    """Return what is to be said, most important first."""
    return tuple(_sentences(found))


def _sentences(found: Analysis) -> Iterator[str]:
    if not found.events:
        yield "Nothing is in the journal yet: start a target, or have a program report to this supervisor."
        return
    span = lasted(found.ended - found.began)
    if not found.failures.now:
        before = found.failures.before
        earlier = f" In the {span} before there {_were(before)} {_count(before, 'failure')}." if before else ""
        yield f"No failure was counted in the last {span}.{earlier}"
    else:
        several = f" of {_count(found.failing, 'incident')}" if found.failing else ""
        yield f"In the last {span} {_count(found.failures.now, 'failure')}{several} {_were(found.failures.now)} counted{_compared(found.failures, span)}."
    yield from _incidents(found)
    failing = [route for route in found.routes if route.errors]
    if failing:
        worst = failing[0]
        share = f"{worst.errors:,} of {_count(worst.requests, 'request')} failed ({worst.error_rate:.1%})"
        yield f"Of the routes {worst.route} ({worst.target}) fails most: {share}; its 95th percentile is {worst.p95_ms:.0f} ms{_worse(worst.trend)}."
    if found.repair:
        every = found.repair[0]
        if every.resolved == 1:
            yield f"One incident was resolved, {lasted(every.median)} after it opened."
        else:
            yield f"{every.resolved} incidents were resolved, {lasted(every.median)} after they opened in the median, {lasted(every.mean)} in the mean."
    yield from _targets(found)


def _incidents(found: Analysis) -> Iterator[str]:
    if found.incidents and found.incidents[0].count:
        yield _worst(found.incidents[0], found)
    for words, names in (
        ("new", [one.id for one in found.incidents if one.new]),
        ("back after having been resolved", [one.id for one in found.incidents if one.regression]),
        ("failing all the time", [one.id for one in found.incidents if one.noisy]),
        ("failing more often than before", [one.id for one in found.incidents if one.trend.word == "up" and not one.new]),
    ):
        if names:
            yield f"{_listed(names)} {'is' if len(names) == 1 else 'are'} {words}."


def _worst(one: IncidentPattern, found: Analysis) -> str:
    where = f" in {one.where}" if one.where else ""
    since = f"; it began {lasted(found.ended - one.first_at)} ago"
    if one.after is not None:
        called = {"commit": one.after.id[:10]}.get(one.after.kind, one.after.id)
        what = f" ({one.after.what})" if one.after.what else ""
        since += f", {lasted(one.after_seconds)} after the {one.after.kind} {called}{what}"
    route = f", mostly on {one.route}" if one.route else ""
    return f"{one.id} fails most: {one.error_class}{where}, {one.count:,} times ({_share(one.share)} of all){route}{since}."


def _targets(found: Analysis) -> Iterator[str]:
    for target in found.targets:
        bad = []
        if target.uptime is not None and target.uptime < 0.9995:
            bad.append(f"ran {target.uptime:.1%} of the {lasted(target.watched)} in which it was watched")
        if target.restarts:
            bad.append(f"was restarted {_count(target.restarts, 'time')}")
        if target.given_up:
            bad.append(f"was given up {_count(target.given_up, 'time')}")
        if target.unhealthy >= 1:
            bad.append(f"was unwell for {lasted(target.unhealthy)} of its running")
        if bad:
            yield f"{target.name} {_joined(bad)}."


def _compared(trend: Trend, span: str) -> str:
    if trend.p is None:
        return ""
    if trend.word == "level":
        return f", about as many as in the {span} before ({trend.before:,}; p = {trend.p:.2f})"
    times = f", {trend.ratio:.1f} times the rate" if trend.ratio else ""
    return f", {'more' if trend.word == 'up' else 'fewer'} than in the {span} before ({trend.before:,}{times}; {_chance(trend.p)})"


def _worse(trend: Trend) -> str:
    return f"; it fails {'more' if trend.word == 'up' else 'less'} often than before ({_chance(trend.p)})" if trend.word in {"up", "down"} else ""


def _chance(p: float | None) -> str:
    return "" if p is None else "p < 0.001" if p < LEVEL / 10 else f"p = {p:.3f}"


def lasted(seconds: float) -> str:
    """Return a duration in words: 40 s, 12 min, 3 h 5 min, 2 days."""
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    if whole < 90 * 60:
        return f"{round(whole / 60)} min"
    if whole < 48 * 3600:
        hours, minutes = divmod(round(whole / 60), 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{round(whole / 86400)} days"


def _share(share: float) -> str:
    return "less than 1%" if 0 < share < 0.01 else f"{share:.0%}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
