"""Where an incident is and how it stands, in the words that the feed and the page share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexoide.tui import format as fmt

if TYPE_CHECKING:
    from nexoide.model.incident import Incident

COLOURS = {"open": "fail", "probation": "focus", "resolved": "ok"}
"""What colour the state of an incident has; the others are quiet."""


def place_of(incident: Incident) -> str:
    """Return where an incident's deepest line of the program is; of what was only said (no exception), on which route or by which target."""
    if incident.file:
        return f"{incident.file}:{incident.line}"
    if incident.sample.exceptions:
        return "outside the workspace"
    return next(iter(incident.routes), "") or incident.target or "no place is known"


def state_words(incident: Incident) -> str:
    """Return an incident's state in a word or two; one that came back after it was resolved says so."""
    if incident.state == "open" and incident.recurrences:
        return "came back" + (f" ×{incident.recurrences}" if incident.recurrences > 1 else "")
    return "failing" if incident.state == "open" else incident.state


def standing(incident: Incident, now: float) -> str:
    """Return an incident's state in words, with since when where that is known."""
    if incident.state == "resolved":
        return f"resolved {fmt.age(now - incident.resolved_at)} ago" if incident.resolved_at else "resolved"
    if incident.state != "open":
        return {"probation": "on probation", "merged": f"merged into {incident.into}"}.get(incident.state, incident.state)
    if not incident.recurrences:
        return f"failing for {fmt.age(now - incident.first_at)}"
    return "failing again: it came back" + (f" {incident.recurrences} times" if incident.recurrences > 1 else "")
