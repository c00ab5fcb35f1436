"""The review queue: everything that waits for the operator, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.text import Line
from nexoide.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from nexoide.model.patch import Evidence, Patch
    from nexoide.model.projection import State


MARKS = {"passed": "✓", "failed": "✗", "inconclusive": "~"}
_SHOWN = frozenset({"waiting", "proposed"})


@dataclass(frozen=True, slots=True)
class Item:
    """One patch of the queue, as it is drawn."""

    key: str
    title: str
    waits: bool
    confidence: str
    target: str
    age: str
    evidence: tuple[Evidence, ...]

    @property
    def searched(self) -> str:
        """What the filter looks into."""
        return f"{self.key} {self.title} {self.target}"


class Inbox(Rows[Item]):
    """Patches that wait for a decision; those still being checked stand among them, quietly."""

    def show(self, state: State, now: float) -> None:
        """Take over the queue."""
        self.set_rows([self._item(patch, now) for patch in state.patches.values() if patch.state in _SHOWN])

    def _item(self, patch: Patch, now: float) -> Item:
        confidence = "" if patch.confidence is None else f"{patch.confidence:.2f}"
        return Item(patch.id, patch.title, patch.state == "waiting", confidence, patch.target, fmt.age(now - patch.proposed_at), patch.evidence)

    def changes_in(self, now: float) -> float:
        """Ages run."""
        patches = self.nexoide.feed.state.patches
        return min((fmt.age_changes_in(now - patches[row.key].proposed_at) for row in self.rows if row.key in patches), default=float("inf"))

    @property
    def row_height(self) -> int:
        """Two lines: what, and what is known of it."""
        return 2

    def title(self) -> Line:
        """Name the panel and how much waits."""
        waiting = sum(row.waits for row in self.all_rows)
        line = Line("Inbox", self.skin.fore("strong" if self.has_focus else "text", bold=True))
        return line.add(f"  {waiting} waiting", self.skin.fore("waiting", bold=True)) if waiting else line

    def empty(self) -> list[str]:
        """Say that nothing waits."""
        if self.needle:
            return ["Nothing matches.", "esc shows all"]
        return ["Nothing waits for you.", "Proposed patches appear here."]

    def draw_row(self, row: Item, width: int, chosen: bool) -> list[Line]:
        """Draw the patch in two lines."""
        skin = self.skin
        if row.waits:
            first = Line(row.key, skin.fore("waiting", bold=True)).add("  ").add(row.title, skin.fore("strong" if chosen else "text"), 300)
            right = Line(row.confidence, skin.fore("waiting"))
        else:
            first = Line(row.key, skin.fore("quiet")).add("  ").add(row.title, skin.fore("quiet"), 300)
            right = Line("checking", skin.fore("focus"))
        second = Line(" " * (len(row.key) + 2)).add(row.target, skin.fore("quiet"), 40).add(f" · {row.age}", skin.fore("quiet"))
        marks = self._marks(row.evidence, named=True)
        if second.width + marks.width + 1 > width:
            marks = self._marks(row.evidence, named=False)
        return [first.ends(right, width), second.ends(marks, width)]

    def _marks(self, evidence: tuple[Evidence, ...], *, named: bool) -> Line:
        skin, line = self.skin, Line()
        for item in evidence[:6]:
            colour = {"passed": "ok", "failed": "fail"}.get(item.outcome, "quiet")
            line.add(" " if line.width and named else "").add(MARKS[item.outcome], skin.fore(colour))
            if named:
                line.add(" ").add(item.kind, skin.fore("quiet"), 14)
        return line
