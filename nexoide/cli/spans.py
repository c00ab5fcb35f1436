"""Spans of time as people write and read them: 24h, 90m, 7d."""

from __future__ import annotations

import re

from nexoide.errors import UsageError

_UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s?(s|m|min|h|d|w)\Z")


def seconds_of(text: str) -> float:
    """Return how many seconds a span has; raises UsageError where it is none."""
    found = _SPAN.match(text.strip().lower())
    if found is None:
        raise UsageError(f"{text[:40]!r} is no span of time: write a number and one of s, m, h, d or w, as 24h.")
    return float(found[1]) * _UNITS[found[2]]
