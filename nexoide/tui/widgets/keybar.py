"""The last line: the keys that do something now."""

from __future__ import annotations

from textual import events

from nexoide.tui.keys import KEYMAP
from nexoide.tui.text import Line, Strip, draw
from nexoide.tui.widgets.pane import Drawn

_ORDER: dict[str, int] = {}
for _number, _key in enumerate(key for table in KEYMAP.values() for key in table):
    _ORDER.setdefault(_key.id, _number)
_ENDS = frozenset({"patch.back", "page.back", "app.help", "app.palette", "app.detach"})
_ROOMY = 96


class KeyBar(Drawn):
    """Drawn from the screen's active bindings; back, help, palette and detach stand at the right and never fall out."""

    DEFAULT_CSS = "KeyBar { height: 1; width: 1fr; dock: bottom; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._line = Line()
        self._places: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Redraw when other keys are possible."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.reload())
        self.call_after_refresh(self.reload)

    def on_resize(self) -> None:
        """Lay out anew."""
        self.reload()

    def reload(self) -> None:
        """Take over what is possible now."""
        if not self.is_attached or self.size.width == 0:
            return
        known: dict[str, tuple[str, str, str]] = {}
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            if binding.show and enabled and binding.id and binding.id not in known:
                known[binding.id] = (self.app.get_key_display(binding), binding.description, binding.key)
        placed = sorted(known.items(), key=lambda item: _ORDER.get(item[0], 999))
        right = [(name, value) for name, value in placed if name in _ENDS and (name != "app.palette" or self.size.width >= _ROOMY)]
        left = [(name, value) for name, value in placed if name not in _ENDS]
        line = self._layout(left, right)
        if line != self._line:
            self._line = line
            self.refresh()

    def _layout(self, left: list[tuple[str, tuple[str, str, str]]], right: list[tuple[str, tuple[str, str, str]]]) -> Line:
        width = self.size.width
        gap = "   " if width >= 110 else "  "
        tail_width = sum(len(key) + len(word) + 1 + len(gap) for _, (key, word, _) in right)
        line, places = Line(" "), []
        for _, (key, word, bound) in left:
            if line.width + len(key) + len(word) + 1 + len(gap) > width - tail_width:
                break
            places.append(self._put(line, key, word, bound, gap))
        line.pad(width - tail_width)
        for _, (key, word, bound) in right:
            places.append(self._put(line, key, word, bound, gap))
        self._places = places
        return line

    def _put(self, line: Line, key: str, word: str, bound: str, gap: str) -> tuple[int, int, str]:
        start = line.width
        line.add(key, self.skin.fore("focus", bold=True)).add(f" {word}", self.skin.fore("quiet"))
        end = line.width
        line.add(gap)
        return start, end, bound

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        for start, end, bound in self._places:
            if start <= event.x < end:
                self.app.simulate_key(bound)

    def restyle(self) -> None:
        """Draw with other colours."""
        self._line = Line()
        self.reload()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        return draw(self._line, self.size.width, self.skin.base("raised"))
