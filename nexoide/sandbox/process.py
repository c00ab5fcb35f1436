"""Starts a prepared command and ends it: bounded output, a wall-clock limit, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nexoide.errors import UnavailableError
from nexoide.sandbox.launch import Prepared

_CHUNK = 64 * 1024
_GRACE = 2.0  # seconds for the launcher to see its child's end and to reap what it started
MAX_OUTPUT = 256 * 1024 * 1024  # more is an endless loop that would keep us reading

Stop = Literal["", "timeout", "output"]


class HeadTail:
    """Keeps the first and the last bytes of a stream and counts the rest; holds at most `head` + 2 × `tail` bytes."""

    def __init__(self, head: int, tail: int) -> None:
        self._head_size, self._tail_size = head, tail
        self._head, self._tail = bytearray(), bytearray()
        self.total = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.total += len(data)
        room = self._head_size - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data[-self._tail_size :]
        if len(self._tail) > 2 * self._tail_size:
            del self._tail[: -self._tail_size]

    def text(self) -> str:
        """Return what was kept, undecodable bytes as escapes, with a line that says how many bytes are left out."""
        tail = bytes(self._tail[-self._tail_size :])
        dropped = self.total - len(self._head) - len(tail)
        middle = f"\n… {dropped} bytes left out …\n" if dropped > 0 else ""
        return self._head.decode("utf-8", "backslashreplace") + middle + tail.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a confined command ended. `exit_code` is None where it never ran; `problem` says why, and is empty otherwise."""

    exit_code: int | None
    seconds: float
    stopped: Stop
    output: str
    problem: str
    status: bytes


async def execute(prepared: Prepared, *, timeout: float, head: int = 2048, tail: int = 4096) -> Ended:
    """Run a prepared command until it ends or `timeout` seconds have passed; whatever happens, nothing of it is left.

    Raises UnavailableError where the launcher itself cannot be started. Cancelling kills the command first.
    """
    kept = HeadTail(head, tail)
    started = time.monotonic()
    read_end, write_end = os.pipe()
    reader = _Reader(read_end, kept)
    try:
        try:
            process = await _start(prepared, write_end)
        finally:
            os.close(write_end)
            prepared.close_given()
        reader.begin()
        stopped = await _wait(process, reader, timeout, reaps=prepared.reaps)
        await reader.drain()
        seconds = time.monotonic() - started
        code = process.returncode
        return Ended(code, seconds, stopped, kept.text(), "", prepared.read_status())
    finally:
        reader.close()


async def _start(prepared: Prepared, output: int) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *prepared.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=prepared.env,
            cwd="/",
            pass_fds=prepared.given,
            start_new_session=True,
        )
    except OSError as error:
        raise UnavailableError(f"The sandbox could not be started: {error.strerror or error} ({prepared.argv[0]}).") from error


async def _wait(process: asyncio.subprocess.Process, reader: _Reader, seconds: float, *, reaps: bool) -> Stop:
    ended = asyncio.ensure_future(process.wait())
    flooded = asyncio.ensure_future(reader.flooded.wait())
    try:
        done, _ = await asyncio.wait({ended, flooded}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return "" if ended in done else "output" if flooded in done else "timeout"
    finally:
        flooded.cancel()
        await asyncio.shield(_end(process, reaps=reaps))
        ended.cancel()


async def _end(process: asyncio.subprocess.Process, *, reaps: bool) -> None:
    """Kill what the launcher started, then the launcher.

    The first process of a process-id namespace is gone only when all others in it are, and the launcher waits for
    it: so when the launcher has ended by itself, nothing of the run is left.
    """
    children = _children(process.pid) if reaps and process.returncode is None else []
    if children:
        for child in children:
            _kill(child)
        try:
            await asyncio.wait_for(process.wait(), _GRACE)
        except TimeoutError:
            pass
    if process.returncode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        await process.wait()


def _children(pid: int) -> list[int]:
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [int(word) for word in words]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


class _Reader:
    """Reads the command's output as it comes, on the event loop, into a bounded store."""

    def __init__(self, descriptor: int, kept: HeadTail) -> None:
        self._descriptor, self._kept = descriptor, kept
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self.flooded = asyncio.Event()
        self._reading = False

    def begin(self) -> None:
        os.set_blocking(self._descriptor, False)
        self._loop.add_reader(self._descriptor, self._ready)
        self._reading = True

    def _ready(self) -> None:
        try:
            data = os.read(self._descriptor, _CHUNK)
        except BlockingIOError:
            return
        if not data:
            self._ended.set()
            self._stop()
            return
        self._kept.feed(data)
        if self._kept.total > MAX_OUTPUT and not self.flooded.is_set():
            self.flooded.set()

    async def drain(self) -> None:
        """Wait briefly for what is still in the pipe; a process that outlives its launcher cannot hold us."""
        if self._reading and not self.flooded.is_set():
            try:
                await asyncio.wait_for(self._ended.wait(), _GRACE)
            except TimeoutError:
                pass

    def _stop(self) -> None:
        if self._reading:
            self._loop.remove_reader(self._descriptor)
            self._reading = False

    def close(self) -> None:
        self._stop()
        os.close(self._descriptor)
