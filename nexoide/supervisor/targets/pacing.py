"""How often a target is started: pauses that grow, and the number of starts within a window after which it is given up."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from nexoide.clock import Clock
from nexoide.config import RestartSettings

Jitter = Callable[[float, float], float]
"""A number between the two, as random.uniform gives one."""


@dataclass(slots=True)
class Backoff:
    """Pauses in seconds, each twice the one before, from `first` to `last`; of each a random part (a half at least) is waited.

    The randomness keeps targets that ended for one reason from starting all at the same moment again.
    """

    first: float = 0.1
    last: float = 2.0
    jitter: Jitter = field(default_factory=lambda: random.SystemRandom().uniform)
    _next: float = 0.0

    def pause(self) -> float:
        """Return how long to wait before the next start."""
        now = self._next or self.first
        self._next = min(now * 2, self.last)
        return now * self.jitter(0.5, 1.0)

    def reset(self) -> None:
        """Begin with the first pause again."""
        self._next = 0.0

    def another(self) -> Backoff:
        """Return one like it that begins with the first pause."""
        return Backoff(self.first, self.last, self.jitter)


class Intensity:
    """The starts of one target within the window of its restart policy."""

    def __init__(self, settings: RestartSettings, clock: Clock) -> None:
        self.settings = settings
        self._clock = clock
        self._at: deque[float] = deque()

    def __len__(self) -> int:
        self._forget()
        return len(self._at)

    @property
    def exceeded(self) -> bool:
        """Whether it was started so often that it is not to be started again."""
        return len(self) >= self.settings.max_starts

    @property
    def span(self) -> float:
        """Return the seconds since the first start within the window."""
        self._forget()
        return self._clock.monotonic() - self._at[0] if self._at else 0.0

    def note(self) -> None:
        """Count a start that happens now."""
        self._at.append(self._clock.monotonic())
        while len(self._at) > self.settings.max_starts:
            self._at.popleft()

    def clear(self) -> None:
        """Forget all starts: the operator said so."""
        self._at.clear()

    def restore(self, starts: int, seconds_ago: float) -> None:
        """Take over what an earlier supervisor counted: so many starts, the last of them so long ago; the others count as recent as that one."""
        if 0 <= seconds_ago < self.settings.window_seconds:
            self._at = deque([self._clock.monotonic() - seconds_ago] * min(starts, self.settings.max_starts))

    def _forget(self) -> None:
        now = self._clock.monotonic()
        while self._at and now - self._at[0] > self.settings.window_seconds:
            self._at.popleft()
