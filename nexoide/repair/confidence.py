"""Confidence: the probability that a patch is right, a logistic model over features of its evidence, fitted on known failures.

    logit(confidence) = intercept + sum of weight × feature, then bounded by the ceilings of `vetoes.py`

The weights lie in `data/calibration.json`, which `python -m tests.benchmarks calibrate` writes: fitted on one corpus of failing
programs with hidden checks, checked on another. Where few cases speak about a feature its weight stays near the belief
that it began with (a Gaussian prior on the weights, so nothing is learnt from noise alone).
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nexoide.model.patch import Evidence, Part
from nexoide.repair.features import WORDS, Rival, features, logit
from nexoide.repair.proposal import Proposal
from nexoide.repair.vetoes import ceiling, vetoes

__all__ = ["Calibration", "Rival", "Score", "calibration", "judge"]

LOWEST, HIGHEST = 0.01, 0.99
DATA = Path(__file__).parent / "data" / "calibration.json"
_SHOWN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A fitted model: an intercept, a weight for each feature, and for each rule how often it was right and wrong."""

    intercept: float = 0.0
    weights: dict[str, float] = field(default_factory=dict)
    rules: dict[str, tuple[int, int]] = field(default_factory=dict)

    def history(self, rule: str) -> float:
        """Return the log-odds of a rule's precision, smoothed towards that of all rules by two cases."""
        right, wrong = (sum(pair[place] for pair in self.rules.values()) for place in (0, 1))
        usual = (right + 1) / (right + wrong + 2)
        held = self.rules.get(rule, (0, 0))
        return logit((held[0] + 2 * usual) / (sum(held) + 2)) - logit(usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A confidence from 0.01 to 0.99, its parts, why it is no higher (empty where nothing bounds it), and what forbids an automatic merge."""

    confidence: float
    parts: tuple[Part, ...] = ()
    bound: str = ""
    vetoes: tuple[str, ...] = ()
    features: dict[str, float] = field(default_factory=dict)


@functools.cache
def calibration(path: Path = DATA) -> Calibration:
    """Return the fitted model of a data file."""
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(
        intercept=float(raw["intercept"]),
        weights={str(name): float(value) for name, value in raw["weights"].items()},
        rules={str(name): (int(pair[0]), int(pair[1])) for name, pair in raw["rules"].items()},
    )


def judge(
    proposal: Proposal,
    evidence: Sequence[Evidence],
    *,
    rivals: Sequence[Rival] = (),
    behaviour: str = "",
    rounds: int = 1,
    model: Calibration | None = None,
) -> Score:
    """Return the score of a patch with this evidence.

    `rivals` are the other patches for the failure that passed, `behaviour` the digest of what this one did; `rounds` how many
    failures it repairs one after the other.
    """
    held = model or calibration()
    row = {**features(proposal, evidence, rivals, behaviour, rounds=rounds), "history": held.history(proposal.rule)}
    added = {name: held.weights.get(name, 0.0) * value for name, value in row.items()}
    odds = held.intercept + math.fsum(added.values())
    found = 1.0 / (1.0 + math.exp(-odds))
    most, why = ceiling(proposal, evidence)
    parts = [Part(words=WORDS[name], weight=round(value, 2)) for name, value in sorted(added.items(), key=lambda item: -abs(item[1])) if abs(value) >= _SHOWN]
    parts.append(Part(words="what all patches begin with", weight=round(held.intercept, 2)))
    return Score(
        confidence=min(HIGHEST, most, max(LOWEST, found)),
        parts=tuple(parts),
        bound=f"at most {most:.2f}: {why}" if found > most and why else "",
        vetoes=vetoes(proposal, evidence),
        features=row,
    )
