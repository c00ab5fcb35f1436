"""A panel of rows with a cursor: rows are known by a key, so that what happens elsewhere never moves the cursor's row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from textual import events
from textual.message import Message

from nexoide.tui.text import Line, Style, clean
from nexoide.tui.widgets.pane import Pane


class Row(Protocol):
    """What a row must have: a key that stays, and the text that the filter searches."""

    @property
    def key(self) -> str:
        """What the row is about."""

    @property
    def searched(self) -> str:
        """What the filter looks into."""


R = TypeVar("R", bound=Row)


@dataclass
class Selected(Message):
    """The row under a list's cursor is another one now."""

    pane: Rows[Row]


class Rows(Pane, Generic[R]):
    """A list; subclasses turn the state into rows, and a row into `row_height` lines."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.all_rows: list[R] = []
        self.rows: list[R] = []
        self.cursor = 0
        self.needle = ""
        self.slipped_at = float("-inf")
        """When (monotonic) the cursor last came to stand on another row without a key: its own is gone."""

    @property
    def row_height(self) -> int:
        """How many lines a row takes at this width."""
        return 1

    def draw_row(self, row: R, width: int, chosen: bool) -> list[Line]:
        """Return the lines of a row, `row_height` of them."""
        raise NotImplementedError

    @property
    def current(self) -> R | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def set_rows(self, rows: list[R]) -> None:
        """Show these rows; the row under the cursor stays where it is on the screen."""
        self.all_rows = rows
        needle = self.needle.casefold()
        self._replace([row for row in rows if needle in row.searched.casefold()] if needle else rows)

    def set_filter(self, needle: str) -> None:
        """Show only rows that contain a text, in any case."""
        self.needle, before = needle, self.slipped_at
        self.set_rows(self.all_rows)
        self.slipped_at = before  # who filters has asked for other rows
        self.refresh()

    def _replace(self, rows: list[R]) -> None:
        before, chosen = self.rows, self.current
        if rows == before:
            return
        self.rows = rows
        same = len(rows) == len(before) and all(a is b or a.key == b.key for a, b in zip(rows, before, strict=True))
        if same:
            height = self.row_height
            for index, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old is not new and old != new:
                    self.refresh_rows(index * height, height)
            self.refresh_edge()
            return
        self._keep_cursor(chosen.key if chosen else "")
        self.refresh()
        now = self.current
        if (now.key if now else "") != (chosen.key if chosen else ""):
            if chosen is not None:
                self.slipped_at = self.nexoide.clock.monotonic()
            self.post_message(Selected(self))  # type: ignore[arg-type]

    def _keep_cursor(self, key: str) -> None:
        old = self.cursor
        found = next((index for index, row in enumerate(self.rows) if row.key == key), None)
        self.cursor = found if found is not None else min(old, max(0, len(self.rows) - 1))
        self.top = max(0, min(self.top + (self.cursor - old) * self.row_height, self.last_top))
        self._reveal()

    def _reveal(self) -> None:
        height, first = self.row_height, self.cursor * self.row_height
        if first < self.top or self.room < height:
            self.top = first
        elif first + height > self.top + self.room:
            self.top = first + height - self.room

    def select(self, index: int) -> None:
        """Put the cursor on a row."""
        index = max(0, min(index, len(self.rows) - 1))
        if not self.rows or index == self.cursor:
            return
        self.cursor = index
        self._reveal()
        self.refresh()
        self.post_message(Selected(self))  # type: ignore[arg-type]

    # drawing

    def total(self) -> int:
        """Return the number of lines of all rows."""
        return len(self.rows) * self.row_height

    def line_at(self, index: int, width: int) -> tuple[Line, Style]:
        """Return one line of a row; the cursor's row has a mark and its own ground."""
        number, part = divmod(index, self.row_height)
        chosen = number == self.cursor
        mark = Line("▌" if chosen else " ", self.skin.fore("focus" if self.has_focus else "faint"))
        lines = self.draw_row(self.rows[number], width - 2, chosen)
        ground = ("cursor" if self.has_focus else "rest") if chosen else "background"
        return mark.join(lines[part]) if part < len(lines) else mark, self.skin.base(ground)

    def aside(self) -> Line:
        """Say what the rows are filtered by."""
        if not self.needle:
            return Line()
        return Line(f"/{clean(self.needle, 24)} {len(self.rows)} of {len(self.all_rows)}", self.skin.fore("focus"))

    # keys and mouse

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        super().on_resize()
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that was clicked."""
        self.select((self.top + event.y - 1) // self.row_height)

    def action_move(self, lines: int) -> None:
        """Move the cursor by rows."""
        self.select(self.cursor + lines)

    def action_turn(self, pages: int) -> None:
        """Move the cursor by pages."""
        self.select(self.cursor + pages * max(1, self.room // self.row_height))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.select(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self.select(len(self.rows) - 1)
