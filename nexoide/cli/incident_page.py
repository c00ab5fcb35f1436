"""All that is known of one incident, on a page: what, where, with which values, since when, after what, and what was done."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from nexoide.cli.sheet import BAD, BOLD, DIM, GOOD, LABEL, PLAIN, WARN, Sheet, emit_line
from nexoide.tui import format as fmt
from nexoide.tui.incident.code import span_of
from nexoide.tui.incident.frames import failing_frame, is_own, variables
from nexoide.tui.incident.words import OUTSIDE, has_frames
from nexoide.tui.text import Line

if TYPE_CHECKING:
    from nexoide.model.details import IncidentDetails
    from nexoide.model.examination import CommitRef, SourceView
    from nexoide.model.failure import Failure, Frame, Raised
    from nexoide.model.incident import Incident

MAX_ROUTES = 12
MAX_VALUES = 16
MAX_FRAMES = 40
_STATES: dict[str, Style] = {"open": BAD, "probation": WARN, "resolved": GOOD}
_RELATIONS = {"cause": "which was caused by", "context": "which happened while this was handled", "member": "with", "raised": ""}


def emit_page(found: IncidentDetails) -> None:
    """Print the page; it is as wide as the terminal, and each text from outside is made harmless."""
    sheet, now = Sheet(), time.time()
    _head(sheet, found, now)
    _place(sheet, found.incident)
    _chain(sheet, found.incident)
    _log(sheet, found.incident.sample)
    _git(sheet, found.incident, now)
    _related(sheet, found, now)


def _head(sheet: Sheet, found: IncidentDetails, now: float) -> None:
    incident = found.incident
    emit_line(Line(incident.id, BOLD).add("  ").add(incident.error_class, BOLD, 200))
    if incident.message:
        sheet.say(incident.message)
    emit_line(Line())
    sheet.field("state", incident.state + (f": {incident.note}" if incident.note else ""), _STATES.get(incident.state, DIM))
    sheet.field("class", f"{incident.category}, {incident.severity}")
    sheet.field("where", _where(incident))
    sheet.field("seen", _seen(incident, now))
    _trend(sheet, found.rate, incident, now)
    sheet.field("targets", ", ".join(incident.targets or (incident.target,)))
    sheet.field("hosts", ", ".join(incident.hosts))
    sheet.field("seen by", ", ".join(incident.sources))
    if incident.requests:
        sheet.field("requests", f"{incident.requests:,} failed")
        _routes(incident)
    back = fmt.plural(incident.recurrences, "time")
    sheet.field("came back", f"{back} after it was resolved" if incident.recurrences else "", BAD)
    sheet.field("merged in", ", ".join(found.merged))
    sheet.field("merged into", incident.into)
    sheet.field("split by", incident.split_by)
    sheet.field("fingerprint", incident.fingerprint, DIM)


def _where(incident: Incident) -> str:
    """Return the place in the program; none where nothing was raised and something was only said."""
    if incident.file:
        return f"{incident.file}:{incident.line}" + (f" in {incident.function}" if incident.function else "")
    outside = OUTSIDE if has_frames(incident) else ""
    return ", ".join(part for part in (outside, incident.function) if part)


def _seen(incident: Incident, now: float) -> str:
    first, last = (f"{fmt.moment(at, now)} ({fmt.age(now - at)} ago)" for at in (incident.first_at, incident.last_at))
    return f"{incident.count:,} times, first {first}, last {last}" if incident.count > 1 else f"once, {first}"


def _trend(sheet: Sheet, rate: dict[int, int], incident: Incident, now: float) -> None:
    if sum(rate.values()) < 2:
        return
    trend = fmt.trend(rate, min(rate), now, min(60, sheet.width - LABEL - 24))
    line = (
        Line(f"{'trend':<{LABEL}}", DIM)
        .add(trend.bars)
        .add(f"  {fmt.age(now - trend.began)}, at most {fmt.count(trend.highest)} in {fmt.age(trend.step)}", DIM)
    )
    emit_line(line)


def _routes(incident: Incident) -> None:
    routes = sorted(incident.routes.items(), key=lambda item: (-item[1], item[0]))
    for place, (route, count) in enumerate(routes[:MAX_ROUTES]):
        emit_line(Line(f"{'routes' if place == 0 else '':<{LABEL}}", DIM).add(f"{count:>7,}  ").add(route, limit=200))
    if len(routes) > MAX_ROUTES:
        emit_line(Line(" " * LABEL).add(f"and {fmt.plural(len(routes) - MAX_ROUTES, 'more route')}", DIM))


def _place(sheet: Sheet, incident: Incident) -> None:
    found = failing_frame(incident, "")
    if found is None:
        return
    raised, frame = found
    view = _view(incident, frame)
    if view is not None:
        origin = f"as in commit {view.commit[:10]}" if view.commit else "as on the disk, not committed"
        sheet.title(f"Source of {view.path}, {origin}")
        digits = len(str(view.first_line + len(view.lines)))
        for number, text in enumerate(view.lines, view.first_line):
            marked = number == view.line
            sheet.code(number, text, digits, span_of(text, frame, incident.expression, whole=True) if marked else (0, 0), marked=marked)
    elif frame.source.strip():
        sheet.title("Source")
        text = frame.source.strip()
        sheet.code(frame.line, text, len(str(frame.line)), span_of(text, frame, incident.expression, whole=False), marked=True)
    if incident.expression:
        emit_line(Line())
        sheet.field("expression", incident.expression, BOLD)
    _values(sheet, raised, frame, incident.expression)


def _view(incident: Incident, frame: Frame) -> SourceView | None:
    """Return the examined source of a frame; the line may have another number there."""
    views = incident.examination.sources if incident.examination is not None else ()
    mine = [view for view in views if (frame.file == view.path or frame.file.endswith("/" + view.path)) and view.function == frame.function]
    return next((view for view in mine if view.line == frame.line), mine[0] if mine else None)


def _values(sheet: Sheet, raised: Raised, frame: Frame, expression: str) -> None:
    values = variables(frame)
    values.sort(key=lambda item: item[0] not in (expression or frame.source))
    rows = [(name, value.type, value.repr) for name, value in values[:MAX_VALUES]]
    if raised.obj is not None and raised.obj.type not in {row[1] for row in rows}:
        rows.append(("(of the error)", raised.obj.type, raised.obj.repr))
    if rows:
        sheet.title("Values")
        sheet.rows(rows, styles=(BOLD, DIM, PLAIN))
    if len(values) > MAX_VALUES:
        sheet.say(f"and {len(values) - MAX_VALUES} more: --json has them", DIM, 2)


def _chain(sheet: Sheet, incident: Incident) -> None:
    """Print the way to the failure: own frames whole, those of libraries counted, in the order of a traceback."""
    for raised in incident.sample.exceptions:
        relation = _RELATIONS[raised.relation]
        sheet.title(f"{relation[:1].upper()}{relation[1:]} {raised.type}".strip() if relation else "Traceback")
        left = 0
        frames = raised.frames[-MAX_FRAMES:]
        left = len(raised.frames) - len(frames)
        if left:
            sheet.say(f"… {fmt.plural(left, 'frame')} before", DIM, 2)
        foreign = 0
        for place, frame in enumerate(frames):
            last = place + 1 == len(frames)
            if not is_own(frame, "") and not last:
                foreign += 1
                continue
            foreign = _skipped(sheet, foreign)
            sheet.say(f"{frame.file}:{frame.line} in {frame.function}", PLAIN if is_own(frame, "") else DIM, 2)
            if frame.source.strip():
                sheet.say(frame.source.strip(), DIM, 6)
        sheet.say(f"{raised.type}: {raised.message}" if raised.message else raised.type, BAD, 2)


def _skipped(sheet: Sheet, foreign: int) -> int:
    if foreign:
        sheet.say(f"… {fmt.plural(foreign, 'frame')} of libraries", DIM, 2)
    return 0


def _log(sheet: Sheet, sample: Failure) -> None:
    if sample.log_message:
        sheet.title(f"Logged by {sample.logger}" if sample.logger else "Logged")
        sheet.say(sample.log_message, PLAIN, 2)
    if sample.text and (sample.language != "python" or not sample.exceptions):
        sheet.title("As it was read" + (f" from {sample.origin}" if sample.origin else ""))
        for line in sample.text.splitlines():
            sheet.say(line, DIM, 2)


def _git(sheet: Sheet, incident: Incident, now: float) -> None:
    examination = incident.examination
    if incident.since:
        sheet.title("Committed since it was resolved")
        _commits(sheet, incident.since, now)
    if examination is None:
        return
    if examination.introduced is not None:
        sheet.title("The failing line was written by")
        _commits(sheet, [examination.introduced], now)
    recent = [commit for commit in examination.recent if examination.introduced is None or commit.id != examination.introduced.id]
    if recent:
        sheet.title("Changed lately in this file")
        _commits(sheet, recent, now)
    if examination.note and incident.file:  # else `where` has said it
        emit_line(Line())
        sheet.field("note", examination.note, DIM)


def _commits(sheet: Sheet, commits: Sequence[CommitRef], now: float) -> None:
    sheet.rows([(one.id[:10], f"{fmt.age(now - one.at)} ago", one.author[:30], one.subject) for one in commits], styles=(WARN, DIM, PLAIN, PLAIN))


def _related(sheet: Sheet, found: IncidentDetails, now: float) -> None:
    if found.patches:
        sheet.title("Patches")
        sheet.rows([(patch.id, patch.state.replace("_", " "), patch.title) for patch in found.patches], styles=(BOLD, PLAIN, PLAIN))
    if found.similar:
        sheet.title("Like it")
        rows = []
        for one in found.similar:
            where = f"{one.file}:{one.line}" if one.file else one.function
            healed = f", healed by {', '.join(one.patches)}" if one.patches else ""
            rows.append((one.id, f"{one.score:.0%}", one.state, f"{one.error_class} in {where}{healed}" if where else f"{one.error_class}{healed}"))
        sheet.rows(rows, styles=(BOLD, DIM, PLAIN, PLAIN))
