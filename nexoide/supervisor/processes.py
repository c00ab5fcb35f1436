"""The one door for starting, adopting and ending the processes of targets."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import NexoideError, NotFoundError, RefusedError, UnavailableError, UsageError
from nexoide.supervisor.target_logs import LOG_LIMIT, SHORTAGE, open_log
from nexoide.supervisor.target_space import bound_log

KILL_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """How to start one process; `mark` is a `KEY=value` of its environment by which its descendants are recognised.

    `log_bytes` is how much of its output is kept.
    """

    name: str
    command: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    log: Path
    mark: str = ""
    log_bytes: int = LOG_LIMIT


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the process table; `start_time` is in clock ticks since boot."""

    pid: int
    state: str
    parent: int
    group: int
    session: int
    start_time: float


def look(pid: int) -> Seen | None:
    """Return what /proc says of a process, or None where there is none (proc_pid_stat(5): fields 3, 4, 5, 6 and 22)."""
    try:
        raw = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    rest = raw[raw.rfind(b")") + 2 :].split()
    return Seen(pid, rest[0].decode(), int(rest[1]), int(rest[2]), int(rest[3]), float(rest[19]))


def start_time(pid: int) -> float:
    """Return when a process started, in clock ticks since boot; 0.0 where there is no such process."""
    seen = look(pid)
    return seen.start_time if seen is not None else 0.0


def _marked(pid: int, mark: bytes) -> bool:
    try:
        return mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def members(leader: Seen | None, mark: str) -> list[Seen]:
    """Return the living processes of a target: its session and group, what carries its mark, and their descendants.

    A program that forks twice and opens a session of its own is found by the mark, which its environment inherits.
    Where the leader's number meanwhile belongs to another process, its session and group are another's too.
    """
    table = [seen for entry in os.listdir("/proc") if entry.isdigit() and (seen := look(int(entry))) is not None]  # noqa: PTH208
    skip = {0, 1, os.getpid()}
    wanted = os.fsencode(mark)
    reused = leader is None or any(seen.pid == leader.pid and seen.start_time != leader.start_time for seen in table)
    number = -1 if leader is None or reused else leader.pid
    found = {seen.pid for seen in table if number in (seen.pid, seen.group, seen.session) or (wanted and seen.pid not in skip and _marked(seen.pid, wanted))}
    grown = True
    while grown:
        more = {seen.pid for seen in table if seen.parent in found} - found
        found |= more
        grown = bool(more)
    return [seen for seen in table if seen.pid in found - skip and seen.state not in "ZX"]


def send_signal(seen: Seen, number: int) -> bool:
    """Signal exactly that process, not one that got its number since; returns whether it was still there."""
    try:
        pidfd = os.pidfd_open(seen.pid)
    except OSError:
        return False
    try:
        if start_time(seen.pid) != seen.start_time:
            return False
        signal.pidfd_send_signal(pidfd, number)
    except OSError:
        return False
    finally:
        os.close(pidfd)
    return True


async def _readable(pidfd: int) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def set_ready() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(pidfd, set_ready)
    try:
        await ready
    finally:
        loop.remove_reader(pidfd)


async def _gone(seen: Seen) -> None:
    try:
        pidfd = os.pidfd_open(seen.pid)
    except OSError:
        return
    try:
        if start_time(seen.pid) == seen.start_time:
            await _readable(pidfd)
    finally:
        os.close(pidfd)


async def await_gone(those: Iterable[Seen], timeout: float) -> bool:
    """Wait until all of `those` ended, at most `timeout` seconds; returns whether they did."""
    tasks = [asyncio.create_task(_gone(seen)) for seen in those]
    if not tasks:
        return True
    try:
        _, pending = await asyncio.wait(tasks, timeout=timeout)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return not pending


async def end(find: Callable[[], list[Seen]], grace: float) -> tuple[int, ...]:
    """TERM what `find` finds, after `grace` seconds KILL what it finds then; returns the pids that not even KILL ended."""
    these = find()
    for seen in these:
        send_signal(seen, signal.SIGTERM)
        send_signal(seen, signal.SIGCONT)  # a stopped process takes its TERM only when it runs
    await await_gone(these, grace)
    for _ in range(KILL_ROUNDS):
        these = find()
        if not these:
            return ()
        for seen in these:
            send_signal(seen, signal.SIGKILL)
        await await_gone(these, 1.0)
    return tuple(seen.pid for seen in find())


