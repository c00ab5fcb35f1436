"""The line above the keys: a sentence when there is one to say, else the supervised programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexoide.tui.text import Line, Strip, draw
from nexoide.tui.widgets.pane import Drawn

if TYPE_CHECKING:
    from nexoide.model.projection import State
    from nexoide.model.target import TargetStatus


_SECONDS = {"info": 8.0, "ok": 8.0, "error": 20.0, "ask": 12.0}
_GLYPHS = {"info": ("●", "focus"), "ok": ("✓", "ok"), "error": ("✗", "fail"), "ask": ("◆", "waiting")}
_STATES = {
    "attached": ("●", "ok"),
    "running": ("●", "text"),
    "starting": ("◐", "focus"),
    "stopped": ("○", "quiet"),
    "exited": ("○", "fail"),
    "given_up": ("✗", "fail"),
}


class StatusLine(Drawn):
    """Says one sentence for a while; at rest it is the strip of targets with state and pid."""

    DEFAULT_CSS = "StatusLine { height: 1; width: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._said: tuple[str, str] | None = None
        self._targets: list[TargetStatus] = []
        self._number = 0

    def say(self, level: str, sentence: str) -> None:
        """Show a sentence; the next one replaces it."""
        self._said = (level, sentence)
        self._number += 1
        number = self._number
        self.set_timer(_SECONDS.get(level, 8.0), lambda: self._expire(number))
        self.refresh()

    def _expire(self, number: int) -> None:
        if number == self._number:
            self.hush()

    def hush(self) -> None:
        """Show the targets again."""
        if self._said is not None:
            self._said = None
            self.refresh()

    @property
    def sentence(self) -> str:
        """What is said now."""
        return self._said[1] if self._said else ""

    def show(self, state: State, now: float) -> None:
        """Take over the targets."""
        targets = list(state.targets.values())
        if targets != self._targets:
            self._targets = targets
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the sentence or the strip."""
        return draw(self._spoken() if self._said else self._strip(), self.size.width, self.skin.base())

    def _spoken(self) -> Line:
        assert self._said is not None
        level, sentence = self._said
        glyph, colour = _GLYPHS.get(level, _GLYPHS["info"])
        text = self.skin.fore("waiting", bold=True) if level == "ask" else self.skin.fore("text")
        return Line(f" {glyph} ", self.skin.fore(colour, bold=True)).add(sentence, text, 500)

    def _strip(self) -> Line:
        skin, line = self.skin, Line(" ")
        if not self._targets:
            return line.add("No program is supervised yet.", skin.fore("faint")) if self.nexoide.feed.state.started else line
        for target in self._targets[:40]:
            glyph, colour = _STATES.get(target.state, ("·", "quiet"))
            line.add("   " if line.width > 1 else "").add(f"{glyph} ", skin.fore(colour)).add(target.name, skin.fore("text"), 40)
            line.add(" ").add(self._fact(target), skin.fore("quiet"), 80)
        return line

    def _fact(self, target: TargetStatus) -> str:
        again = f" · {target.restarts} restarts" if target.restarts > 1 else " · 1 restart" if target.restarts else ""
        if target.state in {"attached", "running"}:
            return f"pid {target.pid}{'' if target.state == 'attached' else ' · no probe'}{again}"
        if target.state == "exited":
            return f"exited {target.exit_code if target.exit_code is not None else ''}".strip() + again
        if target.state == "given_up":
            return f"given up{again}{': ' + target.note if target.note else ''}"
        return target.state
