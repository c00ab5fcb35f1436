"""Pages of text: what became of a save, a target's log, the help."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nexoide.errors import NexoideError
from nexoide.model.projection import State
from nexoide.tui import format as fmt
from nexoide.tui import keys
from nexoide.tui.definitions import reload_lines
from nexoide.tui.feed import Part
from nexoide.tui.screens.base import BaseScreen
from nexoide.tui.text import Line, clean, wrap
from nexoide.tui.themes import Skin
from nexoide.tui.widgets.document import Document

LOG_LINES = 2000


class PageScreen(BaseScreen):
    """One document over the whole screen."""

    SCOPE: ClassVar[keys.Scope] = "page"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("page")]

    def __init__(self, name: str, *, follows: bool = False) -> None:
        super().__init__()
        self.page = Document(id="page", name=name, follows=follows)

    def body(self) -> ComposeResult:
        """Place the document."""
        yield self.page

    def on_mount(self) -> None:
        """Read it."""
        self.page.focus()
        self.action_again()

    def action_again(self) -> None:
        """Read it again."""

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()


class ReloadScreen(PageScreen):
    """What a save brought into the running program: every definition, and what stays as it was and why."""

    def __init__(self, reload: str) -> None:
        super().__init__(f"{reload}  what became of a save")
        self._reload = reload

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It is always up to date."""
        return action != "again"

    def action_again(self) -> None:
        """Show the reload as it is now."""
        reloads = self.nexoide.feed.state.reloads
        self.page.said = ("This reload is no longer among the newest 200: 'nexoide journal' has it.",)
        self.page.set_composer(lambda width: reload_lines(reloads.get(self._reload), self.nexoide.skin, width))

    def take(self, parts: frozenset[Part], state: State, now: float) -> None:
        """Take over what changed."""
        super().take(parts, state, now)
        if "deployments" in parts:
            self.action_again()


class LogScreen(PageScreen):
    """The last lines that a target printed, read when the page is opened and when asked."""

    def __init__(self, target: str) -> None:
        super().__init__(f"{target}  log", follows=True)
        self._target = target
        self.page.said = ("Reading…",)

    def action_again(self) -> None:
        """Read the log."""
        self.run_worker(self._read(), group="log", exclusive=True, exit_on_error=False)

    async def _read(self) -> None:
        try:
            lines = await self.nexoide.target_log(self._target, LOG_LINES)
        except NexoideError as error:
            self.page.said = (clean(error.sentence, 400),)
            self.page.refresh()
            return
        self.page.said = ("It has printed nothing yet.",)
        self.page.note = f"{fmt.plural(len(lines), 'line')} · {fmt.clock(self.nexoide.clock.wall())}"
        text = self.nexoide.skin.fore("text")
        self.page.set_composer(lambda width: [part for line in lines for part in wrap(Line(line.rstrip("\r\n").replace("\t", "    "), text), width, 2)])
        self.page.refresh()


class HelpScreen(ModalScreen[None]):
    """Every key, from the one table."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q", "dismiss", "close", id="help.close")]

    def __init__(self, first: keys.Scope) -> None:
        super().__init__()
        self._first: keys.Scope = first

    def compose(self) -> ComposeResult:
        """Place the document."""
        yield Document(id="page", name="Keys")

    def on_mount(self) -> None:
        """Write it."""
        page = self.query_one(Document)
        skin = page.skin
        page.set_composer(lambda width: help_lines(skin, width, self._first))
        page.note = "esc closes"
        page.styles.height = min(self.size.height, len(help_lines(skin, 88, self._first)) + 2)
        page.focus()


def help_lines(skin: Skin, width: int, first: keys.Scope = "home") -> list[Line]:
    """Return every key and what it does, those of the `first` part of the screen first."""
    out: list[Line] = []
    for scope, title in sorted(keys.TITLES.items(), key=lambda item: item[0] != first):
        out += [Line(), Line(title, skin.fore("quiet", bold=True))] if out else [Line(title, skin.fore("quiet", bold=True))]
        for key in keys.KEYMAP[scope]:
            line = Line(f"  {keys.key_names(key)}", skin.fore("focus", bold=True)).pad(26).add(key.help, skin.fore("text"))
            out += wrap(line, width, 26)
    return out
