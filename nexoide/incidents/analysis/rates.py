"""Whether something happens more often than before: the exact test of two Poisson rates, made careful where events come in bursts.

After Przyborowski and Wilenski (1940): given their sum, one of two Poisson counts is binomial, with the share of its exposure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nexoide.model.analysis import Trend

LEVEL = 0.01
"""Below which probability a difference is called one."""
_STEPS = 500
_TINY = 1e-300


def trend(now: int, before: int, exposures: tuple[float, float], spans: tuple[Sequence[int], Sequence[int]] = ((), ())) -> Trend:
    """Compare two counts; `exposures` are the seconds (or requests) in which they were counted, `spans` how they lay over time."""
    watched, earlier = exposures
    if watched <= 0 or earlier <= 0:
        return Trend(now=now, before=before)
    spread = max(dispersion(spans), 1.0)
    chance = two_sided(round(now / spread), round((now + before) / spread), watched / (watched + earlier))
    ratio = (now / watched) / (before / earlier) if before else None
    more = now / watched > before / earlier
    word = ("up" if more else "down") if chance < LEVEL else "level"
    return Trend(now=now, before=before, ratio=ratio, p=chance, dispersion=spread, word=word)


def dispersion(spans: tuple[Sequence[int], Sequence[int]]) -> float:
    """Return Pearson's chi-squared over its degrees of freedom: 1 for independent events, above it where they come in bursts."""
    squares, freedom = 0.0, 0
    for counts in spans:
        total = sum(counts)
        if total and len(counts) > 1:
            mean = total / len(counts)
            squares += sum((count - mean) ** 2 for count in counts) / mean
            freedom += len(counts) - 1
    return squares / freedom if freedom else 1.0


def two_sided(hits: int, trials: int, share: float) -> float:
    """Return the two-sided probability of `hits` in `trials`, each of which hits with probability `share`: twice the smaller tail."""
    if trials <= 0:
        return 1.0
    above = 1.0 if hits <= 0 else _beta(share, hits, trials - hits + 1)
    below = 1.0 if hits >= trials else 1.0 - _beta(share, hits + 1, trials - hits)
    return min(1.0, 2.0 * max(0.0, min(above, below)))


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz's method)."""
    if x <= 0.0 or x >= 1.0:
        return float(x >= 1.0)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(x, a, b) / a)
    return max(0.0, 1.0 - front * _fraction(1.0 - x, b, a) / b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 / _nonzero(1.0 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, _STEPS + int(5 * math.sqrt(max(a, b)))):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        for term in (even, odd):
            d = 1.0 / _nonzero(1.0 + term * d)
            c = _nonzero(1.0 + term / c)
            value *= c * d
        if abs(c * d - 1.0) < 1e-14:
            break
    return value


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
