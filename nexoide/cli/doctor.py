"""doctor: what works here, and what to do about what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nexoide.cli.options import JsonOption
from nexoide.errors import UnavailableError


def doctor(
    workspace: Annotated[Path | None, typer.Option("--workspace", "-w", metavar="PATH", help="The workspace to look at; default: found from here.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what works here: git, sandbox, terminal, interpreters, folders; exit code 5 where something required is missing."""
    from nexoide.cli.checkup import examine
    from nexoide.cli.output import emit, emit_json

    checks = examine(workspace)
    missing = [check for check in checks if check.required and not check.ok]
    if as_json:
        emit_json({"ok": not missing, "checks": checks})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            emit(f"{'✓' if check.ok else '✗' if check.required else '·'} {check.name:<{width}}  {check.found}")
            if check.advice:
                emit(f"  {'':<{width}}  → {check.advice}")
        emit()
        emit("Everything that is required works." if not missing else f"Required and missing: {', '.join(check.name for check in missing)}.")
    if missing:
        raise typer.Exit(UnavailableError.exit_code)
