"""Targets: which programs run, when one is started again, when that is given up, and how their probes are known."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import os
import random
import re
import secrets
import shutil
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nexoide
from nexoide.clock import Clock
from nexoide.config import TargetSettings
from nexoide.errors import ConfigError, NexoideError, NotFoundError, UnavailableError, UsageError
from nexoide.journal.storage import read_bytes, replace_file
from nexoide.model.target import TargetState, TargetStatus
from nexoide.supervisor import processes, target_logs
from nexoide.supervisor.processes import Process, Spec
from nexoide.workspace import Workspace

GRACE_SECONDS = 5.0
LEFTOVER_SECONDS = 2.0
FIRST_DELAY = 0.1
LAST_DELAY = 2.0
PROBE_SECONDS = 5.0
AT_ONCE_SECONDS = 2.0
CAP_SECONDS = 600.0
TAIL_LINES = 20
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
_PYTHON = re.compile(r"(python|pypy)[0-9.]*t?")
_JITTER = random.SystemRandom()
_log = logging.getLogger(__name__)

Emit = Callable[[TargetStatus], Awaitable[object] | None]


class Tokens:
    """The secret of each target's current start, in a file (0600) so that probes reconnect to the next supervisor."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of: dict[str, str] = {}
        try:
            stored = json.loads(read_bytes(path, limit=1 << 20))
        except NotFoundError:
            return
        except (NexoideError, ValueError, RecursionError) as error:
            _log.warning("the probes of running targets cannot attach again, %s is unreadable: %s", path, error)
            return
        if isinstance(stored, dict):
            self._of = {str(name): token for name, token in stored.items() if isinstance(token, str) and len(token) == 64}

    def target_of(self, token: str) -> str | None:
        """Return the target whose current start has this token; takes the same time whatever is right of it."""
        found = None
        for name, known in self._of.items():
            if secrets.compare_digest(known.encode(), token.encode("utf-8", "replace")):
                found = name
        return found

    def mark(self, name: str) -> str:
        """Return the environment entry that the target's processes carry, empty where it was never started."""
        token = self._of.get(name)
        return f"NEXOIDE_PROBE_TOKEN={token}" if token else ""

    def renew(self, name: str) -> str:
        """Return a new token of 256 random bits for the next start; on the disk before it is given to anybody."""
        self._of[name] = token = secrets.token_hex(32)
        replace_file(self._path, json.dumps(self._of, indent=1).encode(), new_mode=0o600)
        return token


