"""What becomes of a failure: counted once, grouped, held against what was just deployed; it reopens what counted as resolved."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nexoide.config import IncidentRule
from nexoide.deployments.probation import Probation
from nexoide.deployments.service import Deployments
from nexoide.errors import ConflictError, NexoideError
from nexoide.incidents.grouping import Grouper
from nexoide.incidents.once import PROBED, Key, Once, channel, key_of
from nexoide.incidents.probe_source import failure_from
from nexoide.model import event as e
from nexoide.model.commands import DecideCommand
from nexoide.model.deployment import Deployment
from nexoide.model.examination import CommitRef
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.projection import State

OPERATOR = "nexoide (probation)"
HOLD_SECONDS = 0.1
"""How long what was read from a log waits for the probe that saw the same thing: it has the variables, and is quicker but for a moment."""
LATELY_SECONDS = 2.0
DYING_SECONDS = 10.0
"""How long a process may take to end after its main thread did, where a launcher ends with it."""
MAX_DYING = 64
MAX_HELD = 50_000


@dataclass(frozen=True, slots=True)
class Counted:
    """What a probe's failure was counted for, kept for those that repeat it."""

    incident: str
    key: Key
    failure: Failure


@dataclass(frozen=True, slots=True)
class _Held:
    due: float
    failure: Failure
    count: int


