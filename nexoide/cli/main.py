"""Where every command begins and ends: the screen at once where no command is named, and one sentence for every error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nexoide import __version__
from nexoide.errors import NexoideError

INTERRUPTED = 130
BROKEN_PIPE = 1  # as typer has it
_WORKSPACE_OPTIONS = ("-w", "--workspace")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (those of `errors.py`, 130 for Ctrl-C, 1 where nobody reads the output)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except NexoideError as error:
        _report(error, as_json="--json" in _before_dashes(arguments))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return BROKEN_PIPE
    return code


def _run(arguments: list[str]) -> int:
    """Dispatch; what opens the screen, and the version, do without the command line's library."""
    if arguments == ["--version"]:
        sys.stdout.write(f"nexoide {__version__}\n")
        return 0
    attach = arguments[:1] == ["attach"]
    start = _screen_of(arguments[1:] if attach else arguments)
    if start is not None:
        from nexoide.cli.screen import open_attached, open_workspace
        from nexoide.workspace import require_workspace

        place = Path(start) if start else None
        return open_attached(require_workspace(place)) if attach else open_workspace(place)
    from nexoide.cli.app import dispatch

    return dispatch(arguments)


def _screen_of(arguments: list[str]) -> Path | str | None:
    """Return where the screen is to be opened ("" for here), or None where a command is named."""
    if not arguments:
        return os.environ.get("NEXOIDE_WORKSPACE", "")
    if len(arguments) == 2 and arguments[0] in _WORKSPACE_OPTIONS:
        return Path(arguments[1])
    if len(arguments) == 1 and arguments[0].startswith("--workspace="):
        return Path(arguments[0].partition("=")[2])
    return None


def _before_dashes(arguments: list[str]) -> list[str]:
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _report(error: NexoideError, *, as_json: bool) -> None:
    from nexoide.cli.output import clean, emit_json

    try:
        if as_json:
            emit_json({"error": error.sentence, "kind": type(error).__name__, "exit_code": error.exit_code})
            sys.stdout.flush()
        sys.stderr.write(f"nexoide: {clean(error.sentence)}\n")
    except BrokenPipeError:
        _forget_stdout()


def _forget_stdout() -> None:
    """Point the output at nothing, so that the interpreter's own last flush finds no broken pipe."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
