"""What was found so far, and what it amounts to: also where healing was stopped early."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from nexoide.heal.choosing import clean
from nexoide.heal.ranking import ranked
from nexoide.heal.result import Healed, HealedPatch, Status
from nexoide.heal.words import described, place_of, said
from nexoide.model.failure import Failure
from nexoide.repair.proposal import Advice, Diagnosis
from nexoide.repair.validation.trial import Observation

MAX_THOUGHTS = 64
MAX_THOUGHT = 160


class Findings:
    """Collects: `seen` is the first run, `failure` what is repaired, `patches` those that were tried and are not refuted, `reason` why there are none."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._began = time.monotonic()
        self.seen: Observation | None = None
        self.failure: Failure | None = None
        self.patches: list[HealedPatch] = []
        self.clocks: dict[str, float] = {}
        self._thoughts: dict[tuple[str, str], None] = {}
        self._advice: dict[Advice, None] = {}
        self.reason = ""

    def take(self, diagnosis: Diagnosis) -> None:
        """Keep what a diagnosis thought and advises; the first one's reason for proposing nothing counts."""
        for step, text in diagnosis.thoughts:
            self.think(step, text)
        self._advice.update(dict.fromkeys(diagnosis.advice))
        self.reason = self.reason or diagnosis.reason

    def think(self, step: str, text: str) -> None:
        """Keep one thought, once; of too many the last are left out."""
        if len(self._thoughts) < MAX_THOUGHTS:
            line = text if len(text) <= MAX_THOUGHT else text[: MAX_THOUGHT - 1] + "…"
            self._thoughts[(step, line)] = None

    def healed(self, *, interrupted: bool = False) -> Healed:
        """Return the result as it stands now."""
        failure = self.failure
        patches = ranked(_without_steps(self.patches))
        kind, message = described(failure) if failure is not None else ("", "")
        healed = Healed(
            status=self._status(patches),
            error_class=kind,
            error=message,
            where=place_of(failure, self._root) if failure is not None else "",
            thoughts=tuple(self._thoughts),
            advice=tuple(self._advice),
            patches=patches,
            seen=self.seen,
            seconds=round(time.monotonic() - self._began, 3),
            interrupted=interrupted,
            clocks=dict(self.clocks),
        )
        return replace(healed, said=said(healed, failure, self.reason))

    def _status(self, patches: tuple[HealedPatch, ...]) -> Status:
        if self.seen is None:
            return "error"
        if clean(self.seen):
            return "nothing_to_fix"
        if any(patch.passes for patch in patches):
            return "fixed"
        return "no_patch" if self._advice and not patches else "not_fixed"


def _without_steps(patches: list[HealedPatch]) -> list[HealedPatch]:
    """Return the patches without those that were only the first rounds of one that passes."""
    whole = [patch for patch in patches if patch.passes and patch.rounds > 1]
    return [patch for patch in patches if patch.passes or not any(item.proposal.title.startswith(patch.proposal.title) for item in whole)]
