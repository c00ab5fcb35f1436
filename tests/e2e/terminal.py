"""A real terminal: tmux runs the program, keys are pressed, and what a person would see is read."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed: apt-get install tmux")


class Terminal:
    """One tmux session with a server of its own, ended with the block."""

    def __init__(self, command: list[str], *, columns: int = 120, rows: int = 36, environment: dict[str, str] | None = None) -> None:
        self.name = f"nexoide-test-{os.getpid()}-{time.monotonic_ns()}"
        self.command, self.size = command, (columns, rows)
        self.ended = Path(tempfile.gettempdir()) / f"{self.name}.ended"
        self.environment = {**os.environ, "TERM": "tmux-256color", "COLORTERM": "truecolor", **(environment or {})}

    def __enter__(self) -> Self:
        columns, rows = self.size
        sized = ["-x", str(columns), "-y", str(rows)]
        self._tmux("-f", os.devnull, "new-session", "-d", "-s", "main", *sized, f"sleep 0.3; {_quoted(self.command)}; echo $? >{self.ended}")
        for name, value in {"remain-on-exit": "on", "escape-time": "0", "default-terminal": "tmux-256color"}.items():
            self._tmux("set", "-g", name, value)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        subprocess.run(["tmux", "-L", self.name, "kill-server"], check=False, capture_output=True)
        self.ended.unlink(missing_ok=True)

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(["tmux", "-L", self.name, *arguments], check=True, capture_output=True, text=True, env=self.environment)
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, as a person would."""
        for key in keys:
            self._tmux("send-keys", "-t", "main", key)
            time.sleep(0.15)

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size."""
        self._tmux("resize-window", "-t", "main", "-x", str(columns), "-y", str(rows))

    def screen(self) -> str:
        """Return what is on the screen."""
        return self._tmux("capture-pane", "-p", "-t", "main")

    def wait(self, look: Callable[[str], bool] | str, what: str = "", seconds: float = 60.0) -> str:
        """Wait until the screen holds a text (or `look` is true of it) and return it; fails with the screen otherwise."""
        deadline = time.monotonic() + seconds
        screen = ""
        while time.monotonic() < deadline:
            screen = self.screen()
            if look in screen if isinstance(look, str) else look(screen):
                return screen
            time.sleep(0.1)
        raise AssertionError(f"not seen within {seconds:.0f} s: {what or look}\n{screen}")

    def exit_code(self, seconds: float = 20.0) -> int:
        """Wait for the program's end and return its exit code, which the shell around it wrote down."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.ended.exists() and (code := self.ended.read_text().strip()):
                return int(code)
            time.sleep(0.05)
        raise AssertionError(f"the program still runs:\n{self.screen()}")


def _quoted(command: list[str]) -> str:
    return shlex.join(command)
