"""Running a short command to its end and learning how it came out: bounded in time and output, and ended with all that it started."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nexoide.supervisor.processes import end, look, members

KEPT_BYTES = 4096
END_SECONDS = 0.5
MARK = "NEXOIDE_CHECK"
_SLICE = 64 << 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended (negative: by that signal), None where it was ended because its time was up, and the end of what it printed."""

    code: int | None
    output: str


async def run(command: Sequence[str], cwd: Path, env: Mapping[str, str], seconds: float) -> Outcome:
    """Run a command without a terminal and without input; raises OSError or ValueError where it cannot be started.

    What it leaves running is killed, also where it opened sessions of its own: they carry a mark in their environment.
    """
    mark = secrets.token_hex(16)
    reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        os.set_blocking(writing, True)
        child = subprocess.Popen(  # noqa: ASYNC220 - to begin is a matter of milliseconds, its end is awaited
            list(command), cwd=cwd, env={**env, MARK: mark}, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing, start_new_session=True
        )
    except (OSError, ValueError):
        os.close(reading)
        raise
    finally:
        os.close(writing)
    output = _Output(reading)
    code = None
    try:
        if await _ended(child, seconds):
            _kill_group(child.pid)
            code = child.wait()
            output.drain()
    finally:
        if code is None or not output.at_end:
            await asyncio.shield(_end_all(child, f"{MARK}={mark}"))
        output.close()
    return Outcome(code, output.text())


async def _ended(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the command's end, without reaping it; returns False where its time was up."""
    handle = os.pidfd_open(child.pid)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(handle, ended.set)
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(handle)
        os.close(handle)
    return True


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # nobody is left, as it should be


async def _end_all(child: subprocess.Popen[bytes], mark: str) -> None:
    """End the command and whoever still holds its output."""
    await end(lambda: members(look(child.pid), mark), END_SECONDS)
    child.poll()  # what hangs in the kernel is reaped when somebody starts a process later


class _Output:
    """Reads a pipe as it fills and keeps the end."""

    def __init__(self, handle: int) -> None:
        self.at_end = False
        self._handle, self._kept = handle, b""
        asyncio.get_running_loop().add_reader(handle, self._read)

    def _read(self) -> bool:
        try:
            piece = os.read(self._handle, _SLICE)
        except BlockingIOError:
            return False
        if not piece and not self.at_end:
            self.at_end = True
            asyncio.get_running_loop().remove_reader(self._handle)
        self._kept = (self._kept + piece)[-KEPT_BYTES:]
        return bool(piece)

    def drain(self) -> None:
        """Take what is there now."""
        for _ in range(16):  # a pipe holds 64 KiB, and whoever holds it may write for ever
            if not self._read():
                return

    def close(self) -> None:
        """Let go of the pipe."""
        asyncio.get_running_loop().remove_reader(self._handle)
        os.close(self._handle)

    def text(self) -> str:
        """Return the end of what was printed."""
        return self._kept.decode("utf-8", "backslashreplace")
