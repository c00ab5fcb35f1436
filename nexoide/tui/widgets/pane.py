"""A panel: a frame with a title that shares its edges with its neighbours, around lines that scroll."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.widget import Widget

from nexoide.tui import keys
from nexoide.tui.text import Line, Strip, Style, cut, draw, strips
from nexoide.tui.themes import Skin

if TYPE_CHECKING:
    from nexoide.model.projection import State
    from nexoide.tui.app import NexoideApp


class Drawn(Widget):
    """A widget that draws its own lines with the app's skin."""

    ALLOW_SELECT = False

    @property
    def nexoide(self) -> NexoideApp:
        """The app."""
        return cast("NexoideApp", self.app)

    @property
    def skin(self) -> Skin:
        """The colours in force."""
        return self.nexoide.skin

    def show(self, state: State, now: float) -> None:
        """Take over what the state says at `now` (wall seconds), and redraw what differs."""

    def changes_in(self, now: float) -> float:
        """Return after how many seconds what is shown reads differently though nothing happened; infinite: never."""
        return math.inf


class Pane(Drawn, can_focus=True):
    """A framed panel of `total` lines; subclasses say what stands in each."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("pane")]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.top = 0
        self.joined = False
        self.closes = True
        self.above: Pane | None = None

    # what subclasses say

    def title(self) -> Line:
        """Return what stands at the left of the upper edge."""
        return Line()

    def aside(self) -> Line:
        """Return what stands at the right of the upper edge."""
        return Line()

    def total(self) -> int:
        """Return the number of lines."""
        return 0

    def line_at(self, index: int, width: int) -> tuple[Line, Style]:
        """Return one line, and the style behind it."""
        raise NotImplementedError

    def empty(self) -> list[str]:
        """Return what is said where there is nothing to show."""
        return []

    # geometry

    @property
    def room(self) -> int:
        """How many lines are in sight."""
        return max(0, self.size.height - 1 - (1 if self.closes else 0))

    @property
    def inner(self) -> int:
        """How many cells a line has."""
        return max(0, self.size.width - 2)

    @property
    def last_top(self) -> int:
        """The furthest that can be scrolled."""
        return max(0, self.total() - self.room)

    def scroll_to_line(self, top: int) -> None:
        """Scroll so that line `top` is the first in sight."""
        top = max(0, min(top, self.last_top))
        if top != self.top:
            self.top = top
            self.refresh()
            self.scrolled()

    def scrolled(self) -> None:
        """React to another part being in sight."""

    # drawing

    def render_line(self, y: int) -> Strip:
        """Return one line of the frame or of what is in it."""
        width = self.size.width
        ground = self.skin.base()
        if width < 4:
            return draw(Line(), width, ground)
        if y == 0:
            return draw(self._upper_edge(width), width, ground)
        if self.closes and y == self.size.height - 1:
            return draw(Line("╰" + "─" * (width - 2) + "╯", self._edge(self.has_focus)), width, ground)
        return self._row(y - 1)

    def _row(self, row: int) -> Strip:
        ground, index, inner = self.skin.base(), self.top + row, self.inner
        total = self.total()
        if total == 0:
            body, base = self._empty_line(row), ground
        elif index < total:
            body, base = self.line_at(index, inner)
        else:
            body, base = Line(), ground
        edge = self._edge(self.has_focus)
        right = Line("┃", self.skin.fore("focus" if self.has_focus else "quiet")) if self._thumb(row, total) else Line("│", edge)
        return strips([draw(Line("│", edge), 1, ground), draw(body, inner, base), draw(right, 1, ground)])

    def _empty_line(self, row: int) -> Line:
        said = self.empty()
        first = max(0, (self.room - len(said)) // 2)
        if not first <= row < first + len(said):
            return Line()
        text = Line(said[row - first], self.skin.fore("faint" if row > first else "quiet"))
        return Line().pad(max(0, (self.inner - text.width) // 2)).join(text)

    def _edge(self, lit: bool) -> Style:
        return self.skin.fore("focus" if lit else "border")

    def _upper_edge(self, width: int) -> Line:
        lit = self.has_focus or (self.joined and self.above is not None and self.above.has_focus)
        edge = self._edge(lit)
        left, right = ("├", "┤") if self.joined else ("╭", "╮")
        aside = self.aside()
        title = self.title()
        line = Line(left + "─ ", edge).join(title).add(" ", edge)
        if aside.width and line.width + aside.width + 6 > width:
            aside = Line()
        room = width - (aside.width + 4 if aside.width else 1)
        if line.width < room:
            line.add("─" * (room - line.width), edge)
        if aside.width:
            line.add(" ", edge).join(aside).add(" ─", edge)
        return cut(line, width - 1).join(Line(right, edge))

    def _thumb(self, row: int, total: int) -> bool:
        room = self.room
        if total <= room or room <= 0:
            return False
        size = max(1, room * room // total)
        start = round((room - size) * self.top / max(1, total - room))
        return start <= row < start + size

    def refresh_rows(self, first: int, number: int = 1) -> None:
        """Redraw only these lines, where they are in sight."""
        y = first - self.top
        upper, lower = max(0, y), min(self.room, y + number)
        if upper < lower:
            self.refresh(Region(0, 1 + upper, self.size.width, lower - upper))

    def refresh_edge(self) -> None:
        """Redraw the upper edge, where the title stands."""
        self.refresh(Region(0, 0, self.size.width, 1))

    # keys and mouse

    def on_focus(self) -> None:
        """Light the frame."""
        self._light()

    def on_blur(self) -> None:
        """Darken the frame."""
        self._light()

    def _light(self) -> None:
        self.refresh()
        for pane in self.screen.query(Pane):
            if pane.above is self:
                pane.refresh(Region(0, 0, pane.size.width, 1))

    def on_resize(self) -> None:
        """Keep what is in sight within what there is."""
        self.top = max(0, min(self.top, self.last_top))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.scroll_to_line(self.top + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.scroll_to_line(self.top - 3)

    def action_move(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll_to_line(self.top + lines)

    def action_turn(self, pages: int) -> None:
        """Scroll by pages, one line of the last one staying in sight."""
        self.scroll_to_line(self.top + pages * max(1, self.room - 1))

    def action_first(self) -> None:
        """Scroll to the beginning."""
        self.scroll_to_line(0)

    def action_last(self) -> None:
        """Scroll to the end."""
        self.scroll_to_line(self.last_top)
