"""Probation: an incident counts as resolved only after traffic was observed to pass the healed lines without failing again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from nexoide.clock import Clock
from nexoide.model import event as e
from nexoide.model.deployment import Deployment

GRACE_SECONDS = 1.0
"""A call that was already inside the old code when it was replaced may still fail; such failures are not held against the patch."""

REPORT_SECONDS = 0.5

Append = Callable[..., Awaitable[object]]


@dataclass(slots=True)
class _Watched:
    deployment: Deployment
    began: float
    live_at: float
    hits: dict[int, int] = field(default_factory=dict)
    failures: int = 0
    reported: float = 0.0
    told: int = -1
    timer: asyncio.TimerHandle | None = None

    @property
    def passes(self) -> int:
        return max(0, sum(self.hits.values()) - self.failures)


class Probation:
    """Counts passes and recurrences of every deployment that was just made, and moves its incident on."""

    def __init__(
        self,
        *,
        passes: int,
        seconds: float,
        clock: Clock,
        append: Append,
        unwatch: Callable[[str, str], Awaitable[None]],
        recurred: Callable[[Deployment, str], Awaitable[None]],
    ) -> None:
        self._needed, self._seconds, self._clock = passes, seconds, clock
        self._append, self._unwatch, self._recurred = append, unwatch, recurred
        self._watched: dict[str, _Watched] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def passes_needed(self) -> int:
        """How many executions of the healed lines end a probation."""
        return self._needed

    def begin(self, deployment: Deployment) -> None:
        """Start to watch a deployment that has just been observed live."""
        if deployment.id not in self._watched:
            self.end(deployment.incident)
        self._watched[deployment.id] = _Watched(deployment, self._clock.monotonic(), self._clock.wall())

    def watches(self, deployment: str) -> bool:
        """Return whether a deployment is being watched."""
        return deployment in self._watched

    def end(self, incident: str) -> None:
        """Stop to watch whatever was deployed for an incident."""
        for watched in [item for item in self._watched.values() if item.deployment.incident == incident]:
            del self._watched[watched.deployment.id]
            self._spawn(self._unwatch(watched.deployment.target, watched.deployment.id))

    def passed(self, pid: int, watch: str, hits: int) -> None:
        """Take the running total of executions of the healed lines in one process."""
        watched = self._watched.get(watch)
        if watched is None:
            return
        watched.hits[pid] = max(hits, watched.hits.get(pid, 0))
        now = self._clock.monotonic()
        if watched.passes >= self._needed:
            self._resolve_or_wait(watched)
        elif now - watched.reported >= REPORT_SECONDS:
            watched.reported = now
            self._report(watched)

    def _resolve_or_wait(self, watched: _Watched) -> None:
        """Resolve once the quiet time is over too; traffic may have stopped by then, so a timer looks again."""
        left = self._seconds - (self._clock.monotonic() - watched.began)
        if watched.deployment.id not in self._watched:
            return
        if left <= 0:
            self._resolve(watched)
        elif watched.timer is None:
            self._report(watched)
            watched.timer = asyncio.get_running_loop().call_later(left + 0.01, self._resolve_or_wait, watched)

    def failed(self, incident: str, at: float) -> None:
        """Take one recurrence of an incident; within the grace after going live it is still the old code's."""
        for watched in list(self._watched.values()):
            if watched.deployment.incident != incident or at < watched.live_at + GRACE_SECONDS:
                continue
            watched.failures += 1
            self._report(watched)
            del self._watched[watched.deployment.id]
            self._spawn(self._came_back(watched))

    async def close(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _report(self, watched: _Watched) -> None:
        if watched.told == watched.passes and not watched.failures:
            return
        watched.told = watched.passes
        self._spawn(self._append(e.DeploymentPassed(deployment=watched.deployment.id, passes=watched.passes, failures=watched.failures)))

    def _resolve(self, watched: _Watched) -> None:
        del self._watched[watched.deployment.id]
        self._spawn(self._finish(watched))

    async def _finish(self, watched: _Watched) -> None:
        done = watched.deployment
        seconds = self._clock.monotonic() - watched.began
        note = f"the healed lines were passed {watched.passes} times in {seconds:.0f} s without a recurrence"
        await self._append(
            e.DeploymentPassed(deployment=done.id, passes=watched.passes, failures=0),
            e.IncidentMoved(incident=done.incident, state="resolved", note=note),
        )
        await self._unwatch(done.target, done.id)

    async def _came_back(self, watched: _Watched) -> None:
        done = watched.deployment
        note = f"it came back after {watched.passes} passes, {self._clock.monotonic() - watched.began:.0f} s after {done.patch} went live"
        await self._append(e.IncidentMoved(incident=done.incident, state="open", note=note))
        await self._unwatch(done.target, done.id)
        await self._recurred(done, note)

    def _spawn(self, work: Awaitable[object]) -> None:
        async def run() -> None:
            await work

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
