"""The app: it owns the feed, the skin and the desk, and wires screens to them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer

from nexoide.clock import Clock, SystemClock
from nexoide.errors import ConfigError, NexoideError, UnavailableError
from nexoide.tui import keys, themes
from nexoide.tui.decide import Action, Desk
from nexoide.tui.feed import Feed, Part, Source
from nexoide.tui.incident_desk import IncidentDesk
from nexoide.tui.opening import Opening
from nexoide.tui.screens.base import BaseScreen
from nexoide.tui.screens.deciding import DecidingScreen
from nexoide.tui.screens.home import HomeScreen
from nexoide.tui.telling import Telling
from nexoide.tui.textual_theme import textual_theme

if TYPE_CHECKING:
    from nexoide.model import event as e
    from nexoide.model.details import SimilarIncident
    from nexoide.model.patch import FileChange, Patch
    from nexoide.model.reload import Explanation
    from nexoide.tui import pin

_HERE = Path(__file__).parent
_EVERYTHING: frozenset[Part] = frozenset({"header", "incidents", "routes", "patches", "deployments", "thoughts", "targets", "notices", "connection"})
_KEPT_FILES = 64


class NexoideApp(Opening, Telling, App[int]):
    """The screen of one workspace for one operator."""

    TITLE = "nexoide"
    CSS_PATH: ClassVar[list[str | Path]] = [  # type: ignore[assignment]
        _HERE / "app.tcss",
        _HERE / "widgets" / "pane.tcss",
        _HERE / "screens" / "home.tcss",
        _HERE / "screens" / "patch.tcss",
        _HERE / "screens" / "page.tcss",
        _HERE / "screens" / "choose.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("app")]

    def __init__(self, operator: str, client_factory: Callable[[], Source], *, theme: str = themes.DEFAULT, clock: Clock | None = None) -> None:
        self.skin = themes.load(theme)
        super().__init__()
        self.operator = operator
        self.clock: Clock = clock or SystemClock()
        self.feed = Feed(self.clock, self._on_change, self._on_event)
        self.desk = Desk(self.clock, self.say, self._send)
        self.incident_desk = IncidentDesk(self.clock, self.say, self.tell_incident)
        self.seen: dict[tuple[FileChange, ...], set[tuple[int, int, int]]] = {}
        self.sending: set[str] = set()
        self.telling: set[str] = set()
        self.told_here: set[tuple[str, str]] = set()
        self._client: Source | None = None
        self._client_factory = client_factory
        self._files: dict[tuple[FileChange, ...], tuple[pin.FileDiff, ...]] = {}
        self._ticker: Timer | None = None
        self._use(self.skin)

    def get_default_screen(self) -> Screen[None]:
        """Begin at home."""
        return HomeScreen()

    # life

    def on_mount(self) -> None:
        """Connect once the first frame is on the terminal: the client's libraries take longer to load than it."""
        self.call_after_refresh(self._connect)

    def _connect(self) -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        self.run_worker(self._serve(), group="feed", exclusive=True)

    async def _serve(self) -> None:
        self._client = await asyncio.to_thread(self._make_client)
        await self.feed.run(self._client)

    def _make_client(self) -> Source:
        self.feed.begin()
        return self._client_factory()

    async def on_unmount(self) -> None:
        """Close the connections."""
        self.feed.close()
        if self._client is not None:
            await self._client.aclose()

    @property
    def front(self) -> BaseScreen | None:
        """The screen in front, where it is one of ours."""
        return self.screen if isinstance(self.screen, BaseScreen) else next((s for s in reversed(self.screen_stack) if isinstance(s, BaseScreen)), None)

    def _on_change(self, parts: frozenset[Part]) -> None:
        if not self.is_running or not self.screen_stack:
            return
        front = self.front
        if front is not None and front.is_mounted:
            front.take(parts, self.feed.state, self.clock.wall())
        self._tick_later()

    def catch_up(self) -> None:
        """Show the screen in front everything that is true now."""
        self._on_change(_EVERYTHING)

    def _tick_later(self) -> None:
        if self._ticker is not None:
            self._ticker.stop()
            self._ticker = None
        front = self.front
        if front is None or not front.is_mounted:
            return
        wait = front.changes_in(self.clock.wall())
        if wait != float("inf"):
            self._ticker = self.set_timer(max(1.0, wait), self.catch_up)

    # saying

    def say(self, level: str, sentence: str) -> None:
        """Say one sentence in the status line."""
        front = self.front
        if front is not None and front.is_mounted:
            front.status.say(level, sentence)

    def _on_event(self, event: e.Event) -> None:
        from nexoide.tui.news import news

        told = news(event, self.feed.state, self.told_here)
        if told is not None:
            self.say(*told)

    # patches

    def sealed(self, patch: Patch) -> pin.Pinned | None:
        """Return a patch pinned to its bytes, where they are here already."""
        from nexoide.tui import pin

        files = self._files.get(patch.files)
        started = self.feed.state.started
        return pin.seal(started.workspace, patch, files) if files is not None and started is not None else None

    async def load_files(self, patch: Patch) -> None:
        """Fetch and verify a patch's bytes; raises NexoideError."""
        from nexoide.tui import pin

        files = await pin.load(self.reach(), patch.files)
        while len(self._files) >= _KEPT_FILES:
            del self._files[next(iter(self._files))]
        self._files[patch.files] = files

    def reach(self) -> Source:
        """Return the client; raises UnavailableError while there is none."""
        if self._client is None:
            raise UnavailableError("The supervisor is not connected yet: wait a moment and try again.")
        return self._client

    async def target_log(self, name: str, lines: int) -> list[str]:
        """Return the last lines that a target printed; raises NexoideError."""
        return await self.reach().target_log(name, lines)

    async def similar(self, incident_id: str) -> tuple[SimilarIncident, ...]:
        """Return the incidents that are like one, the likest first; raises NexoideError."""
        return (await self.reach().incident(incident_id)).similar

    async def explain(self, patch_id: str) -> list[Explanation]:
        """Ask the running program what it would do with a patch; raises NexoideError."""
        from nexoide.model.commands import ExplainCommand

        return await self.reach().explain(ExplainCommand(patch=patch_id))

    def _send(self, action: Action, pinned: pin.Pinned) -> None:
        front = self.front
        if action == "reject" and isinstance(front, DecidingScreen) and front.explaining:
            front.ask_reason(pinned)
        else:
            self.decide(action, pinned)

    def decide(self, action: Action, pinned: pin.Pinned, reason: str = "") -> None:
        """Send a decision about exactly the bytes that are pinned."""
        if pinned.patch.id in self.sending:
            return
        self.sending.add(pinned.patch.id)
        self.told_here.add((pinned.patch.id, action))
        self.screen.refresh_bindings()
        self.run_worker(self._decide(action, pinned, reason), group="decide", exit_on_error=False)

    async def _decide(self, action: Action, pinned: pin.Pinned, reason: str) -> None:
        from nexoide.model.commands import DecideCommand

        command = DecideCommand(digest=pinned.digest, operator=self.operator, reason=reason)
        try:
            client = self.reach()
            call = {"approve": client.approve, "reject": client.reject, "revert": client.revert}[action]
            decided = await call(pinned.patch.id, command)
        except NexoideError as error:
            self.told_here.discard((pinned.patch.id, action))
            self.say("error", error.sentence)
        else:
            self.say("ok", decided.sentence)
        finally:
            self.sending.discard(pinned.patch.id)
            self.screen.refresh_bindings()

    # actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Help does not open over itself."""
        return not (action == "help" and self.screen_stack and not isinstance(self.screen, BaseScreen))

    def action_help(self) -> None:
        """Show every key."""
        from nexoide.tui.screens.page import HelpScreen

        front = self.front
        self.push_screen(HelpScreen(front.SCOPE if front is not None else "home"))

    def action_detach(self) -> None:
        """Close the screen; everything runs on."""
        self.exit(0)

    def action_theme(self) -> None:
        """Change to the next theme, read anew from its file."""
        names = themes.names()
        here = names.index(self.skin.name) if self.skin.name in names else -1
        self._choose(names[(here + 1) % len(names)])

    def _use(self, skin: themes.Skin) -> None:
        self.skin = skin
        self.register_theme(textual_theme(skin))
        self.theme = skin.name

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every key's action that is possible now, and every theme."""
        offered: set[str] = set()
        help_of = {key.id: key for table in reversed(keys.KEYMAP.values()) for key in table}
        for _, binding, enabled, _ in screen.active_bindings.values():
            key = help_of.get(binding.id or "")
            if key is None or not enabled or key.id in offered or key.id == "app.palette" or key.id.startswith("pane."):
                continue
            offered.add(key.id)
            yield SystemCommand(f"{key.label}  ({keys.key_names(key)})", key.help, self._runner(key.action))
        for name in themes.names():
            yield SystemCommand(f"theme {name}", "Change to this theme.", lambda name=name: self._choose(name))

    def _choose(self, name: str) -> None:
        try:
            self._use(themes.load(name))
        except ConfigError as error:
            self.say("error", error.sentence)
            return
        for screen in self.screen_stack:
            if isinstance(screen, BaseScreen):
                screen.restyle()
        self.catch_up()
        self.say("info", f"Theme: {self.skin.name}")

    def _runner(self, action: str) -> Callable[[], None]:
        def run() -> None:
            where = self if hasattr(self, f"action_{action.partition('(')[0]}") else self.screen
            self.call_later(self.run_action, action, where)

        return run
