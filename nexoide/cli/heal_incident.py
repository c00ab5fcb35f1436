"""heal --incident: what the running supervisor found for one incident; where there is nothing yet, it is asked to look again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexoide.cli.options import workspace_at

if TYPE_CHECKING:
    from nexoide.client.control import Control
    from nexoide.model.details import IncidentDetails
    from nexoide.model.patch import Patch
    from nexoide.model.target import Thought

WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.1
MAX_EVENTS = 5000
_SETTLED = frozenset({"waiting", "approved", "live", "not_live"})


def heal_incident(incident: str, workspace: Path | None, *, as_json: bool) -> int:
    """Print an incident's diagnosis and patches and return the exit code: 0 where there is a patch to decide on or live, else 1."""
    from nexoide.cli.operator import operator_name
    from nexoide.cli.output import emit_json
    from nexoide.client.control import Control
    from nexoide.model.commands import IncidentCommand

    control = Control(workspace_at(workspace).socket)
    found = control.incident(incident)
    asked_at = 0
    if found.incident.state == "open" and not _settled(found):
        asked_at = control.status().events
        control.incident_action(incident, IncidentCommand(action="heal", operator=operator_name()))
        found = _waited(control, incident)
    thoughts = _thoughts(control, incident, asked_at)
    patches = sorted((patch for patch in found.patches if patch.state in _SETTLED), key=lambda patch: -(patch.confidence or 0.0))
    status = "fixed" if patches else "no_patch" if found.incident.note else "not_fixed"
    if as_json:
        emit_json(_document(found, patches, thoughts, control, status))
    else:
        _page(found, patches, thoughts, control)
    return 0 if patches else 1


def _settled(found: IncidentDetails) -> bool:
    return any(patch.state in _SETTLED for patch in found.patches)


def _waited(control: Control, incident: str) -> IncidentDetails:
    """Return the incident once a patch of it was judged, or it was said why there is none; after a minute, as it is."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        found = control.incident(incident)
        under_way = any(patch.state == "proposed" for patch in found.patches)
        if _settled(found) or (found.incident.note and not under_way) or time.monotonic() > deadline:
            return found
        time.sleep(PAUSE_SECONDS)


def _thoughts(control: Control, incident: str, asked_at: int) -> list[Thought]:
    """Return what was thought about the incident: since it was asked for, else in the newest events."""
    from nexoide.model.event import ThoughtSpoken

    after = asked_at or max(0, control.status().events - MAX_EVENTS)
    found: dict[tuple[str, str], Thought] = {}
    for _ in range(MAX_EVENTS // 1000 + 1):
        events = control.journal(after)
        for event in events:
            if isinstance(event.body, ThoughtSpoken) and event.body.thought.incident == incident:
                found.setdefault((event.body.thought.step, event.body.thought.text), event.body.thought)
        if len(events) < 1000:
            break
        after = events[-1].seq
    return list(found.values())


def _document(found: IncidentDetails, patches: list[Patch], thoughts: list[Thought], control: Control, status: str) -> dict[str, Any]:
    from nexoide.heal.document import evidence_row

    incident = found.incident
    return {
        "status": status,
        "incident": incident.id,
        "error_class": incident.error_class,
        "error": incident.message,
        "where": f"{incident.file}:{incident.line}, in {incident.function}" if incident.file else "",
        "said": incident.note,
        "thoughts": [{"step": item.step, "text": item.text} for item in thoughts],
        "advice": [],
        "patches": [
            {
                "id": patch.id,
                "state": patch.state,
                "title": patch.title,
                "rule": patch.rule,
                "confidence": patch.confidence,
                "parts": patch.parts,
                "bound": patch.bound,
                "vetoes": patch.vetoes,
                "evidence": [evidence_row(row) for row in patch.evidence],
                "rationale": patch.rationale,
                "alternatives": patch.alternatives,
                "unchecked": patch.unchecked,
                "cautions": patch.cautions,
                "diff": _diff(patch, control),
                "files": [change.path for change in patch.files],
            }
            for patch in patches
        ],
    }


def _diff(patch: Patch, control: Control) -> str:
    from nexoide.cli.difference import patch_diff

    lines = patch_diff(patch, control.blob)
    return "\n".join(lines) + "\n" if lines else ""


def _page(found: IncidentDetails, patches: list[Patch], thoughts: list[Thought], control: Control) -> None:
    from nexoide.cli.heal_page import patch_rows
    from nexoide.cli.output import emit
    from nexoide.cli.sheet import BAD, Sheet

    sheet, incident = Sheet(), found.incident
    sheet.say(f"{incident.id}  {incident.error_class}: {incident.message}", BAD)
    if incident.file:
        sheet.say(f"at {incident.file}:{incident.line}, in {incident.function}, {incident.count:,}×", indent=2)
    if thoughts:
        sheet.title("Thoughts")
        for item in thoughts:
            sheet.say(f"{item.step:<6} {item.text}", indent=2)
    for patch in patches:
        patch_rows(sheet, f"{patch.id}  {patch.title} ({patch.state})", patch.confidence or 0.0, patch, patch.evidence, _diff(patch, control), scored=patch)
    emit()
    if patches:
        sheet.say(f"Decide with 'nexoide patches approve {patches[0].id}' or 'nexoide patches reject {patches[0].id}'.")
    else:
        sheet.say(incident.note or f"{incident.id} is {incident.state}, and no patch of it waits.")
