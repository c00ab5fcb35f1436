"""What became of the patches that were decided (on probation, resolved, not live, reverted), and of what was saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.definitions import STATES
from nexoide.tui.text import Line
from nexoide.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from nexoide.model.patch import Patch
    from nexoide.model.projection import State
    from nexoide.model.reload import Reload


_WIDE = 62
_SAVES = 30
"""How many saves are listed; the journal has all."""

_UNDECIDED = frozenset({"waiting", "proposed"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decided patch, as it is drawn; `colour` and `glyph` say how its word is to be read."""

    key: str
    title: str
    word: str
    colour: str
    glyph: str
    progress: str
    commit: str

    @property
    def searched(self) -> str:
        """What the filter looks into."""
        return f"{self.key} {self.title} {self.word} {self.commit}"


_WORDS = {
    "approved": ("deploying", "focus", "◐"),
    "not_live": ("not live", "fail", "✗"),
    "failed": ("failed, undone", "quiet", "✗"),
    "reverted": ("reverted", "quiet", "↩"),
    "rejected": ("rejected", "faint", "–"),
    "invalid": ("did not hold", "faint", "–"),
    "stale": ("overtaken", "faint", "–"),
}


def _since(patch: Patch, state: State) -> float:
    deployment = state.deployments.get(patch.deployment)
    return deployment.started_at if deployment is not None and deployment.started_at else patch.proposed_at


def _saved(reload: Reload) -> Outcome:
    word, colour, glyph = STATES[reload.state]
    names = ", ".join(file.path for file in reload.files[:3]) + (f" and {len(reload.files) - 3} more" if len(reload.files) > 3 else "")
    return Outcome(reload.id, reload.summary or names, word, colour, glyph, "" if reload.summary else names, "")


class Live(Rows[Outcome]):
    """Decided patches and saves that were taken over, the newest first."""

    def show(self, state: State, now: float) -> None:
        """Take over the outcomes."""
        rows = [(_since(patch, state), self._outcome(patch, state, now)) for patch in state.patches.values() if patch.state not in _UNDECIDED]
        if state.reloads:
            rows += [(reload.began_at, _saved(reload)) for reload in list(state.reloads.values())[-_SAVES:]]
            rows.sort(key=lambda row: row[0])
        self.set_rows([row for _, row in reversed(rows)])

    def _outcome(self, patch: Patch, state: State, now: float) -> Outcome:
        word, colour, glyph = _WORDS.get(patch.state, (patch.state, "quiet", "·"))
        progress = ""
        incident = state.incidents.get(patch.incident)
        deployment = state.deployments.get(patch.deployment)
        if patch.state == "live" and deployment is not None:
            word, colour, glyph = ("came back", "fail", "●")
            passes = f"{fmt.count(deployment.passes)} {'pass' if deployment.passes == 1 else 'passes'}"
            if incident is None or incident.state == "probation":
                word, colour, glyph = ("on probation", "focus", "◐")
                needed = deployment.passes_needed
                so_far = f"{fmt.count(min(deployment.passes, needed))} of {fmt.count(needed)} passes" if needed else passes
                progress = f"{so_far} · {fmt.age(now - deployment.live_at)}"
            elif incident.state == "resolved":
                word, colour, glyph = ("resolved", "ok", "✓")
                progress = passes
        return Outcome(patch.id, patch.title, word, colour, glyph, progress, patch.commit[:7])

    def changes_in(self, now: float) -> float:
        """Probation counts up."""
        state = self.nexoide.feed.state
        soonest = float("inf")
        for row in self.rows:
            patch = state.patches.get(row.key)
            deployment = state.deployments.get(patch.deployment) if patch else None
            if row.word == "on probation" and deployment is not None:
                soonest = min(soonest, fmt.age_changes_in(now - deployment.live_at))
        return soonest

    def title(self) -> Line:
        """Name the panel."""
        return Line("Live", self.skin.fore("strong" if self.has_focus else "text", bold=True))

    def empty(self) -> list[str]:
        """Say that nothing was decided."""
        return ["Nothing matches.", "esc shows all"] if self.needle else ["Nothing deployed yet."]

    def draw_row(self, row: Outcome, width: int, chosen: bool) -> list[Line]:
        """Draw the outcome in one line."""
        skin = self.skin
        left = Line(f"{row.glyph} ", skin.fore(row.colour)).add(row.key, skin.fore("strong" if chosen else "text")).add("  ")
        left.add(row.word, skin.fore(row.colour))
        if row.progress:
            left.add(f"  {row.progress}", skin.fore("quiet"))
        if self.size.width >= _WIDE:
            left.pad(38).add("  ").add(row.title, skin.fore("faint" if row.colour == "faint" else "quiet"), 300)
        elif row.key.startswith("L-"):
            left.add(f"  {row.title}", skin.fore("quiet"), 300)
        return [left.ends(Line(row.commit, skin.fore("quiet")), width)]
