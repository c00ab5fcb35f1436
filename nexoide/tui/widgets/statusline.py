"""The line above the keys: a sentence when there is one to say, else the supervised programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexoide.tui.format import plural
from nexoide.tui.text import Line, Strip, cut, draw
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

_ALIVE = frozenset({"attached", "running"})
_SENSE = 12
"""In how many cells a reason begins to make sense."""
_MOST = 1 << 20


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
        if not self._targets:
            return Line(" ").add("No program is supervised yet.", self.skin.fore("faint")) if self.nexoide.feed.state.started else Line(" ")
        if len(self._targets) < self.size.width:
            whole = self._listed(self._targets, _MOST, _MOST)
            if whole.width <= self.size.width:
                return whole
        ordered = sorted(self._targets, key=lambda target: not _troubled(target))  # what does not fit is what is well
        named = self._listed(ordered, 0, _MOST) if len(ordered) < self.size.width else None
        if named is None or named.width > self.size.width:  # then the trouble alone is told with its reasons, as far as there is room
            named = self._listed([target for target in ordered if _troubled(target)], 0, self.size.width).add(f"   +{len(ordered)} more")
        return self._listed(ordered, max(0, self.size.width - named.width), self.size.width)

    def _listed(self, targets: list[TargetStatus], room: int, width: int) -> Line:
        """Return the targets in at most `width` cells, those that do not fit counted; `room` is for why the first of them stand as they do."""
        line = Line(" ")
        for number, target in enumerate(targets):
            item, why = self._item(target)
            said = cut(why, room) if room >= _SENSE else Line()
            room -= said.width
            gap = 3 if number else 0
            more = f"   +{len(targets) - number} more"
            behind = len(f"   +{len(targets) - number - 1} more") if number + 1 < len(targets) else 0
            if number and line.width + gap + item.width + said.width + behind > width:
                return line.add(more, self.skin.fore("quiet"))
            line.add(" " * gap).join(item).join(said)
        return line

    def _item(self, target: TargetStatus) -> tuple[Line, Line]:
        """Return how a target stands, and why."""
        skin = self.skin
        glyph, colour = _STATES.get(target.state, ("·", "quiet"))
        fact, why = self._fact(target)
        line = Line(f"{glyph} ", skin.fore("fail" if _troubled(target) else colour)).add(target.name, skin.fore("text"), 40)
        return line.add(f" {fact}", skin.fore("quiet"), 80), Line().add(why, skin.fore("quiet"), 400)

    def _fact(self, target: TargetStatus) -> tuple[str, str]:
        """Return how a target stands in a few words, and the rest of that sentence."""
        again = f" · {plural(target.restarts, 'restart')}" if target.restarts else ""
        why = f": {target.note}" if target.note else ""
        if target.state in _ALIVE:
            fact = f"pid {target.pid}{'' if target.state == 'attached' else ' · no probe'}{again}"
            if target.health != "unwell":
                return fact, ""
            return "unwell", (f": {target.health_note}" if target.health_note else "") + f" · {fact}"
        if target.state == "exited":
            return f"exited {target.exit_code if target.exit_code is not None else ''}".strip(), why + again
        if target.state == "given_up":
            return "given up", why.replace(": given up", "", 1) or again  # the note says after how many starts
        return target.state, why if target.state == "starting" else ""


def _troubled(target: TargetStatus) -> bool:
    return target.state in {"given_up", "exited"} or (target.health == "unwell" and target.state in _ALIVE)
