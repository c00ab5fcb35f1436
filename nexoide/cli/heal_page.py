"""What healing found, on paper: what failed, what is advised, and each patch with its evidence and its diff."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from nexoide.cli.output import emit, emit_diff
from nexoide.cli.sheet import BAD, DIM, GOOD, PLAIN, WARN, Sheet
from nexoide.heal.result import Healed
from nexoide.model.patch import Evidence, Part

MARKS = {"passed": "✓", "failed": "✗", "inconclusive": "–"}
_STYLES = {"passed": GOOD, "failed": BAD, "inconclusive": DIM}
_SHOWN_PARTS = 6
_SHOWN_OUTPUT = 12


class Reasons(Protocol):
    """What is said of a patch beside its evidence: a proposal of the rules, or a patch of the journal."""

    @property
    def rule(self) -> str:
        """Who made it."""

    @property
    def rationale(self) -> str:
        """Why."""

    @property
    def alternatives(self) -> tuple[str, ...]:
        """What else was considered."""

    @property
    def unchecked(self) -> tuple[str, ...]:
        """What nobody looked at."""

    @property
    def cautions(self) -> tuple[str, ...]:
        """What it decides for the author."""


class _Scored(Protocol):
    @property
    def parts(self) -> tuple[Part, ...]: ...

    @property
    def bound(self) -> str: ...

    @property
    def vetoes(self) -> tuple[str, ...]: ...


def page(healed: Healed) -> None:
    """Print the result for people."""
    sheet = Sheet()
    _failure(sheet, healed)
    if healed.thoughts:
        sheet.title("Thoughts")
        for step, text in healed.thoughts:
            sheet.say(f"{step:<6} {text}", indent=2)
    for item in healed.advice:
        sheet.title(f"Advice · {item.title}")
        sheet.say(item.text, indent=2)
        for fact in item.looked:
            sheet.say(f"looked: {fact}", DIM, indent=2)
    for patch in healed.patches:
        rounds = f" (in {patch.rounds} rounds)" if patch.rounds > 1 else ""
        patch_rows(sheet, f"{patch.id}  {patch.proposal.title}{rounds}", patch.confidence, patch.proposal, patch.evidence, patch.diff, scored=patch)
    emit()
    sheet.say(healed.said, GOOD if healed.status == "fixed" else PLAIN)


def _failure(sheet: Sheet, healed: Healed) -> None:
    if healed.error_class or healed.error:
        first, *rest = f"{healed.error_class}: {healed.error}".strip(": ").split("\n")
        sheet.say(first, BAD)
        for line in rest[:_SHOWN_OUTPUT]:
            sheet.say(line, BAD, indent=2)
        if healed.where:
            sheet.say(f"at {healed.where}", indent=2)
    seen = healed.seen
    if seen is None or healed.status in ("nothing_to_fix", "fixed"):
        return
    ending = "the command was stopped" if seen.exit_code is None else f"the command ended with {seen.exit_code}"
    sheet.say(f"{ending} after {seen.seconds:.1f} s", DIM, indent=2)
    if not healed.error_class:
        lines = seen.output.strip().split("\n")
        if len(lines) > _SHOWN_OUTPUT:
            sheet.say(f"… {len(lines) - _SHOWN_OUTPUT} lines before", DIM, indent=2)
        for line in lines[-_SHOWN_OUTPUT:]:
            sheet.say(line, indent=2)


def patch_rows(sheet: Sheet, title: str, confidence: float, made: Reasons, evidence: Sequence[Evidence], diff: str, *, scored: _Scored | None = None) -> None:
    """Print one patch: its confidence with its parts in words, the evidence, the reasons, the diff."""
    sheet.title(title)
    style = GOOD if confidence >= 0.85 else WARN if confidence >= 0.5 else PLAIN
    bound = f", {scored.bound}" if scored is not None and scored.bound else ""
    sheet.field("confidence", f"{confidence:.2f}{bound}", style)
    for part in scored.parts[:_SHOWN_PARTS] if scored is not None else ():
        sheet.field("", _part(part), DIM)
    sheet.field("rule", made.rule)
    for row in evidence:
        _row(sheet, row)
    sheet.field("why", made.rationale)
    vetoes = scored.vetoes if scored is not None else ()
    for name, texts in (("instead", made.alternatives), ("unchecked", made.unchecked), ("careful", made.cautions), ("by a human", vetoes)):
        for number, text in enumerate(texts):
            sheet.field("" if number else name, text)
    emit()
    emit_diff(diff.removesuffix("\n").split("\n"))


def _part(part: Part) -> str:
    """Return what one part does to the odds, in words."""
    return f"{'+' if part.weight > 0 else '−'} {part.words}: odds {'×' if part.weight > 0 else '÷'} {math.exp(abs(part.weight)):.1f}"


def _row(sheet: Sheet, row: Evidence) -> None:
    took = f" ({row.milliseconds:.0f} ms)" if row.milliseconds >= 1 else ""
    sheet.say(f"{MARKS[row.outcome]} {row.kind}: {row.summary}{took}", _STYLES[row.outcome], indent=2)
    if row.outcome != "passed":
        for line in row.detail[:4]:
            sheet.say(line, DIM, indent=6)
