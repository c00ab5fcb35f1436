"""Pages of text: an incident with its traceback, a target's log, the help."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nexoide.errors import NexoideError
from nexoide.model.failure import Raised
from nexoide.model.incident import Incident
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


class IncidentScreen(PageScreen):
    """An incident: what failed, where, how often, what was done."""

    def __init__(self, incident: str) -> None:
        super().__init__(incident)
        self._incident = incident

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It is always up to date."""
        return action != "again"

    def action_again(self) -> None:
        """Show the incident as it is now."""
        state = self.nexoide.feed.state
        self.page.set_composer(lambda width: incident_lines(self._incident, state, self.nexoide.skin, width))

    def take(self, parts: frozenset[Part], state: State, now: float) -> None:
        """Take over what changed."""
        super().take(parts, state, now)
        if parts & {"incidents", "patches"}:
            self.action_again()


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

    def compose(self) -> ComposeResult:
        """Place the document."""
        yield Document(id="page", name="Keys")

    def on_mount(self) -> None:
        """Write it."""
        page = self.query_one(Document)
        skin = page.skin
        page.set_composer(lambda width: help_lines(skin, width))
        page.note = "esc closes"
        page.styles.height = min(self.size.height, len(help_lines(skin, 88)) + 2)
        page.focus()


def help_lines(skin: Skin, width: int) -> list[Line]:
    """Return every key and what it does."""
    out: list[Line] = []
    for scope, title in keys.TITLES.items():
        out += [Line(), Line(title, skin.fore("quiet", bold=True))] if out else [Line(title, skin.fore("quiet", bold=True))]
        for key in keys.KEYMAP[scope]:
            line = Line(f"  {keys.key_names(key)}", skin.fore("focus", bold=True)).pad(26).add(key.help, skin.fore("text"))
            out += wrap(line, width, 26)
    return out


def incident_lines(incident_id: str, state: State, skin: Skin, width: int) -> list[Line]:
    """Return everything there is to say about an incident, wrapped to `width` cells."""
    incident = state.incidents.get(incident_id)
    if incident is None:
        return []
    out = wrap(Line(f"{incident.error_class}: ", skin.fore("strong", bold=True)).add(incident.message, skin.fore("text")), width)
    out += wrap(_facts(incident, skin), width)
    if incident.note:
        out += wrap(Line(incident.note, skin.fore("text")), width)
    mending = [patch for patch in state.patches.values() if patch.incident == incident.id]
    for patch in mending:
        state_of = Line(f"{patch.id}  ", skin.fore("strong")).add(patch.title, skin.fore("text"), 200)
        out += wrap(state_of.add(f"  {patch.state.replace('_', ' ')}", skin.fore("quiet")), width)
    for raised in incident.sample.exceptions:
        out += _raised(raised, skin, width)
    return out


def _facts(incident: Incident, skin: Skin) -> Line:
    colour = {"open": "fail", "resolved": "ok"}.get(incident.state, "focus")
    line = Line("failing" if incident.state == "open" else incident.state, skin.fore(colour, bold=True))
    seen = f" · {fmt.plural(incident.count, 'time')} · first {fmt.clock(incident.first_at)}, last {fmt.clock(incident.last_at)} · {incident.target}"
    return line.add(seen, skin.fore("quiet"))


def _raised(raised: Raised, skin: Skin, width: int) -> list[Line]:
    words = {"cause": "which was caused by", "context": "while handling", "member": "with", "raised": "raised"}
    out = [Line(), Line(f"{words[raised.relation]} ", skin.fore("quiet")).add(raised.type, skin.fore("strong", bold=True), 120)]
    out += wrap(Line("  ").add(raised.message, skin.fore("text"), 2000), width, 2)
    for frame in raised.frames[-60:]:
        out += wrap(Line(f"  {frame.file}:{frame.line}", skin.fore("focus")).add(f"  {frame.function}", skin.fore("quiet")), width, 4)
        if frame.source:
            out += wrap(Line("    ").add(frame.source.strip(), skin.fore("text"), 400), width, 6)
        for name, value in list(frame.locals.items())[:12]:
            known = Line("      ").add(name, skin.fore("quiet"), 60).add(" = ", skin.fore("faint"))
            out += wrap(known.add(value.repr or value.type, skin.fore("quiet"), 220), width, 8)
    return out
