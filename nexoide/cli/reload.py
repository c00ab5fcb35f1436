"""reload list|show|explain: what saves brought into the running programs, and what a change would do there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption, group, workspace_at
from nexoide.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from nexoide.model.reload import Explanation, ProcessReload

app = group("What saves brought into the running programs, and what a change would do there.")
_ORDER = ("refused", "restart", "kept", "migrated", "replaced", "added", "removed", "runs", "unchanged")


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the newest reloads that saves caused, oldest first."""
    from nexoide.cli.output import emit_json
    from nexoide.cli.tables import reload_table
    from nexoide.client.control import Control

    found = Control(workspace_at(workspace).socket).reloads()
    if as_json:
        emit_json({"reloads": found})
    else:
        reload_table(found)


@app.command()
def show(
    reload: Annotated[str, typer.Argument(help="A reload's id, as L-1.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one reload: its files, and every definition in every process."""
    from nexoide.cli.output import clock, emit_fields, emit_json
    from nexoide.client.control import Control

    found = Control(workspace_at(workspace).socket).reload(reload)
    if as_json:
        emit_json(found)
        return
    hashes = [f"{file.path} ({file.before_sha256[:10] or 'not known'} → {file.after_sha256[:10] or 'deleted'})" for file in found.files]
    emit_fields(
        [
            ("reload", found.id),
            ("target", found.target),
            ("state", found.state.replace("_", " ") + (", restarted for it" if found.restarted else "")),
            ("summary", found.summary),
            ("at", clock(found.began_at)),
            ("files", "; ".join(hashes)),
        ]
    )
    _processes(found.processes)


@app.command()
def explain(
    subject: Annotated[list[str], typer.Argument(help="A patch's id (P-1), or files of the workspace as they are on disk.", metavar="PATCH|FILE…")],
    target: Annotated[str, typer.Option("--target", help="Ask the processes of this target alone.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a reload would do to each definition in each live process; nothing is changed.

    Exit code 4 where a process would refuse it, 5 where no process runs.
    """
    from nexoide.cli.output import emit, emit_fields, emit_json
    from nexoide.client.control import Control
    from nexoide.model.commands import ExplainCommand

    where = workspace_at(workspace)
    control = Control(where.socket)
    patches = {patch.id for patch in control.status().patches}
    if len(subject) == 1 and subject[0] in patches:
        command = ExplainCommand(patch=subject[0], target=target)
    else:
        command = ExplainCommand(files=tuple(_below(name, where.root) for name in subject), target=target)
    found = control.explain(command)
    if as_json:
        emit_json({"explanations": found})
    else:
        for number, one in enumerate(found):
            if number:
                emit()
            emit_fields([("target", one.target), ("it would", _verdict(one)), ("summary", one.summary)])
            _processes(one.processes)
    states = {one.state for one in found}
    if "refused" in states:
        raise typer.Exit(RefusedError.exit_code)
    if states <= {"absent", "gone"}:
        raise typer.Exit(UnavailableError.exit_code)


def _below(name: str, root: Path) -> str:
    """Return a file's path relative to the workspace; it is named from the current folder."""
    path = Path(name).resolve()
    return str(path.relative_to(root)) if path.is_relative_to(root) else name


def _verdict(one: Explanation) -> str:
    left = sum(item.action in {"refused", "restart"} for process in one.processes for item in process.definitions)
    words = {
        "refused": "be refused: restart the program for it, or stage it for the next start (--when next_start)",
        "already": "change nothing: it runs already",
        "not_loaded": "change nothing: the files are not imported yet",
        "absent": "wait: no process of it is attached",
        "gone": "not be known: its processes ended while they were asked",
    }
    return words.get(one.state, "go live" + (f", but for {left} definitions that need a restart" if left else ""))


def _processes(processes: tuple[ProcessReload, ...]) -> None:
    from nexoide.cli.output import emit, emit_table

    for process in processes:
        emit()
        emit(f"process {process.pid}: " + (process.error if not process.ok else process.state.replace("_", " ")))
        rows = [
            (item.action, item.kind, item.full, f"{Path(item.file).name}:{item.line}" if item.file and item.line else "", item.reason)
            for item in sorted(process.definitions, key=lambda item: _ORDER.index(item.action) if item.action in _ORDER else len(_ORDER))
        ]
        if rows:
            emit_table(("ACTION", "KIND", "DEFINITION", "WHERE", "REASON"), rows, "")
        for title, sentences in (("in the way", process.blockers), ("note", process.notes)):
            for sentence in sentences:
                emit(f"{title}: {sentence}")
