"""The result as one JSON document."""

from __future__ import annotations

from typing import Any

from nexoide.heal.result import Healed, HealedPatch
from nexoide.model.patch import Evidence


def document(healed: Healed) -> dict[str, Any]:
    """Return the result as dicts and lists."""
    return {
        "status": healed.status,
        "error_class": healed.error_class,
        "error": healed.error,
        "where": healed.where,
        "said": healed.said,
        "thoughts": [{"step": step, "text": text} for step, text in healed.thoughts],
        "advice": [{"rule": item.rule, "title": item.title, "text": item.text, "looked": list(item.looked)} for item in healed.advice],
        "patches": [_patch(item) for item in healed.patches],
        "exit_code": healed.seen.exit_code if healed.seen is not None else None,
        "seconds": healed.seconds,
        "clocks": healed.clocks,
        "interrupted": healed.interrupted,
    }


def _patch(patch: HealedPatch) -> dict[str, Any]:
    made = patch.proposal
    return {
        "id": patch.id,
        "title": made.title,
        "rule": made.rule,
        "confidence": round(patch.confidence, 4),
        "parts": [{"words": part.words, "weight": part.weight} for part in patch.parts],
        "features": patch.features,
        "bound": patch.bound,
        "vetoes": list(patch.vetoes),
        "passes": patch.passes,
        "rounds": patch.rounds,
        "evidence": [evidence_row(row) for row in patch.evidence],
        "rationale": made.rationale,
        "alternatives": list(made.alternatives),
        "unchecked": list(made.unchecked),
        "cautions": list(made.cautions),
        "diff": patch.diff,
        "files": sorted(patch.files),
    }


def evidence_row(row: Evidence) -> dict[str, Any]:
    """Return one row of evidence; what confined the run stands apart from what came out of it."""
    confined = [item for item in row.detail if item.startswith(("Confined", "Not confined", "confined:", "NOT confined:"))]
    return {
        "kind": row.kind,
        "outcome": row.outcome,
        "summary": row.summary,
        "detail": [item for item in row.detail if item not in confined],
        "milliseconds": row.milliseconds,
        "confined": "; ".join(confined),
    }