class Detection:
    """The way of a failure from a source into the journal; all of it on the event loop, none of it waits.

    `attached` tells whether a target's probe reports; `since` what was committed since an incident was resolved; `visible`
    whether other sources may see the same failure.
    """

    def __init__(
        self,
        *,
        root: Path,
        state: State,
        emit: Callable[[e.Body], None],
        probation: Probation,
        deployments: Deployments,
        rules: Sequence[IncidentRule] = (),
        now: Callable[[], float] | None = None,
        attached: Callable[[str], bool] = lambda target: False,
        spawn: Callable[[Coroutine[Any, Any, None], str], object] | None = None,
        since: Callable[[Incident], Awaitable[tuple[CommitRef, ...]]] | None = None,
        pairs: Callable[[Failure], bool] = lambda failure: True,
    ) -> None:
        self._state, self._emit, self._probation, self._deployments = state, emit, probation, deployments
        self._attached, self._spawn, self._since, self._pairs = attached, spawn, since, pairs
        self._loop = asyncio.get_running_loop()
        numbers = itertools.count(len(state.incidents) + 1)
        self.grouper = Grouper(root, lambda: f"I-{next(numbers)}", emit, self._loop, rules=rules, now=now)
        self.grouper.restore(state)
        self._once = Once()
        self._counted: dict[Key, str] = {}
        self._reopening: set[str] = set()
        self._held: deque[_Held] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._lately: dict[str, float] = {}
        self._dying: dict[str, deque[tuple[float, int]]] = {}

    def failed(self, target: str, pid: int, message: dict[str, Any]) -> Counted | None:
        """Take one failure as a probe of `target` reported it; raises UsageError where it is none."""
        failure = failure_from(message, target)
        failure = failure if failure.source in PROBED else replace(failure, source="log")
        if failure.source == "main":
            self._dying.setdefault(target, deque(maxlen=MAX_DYING)).append((self._loop.time(), pid))
        identity = self._count(failure, max(1, message.get("count", 1)))
        return Counted(identity, key_of(failure), failure) if identity else None

    def repeated(self, counted: Counted, count: int, at: float) -> None:
        """Count more failures like one that a probe reported whole."""
        now = self._loop.time()
        self._lately[counted.failure.target] = now
        new = self._once.more(counted.key, channel(counted.failure), count, now)
        if new:
            if counted.failure.exceptions:
                self._once.raised(counted.failure.target, counted.key, new, now)
            identity = self.grouper.more(counted.incident, counted.failure, new, at)
            self._told(identity, counted.failure, new)

    def take(self, failure: Failure, count: int = 1) -> str:
        """Take a failure of any other source; one that the target's probe may have seen as well waits a moment for it.

        Returns the incident that it was counted for, "" where that is not known yet.
        """
        if failure.source in PROBED or failure.source == "pytest" or not self._may_wait(failure):
            return self._count(failure, count)
        if len(self._held) >= MAX_HELD:
            self._release(everything=True)
        self._held.append(_Held(self._loop.time() + HOLD_SECONDS, failure, count))
        if self._timer is None:
            self._timer = self._loop.call_later(HOLD_SECONDS, self._release)
        return ""

    def _may_wait(self, failure: Failure) -> bool:
        return self._attached(failure.target) or (failure.status >= 500 and not failure.exceptions)

    def _release(self, *, everything: bool = False) -> None:
        self._timer = None
        now = self._loop.time()
        while self._held and (everything or self._held[0].due <= now):
            held = self._held.popleft()
            self._count(held.failure, held.count)
        if self._held and self._timer is None:
            self._timer = self._loop.call_later(max(0.001, self._held[0].due - now), self._release)

    def _count(self, failure: Failure, count: int) -> str:
        """Count a failure; return the incident that it is of, "" where nothing is left of it."""
        now = self._loop.time()
        self._lately[failure.target] = now
        key = self._once.key(failure, now)
        new = self._once.fresh(failure, count, now, pairs=self._pairs(failure))
        if not new:
            known = self._counted.get(self._once.explained or key, "")
            if known and failure.route:
                self.grouper.seen_on(known, failure.route)
            return known
        identity, _ = self.grouper.feed(failure, new)
        self._remember(key, identity)
        self._told(identity, failure, new)
        return identity

    def _remember(self, key: Key, identity: str) -> None:
        if len(self._counted) >= MAX_HELD:
            self._counted.clear()
        self._counted[key] = identity

    def _told(self, identity: str, failure: Failure, count: int) -> None:
        self._probation.failed(identity, failure, count)
        incident = self._state.incidents.get(identity)
        if incident is None or incident.state != "resolved":
            self._reopening.discard(identity)
        elif identity not in self._reopening:
            self._reopening.add(identity)
            self._reopen(incident)

    def _reopen(self, incident: Incident) -> None:
        note = "it came back after it was resolved"
        if self._spawn is None or self._since is None:
            self._emit(e.IncidentMoved(incident=incident.id, state="open", note=note))
        else:
            self._spawn(self._reopen_with_commits(incident, note, self._since), f"Reopening {incident.id}")

    async def _reopen_with_commits(self, incident: Incident, note: str, since: Callable[[Incident], Awaitable[tuple[CommitRef, ...]]]) -> None:
        commits = await since(incident)
        if commits:
            note += f"; since then: {commits[0].id[:10]} {commits[0].subject}" + (f" and {len(commits) - 1} more" if len(commits) > 1 else "")
        self._emit(e.IncidentMoved(incident=incident.id, state="open", note=note, since=commits))

    def seen_lately(self, target: str) -> bool:
        """Tell whether a failure of a target was counted within the last two seconds."""
        at = self._lately.get(target)
        return at is not None and self._loop.time() - at < LATELY_SECONDS

    def died_of(self, target: str, pid: int) -> bool:
        """Tell whether a probe has reported what ended the main thread of a process, or a moment ago that of another one of the target."""
        now = self._loop.time()
        return any(pid == other or now - at < DYING_SECONDS for at, other in self._dying.get(target, ()))

    async def take_back(self, deployment: Deployment, note: str) -> None:
        """Revert a patch that did not hold, and say so where that cannot be done; a human may have been faster."""
        patch = self._state.patches[deployment.patch]
        command = DecideCommand(digest=patch.digest, operator=OPERATOR, reason=note)
        try:
            await self._deployments.revert(patch.id, command, "probation")
        except ConflictError:
            return
        except NexoideError as error:
            self._emit(e.Notice(level="error", text=f"{patch.id} did not hold and could not be reverted: {error.sentence}"))

    def close(self) -> None:
        """Tell what was counted and not told yet."""
        if self._timer is not None:
            self._timer.cancel()
        self._release(everything=True)
        self.grouper.close()
