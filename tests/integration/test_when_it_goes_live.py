"""What is staged for the next start is committed and said, not reloaded, and live once the program was started again."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from nexoide.errors import UsageError
from nexoide.model.commands import DecideCommand
from nexoide.model.patch import Patch
from tests.support.project import git, read_state
from tests.support.supervised import REPOSITORY, Supervised, wait_for


def decide(bank: Supervised, patch: Patch, when: str) -> str:
    command = DecideCommand(digest=patch.digest, operator="ada", when=when)
    return bank.control.approve(patch.id, command).sentence


def test_staged_for_the_next_start(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    pid = read_state(bank.root.parent / "state.txt")[0]
    with pytest.raises(UsageError, match="not 'soon'"):
        decide(bank, patch, "soon")
    sentence = decide(bank, patch, "next_start")
    assert "committed, not live: staged for the next start of app" in sentence
    assert git(bank.root, "rev-list", "--count", "HEAD") == "2"
    time.sleep(1.5)
    assert read_state(bank.root.parent / "state.txt")[::2] == (pid, 0), "the running program goes on with the old code"
    assert bank.patch("not_live").id == patch.id
    bank.control.target_action("app", "restart")
    assert bank.patch("live").id == patch.id
    wait_for(lambda: read_state(bank.root.parent / "state.txt")[2] > 0, "money arrives")
    assert read_state(bank.root.parent / "state.txt")[0] != pid
    assert bank.incident("resolved")


def test_a_supervisor_that_is_restarted_does_not_take_it_live_before_the_program_is(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    decide(bank, patch, "next_start")
    pid = read_state(bank.root.parent / "state.txt")[0]
    bank.kill()
    bank.start()
    wait_for(lambda: bank.control.status().targets[0].state == "attached", "it is attached again")
    time.sleep(2)
    assert read_state(bank.root.parent / "state.txt")[::2] == (pid, 0)
    assert bank.patch("not_live").id == patch.id


def test_the_command_line_says_when(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    command = [sys.executable, "-m", "nexoide.cli", "patches", "approve", patch.id, "--yes", "--when", "quiescent", "--workspace", str(bank.root)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert bank.patch("live").id == patch.id
    (started,) = [event.body for event in bank.control.journal() if event.kind == "deployment.started"]
    assert started.deployment.when == "quiescent"
    processes = next(event.body.processes for event in bank.control.journal() if event.kind == "deployment.live")
    assert any(item.action == "replaced" for item in processes[0].definitions)