def environment(workspace: Workspace, name: str, added: Mapping[str, str], token: str) -> dict[str, str]:
    """Return what a target's process sees: ours, what its settings add, and what puts the probe on its path."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("NEXOIDE_PROBE_")} | dict(added)
    bootstrap = str(Path(nexoide.__file__).parent / "probe" / "bootstrap")
    old = env.get("PYTHONPATH", "")
    env["PYTHONPATH"] = f"{bootstrap}{os.pathsep}{old}" if old else bootstrap
    env["PYTHONPYCACHEPREFIX"] = str(workspace.state / "pycache")
    env["NEXOIDE_PROBE_SOCKET"] = str(workspace.probe_socket)
    env["NEXOIDE_PROBE_TOKEN"] = token
    env["NEXOIDE_PROBE_TARGET"] = name
    env["NEXOIDE_PROBE_ROOT"] = str(workspace.root)
    return env


def how_it_ended(code: int | None, lived: float, last_line: str) -> str:
    """Return in words how a process ended: `exited with code 3 at once (0.1 s): ImportError: …`."""
    if code is None:
        words = "ended (its exit code is unknown: an earlier supervisor had started it)"
    elif code < 0:
        known = -code in signal.valid_signals()
        words = f"was ended by {signal.Signals(-code).name if known and -code in list(signal.Signals) else f'signal {-code}'}"
    else:
        words = f"exited with code {code}"
    if 0 <= lived < AT_ONCE_SECONDS:
        words += f" at once ({lived:.1f} s)"
    return f"{words}: {last_line[:160]}" if last_line and code != 0 else words


def _shebang(script: Path) -> str:
    try:
        with script.open("rb") as file:
            first = file.readline(256)
    except OSError:
        return ""
    words = first[2:].decode("utf-8", "replace").split() if first.startswith(b"#!") else []
    return next((found for word in words if _PYTHON.fullmatch(Path(word).name) and (found := shutil.which(word))), "")


class _Runner:
    """One target: its process, its restarts and what was last observed of it."""

    def __init__(self, owner: Targets, name: str, settings: TargetSettings) -> None:
        self.owner = owner
        self.name = name
        self.settings = settings
        self.status = TargetStatus(name=name, command=settings.command)
        self.process: Process | None = None
        self.pids: set[int] = set()
        self.lock = asyncio.Lock()
        self.hold = False
        self._task: asyncio.Task[None] | None = None
        self._starts: deque[float] = deque()
        self._started = -1.0
        self._offset = 0

    def publish(self, state: TargetState, **changes: Any) -> None:
        self.status = replace(self.status, state=state, **changes)
        self.owner.publish(self.status)

    def watch(self) -> None:
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
        self.process, self._offset = found, target_logs.log_size(self.owner.log_path(self.name))
        before = known if known is not None else self.status
        self.status = replace(before, command=self.settings.command, tail=(), note="", exit_code=None)
        self.publish("running", pid=found.pid, start_time=found.start_time)
        self.watch()
        return True

    async def start(self) -> None:
        """Begin anew, on the operator's word: earlier restarts count no more."""
        self._starts.clear()
        self.hold = False
        await self._clear()
        if await self._launch(restarts=0):
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
        owner, log = self.owner, self.owner.log_path(self.name)
        self._starts.append(owner.clock.monotonic())
        try:
            env = environment(owner.workspace, self.name, self.settings.env, owner.tokens.renew(self.name))
            if self.settings.reload:
                env.setdefault("NEXOIDE_PROBE_ROOTS", "")  # so that the probe has its engine ready before the first save
            cwd = owner.workspace.root / self.settings.cwd
            self._offset = target_logs.log_size(log)
            spec = Spec(name=self.name, command=self.settings.command, cwd=cwd, env=env, log=log, mark=owner.tokens.mark(self.name))
            self.process = processes.start(spec)
        except UnavailableError as error:
            self.process = None
            self.publish("starting", pid=0, start_time=0.0, restarts=restarts, exit_code=None, note=error.sentence, tail=())
            return True
        except NexoideError as error:
            self.process = None
            self.publish("given_up", pid=0, start_time=0.0, restarts=restarts, exit_code=None, note=error.sentence, tail=())
            return False
        self._started = owner.clock.monotonic()
        pid, began = self.process.pid, self.process.start_time
        self.publish("running", pid=pid, start_time=began, restarts=restarts, exit_code=None, note="", tail=(), python="")
        asyncio.get_running_loop().call_later(PROBE_SECONDS, self._miss_probe, pid)
        return True

    def _miss_probe(self, pid: int) -> None:
        """Say that nothing is seen of a program in which no probe came up."""
        if self.status.state == "running" and self.status.pid == pid and not self.pids:
            why = "is it Python, and do its options (-I, -E, -S) or its launcher leave PYTHONPATH and the environment alone?"
            self.publish("running", note=f"no probe attached, so its failures are not seen: {why}")

    async def _supervise(self) -> None:
        delay = FIRST_DELAY
        while True:
            if self.process is not None:
                code, lived = await self._end_of(self.process)
                if not self._again(code):
                    return
                if lived > self.settings.restart.window_seconds:
                    delay = FIRST_DELAY
            if self._too_often():
                self.publish("given_up", note=self._given_up())
                return
            wait = delay * _JITTER.uniform(0.5, 1.0)
            delay = min(delay * 2, LAST_DELAY)
            self.publish("starting", note=f"{self.status.note}; starts again in {wait:.1f} s" if self.status.note else f"starts again in {wait:.1f} s")
            if self.process is not None:
                await self._clear()
            await asyncio.sleep(wait)
            if not await self._launch(self.status.restarts + 1):
                return

    async def _end_of(self, process: Process) -> tuple[int | None, float]:
        code = await process.wait()
        lived = self.owner.clock.monotonic() - self._started if self._started >= 0 else -1.0
        self._started = -1.0
        self.pids.clear()
        tail = tuple(target_logs.tail(self.owner.log_path(self.name), TAIL_LINES, self._offset))
        last = next((line.strip() for line in reversed(tail) if line.strip()), "")
        note = f"{self.name} {how_it_ended(code, lived, last)}"
        if process.left:
            pids = ", ".join(str(seen.pid) for seen in process.left[:5])
            note += f"; it left {len(process.left)} running (pid {pids}): run it in the foreground, or stop it here to end them"
        self.publish("exited", pid=0, start_time=0.0, exit_code=code, note=note, tail=tail)
        return code, lived

    def _again(self, code: int | None) -> bool:
        policy = self.settings.restart.policy
        return policy == "always" or (policy == "on-failure" and code != 0)

    def _too_often(self) -> bool:
        restart, now = self.settings.restart, self.owner.clock.monotonic()
        while self._starts and now - self._starts[0] > restart.window_seconds:
            self._starts.popleft()
        return len(self._starts) >= restart.max_starts

    def _given_up(self) -> str:
        restart = self.settings.restart
        times = f"{len(self._starts)} starts within {restart.window_seconds:g} s"
        return f"given up after {times}: {self.status.note}; mend it, then start it again"

    async def stop(self, note: str) -> None:
        """End it and all it started; says so where something cannot be ended."""
        await self.unwatch()
        survivors = await self._end_all()
        code = self.process.exit_code if self.process is not None else self.status.exit_code
        self.pids.clear()
        if survivors:
            pids = ", ".join(str(pid) for pid in survivors)
            self.publish("running", note=f"{self.name} cannot be ended: pid {pids} hangs in the kernel (not even KILL is taken); it ends when that lets go")
            return
        self.process = None
        self.publish("stopped", pid=0, start_time=0.0, exit_code=code, note=note)

    async def _end_all(self) -> tuple[int, ...]:
        if self.process is not None:
            return await self.process.stop(self.owner.grace)
        mark = self.owner.tokens.mark(self.name)
        return await processes.end(lambda: processes.members(None, mark), self.owner.grace) if mark else ()

    async def unwatch(self) -> None:
        """Stop supervising; the process is not touched."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class Targets:
    """All targets of a workspace.

    `emit` is told every change, in order, one at a time (it may be a coroutine function). Starting and stopping are
    serialised per target; what cannot be started ends in the state `given_up` with one sentence, never in an error.
    """

    def __init__(self, settings: Mapping[str, TargetSettings], workspace: Workspace, emit: Emit, clock: Clock, *, grace: float = GRACE_SECONDS) -> None:
        for name in settings:
            if not _NAME.fullmatch(name):
                raise ConfigError(f"targets.{name[:80]!r} is no name for a target: use at most 64 letters, digits, '.', '_' and '-' in nexoide.toml.")
        self.workspace = workspace
        self.clock = clock
        self.grace = grace
        self.tokens = Tokens(workspace.state / "tokens.json")
        self._emit = emit
        self._runners = {name: _Runner(self, name, target) for name, target in settings.items()}
        self._outbox: deque[TargetStatus] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._capper: asyncio.Task[None] | None = None

    def log_path(self, name: str) -> Path:
        """Return where a target's output goes."""
        return self.workspace.logs / f"target-{name}.log"

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

    def log_tail(self, name: str, lines: int) -> list[str]:
        """Return the last lines it printed (at most 64 KiB); raises NotFoundError."""
        return target_logs.tail(self.log_path(self._runner(name).name), lines)

    def adopt(self, known: Mapping[str, TargetStatus], *, crashed: bool = False) -> tuple[str, ...]:
        """Take over the processes of an earlier supervisor; returns the names of those that still run.

        `known` is what the journal says. Where the earlier supervisor `crashed`, what was stopped or given up before
        stays so until the operator starts it.
        """
        taken = []
        for name, runner in self._runners.items():
            before = known.get(name)
            if runner.process is not None:
                continue
            if runner.adopt(before):
                taken.append(name)
            elif crashed and before is not None and before.state in {"stopped", "given_up"}:
                runner.status, runner.hold = replace(before, command=runner.settings.command), True
        return tuple(taken)

    async def start_all(self, known: Mapping[str, TargetStatus] | None = None, *, crashed: bool = False) -> None:
        """Adopt what still runs of `known` (see `adopt`), start the rest, all at the same time, and begin to keep logs short."""
        self.adopt(known or {}, crashed=crashed)
        if self._capper is None:
            self._capper = asyncio.create_task(self._cap_for_ever(), name="log caps")
        await asyncio.gather(*(self.start(name) for name, runner in self._runners.items() if not runner.hold))

    async def start(self, name: str) -> TargetStatus:
        """Start one, also after it was given up; where it runs already nothing happens. Raises NotFoundError."""
        runner = self._runner(name)
        async with runner.lock:
            if runner.process is None or not runner.process.alive:
                await runner.unwatch()
                await runner.start()
            return runner.status

    async def stop(self, name: str, note: str = "stopped by the operator") -> TargetStatus:
        """End one: TERM, then KILL, for everything it started. Raises NotFoundError."""
        runner = self._runner(name)
        async with runner.lock:
            await runner.stop(note)
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
        """End every target (`nexoide down`)."""
        await asyncio.gather(*(self.stop(name, "stopped with the supervisor") for name in self._runners))
        await self._close()

    async def detach_all(self) -> None:
        """Leave every target running and stop supervising it; the next supervisor adopts it."""
        for runner in self._runners.values():
            async with runner.lock:
                await runner.unwatch()
                if runner.process is not None:
                    runner.process.release()
                    runner.process = None
        await self._close()

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
        settings = self._runner(name).settings
        path = settings.env.get("PATH", os.environ.get("PATH", os.defpath))
        folder = self.workspace.root / settings.cwd
        command = settings.command[0]
        found = shutil.which(str(folder / command) if os.sep in command else command, path=path)
        if found is None:
            return sys.executable
        return found if _PYTHON.fullmatch(Path(found).name) else _shebang(Path(found)) or sys.executable

    def cap_logs(self) -> None:
        """Shorten every log that outgrew its limit."""
        for name in self._runners:
            try:
                target_logs.cap_log(self.log_path(name))
            except NexoideError as error:
                _log.warning("the log of %s cannot be shortened: %s", name, error)

    async def _cap_for_ever(self) -> None:
        while True:
            await asyncio.sleep(CAP_SECONDS)
            self.cap_logs()

    def _runner(self, name: str) -> _Runner:
        runner = self._runners.get(name)
        if runner is None:
            there = ", ".join(self._runners) or "none"
            raise NotFoundError(f"There is no target {name[:80]}; there are: {there}.")
        return runner

    def publish(self, status: TargetStatus) -> None:
        """Queue a status for `emit`."""
        self._outbox.append(status)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._empty_outbox(), name="target statuses")

    async def _empty_outbox(self) -> None:
        while self._outbox:
            status = self._outbox.popleft()
            try:
                result = self._emit(status)
                if inspect.isawaitable(result):
                    await result
            except NexoideError as error:
                _log.error("the change of %s to %s was not recorded: %s", status.name, status.state, error)

    async def flush(self) -> None:
        """Wait until every change was told to `emit`."""
        while self._pump is not None and not self._pump.done():
            await self._pump

    async def _close(self) -> None:
        capper, self._capper = self._capper, None
        if capper is not None:
            capper.cancel()
            await asyncio.gather(capper, return_exceptions=True)
        await self.flush()
