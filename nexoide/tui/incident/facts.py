"""What is known of an incident at a glance: state, counts, how fast it comes, whom it hits, and what was done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nexoide.model.incident_fold import KEPT_BUCKETS, KEPT_NAMES
from nexoide.tui import format as fmt
from nexoide.tui.incident.sheet import LABEL, Link, Sheet, widest
from nexoide.tui.incident.words import COLOURS, standing, state_words
from nexoide.tui.text import Line, cut

if TYPE_CHECKING:
    from nexoide.model.details import SimilarIncident
    from nexoide.model.examination import CommitRef
    from nexoide.model.incident import Incident
    from nexoide.model.projection import State

_BARS = 60
_ROUTES = 12
_RELATED = 20
_SOURCES = {
    "main": "main thread", "thread": "threads", "task": "tasks", "log": "logging", "server": "a server", "unraisable": "finalisers", "warning": "warnings",
    "request": "requests", "file": "log files", "output": "what it printed", "http": "HTTP statuses", "pytest": "pytest", "sentry": "sentry-sdk",
    "posted": "posted errors",
}  # fmt: skip


def head(sheet: Sheet, incident: Incident, now: float) -> None:
    """Append what it is, how it stands, and how often it came."""
    skin = sheet.skin
    title = Line().add(incident.error_class, skin.fore("strong", bold=True), 200)
    sheet.say(title.add(f": {incident.message}" if incident.message else "", skin.fore("text"), 2000))
    state = Line(standing(incident, now), skin.fore(COLOURS.get(incident.state, "quiet"), bold=True))
    if incident.severity != "error":
        state.add(" · ", skin.fore("faint")).add(incident.severity, skin.fore("fail" if incident.severity == "critical" else "quiet", bold=True))
    if incident.category not in {"other", incident.severity}:
        state.add(" · class ", skin.fore("faint")).add(incident.category, skin.fore("text"), 60)
    state.add(f" · {fmt.plural(incident.count, 'time')}", skin.fore("text"))
    if incident.requests:
        state.add(f" · {fmt.plural(incident.requests, 'request')} failed", skin.fore("text"))
    sheet.say(state)
    if incident.note:
        sheet.say(Line(incident.note, skin.fore("text")))
    if incident.state == "merged" and incident.into:
        sheet.link(Link("incident", incident.into), Line(incident.into, skin.fore("strong")).add("  counts it from now on", skin.fore("quiet")))


def pace(sheet: Sheet, incident: Incident, state: State, now: float) -> None:
    """Append how fast it came over its life, with what a bar stands for, and when it was seen first and last."""
    skin, buckets = sheet.skin, state.rate.get(incident.id, {})
    began, cut_off = incident.first_at, len(buckets) >= KEPT_BUCKETS
    if cut_off:
        began = max(began, float(min(buckets)))
    if buckets:
        drawn = fmt.trend(buckets, began, now, min(_BARS, sheet.width - 2))
        sheet.lines.append(Line(drawn.bars, skin.fore("fail" if incident.state == "open" and drawn.highest else "quiet")))
        scale = f"a bar is {fmt.span(drawn.step)} · the highest {fmt.count(drawn.highest)} · since {fmt.moment(drawn.began, now)}"
        sheet.say(Line(scale + (", earlier ones are only counted" if cut_off and began > incident.first_at else ""), skin.fore("faint")))
    for name, at in (("first seen", incident.first_at), ("last seen", incident.last_at)):
        sheet.fact(name, Line(fmt.moment(at, now), skin.fore("text")).add(f"  {fmt.age(now - at)} ago", skin.fore("quiet")))


def hit(sheet: Sheet, incident: Incident, state: State) -> None:
    """Append whom it hits: targets, hosts, where it was seen, and routes with their counts."""
    skin = sheet.skin
    for name, values in (
        ("targets" if len(incident.targets) > 1 else "target", incident.targets or ((incident.target,) if incident.target else ())),
        ("hosts" if len(incident.hosts) > 1 else "host", incident.hosts),
        ("seen by", tuple(_SOURCES.get(source, source) for source in incident.sources)),
    ):
        if values:
            more = ", …" if len(values) >= KEPT_NAMES else ""
            sheet.fact(name, Line(", ".join(values[:KEPT_NAMES]) + more, skin.fore("text")))
    if incident.routes:
        sheet.fact("routes" if len(incident.routes) > 1 else "route", *_routes(sheet, incident, state))


def _routes(sheet: Sheet, incident: Incident, state: State) -> list[Line]:
    skin = sheet.skin
    ordered = sorted(incident.routes.items(), key=lambda item: -item[1])
    shown = ordered[:_ROUTES]
    names = widest((route for route, _ in shown), max(10, sheet.width - LABEL - 8))
    out = []
    for route, failed in shown:
        line = cut(Line().add(route, skin.fore("text"), 200), names).pad(names).add(f"  {fmt.count(failed):>5}", skin.fore("strong"))
        asked = sum(counts[route].count for name in incident.targets or (incident.target,) if (counts := state.routes.get(name)) and route in counts)
        if asked >= failed > 0:
            share = 100 * failed / asked
            line.add(f"  of {fmt.count(asked)}, {'<0.1' if share < 0.1 else f'{share:.1f}'} %", skin.fore("quiet"))
        out.append(line)
    if len(ordered) > _ROUTES:
        rest = ordered[_ROUTES:]
        left = f"and {fmt.plural(len(rest), 'more route')}{' or more' if len(ordered) >= KEPT_NAMES else ''}"
        out.append(Line(left, skin.fore("faint")).add(f", {fmt.count(sum(count for _, count in rest))} together", skin.fore("faint")))
    return out


def mending(sheet: Sheet, incident: Incident, state: State) -> None:
    """Append the patches that were made for it, the newest first."""
    found = [patch for patch in state.patches.values() if patch.incident == incident.id]
    if not found:
        return
    sheet.heading("Patches")
    for patch in reversed(found[-20:]):
        waits = patch.state == "waiting"
        line = Line(patch.id, sheet.skin.fore("waiting" if waits else "strong", bold=waits)).add("  ")
        line.add(patch.title, sheet.skin.fore("text"), 200)
        words = "waits for you" if waits else patch.state.replace("_", " ")
        sheet.link(Link("patch", patch.id), line.add(f"  {words}", sheet.skin.fore("waiting" if waits else "quiet")))


def history(sheet: Sheet, incident: Incident, now: float) -> None:
    """Append what git knows: who wrote the line, what was committed since it was resolved, what changed lately nearby."""
    known, skin = incident.examination, sheet.skin
    returned = incident.recurrences and (incident.since or incident.resolved_at)
    if known is None and not returned:
        return
    sheet.heading("History")
    if returned:
        when = f"it had been resolved {fmt.age(now - incident.resolved_at)} ago" if incident.resolved_at else "it had been resolved"
        at = f", at {incident.resolved_commit[:7]}" if incident.resolved_commit else ""
        sheet.fact(
            "came back", Line(when + at + ("; committed since then:" if incident.since else ""), skin.fore("text")), *_commits(sheet, incident.since, now)
        )
    if known is None:
        return
    if known.introduced is not None:
        sheet.fact("introduced", *_commits(sheet, (known.introduced,), now))
    nearby = [commit for commit in known.recent if known.introduced is None or commit.id != known.introduced.id]
    if nearby:
        sheet.fact("nearby", *_commits(sheet, nearby, now))
    if known.commit:
        sheet.fact("checked out", Line(known.commit[:7], skin.fore("text")).add("  when it failed", skin.fore("quiet")))
    if known.note and incident.file:  # else the heading has said it
        sheet.fact("note", Line(known.note, skin.fore("quiet")))


def _commits(sheet: Sheet, commits: Sequence[CommitRef], now: float) -> list[Line]:
    skin, out = sheet.skin, []
    ages = [f"{fmt.age(now - commit.at)} ago" for commit in commits[:10]]
    wide = widest(ages, 12)
    for commit, age in zip(commits[:10], ages, strict=True):
        line = Line(commit.id[:7], skin.fore("focus")).add(f"  {age:>{wide}}  ", skin.fore("quiet"))
        out.append(line.add(commit.subject, skin.fore("text"), 200).add(f"  {commit.author}", skin.fore("quiet"), 80))
    if len(commits) > 10:
        out.append(Line(f"and {fmt.plural(len(commits) - 10, 'more commit')}", skin.fore("faint")))
    return out


def related(sheet: Sheet, incident: Incident, similar: Sequence[SimilarIncident], state: State) -> None:
    """Append what was merged into it, and which others are like it, with the patches that healed those."""
    skin = sheet.skin
    parts = [other for other in state.incidents.values() if other.state == "merged" and other.into == incident.id]
    healed = {one.id: one.patches for one in similar if one.id != incident.id}
    likes = [state.incidents[name] for name in healed if name in state.incidents]
    for title, found in (("Merged into this one", parts), ("Similar", likes)):
        if not found:
            continue
        sheet.heading(title)
        for other in found[:_RELATED]:
            place = f"{other.file}:{other.line}" if other.file else other.function
            line = Line(other.id, skin.fore("strong")).add(f"  {other.error_class}", skin.fore("text"), 80)
            line.add(f"  {place}" if place else "", skin.fore("quiet"), 120).add(f"  {fmt.count(other.count)}×", skin.fore("quiet"))
            line.add(f"  {state_words(other)}", skin.fore(COLOURS.get(other.state, "quiet")))
            patches = healed.get(other.id, ())
            sheet.link(Link("incident", other.id), line.add(f"  patched by {', '.join(patches[:4])}" if patches else "", skin.fore("quiet"), 60))
        if len(found) > _RELATED:
            sheet.lines.append(Line(f"  and {len(found) - _RELATED} more", skin.fore("faint")))
