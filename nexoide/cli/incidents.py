"""incidents list|show: groups of like failures."""

from __future__ import annotations

from typing import Annotated

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, group, workspace_at
from nexoide.errors import NotFoundError
from nexoide.model.incident import Incident

app = group("Groups of like failures.")


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the incidents, oldest first."""
    from nexoide.cli.output import emit_json
    from nexoide.cli.tables import incident_table
    from nexoide.client.control import Control

    found = Control(workspace_at(workspace).socket).status().incidents
    if as_json:
        emit_json({"incidents": found})
    else:
        incident_table(found)


@app.command()
def show(
    incident: Annotated[str, typer.Argument(help="An incident's id, as I-1.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one incident with the traceback of its first occurrence."""
    from nexoide.cli.output import emit_json
    from nexoide.client.control import Control

    answer = Control(workspace_at(workspace).socket).status()
    for found in answer.incidents:
        if found.id == incident:
            if as_json:
                emit_json(found)
            else:
                _show(found, [patch.id for patch in answer.patches if patch.incident == incident])
            return
    raise NotFoundError(f"There is no incident {incident}: 'nexoide incidents list' shows them all.")


def _show(incident: Incident, patches: list[str]) -> None:
    from nexoide.cli.output import clock, emit, emit_fields

    emit_fields(
        [
            ("incident", incident.id),
            ("state", incident.state + (f" ({incident.note})" if incident.note else "")),
            ("error", f"{incident.error_class}: {incident.message}"),
            ("where", f"{incident.file}:{incident.line} in {incident.function}" if incident.file else "outside the workspace"),
            ("target", incident.target),
            ("seen", f"{incident.count} times, {clock(incident.first_at)} to {clock(incident.last_at)}"),
            ("returned", f"{incident.recurrences} times after it was healed" if incident.recurrences else ""),
            ("fingerprint", incident.fingerprint),
            ("patches", ", ".join(patches)),
        ]
    )
    for raised in reversed(incident.sample.exceptions):
        emit()
        for frame in raised.frames:
            emit(f"  {frame.file}:{frame.line} in {frame.function}")
            if frame.source.strip():
                emit(f"    {frame.source.strip()}")
        emit(f"{raised.type}: {raised.message}")
