"""Confidence: the rule's prior and the weights of the evidence, added as log-odds.

    logit(confidence) = logit(prior) + sum of the evidence's weights

Weights are logarithms of likelihood ratios: how much likelier an outcome is for a right patch than for a wrong one. Adding
them takes the checks as independent, which they are not quite; so each kind of evidence counts once, single weights are
bounded by `MOST`, and the result stays between 0.01 and 0.99. The figures behind the weights are in `evidence.py`. They are
beliefs until outcomes of real deployments calibrate them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nexoide.model.patch import Evidence

LOWEST, HIGHEST = 0.01, 0.99
MOST = 4.0


def weigh(prior: float, evidence: Sequence[Evidence]) -> float:
    """Return the confidence, 0.01 to 0.99, of a patch with this prior and this evidence.

    Of several rows of one kind the weakest counts. A failed inspection or failed tests leave at most 0.05, whatever the
    rest says: evidence in favour cannot outvote an observed failure.
    """
    held = min(HIGHEST, max(LOWEST, prior))
    weights: dict[str, float] = {}
    for row in evidence:
        weight = max(-MOST, min(MOST, row.weight))
        weights[row.kind] = min(weight, weights.get(row.kind, weight))
    odds = math.log(held / (1.0 - held)) + math.fsum(weights.values())
    result = 1.0 / (1.0 + math.exp(-odds))
    if any(row.outcome == "failed" and row.kind in ("inspection", "tests") for row in evidence):
        result = min(result, 0.05)
    return min(HIGHEST, max(LOWEST, result))
