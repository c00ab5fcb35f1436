"""journal tail|show and audit verify: everything that happened, in order, and whether it is what was stored."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, group, workspace_at
from nexoide.errors import JournalError, NotFoundError

if TYPE_CHECKING:
    from nexoide.model.event import Event

app = group("Everything that happened, in order.")
audit_app = group("Whether the journal is what was stored.")
_PAGE = 1000


@app.command()
def tail(
    lines: Annotated[int, typer.Option("-n", "--lines", metavar="N", min=0, max=100_000, help="How many of the last events.")] = 20,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on with new events until Ctrl-C.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the last events; with --follow --json, one JSON object a line."""
    from nexoide.cli.output import emit_json
    from nexoide.client.control import Control

    where = workspace_at(workspace)
    control = Control(where.socket)
    last = control.status().events
    after = max(0, last - lines)
    if follow:
        asyncio.run(_follow(where.socket, after, as_json))
        return
    found: list[Event] = []
    while after < last:
        page = control.journal(after, min(_PAGE, last - after))
        if not page:
            break
        found.extend(page)
        after = page[-1].seq
    if as_json:
        emit_json({"events": found})
        return
    for event in found:
        _print(event, as_json)


async def _follow(socket: Path, after: int, as_json: bool) -> None:
    from nexoide.client.commands import Client

    async for event in Client(socket).stream(after):
        _print(event, as_json)
        sys.stdout.flush()


def _print(event: Event, as_json: bool) -> None:
    from nexoide.cli.describe import line_of
    from nexoide.cli.output import emit
    from nexoide.model.codec import to_builtins

    if as_json:
        sys.stdout.write(json.dumps(to_builtins(event)) + "\n")
    else:
        emit(line_of(event))


@app.command()
def show(
    seq: Annotated[int, typer.Argument(min=1, help="The event's sequence number.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one event, whole."""
    from nexoide.cli.describe import line_of
    from nexoide.cli.output import emit, emit_json
    from nexoide.client.control import Control
    from nexoide.model.codec import to_builtins

    found = [event for event in Control(workspace_at(workspace).socket).journal(seq - 1, 1) if event.seq == seq]
    if not found:
        raise NotFoundError(f"There is no event {seq}: 'nexoide journal tail' shows the last ones.")
    if as_json:
        emit_json(found[0])
        return
    emit(line_of(found[0]))
    for line in json.dumps(to_builtins(found[0]), indent=2, ensure_ascii=True).splitlines():
        emit(line)


@audit_app.command()
def verify(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check the journal's chain, also against what git remembers of it; exit code 6, naming the first bad event, where it does not hold."""
    from nexoide.cli.output import emit, emit_json
    from nexoide.journal.verify import verify_file
    from nexoide.supervisor.anchors import git_anchors
    from nexoide.vcs.repository import Repository

    where = workspace_at(workspace)  # read from the disk, not asked of a supervisor: it works without one and need not trust one
    repository = Repository.open(where.root)
    answer = verify_file(where.journal, git_anchors(repository) if repository else [])
    if as_json:
        emit_json(answer)
    else:
        emit(answer.sentence)
    if not answer.ok:
        raise typer.Exit(JournalError.exit_code)
