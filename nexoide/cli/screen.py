"""Opening the screen: on a supervisor that runs, or on one that is started for it."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from nexoide.errors import UnavailableError, UsageError
from nexoide.workspace import Workspace, require_workspace


def need_terminal() -> None:
    """Raise UsageError where there is no terminal to draw on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The screen needs a terminal: run it in one, or use 'nexoide status', 'nexoide patches list' and 'nexoide journal tail'.")


def is_listening(where: Workspace) -> bool:
    """Return whether a supervisor takes connections; asks for nothing, so that the first frame need not wait for an answer."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2.0)
            probe.connect(str(where.socket))
    except OSError:
        return False
    return True


def open_workspace(path: Path | str | None) -> int:
    """Open the screen of the workspace at or above `path` (default: here); starts its supervisor where none runs."""
    need_terminal()
    where = require_workspace(Path(path) if path else None)
    if not is_listening(where):
        from nexoide.cli import launch

        launch.start(where)
    return open_screen(where)


def open_attached(where: Workspace) -> int:
    """Open the screen of a workspace whose supervisor runs; raises UnavailableError where none does."""
    need_terminal()
    if not is_listening(where):
        raise UnavailableError(f"No supervisor runs for {where.root}: start it with 'nexoide up', or run 'nexoide' there.")
    return open_screen(where)


def open_screen(where: Workspace) -> int:
    """Draw until the operator detaches; then say how to come back and how to end everything."""
    from nexoide.cli.operator import operator_name
    from nexoide.tui.run import run

    code = run(where, operator_name())
    if is_listening(where):
        say_farewell(where)
    return code


def say_farewell(where: Workspace) -> None:
    """Say how to come back and how to end everything."""
    import shlex

    from nexoide.cli.output import clean

    root = shlex.quote(str(where.root))
    sys.stdout.write(clean(f"Everything runs on.  Come back: nexoide attach --workspace {root}") + "\n")
    sys.stdout.write(clean(f"                     End it all: nexoide down --workspace {root}") + "\n")
