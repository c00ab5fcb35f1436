"""The one door for starting, adopting and ending the processes of targets, and for knowing who is at a local socket."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import stat
import struct
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import NexoideError, NotFoundError, RefusedError, UnavailableError, UsageError

LOG_LIMIT = 64 << 20
LOG_KEPT = 8 << 20
TAIL_BYTES = 64 << 10
LINE_BYTES = 4 << 10
KILL_ROUNDS = 5
_SO_PEERPIDFD = 77  # Linux 6.5; the socket module of Python 3.11 does not name it
_SHORTAGE = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """How to start one process; `mark` is a `KEY=value` of its environment by which its descendants are recognised."""

    name: str
    command: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    log: Path
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the process table; `start_time` is in clock ticks since boot."""

    pid: int
    state: str
    parent: int
    group: int
    session: int
    start_time: float


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end of a local socket; `ours` means the same user in the same user namespace."""

    pid: int
    uid: int
    ours: bool
    reason: str = ""


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


def open_log(path: Path) -> int:
    """Open a target's log for appending, mode 0600; raises RefusedError where it is no regular file or cannot be written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno in _SHORTAGE:
            raise UnavailableError(f"The log {path} cannot be opened now ({error.strerror}): close programs or raise the limit.") from error
        raise RefusedError(f"The log {path} cannot be written ({error.strerror}): mend the folder's owner and permissions.") from error
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
        os.close(handle)
        raise RefusedError(f"The log {path} is not a regular file of yours: remove it.")
    os.fchmod(handle, 0o600)
    os.set_blocking(handle, True)
    return handle


def _why_not(spec: Spec, error: OSError | ValueError) -> NexoideError:
    name, command = spec.name, spec.command[0]
    if isinstance(error, ValueError):
        return UsageError(f"{name} cannot be started: its command or environment contains a NUL character; mend targets.{name} in nexoide.toml.")
    if error.errno in _SHORTAGE:
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
    cap_log(spec.log)
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


def tail(path: Path, lines: int, since: int = 0) -> list[str]:
    r"""Return the last `lines` lines of a log, reading at most 64 KiB; no line is longer than 4 KiB, nothing is not text.

    `since` is the offset before which nothing is wanted. Bytes that are not UTF-8 are shown as `\xNN`; what was left
    out of a long line is counted where its length is known.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            floor = since if since <= size else 0
            begin = max(floor, size - TAIL_BYTES)
            file.seek(begin)
            raw = file.read(TAIL_BYTES)
    except OSError:
        return []
    rows = raw.split(b"\n")
    if rows and not rows[-1]:
        rows.pop()
    cut = begin > floor
    if cut and len(rows) > 1 and len(rows[0]) <= LINE_BYTES:
        rows, cut = rows[1:], False  # the first is the end of an ordinary line that began before the window
    shown = [_line(row, cut and index == 0) for index, row in enumerate(rows)]
    return shown[-lines:] if lines > 0 else []


def _line(row: bytes, cut: bool) -> str:
    row = row.removesuffix(b"\r")
    extra = len(row) - LINE_BYTES
    text = row[:LINE_BYTES].decode("utf-8", "backslashreplace") if not cut else row[-LINE_BYTES:].decode("utf-8", "backslashreplace")
    if cut:
        return f"(a line of more than {len(row)} bytes; its end) {text}"
    return f"{text} (+{extra} bytes)" if extra > 0 else text


def log_size(path: Path) -> int:
    """Return a log's size in bytes, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def cap_log(path: Path, limit: int = LOG_LIMIT, kept: int = LOG_KEPT) -> int:
    """Shorten a log that outgrew `limit` to its last `kept` bytes, in place, and say so in it; returns the bytes dropped.

    The program holds the file open, so it is emptied and refilled (as logrotate's copytruncate): its writes append,
    and what it prints between the copy and the emptying is lost. Raises RefusedError where it may not be written.
    """
    size = log_size(path)
    if size <= limit:
        return 0
    try:
        with path.open("r+b") as file:
            file.seek(size - kept)
            rest = file.read(kept)
            rest = rest[rest.find(b"\n") + 1 :]
            file.truncate(0)
        dropped = size - len(rest)
        with open(open_log(path), "ab") as file:
            file.write(b"(nexoide dropped %d bytes of older output)\n" % dropped + rest)
    except OSError as error:
        raise RefusedError(f"The log {path} cannot be shortened ({error.strerror}): mend its owner, its permissions or the disk.") from error
    return dropped


def peer_of(sock: socket.socket) -> Peer:
    """Return who connected to a Unix socket, as the kernel recorded it (unix(7): SO_PEERCRED, SO_PEERPIDFD).

    A sandbox started by root still shows uid 0, so the user namespace must be ours as well; the process is pinned
    by a pidfd while its namespace is read, so that its number cannot pass to another meanwhile.
    """
    pid, uid, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    if uid != os.getuid():
        return Peer(pid, uid, False, f"user {uid} is not the owner of this socket")
    pidfd = -1
    try:
        pidfd = _peer_pidfd(sock, pid)
        theirs, own = os.stat(f"/proc/{pid}/ns/user"), os.stat("/proc/self/ns/user")  # noqa: PTH116
        signal.pidfd_send_signal(pidfd, 0)
    except OSError as error:
        return Peer(pid, uid, False, f"process {pid} cannot be identified ({error.strerror})")
    finally:
        if pidfd >= 0:
            os.close(pidfd)
    if (theirs.st_dev, theirs.st_ino) != (own.st_dev, own.st_ino):
        return Peer(pid, uid, False, f"process {pid} is in another user namespace")
    return Peer(pid, uid, True)


def _peer_pidfd(sock: socket.socket, pid: int) -> int:
    try:
        return sock.getsockopt(socket.SOL_SOCKET, _SO_PEERPIDFD)
    except OSError as error:
        if error.errno != errno.ENOPROTOOPT:
            raise
        return os.pidfd_open(pid)
