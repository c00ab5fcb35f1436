"""analyze: what fails most, since when, after what, on which route, and how fast it is mended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, workspace_at
from nexoide.errors import UsageError

if TYPE_CHECKING:
    from nexoide.cli.sheet import Sheet
    from nexoide.model.analysis import Analysis, Trend

SHOWN = 10


def analyze(
    since: Annotated[str, typer.Option("--since", metavar="SPAN", help="How far back, as 90m, 24h or 7d; the span before it is compared with it.")] = "24h",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what the journal tells of a span: 'nexoide analyze --since 7d'."""
    from nexoide.cli.output import emit_json
    from nexoide.cli.spans import seconds_of
    from nexoide.client.control import Control

    seconds = seconds_of(since)
    if not seconds:
        raise UsageError(f"{since[:40]!r} is no time at all: name a longer span, as 24h.")
    found = Control(workspace_at(workspace).socket).analysis(seconds)
    if as_json:
        emit_json(found)
    else:
        _emit(found)


def _emit(found: Analysis) -> None:
    from nexoide.cli.sheet import DIM, Sheet

    sheet = Sheet()
    for sentence in found.sentences:
        sheet.say(sentence)
    _incidents(sheet, found)
    _routes(sheet, found)
    _repair(sheet, found)
    _targets(sheet, found)
    if found.failures.p is not None or any(route.trend.p is not None for route in found.routes):
        sheet.title("How rates are compared")
        sheet.say(found.test, DIM)
    if found.note:
        sheet.say(f"{found.note[:1].upper()}{found.note[1:]}.", DIM)


def _incidents(sheet: Sheet, found: Analysis) -> None:
    from nexoide.cli.sheet import Column, emit_fitted
    from nexoide.tui.format import age

    if not found.incidents:
        return
    now = time.time()
    sheet.title("Incidents")
    rows = []
    for one in found.incidents[:SHOWN]:
        marks = [word for word, holds in (("new", one.new), ("back", one.regression), ("noisy", one.noisy)) if holds]
        after = f"{one.after.kind} {one.after.id[:7]}" if one.after is not None else ""
        rows.append((one.id, f"{one.count:,}", _trend(one.trend), one.category, one.where, age(now - one.first_at), after, one.route, " ".join(marks)))
    columns = (
        Column("ID"),
        Column("COUNT", right=True),
        Column("TREND", optional=True),
        Column("CLASS", 8),
        Column("WHERE", 12, from_left=True),
        Column("SINCE", right=True),
        Column("AFTER", 14, optional=True),
        Column("ROUTE", 8, optional=True),
        Column("", 3, optional=True),
    )
    emit_fitted(columns, rows)
    if found.failing > len(rows):
        sheet.say(f"and {found.failing - len(rows)} more: --json has the first 50")


def _routes(sheet: Sheet, found: Analysis) -> None:
    from nexoide.cli.sheet import Column, emit_fitted
    from nexoide.tui.format import milliseconds

    if not found.routes:
        return
    sheet.title("Routes")
    rows = []
    for one in found.routes[:SHOWN]:
        refused = f"{one.client_errors / one.requests:.1%}" if one.client_errors else ""
        counted = (one.route, one.target, f"{one.requests:,}", f"{one.error_rate:.1%}", refused)
        rows.append((*counted, _trend(one.trend), milliseconds(one.p50_ms), milliseconds(one.p95_ms)))
    columns = (
        Column("ROUTE", 12),
        Column("TARGET", 6),
        Column("REQUESTS", right=True),
        Column("FAILED", right=True),
        Column("4XX", right=True, optional=True),
        Column("TREND", optional=True),
        Column("P50", right=True),
        Column("P95", right=True),
    )
    emit_fitted(columns, rows)


def _repair(sheet: Sheet, found: Analysis) -> None:
    from nexoide.cli.sheet import Column, emit_fitted
    from nexoide.tui.format import age

    if not found.repair:
        return
    sheet.title("Time to repair")
    rows = [(one.category or "all", f"{one.resolved:,}", age(one.median), age(one.mean), age(one.longest)) for one in found.repair]
    columns = (Column("CLASS", 8), Column("RESOLVED", right=True), Column("MEDIAN", right=True), Column("MEAN", right=True), Column("LONGEST", right=True))
    emit_fitted(columns, rows)


def _targets(sheet: Sheet, found: Analysis) -> None:
    from nexoide.cli.sheet import Column, emit_fitted
    from nexoide.tui.format import age

    if not found.targets:
        return
    sheet.title("Targets")
    rows = []
    for one in found.targets[:SHOWN]:
        up = "" if one.uptime is None else f"{one.uptime:.2%}"
        unwell = age(one.unhealthy) if one.unhealthy >= 1 else ""
        given_up = str(one.given_up) if one.given_up else ""
        rows.append((one.name, one.state.replace("_", " "), up, age(one.watched), str(one.restarts), str(one.failures), given_up, unwell))
    columns = (
        Column("TARGET", 8),
        Column("STATE"),
        Column("UPTIME", right=True),
        Column("OF", right=True),
        Column("RESTARTS", right=True),
        Column("CRASHES", right=True),
        Column("GIVEN UP", right=True, optional=True),
        Column("UNWELL", right=True, optional=True),
    )
    emit_fitted(columns, rows)


def _trend(trend: Trend) -> str:
    if trend.word == "unknown":
        return ""
    arrow = {"up": "▲", "down": "▼"}.get(trend.word, "=")
    return f"{arrow} {trend.ratio:.1f}×" if trend.ratio is not None and trend.word != "level" else arrow
