"""The order of the patches: by confidence, which counts how many others pass and behave differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nexoide.heal.diffs import diff
from nexoide.heal.result import HealedPatch
from nexoide.repair import confidence


def ranked(patches: Sequence[HealedPatch]) -> tuple[HealedPatch, ...]:
    """Return the patches with their confidence and their diff, best first; they are named H-1, H-2 and so on."""
    scored = [_scored(patch, [other for other in patches if other is not patch]) for patch in patches]
    scored.sort(key=lambda patch: (not patch.passes, -patch.confidence, -patch.proposal.prior))
    return tuple(replace(patch, id=f"H-{number}", diff=diff(patch.files)) for number, patch in enumerate(scored, 1))


def _scored(patch: HealedPatch, others: Sequence[HealedPatch]) -> HealedPatch:
    rivals = [confidence.Rival(other.proposal.prior, other.behaviour) for other in others if other.passes]
    score = confidence.judge(patch.proposal, patch.evidence, rivals=rivals, behaviour=patch.behaviour, rounds=patch.rounds)
    return replace(patch, confidence=score.confidence, parts=score.parts, features=score.features, bound=score.bound, vetoes=score.vetoes)
