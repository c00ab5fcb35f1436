"""run: supervise one program with no configuration at all, in a repository or in a plain folder."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from nexoide.cli.options import WorkspaceOption
from nexoide.errors import AlreadyRunningError, UsageError
from nexoide.workspace import Workspace


def run(
    command: Annotated[list[str], typer.Argument(help="The program and its arguments, after --.")],
    name: Annotated[str, typer.Option("--name", help="What to call it; default: after its script.")] = "",
    tests: Annotated[str, typer.Option("--tests", metavar="CMD", help="The command that tests it.")] = "",
    headless: Annotated[bool, typer.Option("--headless", help="Stay here and print one line per event until it ends.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Headless, one JSON object per event and line.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Supervise one program, with no nexoide.toml, until it ends (headless) or until 'nexoide down'."""
    from nexoide.cli import launch

    where = Workspace((workspace or Path.cwd()).resolve())
    pid = launch.running_pid(where) if where.root.is_dir() else 0
    if pid:
        raise AlreadyRunningError(f"A supervisor already runs for {where.root} (process {pid}): open it with 'nexoide', or end it with 'nexoide down'.")
    target = name or _name(command)
    config = prepare(where, target, command, tests)
    if headless or as_json or not sys.stdout.isatty():
        from nexoide.cli.foreground import run_in_foreground

        raise typer.Exit(run_in_foreground(where, config, target, as_json=as_json))
    from nexoide.cli.screen import need_terminal, open_screen

    need_terminal()
    launch.start(where, config)
    raise typer.Exit(open_screen(where))


def _name(command: list[str]) -> str:
    from nexoide.cli.suggest import name_of_command

    return name_of_command(command)


def prepare(where: Workspace, name: str, command: list[str], tests: str) -> Path:
    """Make the folder a workspace with a settings file of its own inside .nexoide; returns that file."""
    from nexoide.cli.launch import RUN_CONFIG_NAME
    from nexoide.cli.output import emit_sentence
    from nexoide.cli.settings_file import run_text
    from nexoide.vcs.repository import Repository

    if not where.root.is_dir():
        raise UsageError(f"{where.root} is not a folder: --workspace names the folder in which the program runs.")
    if not program_exists(where.root, command[0]):
        raise UsageError(f"There is no program {command[0]}: name one that is on PATH, or give its path from {where.root}.")
    try:
        tests_argv = shlex.split(tests)
    except ValueError as error:
        raise UsageError(f"--tests {tests!r} is no command line ({error}): quote it as for a shell.") from None
    if Repository.open(where.root) is None:
        emit_sentence(f"nexoide: {where.root} is no git repository: patches are written to its files; with git they would be commits that can be reverted.")
    where.make_folders()
    config = where.state / RUN_CONFIG_NAME
    config.write_text(run_text(name, command, tests_argv), encoding="utf-8")
    return config


def program_exists(root: Path, program: str) -> bool:
    """Return whether a command's first word names a program, as it would be found from the folder `root`."""
    if "/" in program:
        return shutil.which(str(root / program)) is not None
    return shutil.which(program) is not None
