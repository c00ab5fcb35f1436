"""run: supervise one program with no configuration at all, in a repository or in a plain folder."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from nexoide.cli.options import WorkspaceOption
from nexoide.errors import AlreadyRunningError, UsageError
from nexoide.workspace import Workspace, find_workspace


class WhenLive(StrEnum):
    """When a saved change goes live: when it is safe, at once, or when nothing of it is being run."""

    auto = "auto"
    now = "now"
    quiescent = "quiescent"


def run(
    command: Annotated[list[str], typer.Argument(help="The program and its arguments, after --.")],
    name: Annotated[str, typer.Option("--name", help="What to call it; default: after its script.")] = "",
    tests: Annotated[str, typer.Option("--tests", metavar="CMD", help="The command that tests it.")] = "",
    headless: Annotated[bool, typer.Option("--headless", help="Stay here and print one line per event until it ends.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Headless, one JSON object per event and line.")] = False,
    reload: Annotated[bool, typer.Option("--reload", help="Take over what is saved into the running program; here, in the foreground.")] = False,
    when: Annotated[WhenLive, typer.Option("--when", help="With --reload: when a change goes live.")] = WhenLive.auto,
    restart_on_refusal: Annotated[bool, typer.Option("--restart-on-refusal", help="With --reload: restart it for what cannot be changed live.")] = False,
    watch: Annotated[list[Path] | None, typer.Option("--watch", metavar="DIR", help="With --reload: a folder to watch; default: this one.")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="With --reload: add one JSON object per save to FILE.")] = None,
    alone: Annotated[bool, typer.Option("--alone", help="With --reload: no supervisor, even where there is a nexoide.toml.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Run one program with no nexoide.toml: supervised until it ends, or (--reload) in the foreground, taking over what is saved."""
    from nexoide.cli import launch

    if reload:
        around = None if alone else find_workspace(workspace)
        if around is None or not around.config.is_file():
            raise typer.Exit(_reloading(command, when, restart_on_refusal, watch or [], report, as_json=as_json))
        workspace = around.root
    elif when is not WhenLive.auto or restart_on_refusal or watch or report is not None or alone:
        raise UsageError("--when, --restart-on-refusal, --watch, --report and --alone go with --reload: add it.")
    where = Workspace((workspace or Path.cwd()).resolve())
    pid = launch.running_pid(where) if where.root.is_dir() else 0
    if pid:
        raise AlreadyRunningError(f"A supervisor already runs for {where.root} (process {pid}): open it with 'nexoide', or end it with 'nexoide down'.")
    target = name or _name(command)
    extra = _reload_settings(where, when, restart_on_refusal) if reload else {}
    config = prepare(where, target, command, tests, extra)
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


def _reloading(command: list[str], when: WhenLive, restart: bool, watch: list[Path], report: Path | None, *, as_json: bool) -> int:
    """Run it here, in the foreground, with no supervisor; returns its exit code."""
    from nexoide.cli.reloading import session

    roots = session.roots_of(command, watch)
    options = session.Options(command=tuple(command), roots=roots, when=when.value, restart_on_refusal=restart, as_json=as_json, report=report)
    return session.run(options)


def _reload_settings(where: Workspace, when: WhenLive, restart: bool) -> dict[str, Any]:
    """Return what a target's settings say where it takes over what is saved."""
    here = Path.cwd()
    cwd = str(here.relative_to(where.root)) if here.is_relative_to(where.root) else "."
    return {"reload": True, "when": when.value, "restart_on_refusal": restart, "cwd": cwd}


def prepare(where: Workspace, name: str, command: list[str], tests: str, extra: Mapping[str, Any] | None = None) -> Path:
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
    config.write_text(run_text(name, command, tests_argv, extra or {}), encoding="utf-8")
    return config


def program_exists(root: Path, program: str) -> bool:
    """Return whether a command's first word names a program, as it would be found from the folder `root`."""
    if "/" in program:
        return shutil.which(str(root / program)) is not None
    return shutil.which(program) is not None
