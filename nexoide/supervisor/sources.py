"""Every way in which failures come in, put together: probes, logs, what programs print, error trackers, posts, and middleware."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from nexoide.clock import Clock
from nexoide.config import Settings
from nexoide.deployments.probation import Probation
from nexoide.deployments.service import Deployments
from nexoide.model import event as e
from nexoide.model.commands import SourceStatus
from nexoide.model.examination import CommitRef
from nexoide.model.incident import Incident
from nexoide.model.projection import State
from nexoide.supervisor.detection import Counted, Detection
from nexoide.supervisor.ingest import Ingest
from nexoide.supervisor.log_sources import LogSources
from nexoide.supervisor.peers import Peers
from nexoide.supervisor.probes import Probes
from nexoide.supervisor.reporters import Reporters
from nexoide.supervisor.route_counts import RouteCounts
from nexoide.supervisor.targets import Targets
from nexoide.workspace import Workspace

UNKNOWN_SECONDS = 60.0


class Sources:
    """The sources of one workspace and the Detection that they feed; `open` before the targets start, `close` after they ended."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        settings: Settings,
        state: State,
        clock: Clock,
        targets: Targets,
        probes: Probes,
        probation: Probation,
        deployments: Deployments,
        emit: Callable[[e.Body], None],
        spawn: Callable[[Coroutine[Any, Any, Any], str], object],
        keep: Callable[[Callable[[], Coroutine[Any, Any, Any]], str], object],
        since: Callable[[Incident], Awaitable[tuple[CommitRef, ...]]],
    ) -> None:
        self._emit, self._loop = emit, asyncio.get_running_loop()
        self._probed: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._warned_at = -UNKNOWN_SECONDS
        self.detection = Detection(
            root=workspace.root,
            state=state,
            emit=emit,
            probation=probation,
            deployments=deployments,
            rules=settings.incidents.rules,
            now=clock.wall,
            attached=lambda target: bool(probes.attached(target)),
            spawn=spawn,
            pairs=Reporters(workspace.root, probes.attached).pairs,
            since=since,
        )
        self.routes = RouteCounts(emit)
        self.logs = LogSources(
            root=workspace.root,
            state=workspace.state,
            targets=settings.targets,
            output_of=targets.log_path,
            take=self.detection.take,
            notice=self._warn,
            clock=clock,
            keep=keep,
            log_errors=settings.incidents.log_errors,
        )
        self.ingest = Ingest(
            folder=workspace.state,
            settings=settings.ingest,
            targets=tuple(settings.targets),
            take=self.detection.take,
            wall=clock.wall,
            running=lambda: [target.name for target in state.targets.values() if target.state in {"running", "attached"}],
            peers=Peers(targets.target_of),
            on_routes=self.routes.add,
            on_notice=self._warn,
        )

    async def open(self) -> None:
        """Begin to listen and to read."""
        self.ingest.open()
        await self.logs.start()

    async def close(self) -> None:
        """Take what was written last, and tell everything that was counted."""
        self.ingest.close()
        await self.logs.close()
        self.detection.close()
        self.routes.close()

    def failed(self, target: str, pid: int, message: dict[str, Any]) -> Counted | None:
        """Take a failure of a probe."""
        self._probed[target] += max(1, message.get("count", 1))
        if message["dropped"]:
            self.unknown(target, message["dropped"])
        return self.detection.failed(target, pid, message)

    def repeated(self, counted: Counted, count: int, at: float) -> None:
        """Take further failures like one that a probe reported."""
        self._probed[counted.failure.target] += count
        self.detection.repeated(counted, count, at)

    def unknown(self, target: str, count: int) -> None:
        """Say, at most once a minute, that a probe counted failures of which nothing else is known."""
        self._unknown[target] += count
        if self._loop.time() - self._warned_at >= UNKNOWN_SECONDS:
            self._warned_at = self._loop.time()
            self._warn(f"{target} counted {count} failures of which nothing else is known: they are in no incident.")

    def statuses(self) -> tuple[SourceStatus, ...]:
        """Return what came through each source since the supervisor started."""
        probes = tuple(
            SourceStatus(name="probe", kind="probe", target=target, failures=self._probed[target], dropped=self._unknown[target])
            for target in sorted(self._probed | self._unknown)
        )
        return (*probes, *self.logs.sources(), *self.ingest.sources())

    def _warn(self, sentence: str) -> None:
        self._emit(e.Notice(level="warning", text=sentence))