class Process:
    """One process of a target, started by this supervisor or adopted from an earlier one.

    `exit_code` is as in subprocess (negative: the signal), None while it runs and for ever where it was adopted:
    only a parent is told. `left` are the processes that it had and that lived on when it ended.
    """

    def __init__(self, pid: int, pidfd: int, started: float, mark: str, child: subprocess.Popen[bytes] | None) -> None:
        self.pid = pid
        self.start_time = started
        self.exit_code: int | None = None
        self.left: tuple[Seen, ...] = ()
        self.mark = mark
        self._pidfd = pidfd
        self._child = child
        self._ended = asyncio.Event()
        self._watching = False
        self._leader: Seen | None = Seen(pid, "S", 0, pid, pid, started)

    @property
    def adopted(self) -> bool:
        """Whether an earlier supervisor started it."""
        return self._child is None

    @property
    def alive(self) -> bool:
        """Whether its end was not observed yet."""
        return not self._ended.is_set()

    def _observe_end(self) -> None:
        # Before reaping: as long as the zombie is there, nobody else can have its number.
        self.left = tuple(members(self._leader, self.mark))
        if self._child is not None:
            self.exit_code = self._child.wait()
        self.release()
        self._ended.set()

    def _watch(self) -> None:
        if self._pidfd < 0:
            raise RuntimeError("the process was released: nobody would tell of its end")
        if not self._watching:
            asyncio.get_running_loop().add_reader(self._pidfd, self._observe_end)
            self._watching = True

    async def wait(self) -> int | None:
        """Wait for its end; returns `exit_code`. Any number may wait, each may be cancelled."""
        if self.alive:
            self._watch()
            await self._ended.wait()
        return self.exit_code

    def members(self) -> list[Seen]:
        """Return what lives of it: the process itself, its session, its descendants, and what it left behind."""
        found = {seen.pid: seen for seen in members(self._leader if self.alive else None, self.mark)}
        for seen in self.left:
            now = look(seen.pid)
            if now is not None and now.start_time == seen.start_time and now.state not in "ZX":
                found.setdefault(seen.pid, now)
        return list(found.values())

    async def stop(self, grace: float) -> tuple[int, ...]:
        """End it and all that it started: TERM, after `grace` seconds KILL; returns the pids that not even KILL ended."""
        if self.alive:
            self._watch()
        survivors = await end(self.members, grace)
        if self.alive and self.pid not in survivors:
            await self.wait()
        return survivors

    def release(self) -> None:
        """Stop watching and leave it running; neither `wait` nor `stop` may be called after that."""
        if self._watching:
            asyncio.get_running_loop().remove_reader(self._pidfd)
            self._watching = False
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1


def _why_not(spec: Spec, error: OSError | ValueError) -> NexoideError:
    name, command = spec.name, spec.command[0]
    if isinstance(error, ValueError):
        return UsageError(f"{name} cannot be started: its command or environment contains a NUL character; mend targets.{name} in nexoide.toml.")
    if error.errno in SHORTAGE:
        return UnavailableError(f"{name} cannot be started now: the system is short of processes, files or memory ({error.strerror}).")
    if not spec.cwd.is_dir():
        return NotFoundError(f"{name} cannot be started: its folder {spec.cwd} does not exist or is no folder; mend targets.{name}.cwd.")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NotFoundError(f"{name} cannot be started: {command} (or the interpreter that it names) was not found; mend targets.{name}.command.")
    if isinstance(error, PermissionError):
        return RefusedError(f"{name} cannot be started: {command} may not be executed or {spec.cwd} may not be entered; mend the permissions.")
    return UsageError(f"{name} cannot be started: {command} cannot be executed ({error.strerror}); mend targets.{name}.command.")


def start(spec: Spec) -> Process:
    """Start a target's process in a session of its own: no terminal, no input, output appended to its log.

    Raises NotFoundError (no such command or folder), RefusedError (permissions), UsageError (not a program) and, where
    trying again may help, UnavailableError. The process outlives the supervisor; nothing ties their lives together.
    """
    bound_log(spec.log, spec.log_bytes)
    log = open_log(spec.log)
    try:
        child = subprocess.Popen(
            spec.command, cwd=spec.cwd, env=dict(spec.env), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, close_fds=True
        )
    except (OSError, ValueError) as error:
        raise _why_not(spec, error) from error
    finally:
        os.close(log)
    try:
        pidfd = os.pidfd_open(child.pid)
    except OSError as error:
        child.kill()
        child.wait()
        raise _why_not(spec, error) from error
    return Process(child.pid, pidfd, start_time(child.pid), spec.mark, child)


def adopt(pid: int, started: float, mark: str = "") -> Process | None:
    """Return the process that an earlier supervisor started, or None where it ended or its number is another's now."""
    if pid <= 1 or pid == os.getpid():
        return None
    try:
        pidfd = os.pidfd_open(pid)
    except OSError:
        return None
    seen = look(pid)
    if seen is None or seen.start_time != started or seen.state in "ZX":
        os.close(pidfd)
        return None
    return Process(pid, pidfd, started, mark, None)
