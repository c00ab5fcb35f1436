"""What all screens share: the header, the status line, the keys, the prompt, and the sentence for tiny terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from nexoide.tui.feed import Part
from nexoide.tui.widgets.header import Header
from nexoide.tui.widgets.keybar import KeyBar
from nexoide.tui.widgets.pane import Drawn, Pane
from nexoide.tui.widgets.prompt import Prompt
from nexoide.tui.widgets.statusline import StatusLine
from nexoide.tui.widgets.toosmall import MIN_HEIGHT, MIN_WIDTH, TooSmall

if TYPE_CHECKING:
    from nexoide.model.projection import State
    from nexoide.tui.app import NexoideApp
    from nexoide.tui.keys import Scope

NARROW = 110


class BaseScreen(Screen[None]):
    """A screen of the app; subclasses give the body and say which panels follow each other."""

    SCOPE: ClassVar[Scope] = "home"
    """Whose keys the help begins with."""
    _focused_before: Widget | None = None

    @property
    def nexoide(self) -> NexoideApp:
        """The app."""
        return cast("NexoideApp", self.app)

    def body(self) -> ComposeResult:
        """Yield what stands between the header and the status line."""
        yield Widget()

    def compose(self) -> ComposeResult:
        """Place the parts."""
        yield Header(id="header")
        yield from self.body()
        yield StatusLine(id="status")
        yield Prompt(id="prompt")
        yield KeyBar(id="keybar")
        yield TooSmall(id="toosmall")

    @property
    def status(self) -> StatusLine:
        """The status line."""
        return self.query_one(StatusLine)

    @property
    def prompt(self) -> Prompt:
        """The prompt."""
        return self.query_one(Prompt)

    @property
    def tiny(self) -> bool:
        """Whether the terminal is too small for anything but one sentence; then no key decides."""
        return self.size.width < MIN_WIDTH or self.size.height < MIN_HEIGHT

    def on_resize(self) -> None:
        """Choose the layout."""
        if self.tiny and not self.has_class("-tiny"):
            self._focused_before = self.focused
        self.set_class(self.tiny, "-tiny")
        self.set_class(self.size.width < NARROW, "-narrow")
        self.lay_out()
        if not self.tiny and self.focused is None:
            self.call_after_refresh(self._focus_again)

    def _focus_again(self) -> None:
        if not self.tiny and self.focused is None:
            before = self._focused_before
            (before if before is not None else self.query(Pane).first()).focus()

    def lay_out(self) -> None:
        """Tell panels who their neighbours are."""

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was in front."""
        self.nexoide.catch_up()

    def take(self, parts: frozenset[Part], state: State, now: float) -> None:
        """Take over what changed."""
        for widget in self.query(Drawn):
            widget.show(state, now)

    def changes_in(self, now: float) -> float:
        """Return after how many seconds something in sight reads differently by itself."""
        return min((widget.changes_in(now) for widget in self.query(Drawn) if widget.display), default=float("inf"))

    def restyle(self) -> None:
        """Draw everything with other colours."""
        for widget in self.query(Drawn):
            again = getattr(widget, "restyle", None)
            if again is not None:
                again()
            widget.refresh()

    def stack(self, *panes: Pane) -> None:
        """Let these panels, one above the other, share their edges."""
        for index, pane in enumerate(panes):
            pane.joined = index > 0
            pane.above = panes[index - 1] if index else None
            pane.closes = index == len(panes) - 1
            pane.on_resize()
            pane.refresh()

    def _walk(self, step: int) -> None:
        panes = [pane for pane in self.query(Pane) if pane.can_focus and pane.is_on_screen]
        if not panes:
            return
        focused = self.focused
        index = panes.index(focused) + step if isinstance(focused, Pane) and focused in panes else 0
        panes[index % len(panes)].focus()

    def action_next_pane(self) -> None:
        """Go to the next panel."""
        self._walk(1)

    def action_previous_pane(self) -> None:
        """Go to the previous panel."""
        self._walk(-1)
