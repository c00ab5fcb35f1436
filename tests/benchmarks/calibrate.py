"""Fits the confidence of patches on the rows of one run over the corpus, checks it on those of another, and writes the weights.

    python -m tests.benchmarks repair --split dev --save dev.json
    python -m tests.benchmarks repair --split held --save held.json
    python -m tests.benchmarks calibrate dev.json [MORE.json ...] [--check held.json] [--write]

A logistic regression by gradient descent, each weight drawn back to what was believed of it before (a Gaussian prior), cases
none of them turned over, and cases
weighed so that a failure with many patches does not count more than one with a single one. A rule's history leaves the case out
that it is used for, so that no patch is judged by itself.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

from nexoide.repair.beliefs import INTERCEPT, WEIGHTS
from nexoide.repair.confidence import DATA, Calibration

PULL = 3.0
STEPS, RATE = 4000, 0.05
BOUND = 4.0

Row = tuple[dict[str, float], bool, float, str, str]


def patches(path: Path) -> list[Row]:
    """Return features, truth, weight, rule and case of every patch of a run."""
    found: list[Row] = []
    for case in json.loads(path.read_text(encoding="utf-8")):
        held = [item for item in case["patches"] if item.get("features")]
        for item in held:
            right = case["expect"] == "patch" and item["right"]
            found.append((dict(item["features"]), right, 1 / math.sqrt(len(held)), item["rule"], case["case"]))
    return found


def rules_of(rows: list[Row], without: str = "") -> dict[str, tuple[int, int]]:
    """Return right and wrong patches of every rule, without those of one case."""
    found: dict[str, tuple[int, int]] = {}
    for _, right, _, rule, case in rows:
        if case != without:
            held = found.get(rule, (0, 0))
            found[rule] = (held[0] + right, held[1] + (not right))
    return found


def fit(rows: list[Row]) -> Calibration:
    """Return the weights that explain the rows best, without leaving what was believed further than they must."""
    for features, _, _, rule, case in rows:
        features["history"] = Calibration(rules=rules_of(rows, case)).history(rule)
    weights, intercept = dict(WEIGHTS), INTERCEPT
    scale = PULL / max(1, len(rows))
    total = sum(weight for _, _, weight, _, _ in rows)
    for _ in range(STEPS):
        slopes, first = {name: 2 * scale * (weights[name] - WEIGHTS[name]) for name in weights}, 2 * scale * (intercept - INTERCEPT)
        for features, right, weight, _, _ in rows:
            miss = (_say(intercept, weights, features) - right) * weight / total
            first += miss
            for name, value in features.items():
                slopes[name] += miss * value
        intercept -= RATE * 20 * first
        weights = {name: _held(name, value - RATE * 20 * slopes[name]) for name, value in weights.items()}
    return Calibration(intercept=round(intercept, 3), weights={name: round(value, 3) for name, value in weights.items()}, rules=rules_of(rows))


def _held(name: str, value: float) -> float:
    """Return a weight within its bounds: what speaks for a patch is not to speak against it, however few the cases are."""
    return max(0.0, min(BOUND, value)) if WEIGHTS[name] > 0 else min(0.0, max(-BOUND, value))


def _say(intercept: float, weights: dict[str, float], features: dict[str, float]) -> float:
    odds = intercept + sum(weights[name] * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def quality(held: Calibration, rows: list[Row]) -> str:
    """Return how the model does on rows, in words."""
    if not rows:
        return "no rows"
    said = [(_say(held.intercept, held.weights, {**row, "history": held.history(rule)}), right) for row, right, _, rule, _ in rows]
    brier = sum((value - right) ** 2 for value, right in said) / len(said)
    high = [right for value, right in said if value >= 0.85]
    return f"{len(said)} patches, Brier score {brier:.3f}; before ceilings {len(high)} at 0.85 or more, {len(high) - sum(high)} of them wrong"


def main() -> None:
    """Fit, check, say, and write where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks calibrate", description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=Path, nargs="+")
    parser.add_argument("--check", type=Path)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    rows = [row for path in chosen.rows for row in patches(path)]
    held = fit(rows)
    print(f"fitted on  {quality(held, rows)}")
    if chosen.check:
        print(f"checked on {quality(held, patches(chosen.check))}")
    for name, value in sorted(held.weights.items(), key=lambda item: -abs(item[1] - WEIGHTS[item[0]])):
        print(f"  {name:14} {value:+.2f}  (believed {WEIGHTS[name]:+.2f})")
    if chosen.write:
        raw: dict[str, Any] = {
            "made": f"{dt.datetime.now(dt.UTC).date()} by python -m tests.benchmarks calibrate",
            "patches": len(rows),
            "intercept": held.intercept,
            "weights": held.weights,
            "rules": {name: list(pair) for name, pair in sorted(held.rules.items())},
        }
        DATA.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
        print(f"written to {DATA}")


if __name__ == "__main__":
    main()
