"""incidents list|show|ignore|reopen|resolve|merge|split: groups of like failures, and what is said of them."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, group, workspace_at
from nexoide.errors import UsageError

if TYPE_CHECKING:
    from nexoide.model.commands import IncidentAction
    from nexoide.model.incident import Incident

app = group("Groups of like failures.")
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="An incident's id, as I-1.")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Kept with it, and shown.")]
_WAYS = ("message", "route", "target", "caller")
_STATES = ("open", "probation", "resolved", "ignored", "merged")


@app.command("list")
def list_(
    state: Annotated[list[str] | None, typer.Option("--state", metavar="STATE", help="open, probation, resolved, ignored or merged; repeatable.")] = None,
    category: Annotated[list[str] | None, typer.Option("--class", metavar="CLASS", help="As 'timeout' or 'rate limit'; repeatable.")] = None,
    target: Annotated[list[str] | None, typer.Option("--target", metavar="NAME", help="Seen in this target; repeatable.")] = None,
    since: Annotated[str, typer.Option("--since", metavar="SPAN", help="Seen within this span, as 24h.")] = "",
    every: Annotated[bool, typer.Option("--all", help="With those that are resolved, ignored or merged.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what fails, warnings last, else the latest first: 'nexoide incidents list --class timeout --since 24h'. With --json, all that match are in it."""
    from nexoide.cli.output import emit_json
    from nexoide.cli.spans import seconds_of
    from nexoide.cli.tables import BARS, QUIET, RATE_SECONDS, incident_table, ordered
    from nexoide.client.control import Control
    from nexoide.client.requests import IncidentFilter

    category = [_classes().get(name.casefold(), name) for name in category or ()]
    _check(state or [], category)
    control = Control(workspace_at(workspace).socket)
    began = time.time() - seconds_of(since) if since else 0.0
    found = control.incidents(IncidentFilter(state or (), category, target or (), began, short=not as_json))
    if as_json:
        emit_json({"incidents": found})
        return
    shown = [one for one in ordered(found) if every or state or one.state not in QUIET]
    hidden = [one for one in found if one not in shown]
    asked = state or category or target or since
    nothing = ("None of those fails." if asked else "Nothing fails.") if hidden else ("No incident matches." if asked else "No incidents.")
    incident_table(shown, control.incident_rates(RATE_SECONDS, BARS), nothing)
    _say_hidden(hidden)


def _classes() -> dict[str, str]:
    """Return the classes by their names in small letters."""
    from typing import get_args

    from nexoide.model.incident import Category

    return {name.casefold(): name for name in get_args(Category)}


def _check(states: list[str], classes: list[str]) -> None:
    for name in states:
        if name not in _STATES:
            raise UsageError(f"{name[:40]!r} is no state of an incident: name one of {', '.join(_STATES)}.")
    for name in classes:
        if name not in _classes().values():
            raise UsageError(f"{name[:40]!r} is no class of incidents: name one of {', '.join(_classes().values())}.")


def _say_hidden(hidden: list[Incident]) -> None:
    from nexoide.cli.output import emit

    if hidden:
        states = Counter(str(one.state) for one in hidden)
        parts = ", ".join(f"{states[name]} {name}" if len(states) > 1 else name for name in _STATES if states[name])
        emit(f"{len(hidden)} hidden ({parts}): --all shows {'it' if len(hidden) == 1 else 'them'}.")


@app.command()
def show(incident: IdArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show all that is known of one incident: 'nexoide incidents show I-1'."""
    from nexoide.cli.incident_page import emit_page
    from nexoide.cli.output import emit_json
    from nexoide.client.control import Control
    from nexoide.model.codec import to_builtins

    found = Control(workspace_at(workspace).socket).incident(incident)
    if as_json:
        beside = {"patches": found.patches, "similar": found.similar, "merged": found.merged, "rate": found.rate}
        emit_json({**to_builtins(found.incident), **beside})
    else:
        emit_page(found)


@app.command()
def ignore(incident: IdArgument, reason: ReasonOption = "", workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Count an incident on, and trouble nobody with it: 'nexoide incidents ignore I-1 --reason "known, harmless"'."""
    _say(incident, "ignore", workspace, as_json, reason)


@app.command()
def reopen(incident: IdArgument, reason: ReasonOption = "", workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Take an incident up again that was ignored or resolved: 'nexoide incidents reopen I-1'."""
    _say(incident, "reopen", workspace, as_json, reason)


@app.command()
def resolve(incident: IdArgument, reason: ReasonOption = "", workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say that an incident is mended: 'nexoide incidents resolve I-1'; should it fail again, it comes back as a regression."""
    _say(incident, "resolve", workspace, as_json, reason)


@app.command()
def merge(
    incident: IdArgument,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The incident that it is counted with from now on.")],
    reason: ReasonOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count one incident with another: 'nexoide incidents merge I-2 I-1'."""
    _say(incident, "merge", workspace, as_json, reason, into=into)


@app.command()
def split(
    incident: IdArgument,
    by: Annotated[
        str, typer.Option("--by", metavar="HOW", help="Tell failures apart by: message, route, target or caller; without it, what was merged is parted.")
    ] = "",
    reason: ReasonOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make several incidents of one: 'nexoide incidents split I-1 --by route'; without --by, undo merges."""
    if by and by not in _WAYS:
        raise UsageError(f"{by[:40]!r} sets no failures apart: name one of {', '.join(_WAYS)}.")
    _say(incident, "split", workspace, as_json, reason, by=by)


def _say(incident: str, action: IncidentAction, workspace: Path | None, as_json: bool, reason: str, *, into: str = "", by: str = "") -> None:
    from nexoide.cli.operator import operator_name
    from nexoide.cli.output import emit, emit_json
    from nexoide.client.control import Control
    from nexoide.model.commands import IncidentCommand

    command = IncidentCommand(action=action, operator=operator_name(), reason=reason, into=into, by=by)
    answer = Control(workspace_at(workspace).socket).incident_action(incident, command)
    if as_json:
        emit_json(answer)
    else:
        emit(answer.sentence)
