"""One line to type in: a filter or a reason. Pasted text is cut to what a line can hold, and never decides anything."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from nexoide.tui.text import Line, Strip, clean, draw
from nexoide.tui.widgets.pane import Drawn

_MAX = 400


class Prompt(Drawn, can_focus=True):
    """Takes the keys while it is open; Enter gives the text to `done`, Escape gives None; `typed` hears every change."""

    DEFAULT_CSS = "Prompt { height: 1; width: 1fr; display: none; }  Prompt.-open { display: block; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._question = ""
        self._value = ""
        self._done: Callable[[str | None], None] | None = None
        self._typed: Callable[[str], None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it takes the keys."""
        return self._done is not None

    def ask(self, question: str, done: Callable[[str | None], None], *, value: str = "", typed: Callable[[str], None] | None = None) -> None:
        """Open with a question."""
        self._question, self._value, self._done, self._typed = question, value, done, typed
        self.add_class("-open")
        self.focus()
        self.refresh()

    def _close(self, answer: str | None) -> None:
        done, self._done, self._typed = self._done, None, None
        self.remove_class("-open")
        if done is not None:
            done(answer)

    def on_blur(self) -> None:
        """Leaving is the same as Escape."""
        if self.is_open:
            self._close(None)

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line of what was pasted."""
        event.stop()
        self._change(self._value + event.text[: _MAX * 4].split("\n", 1)[0])

    def on_key(self, event: events.Key) -> None:
        """Edit."""
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self._close(self._value)
        elif event.key in {"escape", "ctrl+c"}:
            self._close(None)
        elif event.key in {"backspace", "ctrl+h"}:
            self._change(self._value[:-1])
        elif event.key in {"ctrl+u", "ctrl+w"}:
            self._change("" if event.key == "ctrl+u" else self._value.rstrip().rpartition(" ")[0])
        elif event.is_printable and event.character:
            self._change(self._value + event.character)

    def _change(self, value: str) -> None:
        value = clean(value[:_MAX], _MAX * 12)[:_MAX]
        if value == self._value:
            return
        self._value = value
        if self._typed is not None:
            self._typed(value)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the question, the text and a cursor that does not blink."""
        skin, width = self.skin, self.size.width
        head = Line(" ◆ ", skin.fore("focus", bold=True)).add(self._question, skin.fore("strong", bold=True), 200).add("  ")
        room = max(4, width - head.width - 2)
        tail = self._value[-room:]
        line = head.add(tail, skin.fore("text")).add("▏", skin.fore("focus"))
        return draw(line.ends(Line("enter  esc ", skin.fore("faint")), width) if line.width + 12 < width else line, width, skin.base("cursor"))
