"""A small real git repository with a long-running program that fails every time it is asked to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

GIT_ENV = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "HOME": "/nonexistent",
    "PATH": os.environ["PATH"],
}

LEDGER = '''"""Money in and out."""


class Ledger:
    """Keeps every entry in memory."""

    def __init__(self):
        self.entries = []

    def record_entry(self, amount):
        self.entries.append(amount)
        return len(self.entries)
'''

BANK = '''"""One account."""

from ledger import Ledger


class Bank:
    def __init__(self):
        self.ledger = Ledger()
        self.turns = 0

    def deposit(self, amount):
        self.turns += 1
        return self.ledger.record_entries(amount)
'''

APP = '''"""Deposits something again and again."""

import logging
import os
import pathlib
import time

from bank import Bank

log = logging.getLogger("app")
bank = Bank()
state = pathlib.Path(os.environ.get("STATE_FILE", "state.txt"))


def turn():
    try:
        bank.deposit(5)
    except Exception:
        log.exception("deposit failed")
    scratch = state.with_suffix(".new")
    scratch.write_text(f"{os.getpid()} {bank.turns} {len(bank.ledger.entries)}")
    scratch.replace(state)


while True:
    turn()
    time.sleep(0.05)
'''

TESTS = """from bank import Bank
from ledger import Ledger


def test_ledger_counts():
    assert Ledger().record_entry(3) == 1


def test_bank_starts_empty():
    assert Bank().ledger.entries == []
"""

CONFIG = """[targets.app]
command = ["{python}", "app.py"]
tests = ["python", "-m", "pytest", "-q"]
env = {{ STATE_FILE = "{state}" }}

[policy]
probation_passes = 3
probation_seconds = 0.5
"""


def git(root: Path, *arguments: str) -> str:
    """Run git with a clean environment and return what it printed."""
    done = subprocess.run(["git", *arguments], cwd=root, env=GIT_ENV, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def make_project(root: Path, python: str, *, with_git: bool = True) -> Path:
    """Write the project into `root` and commit it; returns the file in which the program reports its state."""
    root.mkdir(parents=True, exist_ok=True)
    state = root.parent / "state.txt"
    files = {"ledger.py": LEDGER, "bank.py": BANK, "app.py": APP, "test_bank.py": TESTS, ".gitignore": "__pycache__/\n"}
    for name, text in files.items():
        (root / name).write_text(text)
    (root / "nexoide.toml").write_text(CONFIG.format(python=python, state=state))
    if with_git:
        git(root, "init", "-q", "-b", "main")
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "A bank")
    return state


def read_state(path: Path) -> tuple[int, int, int]:
    """Return (pid, turns, entries) as the program last wrote them."""
    pid, turns, entries = path.read_text().split()
    return int(pid), int(turns), int(entries)
