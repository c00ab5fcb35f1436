"""patches list|show|approve|reject|revert: what was proposed, and deciding about it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nexoide.cli.options import JsonOption, PatchArgument, WorkspaceOption, group, workspace_at
from nexoide.errors import ConflictError, RefusedError, UsageError

if TYPE_CHECKING:
    from nexoide.client.control import Control
    from nexoide.client.requests import Verb
    from nexoide.model.patch import Patch

app = group("Proposed changes, and deciding about them.")
DigestOption = Annotated[str, typer.Option("--digest", metavar="SHA256", help="The digest you have seen; anything else is refused.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not show it again and do not ask.")]
WhenOption = Annotated[
    Literal["", "auto", "now", "quiescent", "next_start"],
    typer.Option("--when", help="When it goes live: auto, now, quiescent or next_start; default: as the target's settings say.", show_default=False),
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Kept with the decision.")]


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the patches, oldest first."""
    from nexoide.cli.output import emit_json
    from nexoide.cli.tables import patch_table
    from nexoide.client.control import Control

    found = Control(workspace_at(workspace).socket).status().patches
    if as_json:
        emit_json({"patches": found})
    else:
        patch_table(found)


@app.command()
def show(
    patch: PatchArgument,
    diff: Annotated[bool, typer.Option("--diff", help="Print the diff alone.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one patch: rationale, evidence, confidence, digest and diff."""
    from nexoide.cli.difference import patch_diff
    from nexoide.cli.output import emit, emit_diff, emit_json
    from nexoide.client.control import Control
    from nexoide.model.codec import to_builtins

    control = Control(workspace_at(workspace).socket)
    found = control.patch(patch)
    lines = patch_diff(found, control.blob)
    if as_json:
        emit_json({**to_builtins(found), "diff": "\n".join(lines)})
        return
    if not diff:
        _describe(found)
        emit()
    emit_diff(lines)


@app.command()
def approve(
    patch: PatchArgument,
    digest: DigestOption = "",
    yes: YesOption = False,
    reason: ReasonOption = "",
    when: WhenOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Approve a patch: it is committed and taken over by the running program (or, --when next_start, by the next one)."""
    _decide("approve", patch, digest, yes, reason, workspace, as_json, when)


@app.command()
def reject(
    patch: PatchArgument,
    digest: DigestOption = "",
    yes: YesOption = False,
    reason: ReasonOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reject a patch: it is kept to be read and never applied."""
    _decide("reject", patch, digest, yes, reason, workspace, as_json)


@app.command()
def revert(
    patch: PatchArgument,
    digest: DigestOption = "",
    yes: YesOption = False,
    reason: ReasonOption = "",
    when: WhenOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Revert a deployed patch: the commit is reverted, the running program goes back."""
    _decide("revert", patch, digest, yes, reason, workspace, as_json, when)


def _decide(verb: Verb, patch_id: str, digest: str, yes: bool, reason: str, workspace: Path | None, as_json: bool, when: str = "") -> None:
    from nexoide.cli.operator import operator_name
    from nexoide.cli.output import emit, emit_json
    from nexoide.client.control import Control
    from nexoide.model.commands import DecideCommand

    control = Control(workspace_at(workspace).socket)
    patch = control.patch(patch_id)
    named = _checked_digest(control, patch, digest)
    if not yes:
        _ask(verb, control, patch)
    decided = getattr(control, verb)(patch_id, DecideCommand(digest=named, operator=operator_name(), reason=reason, when=when))
    if as_json:
        emit_json(decided)
    else:
        emit(decided.sentence)


def _checked_digest(control: Control, patch: Patch, named: str) -> str:
    """Return the digest to decide about: the patch's own, computed again from what would be shown, and the one that was named."""
    from nexoide.model.patch import patch_digest

    if not patch.digest:
        raise RefusedError(f"{patch.id} is {patch.state} and has not been validated, so there is nothing to decide yet.")
    if patch_digest(control.status().workspace, patch) != patch.digest:
        raise ConflictError(f"The digest of {patch.id} does not belong to its content: decide nothing about it, and run 'nexoide audit verify'.")
    if named and named != patch.digest:
        raise ConflictError(f"{patch.id} has the digest {patch.digest}, not {named}: it is not the patch you have seen; look at it again.")
    return patch.digest


def _ask(verb: Verb, control: Control, patch: Patch) -> None:
    from nexoide.cli.difference import patch_diff
    from nexoide.cli.output import emit, emit_diff

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(f"'patches {verb}' shows the patch and asks, which needs a terminal: give --yes, and --digest to name what you have seen.")
    lines = patch_diff(patch, control.blob)
    _describe(patch)
    emit()
    emit_diff(lines)
    emit()
    sys.stdout.write(f"{verb.capitalize()} {patch.id} with the digest {patch.digest}? [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise RefusedError(f"Nothing was decided about {patch.id}.")


def _describe(patch: Patch) -> None:
    from nexoide.cli.output import clock, emit, emit_fields, percent

    marks = {"passed": "✓", "failed": "✗", "inconclusive": "·"}
    emit_fields(
        [
            ("patch", f"{patch.id}  {patch.title}"),
            ("state", patch.state + (f" ({patch.reason})" if patch.reason else "")),
            ("incident", patch.incident),
            ("target", patch.target),
            ("by", f"{patch.author}, rule {patch.rule}, at {clock(patch.proposed_at)} in {patch.latency_ms:.0f} ms"),
            ("confidence", percent(patch.confidence)),
            ("decided by", patch.decided_by),
            ("commit", patch.commit),
            ("digest", patch.digest),
        ]
    )
    emit()
    for line in patch.rationale.splitlines():
        emit(line)
    for item in patch.evidence:
        emit(f"{marks[item.outcome]} {item.kind}: {item.summary}" + (f" ({item.milliseconds:.0f} ms)" if item.milliseconds else ""))
        for line in item.detail:
            emit(f"    {line}")
