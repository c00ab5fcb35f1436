"""The events, folded: one worker reads the stream, and tells at most twenty times a second which parts changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, cast

from nexoide.clock import Clock
from nexoide.errors import NexoideError

if TYPE_CHECKING:
    from nexoide.model import event as e
    from nexoide.model.commands import DecideCommand, Decided, ExplainCommand, IncidentAnswer, IncidentCommand
    from nexoide.model.deployment import Deployment
    from nexoide.model.details import IncidentDetails
    from nexoide.model.incident import Incident
    from nexoide.model.patch import Patch, Stage
    from nexoide.model.projection import StageView, State
    from nexoide.model.reload import Explanation, Reload
    from nexoide.model.route import RouteCount
    from nexoide.model.target import TargetStatus, Thought


Part = Literal["header", "incidents", "routes", "patches", "deployments", "thoughts", "targets", "notices", "connection"]
ConnectionState = Literal["connecting", "connected", "lost", "ended"]

FRAME = 1 / 20
_BREATH = 500  # events folded before keys get their turn
_RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0)


class Source(Protocol):
    """What the screen needs of `nexoide.client.Client`."""

    def stream(self, after: int, on_state: Callable[[Literal["connected", "lost"]], None] | None = None) -> AsyncIterator[e.Event]:
        """Yield every event after a sequence number, once, in order; reconnects by itself, and tells `on_state`."""

    async def blob(self, sha256: str) -> bytes:
        """Return verified bytes of the blob store."""

    async def approve(self, patch_id: str, command: DecideCommand) -> Decided:
        """Approve the patch with the named hash."""

    async def reject(self, patch_id: str, command: DecideCommand) -> Decided:
        """Reject the patch with the named hash."""

    async def revert(self, patch_id: str, command: DecideCommand) -> Decided:
        """Revert the deployed patch with the named hash."""

    async def incident_action(self, incident_id: str, command: IncidentCommand) -> IncidentAnswer:
        """Ignore, resolve, reopen, merge or split an incident."""

    async def incident(self, incident_id: str) -> IncidentDetails:
        """Return an incident with what belongs to it, incidents that are like it among that."""

    async def explain(self, command: ExplainCommand) -> list[Explanation]:
        """Return what a reload would do in every live process."""

    async def target_log(self, name: str, lines: int) -> list[str]:
        """Return the last lines that a target printed."""

    async def aclose(self) -> None:
        """Close every connection."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How the stream stands, since when (wall seconds), and why where it is lost."""

    state: ConnectionState
    since: float
    why: str = ""


_DECIDED: frozenset[Part] = frozenset({"patches", "header", "deployments"})
_STARTED = "supervisor.started"
_STOPPED = "supervisor.stopped"
_PARTS: dict[str, frozenset[Part]] = {
    _STARTED: frozenset({"header", "connection"}),
    _STOPPED: frozenset({"header", "connection"}),
    "recovery.performed": frozenset({"notices"}),
    "notice": frozenset({"notices"}),
    "target.changed": frozenset({"targets"}),
    "incident.opened": frozenset({"incidents", "header"}),
    "incident.occurred": frozenset({"incidents"}),
    "incident.moved": frozenset({"incidents", "header", "patches", "deployments"}),
    "incident.merged": frozenset({"incidents", "header"}),
    "incident.split": frozenset({"incidents", "header"}),
    "incident.examined": frozenset({"incidents"}),
    "routes.measured": frozenset({"routes"}),
    "agent.thought": frozenset({"thoughts"}),
    "patch.proposed": frozenset({"patches", "header"}),
    "patch.extended": frozenset({"patches"}),
    "patch.stage": frozenset({"patches"}),
    "patch.evidence": frozenset({"patches"}),
    "patch.judged": frozenset({"patches", "header"}),
    "patch.stale": frozenset({"patches", "header"}),
    "decision.made": _DECIDED,
    "deployment.started": _DECIDED,
    "deployment.committed": _DECIDED,
    "deployment.live": _DECIDED,
    "deployment.not_live": _DECIDED,
    "deployment.failed": _DECIDED,
    "deployment.passed": frozenset({"deployments", "incidents"}),
    "reload.started": frozenset({"deployments"}),
    "reload.finished": frozenset({"deployments"}),
}


