"""A real terminal's other end: run a command in a pty, press keys, keep every byte that it wrote."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from types import TracebackType
from typing import Self


class Terminal:
    """A command in a pty of a given size; `output` is everything it wrote."""

    def __init__(self, command: list[str], *, columns: int = 120, rows: int = 36, env: dict[str, str] | None = None, cwd: str | None = None) -> None:
        self.output = bytearray()
        self._master, slave = pty.openpty()
        self.resize(columns, rows, tell=False)
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        for name in ("SSH_CONNECTION", "SSH_TTY", "NO_COLOR"):
            if name not in (env or {}):
                environment.pop(name, None)
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment, cwd=cwd, start_new_session=True)
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        os.close(self._master)

    def resize(self, columns: int, rows: int, *, tell: bool = True) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            os.killpg(self.process.pid, signal.SIGWINCH)

    def read(self, seconds: float) -> bytes:
        """Read what comes within the next moment; returns it."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return b""
        try:
            chunk = os.read(self._master, 65536)
        except OSError:
            return b""
        self.output += chunk
        return chunk

    def wait_for(self, text: bytes, seconds: float = 20.0, *, after: int = 0) -> int:
        """Read until `text` was written beyond position `after`; returns where it ends."""
        end = time.monotonic() + seconds
        while (found := self.output.find(text, after)) < 0:
            if time.monotonic() > end or (self.process.poll() is not None and not self.read(0.1)):
                raise AssertionError(f"{text!r} was not written within {seconds} s: {bytes(self.output[-2000:])!r}")
            self.read(0.05)
        return found + len(text)

    def settle(self, quiet: float = 0.15, seconds: float = 10.0) -> None:
        """Read until nothing came for a moment."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.read(quiet):
            pass

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait(self, seconds: float = 10.0) -> int:
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.05)
        while self.read(0.05):
            pass
        return self.process.wait(0.1)
