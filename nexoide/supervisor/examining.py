"""Examines incidents in the background, one after the other, so that the feed never waits for git."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.examination import CommitRef
from nexoide.model.incident import Incident
from nexoide.model.projection import State
from nexoide.supervisor.boundary import TaskRoot
from nexoide.supervisor.examination import Examinations
from nexoide.vcs.repository import Repository

ACTOR = "supervisor"


class Examiner:
    """Takes incidents that opened or came back, looks up what git knows of them, and journals it (IncidentExamined)."""

    def __init__(self, *, root: Path, state: State, journal: Journal, repository: Repository | None, tasks: TaskRoot) -> None:
        self._state, self._journal, self._tasks = state, journal, tasks
        self._examinations = Examinations(root, repository)
        self._waiting: dict[str, None] = {}
        self._returned: dict[str, int] = {}
        self._wake = asyncio.Event()
        self._git = asyncio.Lock()

    def look_at(self, incident: str) -> None:
        """Put an incident into the queue, once; the queue holds names alone, so it is bounded by the incidents."""
        self._waiting[incident] = None
        self._wake.set()

    def moved(self, incident: str) -> None:
        """Look again at one that came back: other code may be checked out by now. Others say why they stay open, which changes nothing."""
        known = self._state.incidents.get(incident)
        if known is not None and known.recurrences and self._returned.get(incident) != known.recurrences:
            self._returned[incident] = known.recurrences
            self.look_at(incident)

    def resume(self) -> None:
        """Look at what is open and was never examined: an earlier supervisor ended before it came to it."""
        for incident in self._state.incidents.values():
            if incident.state == "open" and incident.examination is None:
                self.look_at(incident.id)

    async def run(self) -> None:
        """Work until cancelled. Where more waits, rest as long as the last look took: half a core is left to the programs."""
        while True:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            began = time.monotonic()
            await self._tasks.contained(self._next(), "An examination")
            if self._waiting:
                await asyncio.sleep(time.monotonic() - began)

    async def _next(self) -> None:
        name = next(iter(self._waiting))
        del self._waiting[name]
        incident = self._state.incidents.get(name)
        if incident is None or incident.state in {"merged", "ignored"}:
            return
        async with self._git:
            found = await asyncio.to_thread(self._examinations.examine, incident)
        known = self._state.incidents[name].examination
        if found != known:
            await self._journal.append(e.IncidentExamined(incident=name, examination=found), actor=ACTOR)

    async def since(self, incident: Incident) -> tuple[CommitRef, ...]:
        """Return what was committed since an incident was resolved, at most 10 commits; empty where that is not known."""
        async with self._git:
            return await asyncio.to_thread(self._examinations.since, incident)

    def head(self) -> str:
        """Return the commit that is checked out, "" where there is none: microseconds, but starts git where HEAD has moved."""
        return self._examinations.head()
