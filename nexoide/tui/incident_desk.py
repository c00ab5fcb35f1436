"""What an operator says of an incident: always about the one that is pinned by its id, and asked again where it must be meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nexoide.clock import Clock
from nexoide.tui.decide import GRACE

if TYPE_CHECKING:
    from nexoide.model.commands import IncidentAction
    from nexoide.model.incident import Incident

_RESOLVABLE = frozenset({"open", "probation", "ignored", "resolved"})


def possible(verb: str, incident: Incident | None) -> bool:
    """Tell whether a key (`ignore`, `resolve`, `merge`, `split`) makes sense for an incident in its state."""
    if incident is None:
        return False
    if verb == "resolve":
        return incident.state in _RESOLVABLE
    if verb == "ignore":
        return incident.state in {"open", "ignored"}
    return incident.state != "merged"


class IncidentDesk:
    """Turns key presses into commands (`send`, with incident, action, `into` and `by`), or into a question (`say`)."""

    def __init__(self, clock: Clock, say: Callable[[str, str], None], send: Callable[[str, IncidentAction, str, str], None]) -> None:
        self._clock = clock
        self._say = say
        self._send = send
        self._asked: tuple[str, IncidentAction, float] | None = None

    def forget(self) -> None:
        """Drop an open question."""
        self._asked = None

    @property
    def asking(self) -> bool:
        """Whether a question waits for the same key again."""
        return self._asked is not None

    def ignore(self, incident: Incident) -> None:
        """Ignore an incident, or ignore it no more."""
        self._asked = None
        self._send(incident.id, "reopen" if incident.state == "ignored" else "ignore", "", "")

    def resolve(self, incident: Incident) -> None:
        """Resolve an incident, or open a resolved one again; asks once."""
        action: IncidentAction = "reopen" if incident.state == "resolved" else "resolve"
        now, asked = self._clock.monotonic(), self._asked
        if asked is not None and asked[:2] == (incident.id, action):
            if now - asked[2] >= GRACE:
                self._asked = None
                self._send(incident.id, action, "", "")
            return
        self._asked = (incident.id, action, now)
        what = "open it anew: it is resolved" if action == "reopen" else "resolve it by hand; it opens again where it comes back"
        self._say("ask", f"{incident.id} {incident.error_class[:40]}: press R again to {what}.")

    def merge(self, incident: str, into: str) -> None:
        """Count an incident with another."""
        self._asked = None
        self._send(incident, "merge", into, "")

    def split(self, incident: str, by: str) -> None:
        """Tell an incident's further failures apart; without `by`: undo what was merged into it."""
        self._asked = None
        self._send(incident, "split", "", by)
