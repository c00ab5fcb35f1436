"""One clear sentence where the terminal is too small for the screen."""

from __future__ import annotations

from nexoide.tui.text import Line, Strip, draw, wrap
from nexoide.tui.widgets.pane import Drawn

MIN_WIDTH, MIN_HEIGHT = 60, 16


class TooSmall(Drawn):
    """Takes the whole screen, and gives it back once the terminal is big enough."""

    DEFAULT_CSS = "TooSmall { width: 1fr; height: 1fr; display: none; }"

    def render_line(self, y: int) -> Strip:
        """Draw the sentence in the middle."""
        width, height = self.size
        sentence = f"This terminal is {width}×{height}: enlarge it to {MIN_WIDTH}×{MIN_HEIGHT} or more, everything runs on meanwhile; q closes the screen."
        lines = wrap(Line(sentence, self.skin.fore("text")), max(8, width - 4))
        index = y - max(0, (height - len(lines)) // 2)
        if not 0 <= index < len(lines):
            return draw(Line(), width, self.skin.base())
        return draw(Line().pad(max(0, (width - lines[index].width) // 2)).join(lines[index]), width, self.skin.base())
