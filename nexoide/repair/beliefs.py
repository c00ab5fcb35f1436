"""The weights that a fit begins with and is drawn back to: what was believed of each feature before any case was counted.

Where a figure was measured: rivals and margin from an own count on 164 functions with one injected bug (the first patch that
passed was right in 98 % of 42 cases where it was the only one, 76 % of 21 with two or three, 64 % of 11 with ten or more);
tests from the same count (72 % right with one visible assertion, 90 % with four or more). The rest is a belief.
"""

from __future__ import annotations

INTERCEPT = -0.5
WEIGHTS: dict[str, float] = {
    "prior": 1.0,
    "history": 0.7,
    "call": -0.1,
    "guard": -0.5,
    "policy": -0.4,
    "stub": -2.0,
    "model": -0.3,
    "guesses": -0.6,
    "replayed": 1.2,
    "replay failed": -4.0,
    "output kept": 0.2,
    "rebuilt": 0.3,
    "regression": 0.3,
    "mutants": 0.4,
    "tests": 0.4,
    "tests fixed": 1.2,
    "no tests": -0.1,
    "reached": 0.2,
    "not reached": -0.7,
    "types worse": -1.5,
    "import failed": -2.0,
    "not live": -0.3,
    "lines": -0.25,
    "files": -0.1,
    "swallows": -2.0,
    "removes": -0.8,
    "weakens": -1.0,
    "odd": -1.2,
    "early exit": -0.3,
    "rivals": -0.5,
    "margin": 0.3,
    "rounds": -0.2,
}
