"""An agent's live thoughts: wrapped lines that follow the end until the operator scrolls up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.text import Line, Style, clean, wrap
from nexoide.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from nexoide.model.projection import State
    from nexoide.model.target import Thought


_MAX_LINES = 6000
_MAX_CHARACTERS = 1200
_CLOCK = 10
_STEP = 7
_STYLES = {"saw": "text", "think": "quiet", "try": "quiet", "found": "strong", "wait": "waiting", "done": "strong"}
_BRIEF = 56  # below this width the time of day leaves its place to the words


class Thoughts(Pane):
    """The last thoughts, oldest first; lines that belong to the selected patch or incident carry a mark."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._lines: list[tuple[Line, str, str]] = []
        self._last: tuple[float, Thought] | None = None
        self._second = ""
        self._width = 0
        self._follows = True
        self._new = 0
        self._agent = ""
        self._subject: tuple[str, str] = ("", "")

    def show(self, state: State, now: float) -> None:
        """Take over what was thought since the last time."""
        thoughts = state.thoughts
        fresh = self._after_last(thoughts)
        if not fresh:
            return
        rows = sum([self._append(at, thought) for at, thought in fresh])
        self._last = thoughts[-1]
        agent = clean(thoughts[-1][1].agent, 24)
        dropped = max(0, len(self._lines) - _MAX_LINES)
        del self._lines[:dropped]
        before, self._agent = self._agent, agent
        if self._follows:
            moved = self.top != self.last_top or dropped
            self.top = self.last_top
            if moved or before != agent:
                self.refresh()
            else:
                self.refresh_rows(len(self._lines) - rows, rows)
        else:
            self.top = max(0, self.top - dropped)
            self._new += rows
            self.refresh()

    def _after_last(self, thoughts: list[tuple[float, Thought]]) -> list[tuple[float, Thought]]:
        last = self._last
        for back in range(len(thoughts) - 1, -1, -1):
            if thoughts[back] is last:
                return thoughts[back + 1 :]
        return thoughts[:]

    def _append(self, at: float, thought: Thought) -> int:
        skin = self.skin
        second = fmt.clock(thought.at or at)
        brief = self.inner < _BRIEF
        line = Line(" ")
        indent = 1
        if not brief:
            line.add(f"{second if second != self._second else '':<{_CLOCK}}", skin.fore("faint"))
            indent += _CLOCK
        self._second = second
        words = _STYLES.get(thought.step, "text")
        line.add(f"{thought.step:<{_STEP}}", skin.fore("waiting" if thought.step == "wait" else "focus" if thought.step in {"try", "think"} else "quiet"))
        line.add(thought.text, skin.fore(words), _MAX_CHARACTERS)
        parts = wrap(line, max(20, self.inner - 2), indent + _STEP)
        self._lines.extend((part, thought.patch, thought.incident) for part in parts)
        return len(parts)

    def rebuild(self) -> None:
        """Wrap everything anew, for another width or other colours."""
        self._width = self.inner
        self._lines.clear()
        self._last = None
        self._second = ""
        self.show(self.nexoide.feed.state, 0.0)
        self._new = 0
        self.top = self.last_top if self._follows else min(self.top, self.last_top)
        self.refresh()

    def restyle(self) -> None:
        """Write with other colours."""
        self.rebuild()

    def set_subject(self, patch: str, incident: str) -> None:
        """Mark what belongs to this patch and incident."""
        if (patch, incident) != self._subject:
            self._subject = (patch, incident)
            self.refresh()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        if self.inner != self._width:
            self.rebuild()
        elif self._follows:
            self.top = self.last_top

    def scrolled(self) -> None:
        """Follow the end again once it is in sight."""
        self._follows = self.top >= self.last_top
        if self._follows:
            self._new = 0

    def title(self) -> Line:
        """Name who thinks."""
        line = Line(self._agent or "medic", self.skin.fore("strong" if self.has_focus else "text", bold=True))
        return line.add("  thoughts", self.skin.fore("quiet"))

    def aside(self) -> Line:
        """Say how much is new below."""
        return Line(f"{self._new} new ↓  G", self.skin.fore("focus", bold=True)) if self._new else Line()

    def total(self) -> int:
        """Return the number of wrapped lines."""
        return len(self._lines)

    def line_at(self, index: int, width: int) -> tuple[Line, Style]:
        """Return one wrapped line."""
        line, patch, incident = self._lines[index]
        mine = (patch and patch == self._subject[0]) or (not patch and incident and incident == self._subject[1])
        mark = Line("▏" if mine else " ", self.skin.fore("focus"))
        return mark.join(line), self.skin.base()

    def empty(self) -> list[str]:
        """Say that nobody thinks."""
        return ["Nothing to think about.", "When a program fails, every step of its repair is told here."]
