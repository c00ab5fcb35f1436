"""A real supervisor process over a real workspace, and a blocking way to talk to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from nexoide.client.control import Control
from nexoide.errors import UnavailableError
from nexoide.model.commands import DecideCommand, StatusAnswer
from nexoide.model.patch import Patch
from nexoide.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]


T = TypeVar("T")


def wait_for(look: Callable[[], T | None], what: str, seconds: float = 40.0) -> T:
    """Return the first thing that `look` finds; fails, naming `what`, after the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not seen within {seconds:.0f} s: {what}")


class Supervised:
    """One workspace and its supervisor process."""

    def __init__(self, root: Path, runtime: Path) -> None:
        self.root = root
        os.environ["NEXOIDE_RUNTIME_DIR"] = str(runtime)
        self.runtime = runtime
        self.workspace = Workspace(root.resolve())
        self.process: subprocess.Popen[bytes] | None = None
        self.control = Control(self.workspace.socket)

    def start(self, **environment: str) -> None:
        """Start the supervisor and wait until it answers."""
        env = {**os.environ, "NEXOIDE_RUNTIME_DIR": str(self.runtime), "PYTHONPATH": str(REPOSITORY), **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nexoide.api", str(self.root)], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        wait_for(self.answers, "the supervisor answers", 20)

    def answers(self) -> StatusAnswer | None:
        """Return its status, or None while it does not answer; fails with its output where it has ended."""
        assert self.process is not None
        if self.process.poll() is not None:
            output = self.process.stdout.read().decode(errors="replace") if self.process.stdout else ""
            raise AssertionError(f"the supervisor ended with {self.process.returncode}: {output}")
        try:
            return self.control.status()
        except UnavailableError:
            return None

    def kill(self) -> None:
        """Kill the supervisor alone, as kill -9 does; its targets go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.ended()

    def ended(self, seconds: float = 20.0) -> int:
        """Wait for the supervisor's end and return its exit code."""
        assert self.process is not None
        code = self.process.wait(seconds)
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None
        return code

    def stop(self) -> None:
        """End everything, whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process is not None and self.process.stdout:
            self.process.stdout.close()

    def patch(self, *states: str, seconds: float = 40.0) -> Patch:
        """Wait for a patch in one of the states and return it."""
        return wait_for(lambda: next((p for p in self.control.status().patches if p.state in states), None), f"a patch that is {states}", seconds)

    def decide(self, patch: Patch, action: str, operator: str = "ada", digest: str = "") -> str:
        """Send one decision and return the patch's new state."""
        command = DecideCommand(digest=digest or patch.digest, operator=operator)
        return getattr(self.control, action)(patch.id, command).state

    def incident(self, state: str, seconds: float = 40.0) -> bool:
        """Wait until some incident is in the state."""
        return wait_for(lambda: any(i.state == state for i in self.control.status().incidents), f"an incident that is {state}", seconds)


@contextmanager
def supervised(root: Path, runtime: Path) -> Iterator[Supervised]:
    """Yield a workspace whose supervisor is not started yet, and leave nothing behind."""
    session = Supervised(root, runtime)
    before = os.environ.get("NEXOIDE_RUNTIME_DIR")
    try:
        yield session
    finally:
        session.stop()
        for target in _targets_of(root):
            try:
                os.kill(target, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if before is None:
            os.environ.pop("NEXOIDE_RUNTIME_DIR", None)


def _targets_of(root: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink() == root.resolve() and int(entry.name) != os.getpid():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found
