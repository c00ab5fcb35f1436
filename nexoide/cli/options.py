"""The options that many commands share, and the workspace they name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from nexoide.errors import UsageError
from nexoide.workspace import Workspace, require_workspace

WORKSPACE_VARIABLE = "NEXOIDE_WORKSPACE"
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="PATH",
        envvar=WORKSPACE_VARIABLE,
        show_envvar=False,
        help="The workspace's folder; default: $NEXOIDE_WORKSPACE, or found from here upwards.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
_FURTHER = re.compile(r"; |: |\. |, as '")
PatchArgument = Annotated[str, typer.Argument(help="A patch's id, as P-1.")]


def workspace_at(path: Path | None) -> Workspace:
    """Return the workspace at or above `path` (default: here); raises UsageError where there is none."""
    if path is not None and not path.is_dir():
        raise UsageError(f"{path} is not a folder: --workspace names the folder with nexoide.toml.")
    return require_workspace(path)


class _Group(TyperGroup):
    """Lists its commands with the first words of what each does, whole; the rest and the examples are in the help of each."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, f"{_FURTHER.split(' '.join((self.commands[name].help or '').split()))[0].rstrip('.')}.") for name in self.commands])


def group(text: str) -> typer.Typer:
    """Return an empty group of commands, set up as all are."""
    return typer.Typer(
        cls=_Group,
        help=text,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
