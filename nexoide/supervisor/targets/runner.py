"""One target: its process, its restarts, its health and what was last observed of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nexoide.config import TargetSettings
from nexoide.errors import NexoideError, UnavailableError
from nexoide.model.target import TargetState, TargetStatus
from nexoide.probe.redact import redact
from nexoide.supervisor import health_checks, processes, target_logs
from nexoide.supervisor.health import Health
from nexoide.supervisor.processes import Process, Spec
from nexoide.supervisor.targets import memory
from nexoide.supervisor.targets.endings import Ending, Ends, how_it_ended, said_no_memory
from nexoide.supervisor.targets.launching import environment, plain_environment
from nexoide.supervisor.targets.pacing import Intensity

if TYPE_CHECKING:
    from nexoide.supervisor.targets.service import Targets

LEFTOVER_SECONDS = 2.0
PROBE_SECONDS = 5.0
TAIL_LINES = 20
SEARCHED_LINES = 2000
_log = logging.getLogger(__name__)


class Runner:
    """Keeps one target alive; `owner` knows what all targets share."""

    def __init__(self, owner: Targets, name: str, settings: TargetSettings) -> None:
        self.owner = owner
        self.name = name
        self.settings = settings
        self.status = TargetStatus(name=name, command=settings.command)
        self.process: Process | None = None
        self.pids: set[int] = set()
        self.lock = asyncio.Lock()
        self.hold = False
        self.starts = Intensity(settings.restart, owner.clock)
        self.health = Health(settings.health, self._ask, self._health_told, owner.backoff.jitter) if settings.health.asked else None
        self._task: asyncio.Task[None] | None = None
        self._ends = Ends(name, settings.restart.max_starts)
        self._started = -1.0
        self._offset = 0
        self._why = ""
        self._kills = memory.Kills()

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.owner.log_path(self.name)

    @property
    def cwd(self) -> Path:
        """The folder in which it runs."""
        return self.owner.workspace.root / self.settings.cwd

    def publish(self, state: TargetState, **changes: Any) -> None:
        """Take over what was observed, and tell it."""
        self.status = replace(self.status, state=state, **changes)
        self.owner.publish(self.status)

    def watch(self) -> None:
        """Supervise the process that is there."""
        self._task = asyncio.create_task(self._supervise(), name=f"target {self.name}")
        self._task.add_done_callback(self._watched)

    def _watched(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            _log.error("%s is supervised no more, by a defect of ours", self.name, exc_info=task.exception())

    def adopt(self, known: TargetStatus | None) -> bool:
        """Take over what an earlier supervisor started: the pid it noted, else whatever leads a session with our mark."""
        mark = self.owner.tokens.mark(self.name)
        found = processes.adopt(known.pid, known.start_time, mark) if known is not None and known.pid else None
        if found is None and mark:
            leaders = [seen for seen in processes.members(None, mark) if seen.pid == seen.session]
            oldest = min(leaders, key=lambda seen: seen.start_time, default=None)
            found = processes.adopt(oldest.pid, oldest.start_time, mark) if oldest is not None else None
        if found is None:
            return False
        self.process, self._offset = found, target_logs.log_size(self.log)
        self._kills = memory.counted(found.pid)
        before = known if known is not None else self.status
        self.status = replace(before, command=self.settings.command, tail=(), note="", exit_code=None, health="unknown", health_note="", health_since=0.0)
        self.publish("running", pid=found.pid, start_time=found.start_time)
        age = self.owner.clock.wall() - before.started_at
        self._begun(max(0.0, self.settings.health.start_seconds - age) if before.started_at and age >= 0 else 0.0)
        self.watch()
        return True

    def _begun(self, grace: float) -> None:
        self.owner.keeper.begun(self.name)
        if self.health is not None:
            self.health.begin(self.name, grace)

    async def start(self, *, fresh: bool = True) -> None:
        """Begin anew, on the operator's word: earlier restarts count no more (where `fresh`)."""
        if fresh:
            self.starts.clear()
            self._ends.clear()
        self.hold = False
        await self._clear()
        if self.starts.exceeded:
            self.publish("given_up", note=self._given_up(), starts=len(self.starts))
        elif await self._launch(restarts=0 if fresh else self.status.restarts + 1):
            self.watch()

    async def _clear(self) -> None:
        """End what an earlier start left behind; it would hold ports and files of the next."""
        mark = self.owner.tokens.mark(self.name)
        if self.process is not None:
            await self.process.stop(LEFTOVER_SECONDS)
            self.process = None
        elif mark:
            await processes.end(lambda: processes.members(None, mark), LEFTOVER_SECONDS)

    async def _launch(self, restarts: int) -> bool:
        """Start the process; returns False where it was given up, with the reason in the status."""
        owner = self.owner
        self.starts.note()
        self._why = ""
        nothing = {"pid": 0, "start_time": 0.0, "restarts": restarts, "exit_code": None, "tail": ()}
        try:
            await owner.keeper.shorten(self.name)
            self.process = processes.start(self._spec())
        except UnavailableError as error:
            self.process = None
            self.publish("starting", note=error.sentence, starts=len(self.starts), **nothing)
            return True
        except NexoideError as error:
            self.process = None
            self.publish("given_up", note=error.sentence, starts=0, **nothing)
            owner.failures.told(self.name, error.sentence, owner.clock.wall(), severity="critical")
            return False
        self._started = owner.clock.monotonic()
        self._kills = memory.counted(self.process.pid)
        pid, began = self.process.pid, self.process.start_time
        at = {"started_at": owner.clock.wall(), "starts": len(self.starts), "health": "unknown", "health_note": "", "health_since": 0.0}
        self.publish("running", pid=pid, start_time=began, restarts=restarts, exit_code=None, note="", tail=(), python="", **at)
        asyncio.get_running_loop().call_later(PROBE_SECONDS, self._miss_probe, pid)
        self._begun(self.settings.health.start_seconds)
        return True

    def _spec(self) -> Spec:
        owner, settings = self.owner, self.settings
        env = environment(owner.workspace, self.name, settings.env, owner.tokens.renew(self.name))
        if settings.reload:
            env.setdefault("NEXOIDE_PROBE_ROOTS", "")  # so that the probe has its engine ready before the first save
        if settings.replay:
            env["NEXOIDE_PROBE_REPLAY"] = "1"
        if settings.warnings:
            env["NEXOIDE_PROBE_WARNINGS"] = "1"
        self._offset = target_logs.log_size(self.log)
        mark, limit = owner.tokens.mark(self.name), settings.log_megabytes << 20
        return Spec(name=self.name, command=settings.command, cwd=self.cwd, env=env, log=self.log, mark=mark, log_bytes=limit)

    def _miss_probe(self, pid: int) -> None:
        """Say that nothing is seen of a program in which no probe came up."""
        if self.status.state == "running" and self.status.pid == pid and not self.pids:
            why = "is it Python, and do its options (-I, -E, -S) or its launcher leave PYTHONPATH and the environment alone?"
            self.publish("running", note=f"no probe attached, so its failures are not seen: {why}")

    async def _supervise(self) -> None:
        backoff = self.owner.backoff.another()
        while True:
            if self.process is not None:
                ending = await self._end_of(self.process)
                if not self._again(ending):
                    return
                if ending.lived > self.settings.restart.window_seconds:
                    backoff.reset()
                    self._ends.clear()
            if self.starts.exceeded:
                self.publish("given_up", note=self._given_up(), starts=len(self.starts))
                return
            wait = backoff.pause()
            said = [part for part in (self._ends.loop(len(self.starts), self.starts.span) or self.status.note, f"starts again in {wait:.1f} s") if part]
            self.publish("starting", note="; ".join(said))
            if self.process is not None:
                await self._clear()
            await asyncio.sleep(wait)
            if not await self._launch(self.status.restarts + 1):
                return

    async def _end_of(self, process: Process) -> Ending:
        code = await process.wait()
        lived = self.owner.clock.monotonic() - self._started if self._started >= 0 else -1.0
        self._started = -1.0
        self.pids.clear()
        if self.health is not None:
            self.health.end()
        printed = target_logs.tail(self.log, SEARCHED_LINES, self._offset)
        ending = self._ending(process.pid, code, lived, printed)
        words = how_it_ended(code, lived, ending.last_line, ending.memory)
        note = f"{self.name} {words}" if not self._why else f"{self.name} was ended to be started again: {self._why}"
        self._ends.note(self._why or how_it_ended(code, -1.0, ending.last_line, ending.memory))
        if process.left:
            pids = ", ".join(str(seen.pid) for seen in process.left[:5])
            note += f"; it left {len(process.left)} running (pid {pids}): run it in the foreground, or stop it here to end them"
        self.owner.failures.ended(self.name, process.pid, ending, printed, self.owner.clock.wall())
        gone = {"pid": 0, "start_time": 0.0, "health": "unknown", "health_note": "", "health_since": 0.0}
        self.publish("exited", exit_code=code, note=note, tail=tuple(redact(line) for line in printed[-TAIL_LINES:]), starts=len(self.starts), **gone)
        return ending

    def _ending(self, pid: int, code: int | None, lived: float, printed: list[str]) -> Ending:
        last = redact(next((line.strip() for line in reversed(printed) if line.strip()), ""))
        out = ""
        if code in {-9, 137}:
            out = memory.ran_out(pid, self._kills)
        elif code:
            out = said_no_memory(printed[-TAIL_LINES:])
        return Ending(code, lived, last, out, self._why)

    def _again(self, ending: Ending) -> bool:
        policy = self.settings.restart.policy
        return bool(ending.why) or policy == "always" or (policy == "on-failure" and ending.code != 0)

    def _given_up(self) -> str:
        times = f"{len(self.starts)} starts within {self.settings.restart.window_seconds:g} s"
        return f"given up after {times}: {self.status.note}{self._ends.in_loop(len(self.starts))}; mend it, then start it again"

    async def stop(self, note: str, *, reset: bool = True) -> None:
        """End it and all it started; says so where something cannot be ended. Unless `reset`, what was given up stays so."""
        await self.unwatch()
        survivors = await self._end_all()
        code = self.process.exit_code if self.process is not None else self.status.exit_code
        self.pids.clear()
        if survivors:
            pids = ", ".join(str(pid) for pid in survivors)
            self.publish("running", note=f"{self.name} cannot be ended: pid {pids} hangs in the kernel (not even KILL is taken); it ends when that lets go")
            return
        self.process = None
        if reset or self.status.state != "given_up":
            gone = {"pid": 0, "start_time": 0.0, "health": "unknown", "health_note": "", "health_since": 0.0}
            self.publish("stopped", exit_code=code, note=note, starts=0, **gone)

    async def _end_all(self) -> tuple[int, ...]:
        if self.process is not None:
            return await self.process.stop(self.owner.grace)
        mark = self.owner.tokens.mark(self.name)
        return await processes.end(lambda: processes.members(None, mark), self.owner.grace) if mark else ()

    async def unwatch(self) -> None:
        """Stop supervising; the process is not touched."""
        if self.health is not None:
            self.health.end()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    # What its health checks say.

    async def _ask(self) -> str:
        return await health_checks.ask(self.settings.health, self.cwd, plain_environment(self.settings.env))

    async def _health_told(self, health: Literal["well", "unwell"], note: str) -> None:
        owner, process = self.owner, self.process
        if process is None or not process.alive or self.status.state not in {"running", "attached"}:
            return
        self.publish(self.status.state, health=health, health_note=note, health_since=owner.clock.wall())
        if health == "well":
            return
        owner.failures.told(self.name, f"{self.name} is unwell: {note}", owner.clock.wall(), pid=process.pid)
        if self.settings.health.restart:
            self._why = f"unwell: {note}"
            survivors = await process.stop(owner.grace)
            if survivors:
                self._why = ""
                pids = ", ".join(str(pid) for pid in survivors)
                self.publish(self.status.state, note=f"{self.name} is unwell and cannot be ended: pid {pids} hangs in the kernel; it ends when that lets go")
