"""All commands, put together."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from nexoide import __version__
from nexoide.cli import analyze, demo, doctor, heal, importing, incidents, init, journal, logs, monitor, patches, reload, rules, run, supervisor, targets
from nexoide.cli.options import WORKSPACE_VARIABLE, WorkspaceOption, group

app = group(
    "A full-screen terminal IDE that supervises programs, proposes patches for what fails, and heals them live; "
    "without a command, it opens the screen of this workspace."
)
app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("up")(supervisor.up)
app.command("down")(supervisor.down)
app.command("attach")(supervisor.attach)
app.command("status")(supervisor.status)
app.command("heal")(heal.heal)
app.command("analyze")(analyze.analyze)
app.command("logs")(logs.logs)
app.command("monitor")(monitor.monitor)
app.command("run", context_settings={"allow_interspersed_args": False})(run.run)
app.command("import")(importing.import_)
app.add_typer(incidents.app, name="incidents")
app.add_typer(patches.app, name="patches")
app.add_typer(targets.app, name="targets")
app.add_typer(reload.app, name="reload")
app.add_typer(rules.app, name="rules")
app.add_typer(journal.app, name="journal")
app.add_typer(journal.audit_app, name="audit")
app.command("doctor")(doctor.doctor)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nexoide {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def screen(
    context: typer.Context,
    workspace: WorkspaceOption = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Open the screen of this workspace; with a command, run that instead."""
    if workspace is not None:
        os.environ[WORKSPACE_VARIABLE] = str(workspace)  # before a command's own options are read, so that it is their default
    if context.invoked_subcommand is None:
        from nexoide.cli.screen import open_workspace

        raise typer.Exit(open_workspace(workspace))


def dispatch(arguments: list[str]) -> int:
    """Run the command that the arguments name; returns the exit code."""
    try:
        typer.main.get_command(app).main(args=arguments, prog_name="nexoide")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
