"""What healing found, on paper: what failed, what is advised, and each patch with its evidence and its diff."""

from __future__ import annotations

import math

from nexoide.cli.output import emit, emit_diff
from nexoide.cli.sheet import BAD, DIM, GOOD, PLAIN, WARN, Sheet
from nexoide.heal.result import Healed, HealedPatch
from nexoide.model.patch import Evidence, Part

MARKS = {"passed": "✓", "failed": "✗", "inconclusive": "–"}
_STYLES = {"passed": GOOD, "failed": BAD, "inconclusive": DIM}
_SHOWN_PARTS = 6
_SHOWN_OUTPUT = 12


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
        _patch(sheet, patch)
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
    sheet.say(f"{_ending(seen.exit_code)} after {seen.seconds:.1f} s", DIM, indent=2)
    if not healed.error_class:
        lines = seen.output.strip().split("\n")
        if len(lines) > _SHOWN_OUTPUT:
            sheet.say(f"… {len(lines) - _SHOWN_OUTPUT} lines before", DIM, indent=2)
        for line in lines[-_SHOWN_OUTPUT:]:
            sheet.say(line, indent=2)


def _ending(code: int | None) -> str:
    return "the command was stopped" if code is None else f"the command ended with {code}"


def _patch(sheet: Sheet, patch: HealedPatch) -> None:
    made = patch.proposal
    sheet.title(f"{patch.id}  {made.title}")
    style = GOOD if patch.confidence >= 0.85 else WARN if patch.confidence >= 0.5 else PLAIN
    sheet.field("confidence", f"{patch.confidence:.2f}" + (f", {patch.bound}" if patch.bound else ""), style)
    for part in patch.parts[:_SHOWN_PARTS]:
        sheet.field("", _part(part), DIM)
    sheet.field("rule", made.rule)
    for row in patch.evidence:
        _row(sheet, row)
    sheet.field("why", made.rationale)
    for name, texts in (("instead", made.alternatives), ("unchecked", made.unchecked), ("careful", made.cautions), ("by a human", patch.vetoes)):
        for number, text in enumerate(texts):
            sheet.field("" if number else name, text)
    emit()
    emit_diff(patch.diff.removesuffix("\n").split("\n"))


def _part(part: Part) -> str:
    """Return what one part does to the odds, in words."""
    factor = math.exp(abs(part.weight))
    return f"{'+' if part.weight > 0 else '−'} {part.words}: odds {'×' if part.weight > 0 else '÷'} {factor:.1f}"


def _row(sheet: Sheet, row: Evidence) -> None:
    took = f" ({row.milliseconds:.0f} ms)" if row.milliseconds >= 1 else ""
    sheet.say(f"{MARKS[row.outcome]} {row.kind}: {row.summary}{took}", _STYLES[row.outcome], indent=2)
    if row.outcome != "passed":
        for line in row.detail[:4]:
            sheet.say(line, DIM, indent=6)


