"""The error feed: incidents, with how often and how fast they happen, of what class they are, and whom they hit."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.incident.words import COLOURS, OUTSIDE, one_line, place_of, state_words
from nexoide.tui.text import Line, Style, cut
from nexoide.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from nexoide.model.incident import Incident
    from nexoide.model.projection import State


_BARS = 9
_WIDE = 70
_LOW = 10
_ROOMY = 64
_BROAD = 110
_GLYPHS = {"critical": "▲", "warning": "○"}


class Failing:
    """One incident as a row; a new one for each version of it, so that rows are equal where nothing happened."""

    __slots__ = ("_text", "incident")

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        self._text = ""

    @property
    def key(self) -> str:
        """The incident's id."""
        return self.incident.id

    @property
    def searched(self) -> str:
        """What the filter looks into."""
        if not self._text:
            found = self.incident
            named = (found.id, found.error_class, found.category, found.severity, found.message, found.function, state_words(found), found.into)
            self._text = " ".join((*named, place_of(found), found.target, *found.targets, *found.hosts, *found.routes))
        return self._text


class Errors(Rows[Failing]):
    """Incidents in the order in which they were first seen: what fails, then what is resolved, then what is hidden otherwise."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.showing_hidden = False
        self._hidden = 0
        self._failing = 0
        self._now = 0.0
        self._known: dict[str, Failing] = {}
        self._sparks: dict[str, tuple[Incident, int, str]] = {}

    def show(self, state: State, now: float) -> None:
        """Take over the incidents."""
        self._now = now
        known = self._known
        failing: list[Failing] = []
        resolved: list[Failing] = []
        hidden: list[Failing] = []
        groups = {"resolved": resolved, "ignored": hidden, "merged": hidden}
        number = 0
        for key, incident in state.incidents.items():
            row = known.get(key)
            if row is None or row.incident is not incident:
                row = known[key] = Failing(incident)
            groups.get(incident.state, failing).append(row)
            number += incident.state == "open"
        changed = (self._failing, self._hidden) != (number, len(hidden))
        self._failing, self._hidden = number, len(hidden)
        self.set_rows(list(chain(failing, resolved, hidden if self.showing_hidden else ())))
        if changed:
            self.refresh_edge()
        self._move_sparks(state)

    def toggle_hidden(self) -> None:
        """List ignored and merged incidents too, or no more."""
        self.showing_hidden = not self.showing_hidden
        self.show(self.nexoide.feed.state, self._now or self.nexoide.clock.wall())
        self.refresh_edge()

    @property
    def has_hidden(self) -> bool:
        """Whether there is anything to list or to hide."""
        return bool(self._hidden)

    # sparklines: made for the rows in sight alone

    def _in_sight(self) -> range:
        height = self.row_height
        return range(self.top // height, min(len(self.rows), -(-(self.top + self.room) // height)))

    def _spark(self, incident: Incident, state: State) -> str:
        slot = int(self._now) // fmt.SPARK_SECONDS
        drawn = self._sparks.get(incident.id)
        if drawn is None or drawn[0] is not incident or drawn[1] != slot:
            if len(self._sparks) > 500:
                self._sparks.clear()
            drawn = self._sparks[incident.id] = (incident, slot, fmt.sparkline(state.rate.get(incident.id, {}), self._now, _BARS))
        return drawn[2]

    def _move_sparks(self, state: State) -> None:
        for index in self._in_sight():
            incident = self.rows[index].incident
            before = self._sparks.get(incident.id)
            if before is not None and self._spark(incident, state) != before[2]:
                self.refresh_rows(index * self.row_height, self.row_height)

    def changes_in(self, now: float) -> float:
        """Sparklines in sight move on until they are flat."""
        rate = self.nexoide.feed.state.rate
        return min((fmt.sparkline_changes_in(rate.get(self.rows[index].key, {}), now, _BARS) for index in self._in_sight()), default=float("inf"))

    # drawing

    @property
    def row_height(self) -> int:
        """Two lines; one where the panel is low and there is room beside."""
        return 1 if self.size.width >= _WIDE and self.size.height < _LOW else 2

    def title(self) -> Line:
        """Name the panel, how much fails, and how much is not listed."""
        line = Line("Errors", self.skin.fore("strong" if self.has_focus else "text", bold=True))
        if self._failing:
            line.add(f"  {fmt.count(self._failing)} failing", self.skin.fore("fail"))
        if self._hidden:
            line.add(f"  {fmt.count(self._hidden)} {'more shown' if self.showing_hidden else 'hidden'}", self.skin.fore("quiet"))
        return line

    def empty(self) -> list[str]:
        """Say that nothing failed."""
        if self.needle:
            return ["Nothing matches.", "esc shows all" + (", h lists what is hidden" if self._hidden and not self.showing_hidden else "")]
        return ["Nothing fails.", "h shows what is ignored or merged"] if self._hidden else ["Nothing has failed."]

    def draw_row(self, row: Failing, width: int, chosen: bool) -> list[Line]:
        """Draw the incident in one line or two."""
        skin, incident = self.skin, row.incident
        live = incident.state == "open"
        what = self._what(incident, chosen)
        spark = self._spark(incident, self.nexoide.feed.state)
        moving = live and spark.strip("▁")
        rate = Line(spark, skin.fore("fail" if moving else "faint")).add(f"{fmt.count(incident.count):>5}", skin.fore("text" if live else "quiet"))
        state = Line(state_words(incident), skin.fore(COLOURS.get(incident.state, "quiet")))
        place = place_of(incident)
        if self.row_height == 2:
            room = width - what.width - rate.width - 3
            several = _several(incident)
            whole = f"{place} · {several}" if several else place
            shown = next((text for text in (whole, place) if len(text) <= room), place.rpartition("/")[2] if incident.file else place)
            first = what.add("  ").add(shown, skin.fore("quiet"), 200).ends(rate, width)
            said = Line("  ").join(self._said(incident, graded=True))
            return [first, said.ends(self._hit(incident, width).join(state), width)]
        room = 15 if width < _BROAD else 30
        shown = place if len(place) <= room else place.rpartition("/")[2] if incident.file else "outside" if place == OUTSIDE else place
        tail = cut(Line().add(shown, skin.fore("quiet"), 120), room).pad(room).add("  ").join(rate).add("  ").join(state.pad(9))
        return [what.add("  ").join(self._said(incident, graded=False)).ends(tail, width)]

    def _what(self, incident: Incident, chosen: bool) -> Line:
        """How bad it is, and its type."""
        skin, live = self.skin, incident.state == "open"
        grave = incident.severity == "critical"
        line = Line(f"{_GLYPHS.get(incident.severity, '●')} ", skin.fore(COLOURS.get(incident.state, "quiet"), bold=grave))
        return line.add(incident.error_class, skin.fore("strong" if chosen or (live and grave) else "text" if live else "quiet", bold=live and grave), 60)

    def _said(self, incident: Incident, *, graded: bool) -> Line:
        """Its class, then its message; first, where it is `graded`, that it is critical."""
        skin, live = self.skin, incident.state == "open"
        grave = graded and live and incident.severity == "critical"
        words: list[tuple[str, Style]] = [(incident.severity, skin.fore("fail", bold=True))] if grave else []
        words += [(incident.category, skin.fore("text" if live else "quiet"))] if incident.category != "other" else []
        words += [(one_line(incident.message), skin.fore("quiet" if live else "faint"))] if incident.message else []
        line = Line()
        for text, style in words:
            line.add(" · " if line.width else "", skin.fore("faint")).add(text, style, 300)
        return line

    def _hit(self, incident: Incident, width: int) -> Line:
        """The route that it hits most, where there is room for it."""
        if width < _ROOMY or not incident.routes:
            return Line()
        first = max(incident.routes, key=lambda route: incident.routes[route])
        more = f" +{len(incident.routes) - 1}" if len(incident.routes) > 1 else ""
        return Line().add(first, self.skin.fore("quiet"), 30).add(f"{more}  ", self.skin.fore("faint"))


def _several(incident: Incident) -> str:
    """Return whose it is, where it is not of one target alone."""
    if len(incident.targets) < 2:
        return ""
    return ", ".join(incident.targets) if len(incident.targets) == 2 else f"{incident.targets[0]} and {len(incident.targets) - 1} more"
