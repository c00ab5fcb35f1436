"""The first line: where we are, what waits, what fails, and whether the supervisor is there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.text import Line, Strip, cut, draw
from nexoide.tui.widgets.pane import Drawn

if TYPE_CHECKING:
    from nexoide.model.projection import State


class Header(Drawn):
    """Project, branch and uptime at the left; the counts; the connection at the right."""

    DEFAULT_CSS = "Header { height: 1; width: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._line = Line()
        self._subject = Line()

    def set_subject(self, subject: Line) -> None:
        """Show this at the left instead of the project."""
        self._subject = subject
        self.show(self.nexoide.feed.state, self.nexoide.clock.wall())

    def show(self, state: State, now: float) -> None:
        """Take over what is true now."""
        line = self._whole(state, now, self.size.width)
        if line != self._line:
            self._line = line
            self.refresh()

    def on_resize(self) -> None:
        """Lay out anew."""
        self.show(self.nexoide.feed.state, self.nexoide.clock.wall())

    def changes_in(self, now: float) -> float:
        """The uptime runs, and how long the connection has been lost."""
        feed = self.nexoide.feed
        if feed.connection.state in {"lost", "connecting"}:
            return fmt.age_changes_in(now - feed.connection.since)
        if feed.connection.state != "connected" or feed.state.started is None or self._subject.width:
            return math.inf
        return fmt.age_changes_in(now - feed.state.started_at)

    def _whole(self, state: State, now: float, width: int) -> Line:
        left = Line(" nexoide", self.skin.fore("focus", bold=True)).add("  ").join(self._subject if self._subject.width else self._place(state, now, width))
        right = self._counts(state, width).join(self._connection(now, width)).add(" ")
        return cut(left, max(10, width - right.width - 1)).ends(right, width)

    def _place(self, state: State, now: float, width: int) -> Line:
        skin, started = self.skin, state.started
        if started is None:
            return Line("a supervisor for programs that mend themselves" if width >= 100 else "", skin.fore("quiet"))
        line = Line().add(started.project, skin.fore("strong", bold=True), 40)
        if started.has_git:
            line.add(" · ", skin.fore("faint")).add(started.branch or "detached", skin.fore("text"), 40)
        else:
            line.add(" · ", skin.fore("faint")).add("no git", skin.fore("quiet"))
        if self.nexoide.feed.connection.state == "connected" and width >= 72:
            line.add(f" · up {fmt.age(now - state.started_at)}", skin.fore("quiet"))
        return line

    def _counts(self, state: State, width: int) -> Line:
        skin = self.skin
        waiting = len(state.waiting())
        failing = sum(incident.state == "open" for incident in state.incidents.values())
        line = Line(f"{waiting} waiting", skin.fore("waiting", bold=True) if waiting else skin.fore("quiet"))
        line.add(" · ", skin.fore("faint")).add(f"{failing} failing", skin.fore("fail", bold=True) if failing else skin.fore("quiet"))
        if state.started is not None and width >= 92:
            line.add(" · ", skin.fore("faint")).add(f"{state.started.policy} mode", skin.fore("quiet"), 24)
        return line.add("   " if width >= 80 else "  ")

    def _connection(self, now: float, width: int) -> Line:
        skin, found = self.skin, self.nexoide.feed.connection
        if found.state == "connected":
            return Line("● ", skin.fore("ok")).add("connected" if width >= 92 else "", skin.fore("quiet"))
        if found.state == "connecting":
            waited = now - found.since
            return Line("○ connecting" + (f" since {fmt.age(waited)}" if waited >= 3 else ""), skin.fore("quiet"))
        if found.state == "ended":
            return Line("○ supervisor stopped", skin.fore("fail", bold=True))
        return Line(f"○ lost {fmt.age(now - found.since)} ago, reconnecting", skin.fore("fail", bold=True))

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        return draw(self._line, self.size.width, self.skin.base("raised"))
