"""A panel of ready lines: rationale and evidence, a traceback, a log, the help."""

from __future__ import annotations

from collections.abc import Callable

from nexoide.tui.text import Line, Style
from nexoide.tui.widgets.pane import Pane

Composer = Callable[[int], list[Line]]


class Document(Pane):
    """Lines that a composer makes for a width; they are made anew when the width or what is told changes."""

    def __init__(self, *, id: str, name: str = "", follows: bool = False) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.heading = name
        self.note = ""
        self.sketch = Line()
        self.said: tuple[str, ...] = ()
        self._composer: Composer | None = None
        self._lines: list[Line] = []
        self._width = -1
        self._follows = follows

    def set_composer(self, composer: Composer | None) -> None:
        """Show what this makes; the place scrolled to stays."""
        self._composer = composer
        self._compose_lines()

    def _compose_lines(self) -> None:
        self._width = self.inner
        lines = self._composer(max(10, self.inner - 2)) if self._composer and self.inner > 0 else []
        if lines != self._lines:
            self._lines = lines
            self.top = self.last_top if self._follows else min(self.top, self.last_top)
            self.refresh()

    def go_to(self, beginning: str) -> None:
        """Scroll to the first line that begins so, where there is one."""
        found = next((number for number, line in enumerate(self._lines) if line.plain.startswith(beginning)), None)
        if found is not None:
            self._follows = False
            self.scroll_to_line(found)

    def on_resize(self) -> None:
        """Make the lines for the new width."""
        if self.inner != self._width:
            self._compose_lines()
        if self._follows:
            self.top = self.last_top
        super().on_resize()

    def scrolled(self) -> None:
        """Stop following the end once scrolled away from it."""
        self._follows = self._follows and self.top >= self.last_top

    def restyle(self) -> None:
        """Make the lines with other colours."""
        self._lines = []
        self._compose_lines()

    def title(self) -> Line:
        """Name the panel."""
        return Line().add(self.heading, self.skin.fore("strong" if self.has_focus else "text", bold=True), 120)

    def aside(self) -> Line:
        """Add a note."""
        return self.sketch if self.sketch.width else Line().add(self.note, self.skin.fore("quiet"), 60)

    def empty(self) -> list[str]:
        """Say why there is nothing."""
        return list(self.said)

    def total(self) -> int:
        """Return the number of lines."""
        return len(self._lines)

    def line_at(self, index: int, width: int) -> tuple[Line, Style]:
        """Return one line."""
        return Line(" ").join(self._lines[index]), self.skin.base()
