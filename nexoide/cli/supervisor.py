"""up, down, attach and status: the supervisor of one workspace."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, workspace_at


def up(
    workspace: WorkspaceOption = None,
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay in this terminal until Ctrl-C; for service managers.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Start the supervisor and its targets; it runs on when this terminal is closed."""
    from nexoide.cli import launch
    from nexoide.cli.output import emit, emit_json
    from nexoide.errors import AlreadyRunningError

    where = workspace_at(workspace)
    if foreground:
        pid = launch.running_pid(where)
        if pid:
            raise AlreadyRunningError(f"A supervisor already runs for {where.root} (process {pid}): use it, or end it with 'nexoide down'.")
        line = launch.command(where, launch.settings_of(where))
        os.chdir(launch.package_folder())
        os.execv(sys.executable, line)  # noqa: S606 - our own interpreter and module: signals and exit code are then the supervisor's own
    pid, started = launch.start(where)
    if as_json:
        emit_json({"pid": pid, "started": started, "workspace": str(where.root), "socket": str(where.socket)})
    elif started:
        emit(f"The supervisor of {where.root} runs (process {pid}): 'nexoide' opens the screen, 'nexoide down' ends it.")
    else:
        emit(f"The supervisor of {where.root} runs already (process {pid}).")


def down(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """End the supervisor and its targets."""
    from nexoide.cli import launch
    from nexoide.cli.output import emit, emit_json

    where = workspace_at(workspace)
    pid = launch.stop(where)
    if as_json:
        emit_json({"pid": pid, "workspace": str(where.root)})
    else:
        emit(f"The supervisor of {where.root} (process {pid}) and its targets ended.")


def attach(workspace: WorkspaceOption = None) -> None:
    """Open the screen of a supervisor that runs."""
    from nexoide.cli.screen import open_attached

    raise typer.Exit(open_attached(workspace_at(workspace)))


def status(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say what is true now: targets, incidents, patches, and where failures come from. Example: 'nexoide status --json'."""
    from nexoide.cli.output import emit_json
    from nexoide.cli.status_page import emit_status
    from nexoide.client.control import Control

    answer = Control(workspace_at(workspace).socket).status()
    if as_json:
        emit_json(answer)
    else:
        emit_status(answer)
