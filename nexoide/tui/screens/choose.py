"""A list to choose one from, over the screen that asks; a filter narrows it, Escape chooses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from nexoide.tui import keys
from nexoide.tui.text import Line
from nexoide.tui.widgets.prompt import Prompt
from nexoide.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from nexoide.tui.app import NexoideApp

_WIDTH = 92


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its key, what it is called, what else is known of it, and what stands at the right."""

    key: str
    title: str
    detail: str = ""
    aside: str = ""

    @property
    def searched(self) -> str:
        """What the filter looks into."""
        return f"{self.key} {self.title} {self.detail} {self.aside}"


class Choices(Rows[Choice]):
    """The list itself."""

    def __init__(self, question: str) -> None:
        super().__init__(id="choices")
        self.question = question

    def title(self) -> Line:
        """Ask."""
        return Line().add(self.question, self.skin.fore("strong", bold=True), 200)

    def empty(self) -> list[str]:
        """Say that nothing is left."""
        return ["Nothing matches.", "esc leaves"] if self.needle else ["There is nothing to choose from."]

    def draw_row(self, row: Choice, width: int, chosen: bool) -> list[Line]:
        """Draw a choice in one line."""
        skin = self.skin
        line = Line().add(row.title, skin.fore("strong" if chosen else "text"), 120).add("  ")
        return [line.add(row.detail, skin.fore("quiet"), 300).ends(Line().add(row.aside, skin.fore("quiet"), 40), width)]


class ChooseScreen(ModalScreen[str | None]):
    """Gives the key of what was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("choice")]

    def __init__(self, question: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.choices = Choices(question)
        self._offered = list(choices)

    @property
    def nexoide(self) -> NexoideApp:
        """The app."""
        return cast("NexoideApp", cast("Any", self.app))

    def compose(self) -> ComposeResult:
        """Place the list, and the line to type a filter in."""
        yield self.choices
        yield Prompt(id="choose-prompt")

    def on_mount(self) -> None:
        """Show what there is."""
        self._fit()
        self.choices.set_rows(self._offered)
        self.choices.focus()

    def on_resize(self) -> None:
        """Leave room for the filter."""
        self._fit()

    def _fit(self) -> None:
        for widget in (self.choices, self.query_one(Prompt)):
            widget.styles.width = min(_WIDTH, self.app.size.width)
        self.choices.styles.height = max(3, min(len(self._offered) + 2, self.app.size.height - 2))

    def action_take(self) -> None:
        """Choose what is selected."""
        row = self.choices.current
        if row is not None:
            self.dismiss(row.key)

    def action_leave(self) -> None:
        """Show all again, else choose nothing."""
        if self.choices.needle:
            self.choices.set_filter("")
        else:
            self.dismiss(None)

    def action_filter(self) -> None:
        """Filter while typing."""

        def done(needle: str | None) -> None:
            self.choices.set_filter(needle or "")
            self.choices.focus()

        self.query_one(Prompt).ask("Find:", done, value=self.choices.needle, typed=self.choices.set_filter)
