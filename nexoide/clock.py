"""Time, injected: wall time for people, monotonic time for durations."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What an engine needs of time."""

    def wall(self) -> float:
        """Return seconds since the epoch; may jump, so it is shown and never subtracted."""

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes backwards within one boot."""


class SystemClock:
    """The machine's own clocks."""

    def wall(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()
