"""One incident over the whole screen, pinned by its id: whatever happens meanwhile, its keys are about no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from nexoide.errors import NexoideError
from nexoide.tui import format as fmt
from nexoide.tui import keys
from nexoide.tui.feed import Part
from nexoide.tui.incident.page import IncidentPage, View
from nexoide.tui.incident.sheet import Link
from nexoide.tui.incident.words import COLOURS, place_of, standing
from nexoide.tui.screens.acting import ActingScreen
from nexoide.tui.screens.page import PageScreen
from nexoide.tui.text import Line
from nexoide.tui.widgets.header import Header

if TYPE_CHECKING:
    from nexoide.model.details import SimilarIncident
    from nexoide.model.incident import Incident
    from nexoide.model.patch import Patch
    from nexoide.model.projection import State


class IncidentScreen(ActingScreen, PageScreen):
    """What failed, where, with which values, how often, since when, and what was done about it."""

    SCOPE: ClassVar[keys.Scope] = "incident"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("incident")]
    INHERIT_BINDINGS = False  # R reads a page again elsewhere, and resolves here

    def __init__(self, incident: str) -> None:
        super().__init__(incident)
        self._incident = incident
        self._made = IncidentPage()
        self._links: list[tuple[Link, int]] = []
        self._selected: Link | None = None
        self._libraries = False
        self._values = False
        self._similar: tuple[SimilarIncident, ...] = ()
        self._drawn: tuple[Incident | None, tuple[Patch, ...]] | None = None

    def on_mount(self) -> None:
        """Show it, and ask which others are like it."""
        self.page.said = (f"There is no incident {self._incident} in what the supervisor has told so far.",)
        super().on_mount()
        self.run_worker(self._ask_similar(), group="similar", exclusive=True, exit_on_error=False)

    async def _ask_similar(self) -> None:
        try:
            self._similar = await self.nexoide.similar(self._incident)
        except NexoideError:
            return  # the page stands without it; whoever has lost the supervisor sees that in the header
        self.action_again()

    def acted_on(self) -> Incident | None:
        """Return the incident that the page is about."""
        return self.nexoide.feed.state.incidents.get(self._incident)

    # showing

    def action_again(self) -> None:
        """Show the incident as it is now."""
        before, self._drawn = self._drawn, self._told()
        incident = self._drawn[0]
        if before is not None and before[0] is not None and incident is not None and before[0].state != incident.state:
            self._selected = None  # what matters next is another thing now
        if incident is None:
            self.page.set_composer(None)
            return
        self.page.heading = f"{place_of(incident)} in {incident.function}" if incident.file and incident.function else place_of(incident)
        self.page.set_composer(lambda width: self._lines(incident, width))
        self.query_one(Header).set_subject(self._headline(incident))
        self.refresh_bindings()

    def _lines(self, incident: Incident, width: int) -> list[Line]:
        state, now = self.nexoide.feed.state, self.nexoide.clock.wall()
        sheet = self._made.sheet(incident, state, self._view(), self.nexoide.skin, width, now)
        self._links = sheet.links
        if sheet.links and self._selected not in {link for link, _ in sheet.links}:
            self._selected = sheet.links[0][0]
            sheet = self._made.sheet(incident, state, self._view(), self.nexoide.skin, width, now)
        return sheet.lines

    def _view(self) -> View:
        return View(self._selected, self._libraries, self._values, self._similar)

    def _headline(self, incident: Incident) -> Line:
        skin = self.nexoide.skin
        line = Line(incident.id, skin.fore("strong", bold=True)).add("  ")
        line.add(standing(incident, self.nexoide.clock.wall()), skin.fore(COLOURS.get(incident.state, "quiet")))
        return line.add(" · ", skin.fore("faint")).add(incident.error_class, limit=80)

    def _told(self) -> tuple[Incident | None, tuple[Patch, ...]]:
        state = self.nexoide.feed.state
        return state.incidents.get(self._incident), tuple(patch for patch in state.patches.values() if patch.incident == self._incident)

    def take(self, parts: frozenset[Part], state: State, now: float) -> None:
        """Take over what changed of this incident; what happens to others costs nothing here."""
        self.status.show(state, now)
        self.query_one(Header).show(state, now)
        if parts & {"connection", "routes"} or (parts & {"incidents", "patches"} and self._told() != self._drawn):
            self.action_again()

    def changes_in(self, now: float) -> float:
        """Ages run, and the bars move on."""
        incident = self.acted_on()
        if incident is None:
            return super().changes_in(now)
        return min(fmt.age_changes_in(now - incident.last_at), fmt.age_changes_in(now - incident.first_at))

    # keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what is possible now."""
        incident = self.acted_on()
        match action:
            case "open" | "link":
                return bool(self._links)
            case "frames" | "values":
                return incident is not None and any(raised.frames for raised in incident.sample.exceptions)
            case "log":
                return incident is not None and incident.target in self.nexoide.feed.state.targets
            case _:
                return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Open what is marked."""
        chosen = self._selected
        if chosen is None:
            return
        if chosen.kind == "patch":
            self.nexoide.open_patch(chosen.id)
        else:
            self.nexoide.open_incident(chosen.id)

    def action_link(self, step: int) -> None:
        """Mark the next thing that can be opened, and bring it into sight."""
        order = [link for link, _ in self._links]
        if not order:
            return
        at = order.index(self._selected) + step if self._selected in order else 0
        self._selected = order[at % len(order)]
        self.action_again()
        line = next(line for link, line in self._links if link == self._selected)
        if not self.page.top <= line < self.page.top + self.page.room:
            self.page.scroll_to_line(line - self.page.room // 3)

    def action_frames(self) -> None:
        """Show the frames of libraries too, or no more."""
        self._libraries = not self._libraries
        self.action_again()
        if self._libraries:
            self.page.go_to("Traceback")

    def action_values(self) -> None:
        """Show source and values of every frame of the program, or no more."""
        self._values = not self._values
        self.action_again()
        if self._values:
            self.page.go_to("Traceback")

    def action_log(self) -> None:
        """Open the log of the incident's program."""
        incident = self.acted_on()
        if incident is not None:
            self.nexoide.open_log(incident.target)

    def action_back(self) -> None:
        """Drop an open question, else go back."""
        if self.nexoide.incident_desk.asking:
            self.nexoide.incident_desk.forget()
            self.status.hush()
        else:
            self.dismiss()
