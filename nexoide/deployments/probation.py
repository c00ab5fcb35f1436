"""Probation: an incident counts as resolved only after traffic was observed to pass the healed lines without failing again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nexoide.clock import Clock
from nexoide.model import event as e
from nexoide.model.deployment import Deployment
from nexoide.model.failure import Failure

GRACE_SECONDS = 1.0
"""A call that was already inside the old code when it was replaced may still fail; such a failure ends no probation."""

REPORT_SECONDS = 0.5

Append = Callable[..., Awaitable[object]]
Spawn = Callable[[Coroutine[Any, Any, Any], str], None]
Spans = Mapping[Path, Sequence[tuple[int, int]]]


@dataclass(slots=True)
class _Watched:
    deployment: Deployment
    spans: Spans
    began: float
    pids: set[int]
    hits: dict[int, int] = field(default_factory=dict)
    early: int = 0
    failures: int = 0
    reported: float = 0.0
    told: int = -1
    timer: asyncio.TimerHandle | None = None

    @property
    def passes(self) -> int:
        """Executions of the healed lines less those that are known to have failed; a process that ended keeps its share."""
        return max(0, sum(self.hits.values()) - self.early - self.failures)


class Probation:
    """Counts passes and recurrences of every deployment that was just made, and moves its incident on.

    Times are this process's own: what a supervised program says of the time moves nothing.
    """

    def __init__(
        self,
        *,
        passes: int,
        seconds: float,
        clock: Clock,
        append: Append,
        unwatch: Callable[[str, str], Coroutine[Any, Any, None]],
        recurred: Callable[[Deployment, str], Coroutine[Any, Any, None]],
        spawn: Spawn,
    ) -> None:
        self._needed, self._seconds, self._clock = passes, seconds, clock
        self._append, self._unwatch, self._recurred, self._spawn = append, unwatch, recurred, spawn
        self._watched: dict[str, _Watched] = {}

    @property
    def passes_needed(self) -> int:
        """How many executions of the healed lines end a probation."""
        return self._needed

    def begin(self, deployment: Deployment, pids: Sequence[int], spans: Spans) -> None:
        """Start to watch a deployment that was just observed live; where it is watched already, its new processes join."""
        known = self._watched.get(deployment.id)
        if known is not None:
            known.pids |= set(pids)
            return
        self.end(deployment.incident)
        self._watched[deployment.id] = _Watched(deployment, spans, self._clock.monotonic(), set(pids))

    def watches(self, deployment: str, pids: Sequence[int]) -> bool:
        """Return whether a deployment is being watched in all of these processes."""
        watched = self._watched.get(deployment)
        return watched is not None and watched.pids >= set(pids)

    def end(self, incident: str) -> None:
        """Stop to watch whatever was deployed for an incident."""
        for watched in [item for item in self._watched.values() if item.deployment.incident == incident]:
            self._drop(watched)
            self._spawn(self._unwatch(watched.deployment.target, watched.deployment.id), "Ending a probation")

    def passed(self, target: str, pid: int, watch: str, hits: int) -> None:
        """Take the running total of executions of the healed lines in one process; nobody counts for another target."""
        watched = self._watched.get(watch)
        if watched is None or watched.deployment.target != target:
            return
        watched.hits[pid] = max(hits, watched.hits.get(pid, 0))
        now = self._clock.monotonic()
        if watched.passes >= self._needed:
            self._resolve_or_wait(watched)
        elif now - watched.reported >= REPORT_SECONDS:
            watched.reported = now
            self._report(watched)

    def failed(self, incident: str, failure: Failure, count: int = 1) -> None:
        """Take `count` like failures: a recurrence where it is of the incident, or was raised through a healed line."""
        for watched in list(self._watched.values()):
            if watched.deployment.incident != incident and not _through(watched, failure):
                continue
            if self._clock.monotonic() - watched.began < GRACE_SECONDS:
                watched.early += count
                continue
            watched.failures += count
            self._drop(watched)
            self._spawn(self._came_back(watched), f"Taking {watched.deployment.patch} back")

    def _resolve_or_wait(self, watched: _Watched) -> None:
        """Resolve once the quiet time is over too; traffic may have stopped by then, so a timer looks again."""
        if self._watched.get(watched.deployment.id) is not watched:
            return
        left = max(self._seconds, GRACE_SECONDS) - (self._clock.monotonic() - watched.began)
        if left <= 0 and watched.passes >= self._needed:
            self._drop(watched)
            self._spawn(self._finish(watched), f"Resolving {watched.deployment.incident}")
        elif left > 0 and watched.timer is None:
            self._report(watched)
            watched.timer = asyncio.get_running_loop().call_later(left + 0.01, self._look_again, watched)

    def _look_again(self, watched: _Watched) -> None:
        watched.timer = None
        self._resolve_or_wait(watched)

    def _drop(self, watched: _Watched) -> None:
        self._watched.pop(watched.deployment.id, None)
        if watched.timer is not None:
            watched.timer.cancel()

    def _report(self, watched: _Watched) -> None:
        if watched.told == watched.passes:
            return
        watched.told = watched.passes
        body = e.DeploymentPassed(deployment=watched.deployment.id, passes=watched.passes, failures=watched.failures)
        self._spawn(self._tell(body), "Counting passes")

    async def _tell(self, *bodies: e.Body) -> None:
        await self._append(*bodies)

    async def _finish(self, watched: _Watched) -> None:
        done = watched.deployment
        seconds = self._clock.monotonic() - watched.began
        note = f"the healed lines were passed {watched.passes} times in {seconds:.0f} s without a recurrence"
        await self._append(
            e.DeploymentPassed(deployment=done.id, passes=watched.passes, failures=0),
            e.IncidentMoved(incident=done.incident, state="resolved", note=note, commit=done.plan.new_commit),
        )
        await self._unwatch(done.target, done.id)

    async def _came_back(self, watched: _Watched) -> None:
        done = watched.deployment
        note = f"it came back after {watched.passes} passes, {self._clock.monotonic() - watched.began:.0f} s after {done.patch} went live"
        await self._append(
            e.DeploymentPassed(deployment=done.id, passes=watched.passes, failures=watched.failures),
            e.IncidentMoved(incident=done.incident, state="open", note=note),
        )
        await self._unwatch(done.target, done.id)
        await self._recurred(done, note)


def _through(watched: _Watched, failure: Failure) -> bool:
    """Return whether a healed line is on the way of a failure: it did not heal then, even where the failure looks different."""
    if failure.target != watched.deployment.target:
        return False
    for raised in failure.exceptions:
        for frame in raised.frames:
            spans = watched.spans.get(Path(frame.file))
            if spans and any(first <= frame.line <= last for first, last in spans):
                return True
    return False
