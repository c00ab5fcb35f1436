"""The whole page of an incident: in one column, or in two where there is room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nexoide.tui.incident import facts, trace
from nexoide.tui.incident.sheet import Link, Sheet, beside

if TYPE_CHECKING:
    from nexoide.model.details import SimilarIncident
    from nexoide.model.incident import Incident
    from nexoide.model.projection import State
    from nexoide.tui.themes import Skin

WIDE = 150
_SIDE = 66
_GAP = 4


@dataclass(frozen=True, slots=True)
class View:
    """How the page is looked at: which link is marked, and what is unfolded."""

    selected: Link | None = None
    libraries: bool = False
    values: bool = False
    similar: Sequence[SimilarIncident] = ()


class IncidentPage:
    """Makes the page anew whenever something of the incident changes; what depends on its sample alone is made once for each."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[object, ...], tuple[object, ...], Sheet]] = {}

    def sheet(self, incident: Incident, state: State, view: View, skin: Skin, width: int, now: float) -> Sheet:
        """Return everything there is to say about an incident, in lines of at most `width` cells."""
        workspace = state.started.workspace if state.started is not None else ""
        wide = width >= WIDE
        left = Sheet(skin, width - _SIDE - _GAP if wide else width, view.selected)
        right = Sheet(skin, _SIDE, view.selected) if wide else left
        about = (incident.sample, incident.examination, skin)
        known = (workspace, incident.expression, incident.file, incident.function, incident.message, left.width)

        def part(name: str, make: Callable[[Sheet], None], *also: object) -> None:
            left.extend(self._part(name, about, (*known, *also), make, left))

        facts.head(left, incident, now)
        facts.mending(left, incident, state)
        part("place", lambda sheet: trace.place(sheet, incident, workspace))
        if not wide:
            _seen(left, incident, state, now)
        part("record", lambda sheet: trace.record(sheet, incident))
        unfolded = {"libraries": view.libraries, "values": view.values}
        part("chain", lambda sheet: trace.chain(sheet, incident, workspace, **unfolded), view.libraries, view.values)
        if wide:
            _seen(right, incident, state, now)
        facts.history(right, incident, now)
        facts.related(right, incident, view.similar, state)
        return beside(left, right, _GAP) if wide else left

    def _part(self, name: str, about: tuple[object, ...], known: tuple[object, ...], make: Callable[[Sheet], None], whole: Sheet) -> Sheet:
        """Return a section, kept from the last time where it is about the same things (the very same objects of `about`)."""
        kept = self._kept.get(name)
        if kept is not None and kept[1] == known and all(one is other for one, other in zip(kept[0], about, strict=True)):
            return kept[2]
        sheet = Sheet(whole.skin, whole.width)
        make(sheet)
        self._kept[name] = (about, known, sheet)
        return sheet


def _seen(sheet: Sheet, incident: Incident, state: State, now: float) -> None:
    sheet.heading("Seen")
    facts.pace(sheet, incident, state, now)
    facts.hit(sheet, incident, state)
    trace.this_one(sheet, incident, now)
