"""The feed with details, as an operator uses it: a real program fails, its page says why, and keys say what is thought of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terminal import Terminal, needs_tmux
from tests.support.project import make_project
from tests.support.supervised import REPOSITORY, wait_for

NEXOIDE = [sys.executable, "-m", "nexoide.cli"]


@pytest.fixture
def environment(runtime: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(REPOSITORY), "NEXOIDE_RUNTIME_DIR": str(runtime), "NEXOIDE_OPERATOR": "ada"}


@pytest.fixture
def bank_root(tmp_path: Path, environment: dict[str, str]) -> Iterator[Path]:
    root = tmp_path / "bank"
    make_project(root, sys.executable)
    yield root
    run(root, environment, "down", check=False)


def run(root: Path, environment: dict[str, str], *arguments: str, check: bool = True) -> str:
    command = [*NEXOIDE, "--workspace", str(root), *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout


def incident(root: Path, environment: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(root, environment, "status", "--json"))["incidents"][0]
    return answer


@needs_tmux
def test_the_page_says_why_it_fails_and_i_ignores_it(bank_root: Path, environment: dict[str, str]) -> None:
    with Terminal([*NEXOIDE, "--workspace", str(bank_root)], environment=environment) as terminal:
        listed = terminal.wait(lambda screen: re.search(r"AttributeError +bank\.py:\d+", screen) is not None, "the failure is in the feed")
        assert "1 failing" in listed
        terminal.press("Tab", "Enter")
        terminal.wait("Where it failed")
        terminal.wait("as in commit", "git was asked for the source as it was when it failed")
        page = terminal.screen().split("\n")
        at = next(number for number, line in enumerate(page) if "▶" in line)
        marked = page[at + 1]
        assert page[at][marked.index("^") : marked.rindex("^") + 1] == "self.ledger.record_entries"
        assert any(re.search(r"amount +int +5\b", line) for line in page), "the value that it was called with"
        assert any("record_entry" in line and "Ledger has no record_entries" in line for line in page), "what the object has instead"

        terminal.press("i")
        terminal.wait("ignored")
        wait_for(lambda: incident(bank_root, environment)["state"] == "ignored", "the supervisor has it ignored")
        terminal.press("Escape")
        feed = terminal.wait("1 hidden")
        assert "Nothing fails." in feed
        assert re.search(r"AttributeError +bank\.py", feed) is None

        terminal.press("h")
        terminal.wait(lambda screen: re.search(r"AttributeError +bank\.py", screen) is not None, "it is listed again")
        counted = incident(bank_root, environment)["count"]
        wait_for(lambda: incident(bank_root, environment)["count"] > counted, "it goes on being counted")
        terminal.press("i")
        terminal.wait("1 failing")
        assert incident(bank_root, environment)["state"] == "open"
        terminal.press("q")
        assert terminal.exit_code() == 0
