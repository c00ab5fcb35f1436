"""What is true now, for people: the supervisor, its targets, what fails, what waits for a decision, and where failures come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nexoide.cli.output import emit, emit_fields
from nexoide.cli.sheet import BAD, PLAIN, Column, emit_fitted
from nexoide.cli.tables import QUIET, incident_table, ordered, patch_table, reload_table, target_table

if TYPE_CHECKING:
    from nexoide.model.commands import SourceStatus, StatusAnswer
    from nexoide.model.route import RouteCount

SHOWN_RELOADS = 5
SHOWN_ROUTES = 8
_DONE = frozenset({"stale", "rejected", "invalid", "failed", "reverted"})


def emit_status(answer: StatusAnswer) -> None:
    """Print the page."""
    supervisor = f"nexoide {answer.version}, process {answer.pid}, {answer.events:,} events"
    fields = [("workspace", answer.workspace), ("supervisor", supervisor), ("policy", answer.policy), ("socket", answer.socket)]
    emit_fields([*fields, ("sentry dsn", answer.sentry_dsn), ("errors", answer.errors_url and f"POST {answer.errors_url}")])
    emit()
    target_table(answer.targets)
    emit()
    failing = [one for one in answer.incidents if one.state not in QUIET]
    incident_table(ordered(failing), empty="Nothing fails." if answer.incidents else "No incidents.")
    if len(answer.incidents) > len(failing):
        emit(f"{len(answer.incidents) - len(failing)} are resolved, ignored or merged: 'nexoide incidents list --all' shows them.")
    emit()
    shown = [patch for patch in answer.patches if patch.state not in _DONE]
    patch_table(shown)
    if len(answer.patches) > len(shown):
        emit(f"{len(answer.patches) - len(shown)} were turned down or went stale: 'nexoide patches list' shows them.")
    _sources(answer.sources)
    _routes(answer)
    if answer.reloads:
        emit()
        reload_table(answer.reloads[-SHOWN_RELOADS:])


def _sources(sources: Iterable[SourceStatus]) -> None:
    rows = []
    for one in sources:
        counted = ", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in one.counts.items() if count)
        rows.append((one.name, one.kind, one.target, f"{one.failures:,}", f"{one.dropped:,}" if one.dropped else "", one.note or counted))
    if rows:
        emit()
        columns = (
            Column("SOURCE", 10, from_left=True),
            Column("KIND"),
            Column("TARGET", 6, optional=True),
            Column("FAILURES SEEN", right=True),
            Column("DROPPED", right=True, optional=True),
            Column("NOTE", 8, optional=True),
        )
        emit_fitted(columns, rows)


def _routes(answer: StatusAnswer) -> None:
    from nexoide.model.route import quantile
    from nexoide.tui.format import milliseconds, plural

    every: list[tuple[str, RouteCount]] = [(target, route) for target, routes in answer.routes.items() for route in routes]
    every.sort(key=lambda pair: (-pair[1].errors, -pair[1].count, pair[1].route))
    if not every:
        return
    emit()
    rows = []
    for target, one in every[:SHOWN_ROUTES]:
        failed = f"{one.errors / one.count:.1%}" if one.count else ""
        refused = f"{one.client_errors / one.count:.1%}" if one.client_errors else ""
        rows.append((one.route, target, f"{one.count:,}", failed, refused, milliseconds(quantile(one, 0.5)), milliseconds(quantile(one, 0.95))))
    columns = (
        Column("ROUTE", 12),
        Column("TARGET", 6),
        Column("REQUESTS", right=True),
        Column("FAILED", right=True),
        Column("4XX", right=True, optional=True),
        Column("P50", right=True),
        Column("P95", right=True),
    )
    emit_fitted(columns, rows, [BAD if one.errors else PLAIN for _, one in every[:SHOWN_ROUTES]])
    if len(every) > SHOWN_ROUTES:
        emit(f"and {plural(len(every) - SHOWN_ROUTES, 'more route')}: 'nexoide analyze' says which matter.")
