"""logs: what the supervised programs print, the last lines or live."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nexoide.cli.options import WorkspaceOption, workspace_at
from nexoide.errors import NotFoundError, UnavailableError
from nexoide.workspace import Workspace

if TYPE_CHECKING:
    from nexoide.model.target import OutputPiece

AWAY_SECONDS = 8.0
"""How long a supervisor that is gone is waited for: it may be on its way to start again."""
_STEP = 0.2
_COLOURS = (36, 33, 35, 32, 34, 96, 93, 95, 92, 94)
OWN_LOG = "supervisor"


def logs(
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on with what is printed from now on, until Ctrl-C or the supervisor's end.")] = False,
    lines: Annotated[int, typer.Option("-n", "--lines", metavar="N", min=0, max=10_000, help="How many of the last lines of each target.")] = 100,
    target: Annotated[
        list[str] | None, typer.Option("--target", "-t", metavar="NAME", help="Only this one; may be given again; 'supervisor' is its own log.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line: target, line, at.")] = False,
) -> None:
    """Print what the targets printed: 'nexoide logs -f --target shop' follows one of them live."""
    from nexoide.client.control import Control

    where, names = workspace_at(workspace), target or []
    if follow:
        try:
            _follow(where, names, lines, as_json=as_json)
        except KeyboardInterrupt:
            pass  # that is how following ends
        return
    try:
        found = Control(where.socket).output(names, lines)
    except UnavailableError:
        found = _without_supervisor(where, names, lines)
    printer = _Printer(as_json=as_json, prefixed=len(names) != 1 and len(found) > 1, known=[piece.target for piece in found])
    for piece in found:
        printer.show(piece)


class _Printer:
    """Prints pieces: each line after its target's name where there are several, or as JSON."""

    def __init__(self, *, as_json: bool, prefixed: bool, known: Sequence[str] = ()) -> None:
        self._as_json, self._prefixed = as_json, prefixed
        self._coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        self._seen = list(known)

    def show(self, piece: OutputPiece) -> None:
        """Print one piece and what is missing before it."""
        if piece.dropped:
            self._line(piece, f"(nexoide dropped {piece.dropped} bytes here: they came faster than they were read)", piece.dropped)
        for line in piece.lines:
            self._line(piece, line)
        sys.stdout.flush()

    def _line(self, piece: OutputPiece, line: str, dropped: int = 0) -> None:
        from nexoide.cli.output import clean

        if self._as_json:
            row = {"target": piece.target, "line": line, "at": piece.at} | ({"dropped": dropped} if dropped else {})
            sys.stdout.write(json.dumps(row) + "\n")
        else:
            sys.stdout.write((self._name(piece.target) if self._prefixed else "") + clean(line) + "\n")

    def _name(self, target: str) -> str:
        from nexoide.cli.output import clean

        if target not in self._seen:
            self._seen.append(target)
        name = f"{clean(target):<{max(len(seen) for seen in self._seen)}} | "
        return f"\x1b[{_COLOURS[self._seen.index(target) % len(_COLOURS)]}m{name}\x1b[0m" if self._coloured else name


def _follow(where: Workspace, names: Sequence[str], lines: int, *, as_json: bool) -> None:
    """Print until the supervisor has ended and does not come back; what is printed while it is away comes from the logs themselves."""
    from nexoide.cli.output import emit_sentence
    from nexoide.client.output import follow_output

    printer = _Printer(as_json=as_json, prefixed=len(names) != 1, known=names or _printed(where))
    cursors: dict[str, str] = {}
    gone_at = -1.0
    while True:
        try:
            for piece in follow_output(where.socket, names, lines, cursors):
                cursors[piece.target] = piece.cursor
                printer.show(piece)
                gone_at = -1.0
        except UnavailableError:
            if gone_at < 0 and not cursors:
                raise
        now = time.monotonic()
        if gone_at < 0:
            gone_at = now
        elif now - gone_at > AWAY_SECONDS:
            _rest(where, cursors, printer, final=True)
            emit_sentence("nexoide: the supervisor ended, and so does this.")
            return
        _rest(where, cursors, printer)
        time.sleep(_STEP)


def _rest(where: Workspace, cursors: dict[str, str], printer: _Printer, *, final: bool = False) -> None:
    """Print what came after the cursors, and move them."""
    from nexoide.supervisor.targets.output import OutputReader, cursor_of

    for name, text in list(cursors.items()):
        found = cursor_of(text)
        if found is None:
            continue
        reader = OutputReader(name, _path(where, name), found[1])
        while (piece := reader.take(time.time(), final=final)) is not None:
            printer.show(piece)
        cursors[name] = reader.cursor


def _printed(where: Workspace) -> list[str]:
    """Return the targets that have logs."""
    return sorted(path.name.removeprefix("target-").removesuffix(".log") for path in where.logs.glob("target-*.log"))


def _without_supervisor(where: Workspace, names: Sequence[str], lines: int) -> list[OutputPiece]:
    """Return the last lines from the logs themselves; raises NotFoundError where there is none of that name."""
    from nexoide.cli.output import emit_sentence
    from nexoide.supervisor.targets.output import OutputReader

    there = _printed(where)
    for name in names:
        if name not in there and name != OWN_LOG:
            raise NotFoundError(f"Nothing was printed by a target {name[:80]}; there are logs of: {', '.join(there) or 'none'}.")
    emit_sentence("nexoide: no supervisor runs: this is what the programs printed until it ended.")
    return [OutputReader(name, _path(where, name)).history(lines, whole=False) for name in names or there]


def _path(where: Workspace, name: str) -> Path:
    path = where.logs / f"target-{name}.log"
    return where.logs / f"{OWN_LOG}.log" if name == OWN_LOG and not path.exists() else path
