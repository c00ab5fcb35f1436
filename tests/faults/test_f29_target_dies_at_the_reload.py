"""F29: the process dies between the commit and its answer, or in the middle of the reload: committed, target gone, with what to do."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.model.patch import Patch
from tests.support.project import git, make_project, read_state
from tests.support.supervised import Supervised, supervised, wait_for


@pytest.fixture
def bank(tmp_path: Path, runtime: Path, request: pytest.FixtureRequest) -> Iterator[Supervised]:
    root = tmp_path / "bank"
    make_project(root, sys.executable)
    policy = getattr(request, "param", "never")
    with (root / "nexoide.toml").open("a") as config:
        config.write(f'\n[targets.app.restart]\npolicy = "{policy}"\n')
    git(root, "commit", "-qam", "settings")
    with supervised(root, runtime) as session:
        session.start()
        yield session


def approve_while_it_dies(bank: Supervised, patch: Patch) -> str:
    """Stop the program, so that it takes the reload and cannot answer; kill it when the commit is there. Returns the patch's state."""
    pid = read_state(bank.root.parent / "state.txt")[0]
    before = git(bank.root, "rev-list", "--count", "HEAD")
    os.kill(pid, signal.SIGSTOP)
    states: list[str] = []
    deciding = threading.Thread(target=lambda: states.append(bank.decide(patch, "approve")))
    deciding.start()
    wait_for(lambda: git(bank.root, "rev-list", "--count", "HEAD") != before, "the commit")
    wait_for(lambda: any(p.id == patch.id and p.commit for p in bank.control.status().patches), "the commit is journaled")
    time.sleep(0.3)
    os.kill(pid, signal.SIGKILL)
    deciding.join(30)
    assert states, "the decision was answered"
    return states[0]


def test_it_is_committed_and_the_target_is_gone_and_a_start_runs_the_new_code(bank: Supervised) -> None:
    patch = bank.patch("waiting")
    assert approve_while_it_dies(bank, patch) == "not_live"
    (now,) = [p for p in bank.control.status().patches if p.id == patch.id]
    assert "committed, target gone" in now.reason
    assert "nexoide targets restart app" in now.reason
    assert f"nexoide patches revert {patch.id}" in now.reason
    assert git(bank.root, "status", "--porcelain") == ""
    bank.control.target_action("app", "start")
    assert bank.patch("live").id == patch.id
    wait_for(lambda: read_state(bank.root.parent / "state.txt")[2] > 0, "money arrives")
    assert bank.control.audit().ok


def test_it_can_be_taken_back_instead(bank: Supervised) -> None:
    patch = bank.patch("waiting")
    text = (bank.root / "bank.py").read_text()
    assert approve_while_it_dies(bank, patch) == "not_live"
    assert (bank.root / "bank.py").read_text() != text
    assert bank.decide(bank.patch("not_live"), "revert") == "reverted"
    assert (bank.root / "bank.py").read_text() == text
    assert git(bank.root, "status", "--porcelain") == ""


@pytest.mark.parametrize("bank", ["on-failure"], indirect=True)
def test_where_it_is_started_again_by_itself_the_patch_becomes_live(bank: Supervised) -> None:
    patch = bank.patch("waiting")
    pid = read_state(bank.root.parent / "state.txt")[0]
    approve_while_it_dies(bank, patch)
    assert bank.patch("live").id == patch.id
    assert wait_for(lambda: read_state(bank.root.parent / "state.txt")[0] != pid, "another process")
    notes = [event.body for event in bank.control.journal() if event.kind == "deployment.not_live"]
    assert any("target gone" in body.note for body in notes), "what became of it first is in the journal"


def test_a_save_that_kills_the_program_in_the_middle_is_said(tmp_path: Path, runtime: Path) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "orders.py").write_text("def total(n):\n    return n\n")
    (root / "app.py").write_text("import time, orders\nwhile True:\n    orders.total(1)\n    time.sleep(0.05)\n")
    (root / "nexoide.toml").write_text(f'[targets.shop]\ncommand = ["{sys.executable}", "app.py"]\nreload = true\n[targets.shop.restart]\npolicy = "never"\n')
    with supervised(root, runtime) as shop:
        shop.start()
        wait_for(lambda: all(target.state == "attached" for target in shop.control.status().targets), "attached")
        time.sleep(0.5)
        (root / "orders.py").write_text("import os\nos.kill(os.getpid(), 9)\n\n\ndef total(n):\n    return n + 1\n")
        (done,) = wait_for(lambda: [r for r in shop.control.reloads() if r.state != "started"], "an outcome")
        if done.state == "gone":
            assert "ended before it answered" in done.summary
        else:  # a new statement at the top is not run in a live process at all
            assert done.state in {"refused", "live"}
            assert shop.control.status().targets[0].state == "attached"
