"""The home screen: what waits, what fails, what became of it; and beside it how the medic thinks and what it proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from nexoide.tui import keys
from nexoide.tui.decide import GRACE, possible
from nexoide.tui.feed import Part
from nexoide.tui.screens.acting import ActingScreen
from nexoide.tui.screens.deciding import DecidingScreen
from nexoide.tui.widgets.diff import DiffDrawn, DiffView
from nexoide.tui.widgets.errors import Errors
from nexoide.tui.widgets.inbox import Inbox
from nexoide.tui.widgets.live import Live
from nexoide.tui.widgets.pipeline import Pipeline
from nexoide.tui.widgets.rows import Rows, Selected
from nexoide.tui.widgets.thoughts import Thoughts

if TYPE_CHECKING:
    from nexoide.model.incident import Incident
    from nexoide.model.patch import Patch
    from nexoide.model.projection import State


_TALL = 30


class HomeScreen(ActingScreen, DecidingScreen):
    """Two columns; one column and two pages where the terminal is narrow."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("home")]

    def __init__(self) -> None:
        super().__init__()
        self.inbox = Inbox(id="inbox")
        self.errors = Errors(id="errors")
        self.live = Live(id="live")
        self.thoughts = Thoughts(id="thoughts")
        self.pipeline = Pipeline(id="pipeline")
        self.second = False
        self._source: Rows[Any] = self.inbox

    def body(self) -> ComposeResult:
        """Place the panels."""
        with Container(id="body"):
            with Container(id="left"):
                yield self.inbox
                yield self.errors
                yield self.live
            with Container(id="right"):
                yield self.thoughts
                yield self.pipeline
                yield DiffView(id="diff")

    def lay_out(self) -> None:
        """Share edges, turn the page, and give the pipeline the lines it needs."""
        narrow = self.has_class("-narrow")
        second = narrow and self.second
        self.set_class(second, "-second")
        if second:
            self.stack(self.inbox, self.thoughts, self.pipeline, self.diff)
        else:
            self.stack(self.inbox, self.errors, self.live)
            self.stack(self.thoughts, self.pipeline, self.diff)
        width = self.size.width if narrow else self.size.width - max(48, min(84, self.size.width * 42 // 100))
        self.pipeline.dense = self.size.height < _TALL
        self.pipeline.styles.height = 1 + self.pipeline.height_at(width - 2)

    def subject(self) -> Patch | None:
        """Return the selected patch; of an incident, the newest patch that was made for it."""
        row = self._source.current
        if row is None:
            return None
        patches = self.nexoide.feed.state.patches
        if self._source is not self.errors:
            return patches.get(row.key)
        return next((patch for patch in reversed(patches.values()) if patch.incident == row.key), None)

    def acted_on(self) -> Incident | None:
        """Return the incident under the cursor of the errors."""
        row = self.errors.current
        if self._source is not self.errors or self.focused is not self.errors or row is None:
            return None
        return self.nexoide.feed.state.incidents.get(row.key)

    def meant(self) -> bool:
        """Tell whether the operator can have seen which incident is under the cursor: another one may just have come there."""
        return self.nexoide.clock.monotonic() - self.errors.slipped_at >= GRACE

    def aside_of(self, action: str) -> str:
        """Say where an incident went that has just left the list."""
        return " h lists it." if action in {"ignore", "merge"} and not self.errors.showing_hidden else ""

    def take(self, parts: frozenset[Part], state: State, now: float) -> None:
        """Take over what changed, part by part."""
        if parts & {"header", "connection"}:
            self.query_one("#header", expect_type=type(self._header())).show(state, now)
        if "patches" in parts:
            self.inbox.show(state, now)
        if parts & {"patches", "deployments", "incidents"}:
            self.live.show(state, now)
        if "incidents" in parts:
            self.errors.show(state, now)
        if "thoughts" in parts:
            self.thoughts.show(state, now)
        if "targets" in parts or "connection" in parts:
            self.status.show(state, now)
        if parts & {"patches", "deployments", "connection"}:
            self.follow()

    def _header(self) -> Any:
        from nexoide.tui.widgets.header import Header

        return self.query_one(Header)

    def follow(self) -> None:
        """Let the right side show what the left side selects."""
        if self._source.current is None and self.inbox.rows and self._source is not self.errors:
            self._source = self.inbox
        patch = self.subject()
        row = self._source.current
        incident = patch.incident if patch else row.key if row is not None and self._source is self.errors else ""
        self.pipeline.set_patch(patch, self.nexoide.feed.state)
        self.thoughts.set_subject(patch.id if patch else "", incident)
        self.show_subject()
        self.refresh_bindings()

    def on_selected(self, message: Selected) -> None:
        """Another row is under a cursor."""
        if message.pane is self._source:
            self.nexoide.desk.forget()
            self.nexoide.incident_desk.forget()
            self.follow()

    def on_diff_drawn(self, message: DiffDrawn) -> None:
        """The selected patch is on the screen: now keys may decide."""
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        """The list with focus says what is selected."""
        focused = self.focused
        if isinstance(focused, Rows) and focused is not self._source:
            self._source = focused
            self.nexoide.desk.forget()
        self.follow()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what is possible now."""
        row = self._source.current if isinstance(self.focused, Rows) else None
        match action:
            case "open":
                return row is not None
            case "diff":
                return self.subject() is not None
            case "log":
                return bool(self.nexoide.feed.state.targets)
            case "page":
                return self.has_class("-narrow")
            case "hidden":
                return self._source is self.errors and self.errors.has_hidden
            case "filter":
                return isinstance(self.focused, Rows)
            case "revert" if not self.tiny and not possible("revert", self.subject()):
                return self._newest_deployed() is not None and self.nexoide.feed.connection.state == "connected"
            case _:
                return super().check_action(action, parameters)

    def action_approve(self) -> None:
        """Approve what is shown; what is not on the screen yet is opened first, to be read."""
        if not self._opened("Read {}, then press a to approve it."):
            super().action_approve()

    def action_revert(self) -> None:
        """Take back what is shown; where that is nothing deployed, go to what was deployed last."""
        newest = self._newest_deployed()
        if not possible("revert", self.subject()) and newest is not None:
            self.live.select(next(index for index, row in enumerate(self.live.rows) if row.key == newest))
            self.live.focus()
            self.nexoide.say("ask", f"{newest} was deployed last: press r to take it back.")
        elif not self._opened("This is {}: press r to take it back."):
            super().action_revert()

    def _opened(self, sentence: str) -> bool:
        """Open the selected patch where its diff has no place on this page; return whether that was done."""
        patch = self.subject()
        if patch is None or self.second or not self.has_class("-narrow"):
            return False
        self.nexoide.open_patch(patch.id)
        self.nexoide.say("ask", sentence.format(patch.id))
        return True

    def _newest_deployed(self) -> str | None:
        patches = self.nexoide.feed.state.patches
        return next((row.key for row in self.live.rows if possible("revert", patches.get(row.key))), None)

    def action_open(self) -> None:
        """Open the selected row."""
        row = self._source.current
        if row is None:
            return
        if self._source is self.errors:
            self.nexoide.open_incident(row.key)
        elif row.key in self.nexoide.feed.state.reloads:
            self.nexoide.open_reload(row.key)
        else:
            self.nexoide.open_patch(row.key)

    def action_diff(self) -> None:
        """Open the selected patch."""
        patch = self.subject()
        if patch is not None:
            self.nexoide.open_patch(patch.id)

    def action_log(self) -> None:
        """Open the log of the selected program."""
        state, patch, row = self.nexoide.feed.state, self.subject(), self._source.current
        incident = state.incidents.get(row.key) if row is not None else None
        name = patch.target if patch else incident.target if incident else next(iter(state.targets), "")
        if name:
            self.nexoide.open_log(name)

    def action_hidden(self) -> None:
        """List ignored and merged incidents too, or no more."""
        self.errors.toggle_hidden()
        self.follow()

    def action_page(self) -> None:
        """Turn the page."""
        self.second = not self.second
        self.lay_out()
        if not (isinstance(self.focused, Rows) and self.focused is self.inbox):
            self.inbox.focus()
        self.call_after_refresh(self.lay_out)

    def action_filter(self) -> None:
        """Filter the list with focus while typing."""
        rows = self.focused
        if not isinstance(rows, Rows):
            return

        def done(needle: str | None) -> None:
            rows.set_filter(needle or "")
            rows.focus()
            self.follow()

        self.prompt.ask(f"Find in {rows.id}:", done, value=rows.needle, typed=rows.set_filter)

    def action_clear(self) -> None:
        """Clear the question, the message, the filter."""
        self.nexoide.desk.forget()
        self.nexoide.incident_desk.forget()
        self.status.hush()
        if self._source.needle:
            self._source.set_filter("")
            self.follow()
