"""The error feed: incidents, with how often and how fast they happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.text import Line
from nexoide.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from nexoide.model.incident import Incident
    from nexoide.model.projection import State


_BARS = 9
_WIDE = 70
_LOW = 10
_COLOURS = {"open": "fail", "probation": "focus", "resolved": "ok"}
_WORDS = {"open": "failing", "probation": "probation", "resolved": "resolved"}


@dataclass(frozen=True, slots=True)
class Failing:
    """One incident, as it is drawn."""

    key: str
    error_class: str
    message: str
    place: str
    target: str
    state: str
    count: str
    spark: str
    again: int

    @property
    def searched(self) -> str:
        """What the filter looks into."""
        return f"{self.key} {self.error_class} {self.message} {self.place} {self.target} {self.state}"


class Errors(Rows[Failing]):
    """Incidents in the order in which they were first seen."""

    def show(self, state: State, now: float) -> None:
        """Take over the incidents."""
        self.set_rows([self._row_of(incident, state, now) for incident in state.incidents.values()])

    def _row_of(self, incident: Incident, state: State, now: float) -> Failing:
        place = f"{incident.file}:{incident.line}" if incident.file else "outside the workspace"
        return Failing(
            key=incident.id,
            error_class=incident.error_class,
            message=incident.message,
            place=place,
            target=incident.target,
            state=incident.state,
            count=fmt.count(incident.count),
            spark=fmt.sparkline(state.rate.get(incident.id, {}), now, _BARS),
            again=incident.recurrences,
        )

    def changes_in(self, now: float) -> float:
        """Sparklines move on until they are flat."""
        rate = self.nexoide.feed.state.rate
        return min((fmt.sparkline_changes_in(rate.get(row.key, {}), now, _BARS) for row in self.rows), default=float("inf"))

    @property
    def row_height(self) -> int:
        """Two lines; one where the panel is low and there is room beside."""
        return 1 if self.size.width >= _WIDE and self.size.height < _LOW else 2

    def title(self) -> Line:
        """Name the panel and how much fails."""
        failing = sum(row.state == "open" for row in self.all_rows)
        line = Line("Errors", self.skin.fore("strong" if self.has_focus else "text", bold=True))
        return line.add(f"  {failing} failing", self.skin.fore("fail")) if failing else line

    def empty(self) -> list[str]:
        """Say that nothing failed."""
        return ["Nothing matches.", "esc shows all"] if self.needle else ["Nothing has failed."]

    def draw_row(self, row: Failing, width: int, chosen: bool) -> list[Line]:
        """Draw the incident in one line or two."""
        skin = self.skin
        colour = _COLOURS.get(row.state, "quiet")
        live = row.state == "open"
        what = Line("● ", skin.fore(colour)).add(row.error_class, skin.fore("strong" if chosen else "text" if live else "quiet"), 60)
        moving = live and row.spark.strip("▁")
        rate = Line(row.spark, skin.fore("fail" if moving else "faint")).add(f"{row.count:>5}", skin.fore("text" if live else "quiet"))
        place = row.place if width - what.width - rate.width - 4 >= len(row.place) else row.place.rpartition("/")[2]
        where = Line().add(place, skin.fore("quiet"), 120)
        message = Line().add(row.message, skin.fore("quiet" if live else "faint"), 300)
        state = Line(_WORDS.get(row.state, row.state), skin.fore(colour))
        if row.again:
            state.add(f" again ×{row.again}" if row.again > 1 else " again", skin.fore(colour))
        if self.row_height == 2:
            return [what.add("  ").join(where).ends(rate, width), Line("  ").join(message).ends(state, width)]
        tail = where.pad(min(26, width // 4)).add("  ").join(rate).add("  ").join(state.pad(9))
        return [what.add("  ").join(message).ends(tail, width)]
