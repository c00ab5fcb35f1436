"""import: failures out of files from elsewhere into the feed of the running supervisor."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, workspace_at
from nexoide.errors import UsageError

if TYPE_CHECKING:
    from nexoide.incidents.imported import Imported

FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE", help="JUnit XML (*.xml), Sentry envelopes or events, or JSON errors.", show_default=False)]
TargetOption = Annotated[str, typer.Option("--target", metavar="NAME", help="Whose failures these are; default: as the files say, else pytest or sentry.")]

NAMED = 20


def import_(files: FilesArgument, target: TargetOption = "", workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Take the failures in files into the feed, as 'nexoide import reports/junit.xml' after a test run elsewhere."""
    from nexoide.cli.output import emit, emit_json
    from nexoide.client.control import Control
    from nexoide.client.reporting import report_all
    from nexoide.tui.format import plural

    found = [(path, _read(path, target)) for path in files]
    answer = report_all(Control(workspace_at(workspace).socket), [failure for _, one in found for failure in one.failures])
    if as_json:
        said = [{"file": str(path), "kind": one.kind, "failures": len(one.failures), "notes": one.notes} for path, one in found]
        emit_json({"files": said, "accepted": answer.accepted, "incidents": answer.incidents})
        return
    for path, one in found:
        emit(f"{path}: {one.kind}, {plural(len(one.failures), 'failure')}")
        for note in one.notes:
            emit(f"  {note}")
    named = ", ".join(answer.incidents[:NAMED]) + (f" and {len(answer.incidents) - NAMED} more" if len(answer.incidents) > NAMED else "")
    emit(f"{plural(answer.accepted, 'failure')} {'is' if answer.accepted == 1 else 'are'} in the feed{': ' + named if named else ''}.")


def _read(path: Path, target: str) -> Imported:
    from nexoide.errors import NotFoundError
    from nexoide.incidents.imported import MAX_BYTES, imported
    from nexoide.journal.storage import read_bytes

    try:
        data = read_bytes(path, limit=MAX_BYTES)
    except NotFoundError:
        raise UsageError(f"{path} does not exist: name a JUnit XML file, a Sentry envelope or a file of JSON errors.") from None
    result = imported(data, name=str(path), target=target, now=time.time())
    if result.kind == "JUnit XML" and not target:
        return _named(result, "pytest")
    return result


def _named(result: Imported, target: str) -> Imported:
    from dataclasses import replace

    return replace(result, failures=[replace(failure, target=target) for failure in result.failures])
