"""Where an incident is and how it stands, in the words that the feed and the page share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexoide.tui import format as fmt

if TYPE_CHECKING:
    from nexoide.model.incident import Incident

OUTSIDE = "outside the workspace"
COLOURS = {"open": "fail", "probation": "focus", "resolved": "ok"}
"""What colour the state of an incident has; the others are quiet."""


def place_of(incident: Incident) -> str:
    """Return where an incident's deepest line of the program is; where no line of anything is known, on which route or in which target it came."""
    if incident.file:
        return f"{incident.file}:{incident.line}"
    return OUTSIDE if has_frames(incident) else next(iter(incident.routes), "") or incident.target or "no place is known"


def has_frames(incident: Incident) -> bool:
    """Tell whether it is known through which lines it came, of the program or not."""
    return any(raised.frames for raised in incident.sample.exceptions)


def one_line(message: str) -> str:
    """Return a message for a row: its own line breaks would be shown as signs."""
    return " ".join(message[:2000].split()) if "\n" in message else message


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
