"""targets list|start|stop|restart|log: the supervised programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, group, workspace_at

app = group("The supervised programs.")
Name = Annotated[str, typer.Argument(help="A target's name, as in nexoide.toml.")]


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the targets and what was last observed of them."""
    from nexoide.cli.output import emit_json
    from nexoide.cli.tables import target_table
    from nexoide.client.control import Control

    found = Control(workspace_at(workspace).socket).status().targets
    if as_json:
        emit_json({"targets": found})
    else:
        target_table(found)


@app.command()
def start(target: Name, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Start a target."""
    _act(target, "start", workspace, as_json)


@app.command()
def stop(target: Name, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Stop a target; it stays stopped."""
    _act(target, "stop", workspace, as_json)


@app.command()
def restart(target: Name, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Stop a target and start it again; what it held in memory is lost."""
    _act(target, "restart", workspace, as_json)


def _act(target: str, action: Literal["start", "stop", "restart"], workspace: Path | None, as_json: bool) -> None:
    from nexoide.cli.output import emit, emit_json
    from nexoide.client.control import Control

    answer = Control(workspace_at(workspace).socket).target_action(target, action)
    if as_json:
        emit_json(answer)
    else:
        emit(f"{answer.name}: {answer.state}" + (f" (process {answer.pid})" if answer.pid else "") + (f": {answer.note}" if answer.note else ""))


@app.command()
def log(
    target: Name,
    lines: Annotated[int, typer.Option("-n", "--lines", min=1, max=10_000, help="How many of the last lines.")] = 100,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the last lines that a target printed."""
    from nexoide.cli.output import emit, emit_json
    from nexoide.client.control import Control

    found = Control(workspace_at(workspace).socket).target_log(target, lines)
    if as_json:
        emit_json({"target": target, "lines": found})
        return
    for line in found:
        emit(line)
