"""The keys that act on an incident, for every screen that shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexoide.tui.incident_desk import possible
from nexoide.tui.screens.base import BaseScreen

if TYPE_CHECKING:
    from nexoide.model.incident import Incident

VERBS = frozenset({"ignore", "resolve", "merge", "split"})


class ActingScreen(BaseScreen):
    """Turns i, R, m and s into commands about the incident that is shown when the key is pressed, and about no other."""

    def acted_on(self) -> Incident | None:
        """Return the incident that the keys are about."""
        raise NotImplementedError

    def meant(self) -> bool:
        """Tell whether a key can be meant for that incident."""
        return True

    def aside_of(self, action: str) -> str:
        """Return what is to be added here to what was answered to an action; "" where nothing is."""
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what is possible now."""
        if action not in VERBS:
            return super().check_action(action, parameters)
        incident = self.acted_on()
        if self.tiny or self.nexoide.feed.connection.state != "connected":
            return False
        return incident is not None and possible(action, incident) and incident.id not in self.nexoide.telling

    def action_ignore(self) -> None:
        """Ignore it, or ignore it no more."""
        incident = self.acted_on()
        if incident is not None and self.meant():
            self.nexoide.incident_desk.ignore(incident)

    def action_resolve(self) -> None:
        """Resolve it by hand, or open it anew, after asking."""
        incident = self.acted_on()
        if incident is not None and self.meant():
            self.nexoide.incident_desk.resolve(incident)

    def action_merge(self) -> None:
        """Choose another incident that this one is counted with."""
        incident = self.acted_on()
        if incident is not None and self.meant():
            self.nexoide.choose_merge(incident)

    def action_split(self) -> None:
        """Choose what its further failures are told apart by."""
        incident = self.acted_on()
        if incident is not None and self.meant():
            self.nexoide.choose_split(incident)
