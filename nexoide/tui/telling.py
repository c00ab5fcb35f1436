"""The part of the app that tells the supervisor what the operator says of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from nexoide.errors import NexoideError
from nexoide.tui import format as fmt
from nexoide.tui.incident.words import one_line
from nexoide.tui.incident_desk import possible

if TYPE_CHECKING:
    from nexoide.model.commands import IncidentAction
    from nexoide.model.incident import Incident
    from nexoide.tui.app import NexoideApp
    from nexoide.tui.screens.choose import Choice

_SPLITS = (
    ("message", "by message", "what the messages say, without numbers and names, tells them apart"),
    ("route", "by route", "each HTTP route is one"),
    ("target", "by target", "each supervised program is one"),
    ("caller", "by caller", "who called the failing function tells them apart"),
)
_UNDO = "undo"


class Telling:
    """Chooses where a choice is due, sends, and says what came of it."""

    @property
    def _app(self) -> NexoideApp:
        return cast("NexoideApp", cast("Any", self))

    def tell_incident(self, incident_id: str, action: IncidentAction, into: str = "", by: str = "") -> None:
        """Send one command about one incident; while it is under way, no other is sent about it."""
        app = self._app
        if incident_id in app.telling:
            return
        app.telling.add(incident_id)
        app.told_here.add((incident_id, action))
        app.screen.refresh_bindings()
        app.run_worker(self._tell(incident_id, action, into, by), group="incident", exit_on_error=False)

    async def _tell(self, incident_id: str, action: IncidentAction, into: str, by: str) -> None:
        from nexoide.model.commands import IncidentCommand
        from nexoide.tui.screens.acting import ActingScreen

        app = self._app
        command = IncidentCommand(action=action, operator=app.operator, into=into, by=by)
        try:
            answer = await app.reach().incident_action(incident_id, command)
        except NexoideError as error:
            app.told_here.discard((incident_id, action))
            app.say("error", error.sentence)
        else:
            front = app.front
            app.say("ok", answer.sentence + (front.aside_of(action) if isinstance(front, ActingScreen) else ""))
        finally:
            app.telling.discard(incident_id)
            app.screen.refresh_bindings()

    def choose_merge(self, incident: Incident) -> None:
        """Ask which other incident this one is counted with; the likest first."""
        from nexoide.tui.screens.choose import Choice, ChooseScreen

        others = [other for other in self._app.feed.state.incidents.values() if other.id != incident.id and other.state != "merged"]
        others.sort(key=lambda other: -_likeness(incident, other))
        choices = [Choice(other.id, f"{other.id}  {other.error_class}", _detail(other), f"{fmt.count(other.count)}×  {other.state}") for other in others]

        def chosen(into: str | None) -> None:
            state = self._app.feed.state
            now = state.incidents.get(incident.id)
            if into is None:
                return
            if now is None or not possible("merge", now) or into not in state.incidents:
                self._app.say("info", f"{incident.id} changed while you chose: look at it again.")
                return
            self._app.incident_desk.merge(incident.id, into)

        self._app.push_screen(ChooseScreen(f"Count {incident.id} ({incident.error_class[:40]}) with", choices), chosen)

    def choose_split(self, incident: Incident) -> None:
        """Ask what the incident's further failures are told apart by, or whether what was merged into it is parted again."""
        from nexoide.tui.screens.choose import Choice, ChooseScreen

        parts = [other.id for other in self._app.feed.state.incidents.values() if other.state == "merged" and other.into == incident.id]
        choices: list[Choice] = []
        if parts:
            named = ", ".join(parts[:6]) + (f" and {len(parts) - 6} more" if len(parts) > 6 else "")
            choices.append(Choice(_UNDO, "undo merges", f"{named} on {'its' if len(parts) == 1 else 'their'} own again"))
        choices += [Choice(key, title, detail, "in force" if incident.split_by == key else "") for key, title, detail in _SPLITS]

        def chosen(by: str | None) -> None:
            if by is not None:
                self._app.incident_desk.split(incident.id, "" if by == _UNDO else by)

        self._app.push_screen(ChooseScreen(f"Tell the failures of {incident.id} apart", choices), chosen)


def _detail(incident: Incident) -> str:
    place = f"{incident.file}:{incident.line}" if incident.file else incident.function
    return (f"{place}  " if place else "") + one_line(incident.message)[:300]


def _likeness(one: Incident, other: Incident) -> int:
    """Return how many things two incidents share, of those by which an operator looks for the one that is meant."""
    shared = (one.error_class == other.error_class, one.category == other.category, one.function == other.function != "", one.file == other.file != "")
    return sum(shared) + (one.message == other.message != "")
