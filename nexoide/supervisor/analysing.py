"""Answers what the journal says of a span of time, beside everything else that goes on."""

from __future__ import annotations

import asyncio

from nexoide.clock import Clock
from nexoide.incidents.analysis.reading import analyse
from nexoide.journal.journal import Journal
from nexoide.model.analysis import Analysis
from nexoide.model.projection import State


class Analyst:
    """Analyses one span after the other, in a thread: the journal may hold millions of events."""

    def __init__(self, *, state: State, journal: Journal, clock: Clock) -> None:
        self._state, self._journal, self._clock = state, journal, clock
        self._lock = asyncio.Lock()

    async def analyse(self, seconds: float) -> Analysis:
        """Return what the last `seconds` say; raises UsageError for a span that makes no sense."""
        async with self._lock:
            incidents = dict(self._state.incidents)
            return await asyncio.to_thread(analyse, self._journal, incidents, ended=self._clock.wall(), seconds=seconds)