class _Nothing:
    """What is known before the first event; the real state's many types are loaded after the first frame."""

    seq = 0
    started = None
    started_at = 0.0
    targets: ClassVar[dict[str, TargetStatus]] = {}
    incidents: ClassVar[dict[str, Incident]] = {}
    patches: ClassVar[dict[str, Patch]] = {}
    rate: ClassVar[dict[str, dict[int, int]]] = {}
    routes: ClassVar[dict[str, dict[str, RouteCount]]] = {}
    stages: ClassVar[dict[str, dict[Stage, StageView]]] = {}
    deployments: ClassVar[dict[str, Deployment]] = {}
    reloads: ClassVar[dict[str, Reload]] = {}
    thoughts: ClassVar[list[tuple[float, Thought]]] = []

    def waiting(self) -> list[Patch]:
        """Nothing waits."""
        return []


class Feed:
    """Folds the stream into `state` and calls `on_change` with the parts that changed, coalesced.

    `on_event` sees each event that came after the first catching up, so that what others decide can be told.
    """

    def __init__(self, clock: Clock, on_change: Callable[[frozenset[Part]], None], on_event: Callable[[e.Event], None]) -> None:
        self.state = cast("State", _Nothing())
        self._begun = False
        self.connection = Connection("connecting", clock.wall())
        self._clock = clock
        self._on_change = on_change
        self._on_event = on_event
        self._changed: set[Part] = set()
        self._flush_at: asyncio.TimerHandle | None = None
        self._flushed = float("-inf")
        self._live_after = 0.0

    def begin(self) -> None:
        """Start from nothing, with the real state; loads its types, so it is called beside the event loop."""
        if not self._begun:
            from nexoide.model.projection import State

            self._begun, self.state = True, State()

    async def run(self, client: Source) -> None:
        """Read until cancelled; a stream that breaks is begun again where it ended."""
        self.begin()
        self._live_after = self._clock.wall()
        failures = 0
        while True:
            before = self.state.seq
            try:
                await self._read(client)
                why = "the supervisor closed the connection"
            except NexoideError as error:
                why = error.sentence
            except OSError as error:
                why = error.strerror or "the connection broke"
            failures = 0 if self.state.seq > before else failures + 1
            self.connect("lost", why)
            await asyncio.sleep(_RETRY_SECONDS[min(failures, len(_RETRY_SECONDS) - 1)])

    async def _read(self, client: Source) -> None:
        folded = 0
        async for event in client.stream(self.state.seq, self.connect):
            self.fold(event)
            folded += 1
            if folded % _BREATH == 0:
                await asyncio.sleep(0)

    def fold(self, event: e.Event) -> None:
        """Fold one event in and remember what it changes."""
        self.begin()
        if event.seq <= self.state.seq:
            return
        self.state.apply(event)
        if event.kind == _STOPPED and event.body is not None:
            self.connect("ended")
        elif event.kind == _STARTED and self.connection.state == "ended":
            self.connect("connected")  # the stop was an earlier supervisor's, read again on catching up
        self.touch(*_PARTS.get(event.kind, frozenset[Part]()))
        if event.ts >= self._live_after:
            self._on_event(event)

    def connect(self, state: ConnectionState, why: str = "") -> None:
        """Note how the connection stands; a supervisor that ended stays ended until it is back."""
        if state == self.connection.state or (state == "lost" and self.connection.state in {"ended", "connecting"}):
            return
        self.connection = Connection(state, self._clock.wall(), why)
        self.touch("connection", "header")

    def touch(self, *parts: Part) -> None:
        """Mark parts as changed; they are told together, a twentieth of a second after the last time at the earliest."""
        self._changed.update(parts)
        if self._flush_at is None and self._changed:
            loop = asyncio.get_running_loop()
            wait = max(0.0, self._flushed + FRAME - loop.time())
            self._flush_at = loop.call_later(wait, self._flush)

    def _flush(self) -> None:
        self._flush_at = None
        self._flushed = asyncio.get_running_loop().time()
        parts, self._changed = frozenset(self._changed), set()
        self._on_change(parts)

    def close(self) -> None:
        """Tell nothing more."""
        if self._flush_at is not None:
            self._flush_at.cancel()
            self._flush_at = None
