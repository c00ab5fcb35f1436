"""All targets of a workspace: started in order, kept alive, stopped in reverse order."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nexoide.clock import Clock
from nexoide.config import TargetSettings
from nexoide.errors import ConfigError, NotFoundError, UsageError
from nexoide.model.target import TargetDetail, TargetStatus
from nexoide.supervisor import target_logs, target_space
from nexoide.supervisor.targets import launching, order, usage
from nexoide.supervisor.targets.failures import DiedOf, EndFailures, SeenLately, Take
from nexoide.supervisor.targets.keeper import LogKeeper
from nexoide.supervisor.targets.outbox import Emit, Outbox
from nexoide.supervisor.targets.pacing import Backoff
from nexoide.supervisor.targets.runner import Runner
from nexoide.supervisor.targets.tokens import Tokens
from nexoide.workspace import Workspace

GRACE_SECONDS = 5.0
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")


class Targets:
    """All targets of a workspace.

    `emit` is told every change, in order, one at a time (it may be a coroutine function). Starting and stopping are
    serialised per target; what cannot be started ends in the state `given_up` with one sentence, never in an error.
    `take` gets a failure for each end that nobody asked for and each time a target becomes unwell, unless `seen_lately(name)` says that
    a traceback of its last lines was counted already, or `died_of(name, pid)` that what ended its main thread was.
    """

    def __init__(
        self,
        settings: Mapping[str, TargetSettings],
        workspace: Workspace,
        emit: Emit,
        clock: Clock,
        *,
        grace: float = GRACE_SECONDS,
        take: Take | None = None,
        seen_lately: SeenLately = lambda target: False,
        died_of: DiedOf = lambda target, pid: False,
        backoff: Backoff | None = None,
    ) -> None:
        for name in settings:
            if not _NAME.fullmatch(name):
                raise ConfigError(f"targets.{name[:80]!r} is no name for a target: use at most 64 letters, digits, '.', '_' and '-' in nexoide.toml.")
        self.workspace = workspace
        self.clock = clock
        self.grace = grace
        self.backoff = backoff or Backoff()
        self.tokens = Tokens(workspace.state / "tokens.json")
        self.failures = EndFailures(take, seen_lately, died_of)
        self.keeper = LogKeeper({name: (self.log_path(name), target.log_megabytes << 20) for name, target in settings.items()})
        self._settings = dict(settings)
        self._outbox = Outbox(emit)
        self._runners = {name: Runner(self, name, target) for name, target in settings.items()}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()

    def log_path(self, name: str) -> Path:
        """Return where a target's output goes."""
        return self.workspace.logs / f"target-{name}.log"

    def names(self) -> tuple[str, ...]:
        """Return the targets' names, in the order of the settings."""
        return tuple(self._runners)

    def target_of(self, token: str) -> str | None:
        """Return the target that a probe's token belongs to, or None."""
        name = self.tokens.target_of(token)
        return name if name in self._runners else None

    def statuses(self) -> tuple[TargetStatus, ...]:
        """Return what was last observed of each target, in the order of the settings."""
        return tuple(runner.status for runner in self._runners.values())

    def status(self, name: str) -> TargetStatus:
        """Return what was last observed of one; raises NotFoundError."""
        return self._runner(name).status

    def detail(self, name: str, lines: int = 10) -> TargetDetail:
        """Return one as it is this moment, with what its processes use; raises NotFoundError."""
        runner = self._runner(name)
        used = usage.of(runner.process.members() if runner.process is not None else ())
        path, status = self.log_path(name), runner.status
        gone = target_space.dropped(path)
        runs = status.state in {"running", "attached"}
        return TargetDetail(
            status=status,
            uptime_seconds=max(0.0, self.clock.wall() - status.started_at) if runs and status.started_at else 0.0,
            processes=used.processes,
            memory_bytes=used.memory_bytes,
            cpu_seconds=used.cpu_seconds,
            log=str(path),
            log_bytes=target_space.kept_bytes(path),
            dropped_bytes=gone.bytes,
            dropped_lines=gone.lines,
            lines=tuple(self.log_tail(name, lines)),
        )

    def log_tail(self, name: str, lines: int) -> list[str]:
        """Return the last lines it printed (at most 4 MiB); raises NotFoundError."""
        path = self.log_path(self._runner(name).name)
        return target_logs.last_lines(path, lines, target_space.first_whole_line(path))

    def adopt(self, known: Mapping[str, TargetStatus], *, crashed: bool = False) -> tuple[str, ...]:
        """Take over the processes of an earlier supervisor; returns the names of those that still run.

        `known` is what the journal says. What was given up because it was started too often stays so until the operator starts it,
        or its command is another; where the earlier supervisor `crashed`, so does all that was given up or stopped.
        """
        taken = []
        for name, runner in self._runners.items():
            before = known.get(name)
            if runner.process is not None:
                continue
            if runner.adopt(before):
                taken.append(name)
            elif before is not None and self._stays(before, runner.settings, crashed=crashed):
                runner.status, runner.hold = replace(before, command=runner.settings.command), True
            elif before is not None and crashed and before.state in {"starting", "exited"}:
                runner.starts.restore(before.starts, self.clock.wall() - before.started_at)
                runner.status = replace(runner.status, restarts=before.restarts, started_at=before.started_at, exit_code=before.exit_code, note=before.note)
        return tuple(taken)

    @staticmethod
    def _stays(before: TargetStatus, settings: TargetSettings, *, crashed: bool) -> bool:
        if crashed:
            return before.state in {"stopped", "given_up"}
        return before.state == "given_up" and before.starts > 0 and before.command == settings.command and settings.restart.policy != "never"

    async def start_all(self, known: Mapping[str, TargetStatus] | None = None, *, crashed: bool = False) -> None:
        """Adopt what still runs of `known` (see `adopt`) and start the rest: in stages by `after`, all of one stage at the same time.

        What waits for something that is not ready yet is started when that is; this call does not wait for it.
        """
        self.adopt(known or {}, crashed=crashed)
        self.keeper.start()
        for stage in order.stages(self._settings):
            await asyncio.gather(*(self._begin(name) for name in stage if not self._runners[name].hold))

    async def _begin(self, name: str) -> None:
        runner = self._runners[name]
        if runner.process is None and self._reason(name):
            self._waiting[name] = asyncio.create_task(self._when_ready(name), name=f"start of {name}")
            await asyncio.sleep(0)  # so that it has said for what it waits
        else:
            await self._start(name, fresh=not len(runner.starts))

    async def _when_ready(self, name: str) -> None:
        runner = self._runners[name]
        while reason := self._reason(name):
            note = f"waits: {reason}; 'nexoide targets start {name}' starts it at once"
            if (runner.status.state, runner.status.note) != ("starting", note):
                runner.publish("starting", note=note)
            self._changed.clear()
            await self._changed.wait()
        del self._waiting[name]
        await self._start(name, fresh=not len(runner.starts))

    def _reason(self, name: str) -> str:
        statuses = {other: runner.status for other, runner in self._runners.items()}
        return order.waits_for(self._settings[name], self._settings, statuses)

    async def start(self, name: str) -> TargetStatus:
        """Start one, also after it was given up or while it waits for others; where it runs already nothing happens. Raises NotFoundError."""
        self._runner(name)
        await self._wait_no_more(name)
        return await self._start(name, fresh=True)

    async def _start(self, name: str, *, fresh: bool) -> TargetStatus:
        runner = self._runner(name)
        async with runner.lock:
            if runner.process is None or not runner.process.alive:
                await runner.unwatch()
                await runner.start(fresh=fresh)
            return runner.status

    async def stop(self, name: str, note: str = "stopped by the operator") -> TargetStatus:
        """End one: TERM, then KILL, for everything it started. Raises NotFoundError."""
        return await self._stop(name, note, reset=True)

    async def _stop(self, name: str, note: str, *, reset: bool) -> TargetStatus:
        runner = self._runner(name)
        await self._wait_no_more(name)
        async with runner.lock:
            await runner.stop(note, reset=reset)
            return runner.status

    async def restart(self, name: str) -> TargetStatus:
        """Stop and start one. Raises NotFoundError."""
        await self.stop(name, "restarting")
        return await self.start(name)

    async def action(self, name: str, action: str) -> TargetStatus:
        """Do `start`, `stop` or `restart`; raises NotFoundError and UsageError."""
        verbs = {"start": self.start, "stop": self.stop, "restart": self.restart}
        if action not in verbs:
            raise UsageError(f"A target can be started, stopped or restarted, not {action[:40]!r}.")
        return await verbs[action](name)

    async def stop_all(self) -> None:
        """End every target (`nexoide down`), those first that were started after others; what was given up stays so."""
        for name in list(self._waiting):
            await self._wait_no_more(name)
        for stage in reversed(order.stages(self._settings)):
            await asyncio.gather(*(self._stop(name, "stopped with the supervisor", reset=False) for name in stage))
        await self._close()

    async def detach_all(self) -> None:
        """Leave every target running and stop supervising it; the next supervisor adopts it."""
        for name, runner in self._runners.items():
            await self._wait_no_more(name)
            async with runner.lock:
                await runner.unwatch()
                if runner.process is not None:
                    runner.process.release()
                    runner.process = None
        await self._close()

    async def _wait_no_more(self, name: str) -> None:
        task = self._waiting.pop(name, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def attached(self, target: str, hello: Mapping[str, Any]) -> None:
        """A probe of the target connected."""
        runner = self._runners.get(target)
        if runner is None:
            return
        runner.pids.add(int(hello.get("pid", 0)))
        if runner.process is not None and runner.process.alive and runner.status.state != "attached":
            runner.publish("attached", python=str(hello.get("python", ""))[:32], note="")

    def detached(self, target: str, hello: Mapping[str, Any]) -> None:
        """A probe of the target disconnected; the target runs on unattached when it was the last."""
        runner = self._runners.get(target)
        if runner is None:
            return
        runner.pids.discard(int(hello.get("pid", 0)))
        if not runner.pids and runner.status.state == "attached":
            runner.publish("running")

    def interpreter(self, name: str) -> str:
        """Return the Python that a target's command names (itself, or by its `#!` line), else our own; raises NotFoundError."""
        return launching.interpreter(self._runner(name).settings, self.workspace.root)

    def _runner(self, name: str) -> Runner:
        runner = self._runners.get(name)
        if runner is None:
            there = ", ".join(self._runners) or "none"
            raise NotFoundError(f"There is no target {name[:80]}; there are: {there}.")
        return runner

    def publish(self, status: TargetStatus) -> None:
        """Queue a status for `emit`."""
        self._changed.set()
        self._outbox.put(status)

    async def flush(self) -> None:
        """Wait until every change was told to `emit`."""
        await self._outbox.flush()

    async def _close(self) -> None:
        await self.keeper.close()
        self.failures.flush()
        await self.flush()
