"""A real `nexoide run --reload`, its program, and what both printed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.supervised import REPOSITORY, wait_for

STEADY = """import sys
import orders

cart = orders.Cart()
print("up", flush=True)
for line in sys.stdin:
    print(line.strip(), orders.total(1), orders.LIMIT, cart.add(2), flush=True)
sys.exit(7)
"""
ORDERS = """LIMIT = 3


def total(number):
    return number + LIMIT


class Cart:
    def __init__(self):
        self.rows = []

    def add(self, row):
        self.rows.append(row)
        return len(self.rows)
"""


class Reloading:
    """One run; `answers` of the program on its standard output, `said` by us on standard error."""

    def __init__(self, folder: Path, runtime: Path, *arguments: str, options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.out, self.err, self.report = folder.parent / "out.txt", folder.parent / "err.txt", folder.parent / "report.jsonl"
        environment = {**os.environ, "NEXOIDE_RUNTIME_DIR": str(runtime), "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-m", "nexoide.cli", "run", "--reload", "--report", str(self.report), *options, "--", *arguments]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=err, start_new_session=True)

    def lines(self) -> list[str]:
        """Return what the program printed."""
        return self.out.read_text().splitlines()

    def said(self) -> list[str]:
        """Return what we said."""
        return self.err.read_text().splitlines()

    def reports(self) -> list[dict[str, Any]]:
        """Return one document per burst."""
        if not self.report.exists():
            return []
        return [found for line in self.report.read_text().splitlines() if (found := json.loads(line))["event"] == "reload"]

    def ask(self, word: str) -> str:
        """Send one line to the program and return its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n".encode())
        self.process.stdin.flush()
        return wait_for(lambda: next((line for line in self.lines() if line.startswith(f"{word} ")), None), f"an answer to {word}", 20)

    def up(self) -> None:
        """Wait until the program runs."""
        wait_for(lambda: "up" in self.lines() or self._failed(), "the program runs", 20)

    def _failed(self) -> bool:
        assert self.process.poll() is None, self.err.read_text()
        return False

    def save(self, name: str, before: str, after: str) -> dict[str, Any]:
        """Replace text in a file by a rename, as editors do; returns the report of that burst."""
        path = self.folder / name
        text = path.read_text()
        assert before in text
        return self.write(**{name: text.replace(before, after)})

    def write(self, **texts: str) -> dict[str, Any]:
        """Write whole files (named without .py, or with), and return the report of that burst."""
        count = len(self.reports())
        for name, text in texts.items():
            path = self.folder / (name if "." in name else f"{name}.py")
            scratch = path.with_name(path.name + "~")
            scratch.write_text(text)
            scratch.replace(path)
        found = wait_for(lambda: self.reports()[count:], f"a report of {', '.join(texts)}", 20)
        return found[-1]

    def end(self) -> int:
        """Close the program's input and return the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(20)


@contextmanager
def reloading(folder: Path, runtime: Path, *arguments: str, options: tuple[str, ...] = (), files: dict[str, str] | None = None) -> Iterator[Reloading]:
    """Yield a run over files that are written first; nothing of it is left behind."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (files or {"app.py": STEADY, "orders.py": ORDERS}).items():
        (folder / name).write_text(text)
    session = Reloading(folder, runtime, *(arguments or (sys.executable, "app.py")), options=options)
    try:
        yield session
    finally:
        if session.process.stdin is not None:
            session.process.stdin.close()
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(session.process.pid, number)
                session.process.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
