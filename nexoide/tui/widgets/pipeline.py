"""The way of a patch as a graph: eleven stages that light up as they are reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.text import Line, Style, clean
from nexoide.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from nexoide.model.patch import Patch, Stage
    from nexoide.model.projection import StageView, State


STAGES: tuple[Stage, ...] = (
    "raised",
    "grouped",
    "proposed",
    "inspected",
    "rehearsed",
    "tested",
    "review",
    "committed",
    "reloaded",
    "probation",
    "resolved",
)
_NODES = {"passed": "●", "failed": "✗", "running": "◉", "skipped": "◌"}
_WAITING = "◆"
_AHEAD = "○"
_MARGIN = 2
_GAPS = (2, 5)
_FLASH = 0.7
_SEEN_TO_WORK = frozenset({"rehearsed", "tested", "reloaded", "resolved", "probation"})


@dataclass(frozen=True, slots=True)
class Node:
    """One stage, as it is drawn."""

    stage: Stage
    glyph: str
    colour: str
    note: str
    reached: bool
    bold: bool


def nodes(patch: Patch | None, views: dict[Stage, StageView]) -> list[Node]:
    """Return the stages of a patch with the colours they have earned."""
    found = []
    for stage in STAGES:
        view = views.get(stage)
        if view is None:
            found.append(Node(stage, _AHEAD, "faint", "", False, False))
            continue
        waits = stage == "review" and view.status == "running"
        failed = "fail" if patch is not None and patch.state in {"waiting", "proposed", "live", "not_live"} else "quiet"
        passed = "ok" if stage in _SEEN_TO_WORK else "text"
        colour = "waiting" if waits else {"passed": passed, "failed": failed, "running": "focus"}.get(view.status, "faint")
        note = "waits for you" if waits else _note(stage, view)
        glyph = _WAITING if waits else _NODES[view.status]
        found.append(Node(stage, glyph, colour, note, view.status != "skipped", waits or view.status == "running"))
    return found


def _note(stage: Stage, view: StageView) -> str:
    measured = fmt.milliseconds(view.milliseconds)
    if stage == "committed" and view.status == "passed" and view.detail:
        return clean(view.detail, 7).split("…")[0]
    if view.status == "skipped":
        return "skipped"
    return measured


class Pipeline(Pane, can_focus=False):
    """The graph of the selected patch, over as many lines as the width asks for."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._patch: Patch | None = None
        self._stages: list[Node] = nodes(None, {})
        self._drawn: list[Line] = []
        self._lit: frozenset[Stage] = frozenset()
        self.dense = False

    def set_patch(self, patch: Patch | None, state: State) -> None:
        """Show this patch; stages that changed while it was shown flash once."""
        views = state.stages.get(patch.id, {}) if patch else {}
        now = nodes(patch, views)
        same = patch is not None and self._patch is not None and patch.id == self._patch.id
        if now == self._stages and same:
            self._patch = patch
            return
        if same and self.nexoide.animation_level != "none":
            before = {node.stage: node for node in self._stages}
            self._lit = frozenset(node.stage for node in now if node.reached and node.glyph != before[node.stage].glyph)
            if self._lit:
                self.set_timer(_FLASH, self._calm)
        else:
            self._lit = frozenset()
        self._stages, self._patch = now, patch
        self._redraw()

    def _calm(self) -> None:
        self._lit = frozenset()
        self._redraw()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        super().on_resize()
        self._redraw()

    def restyle(self) -> None:
        """Draw with other colours."""
        self._redraw()

    def _redraw(self) -> None:
        self._drawn = self._graph(self.inner) if self._patch is not None and self.inner > 0 else []
        self.refresh()

    def title(self) -> Line:
        """Name the patch."""
        if self._patch is None:
            return Line("Pipeline", self.skin.fore("quiet"))
        return Line(self._patch.id, self.skin.fore("text", bold=True)).add("  ").add(self._patch.title, self.skin.fore("quiet"), 200)

    def empty(self) -> list[str]:
        """Say that no patch is selected."""
        return ["No patch selected."]

    def total(self) -> int:
        """Return the number of lines of the graph."""
        return len(self._drawn)

    def line_at(self, index: int, width: int) -> tuple[Line, Style]:
        """Return one line of the graph."""
        return self._drawn[index], self.skin.base()

    def sketch(self) -> Line:
        """Return the graph as one glyph a stage, and the name of the one it is at."""
        line = Line()
        for node in self._stages:
            line.add(node.glyph, self.skin.fore(node.colour, bold=node.bold))
        at = next((node for node in reversed(self._stages) if node.reached), None)
        return line.add(f" {at.stage}", self.skin.fore(at.colour)) if at else line

    # the graph

    @staticmethod
    def rows_at(width: int) -> tuple[list[list[Stage]], int]:
        """Return which stages stand in one row at this many cells, and how many cells part them."""
        room = max(20, width - 2 * _MARGIN - 1)
        number = 1
        while True:
            each = -(-len(STAGES) // number)
            rows = [list(STAGES[start : start + each]) for start in range(0, len(STAGES), each)]
            gap = min((room - sum(map(len, row))) // len(row) for row in rows)
            if gap >= _GAPS[0] or each == 1:
                return rows, max(_GAPS[0], min(gap, _GAPS[1]))
            number += 1

    def height_at(self, width: int) -> int:
        """Return how many lines the graph takes."""
        return len(self.rows_at(width)[0]) * (3 if self.dense else 4) - 1

    def _graph(self, width: int) -> list[Line]:
        known = {node.stage: node for node in self._stages}
        stages, gap = self.rows_at(width)
        rows = [[known[stage] for stage in row] for row in stages]
        out: list[Line] = []
        for number, row in enumerate(rows):
            last = number == len(rows) - 1
            leads_on = not last and rows[number + 1][0].reached
            out.extend(self._draw_row(row, gap, width, number > 0, last, leads_on))
            if not last:
                out.append(self._bend(width, leads_on))
        return out

    def _wire(self, reached: bool) -> Style:
        return self.skin.fore("quiet" if reached else "border")

    def _draw_row(self, row: list[Node], gap: int, width: int, entered: bool, last: bool, leads_on: bool) -> list[Line]:
        skin = self.skin
        track, names, notes = Line(), Line(), Line()
        start = Line(" ╰▶" if entered else "  ", self._wire(row[0].reached))
        track.join(start)
        names.pad(start.width)
        notes.pad(start.width)
        for index, node in enumerate(row):
            final = index == len(row) - 1
            step = len(node.stage) + gap
            lit = node.stage in self._lit
            colour = skin.fore(node.colour, bold=node.bold or lit)
            track.add(node.glyph, colour)
            if not final:
                after = row[index + 1].reached
                track.add("─" * (step - 2) + "▶", self._wire(after))
            elif not last:
                track.add("─" * max(0, width - 3 - track.width) + "╮", self._wire(leads_on))
            named = skin.fore("strong" if lit else node.colour if node.colour != "text" else "quiet", bold=node.bold or lit)
            names.add(node.stage, named).pad(names.width + step - len(node.stage))
            if notes.width <= names.width - step:
                notes.pad(names.width - step).add(node.note, skin.fore("waiting" if node.colour == "waiting" else "faint"))
                notes.add(" " if node.note else "")
        if not last:
            for line in (names, notes):
                line.pad(width - 3).add("│", self._wire(leads_on))
        return [track, names] if self.dense else [track, names, notes]

    def _bend(self, width: int, leads_on: bool) -> Line:
        return Line(" ╭" + "─" * max(0, width - 5) + "╯", self._wire(leads_on))
