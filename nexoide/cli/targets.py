"""targets list|show|start|stop|restart|log: the supervised programs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, group, workspace_at

if TYPE_CHECKING:
    from nexoide.model.target import TargetStatus

app = group("The supervised programs.")
Name = Annotated[str, typer.Argument(help="A target's name, as in nexoide.toml.")]


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the targets and what was last observed of them."""
    from nexoide.cli.output import emit_json, emit_table
    from nexoide.client.control import Control

    found = Control(workspace_at(workspace).socket).status().targets
    if as_json:
        emit_json({"targets": found})
        return
    rows = [(t.name, t.state.replace("_", " "), _health(t), str(t.pid or ""), _up(t), str(t.restarts), _note(t)) for t in found]
    emit_table(("TARGET", "STATE", "HEALTH", "PID", "UP", "RESTARTS", "NOTE"), rows, "No targets.")


def _note(status: TargetStatus) -> str:
    return status.note or (status.health_note if status.health == "unwell" else "")


@app.command()
def show(
    target: Name,
    lines: Annotated[int, typer.Option("-n", "--lines", metavar="N", min=0, max=10_000, help="How many of the last lines.")] = 10,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one target: how it stands and since when, what it uses, why it was given up, and the last lines it printed."""
    from nexoide.cli.output import clock, emit, emit_fields, emit_json
    from nexoide.client.control import Control
    from nexoide.tui.format import plural

    found = Control(workspace_at(workspace).socket).target_detail(target, lines)
    if as_json:
        emit_json(found)
        return
    status = found.status
    processes = plural(found.processes, "process", "processes")
    uses = f"{found.memory_bytes / (1 << 20):.1f} MiB, {found.cpu_seconds:.1f} s of processor time, {processes}" if found.processes else ""
    gone = f"; {found.dropped_bytes:,} bytes ({plural(found.dropped_lines, 'line')}) before that were dropped" if found.dropped_bytes else ""
    health = (
        _health(status) + (f" since {clock(status.health_since)}" if status.health_since else "") + (f": {status.health_note}" if status.health_note else "")
    )
    emit_fields(
        [
            ("target", status.name),
            ("state", status.state.replace("_", " ") + (f" (process {status.pid})" if status.pid else "")),
            ("note", status.note),
            ("health", health),
            ("command", " ".join(status.command)),
            ("python", status.python),
            ("up", _up(status)),
            ("restarts", str(status.restarts) if status.restarts else ""),
            ("exit code", "" if status.exit_code is None else str(status.exit_code)),
            ("uses", uses),
            ("log", f"{found.log}, {found.log_bytes:,} bytes on the disk{gone}"),
        ]
    )
    if found.lines:
        emit()
    for line in found.lines:
        emit(line)


@app.command()
def start(target: Name, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Start a target, also one that was given up or that waits for others."""
    _act(target, "start", workspace, as_json)


@app.command()
def stop(target: Name, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Stop a target; it stays stopped."""
    _act(target, "stop", workspace, as_json)


@app.command()
def restart(target: Name, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Stop a target and start it again; what it held in memory is lost."""
    _act(target, "restart", workspace, as_json)


def _health(status: TargetStatus) -> str:
    return "" if status.health == "unknown" else status.health


def _up(status: TargetStatus) -> str:
    """Return for how long it runs, as people read it."""
    if status.state not in {"running", "attached"} or not status.started_at:
        return ""
    seconds = max(0, int(time.time() - status.started_at))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


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
    lines: Annotated[int, typer.Option("-n", "--lines", metavar="N", min=1, max=10_000, help="How many of the last lines.")] = 100,
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
