"""The whole story as an operator plays it: the real screen, real keys, the real service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terminal import Terminal, needs_tmux
from tests.support.project import git
from tests.support.supervised import REPOSITORY, wait_for

NEXOIDE = [sys.executable, "-m", "nexoide.cli"]


@pytest.fixture
def environment(runtime: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(REPOSITORY), "NEXOIDE_RUNTIME_DIR": str(runtime), "NEXOIDE_OPERATOR": "ada"}


@pytest.fixture
def shop(tmp_path: Path, environment: dict[str, str]) -> Iterator[Path]:
    """Where the demo's project will be; its supervisor is ended at the end."""
    folder = tmp_path / "demo"
    yield folder
    for root in folder.rglob("nexoide.toml"):
        run(root.parent, environment, "down", check=False)


def run(root: Path, environment: dict[str, str], *arguments: str, check: bool = True) -> str:
    command = [*NEXOIDE, "--workspace", str(root), *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout


def status(root: Path, environment: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(root, environment, "status", "--json"))
    return answer


def patch_of(root: Path, environment: dict[str, str], identity: str) -> dict[str, Any]:
    found: dict[str, Any] = next(patch for patch in status(root, environment)["patches"] if patch["id"] == identity)
    return found


@needs_tmux
def test_the_story(shop: Path, environment: dict[str, str]) -> None:
    with Terminal([*NEXOIDE, "demo", "--dir", str(shop)], environment=environment) as terminal:
        terminal.wait("4 waiting", seconds=90)
        root = next(shop.rglob("nexoide.toml")).parent
        before = status(root, environment)
        pid = next(target["pid"] for target in before["targets"] if target["name"] == "shop")
        first = terminal.wait(lambda screen: "P-1" in screen and "review" in screen)
        assert "medic" in first
        assert "approve" in first

        terminal.press("a")
        terminal.wait("press a again")  # the regression test of the patch lies below what is seen of its diff
        time.sleep(0.5)
        terminal.press("a")
        terminal.wait("3 waiting")
        wait_for(lambda: patch_of(root, environment, "P-1")["state"] == "live", "P-1 is live")
        log = git(root, "log", "-1", "--format=%B")
        assert "Nexoide-Patch: P-1" in log
        assert "Nexoide-Approved-By: ada" in log
        wait_for(lambda: any(i["state"] == "resolved" for i in status(root, environment)["incidents"]), "an incident is resolved", 60)
        terminal.wait("resolved")

        terminal.wait(lambda screen: "resolved" in screen and "P-2" in screen)
        time.sleep(0.5)  # keys typed within 0.3 s of a new diff are taken for typed ahead
        terminal.press("x")
        wait_for(lambda: patch_of(root, environment, "P-2")["state"] == "rejected", "P-2 is rejected")
        terminal.wait("2 waiting")

        terminal.press("q")
        assert terminal.exit_code() == 0
    after = status(root, environment)
    assert after["pid"] == before["pid"]
    assert next(target["pid"] for target in after["targets"] if target["name"] == "shop") == pid
    come_back_and_revert(root, environment)


def come_back_and_revert(root: Path, environment: dict[str, str]) -> None:
    """A second visit shows the same; the deployed patch is reverted with a key; a second screen sees it."""
    attach = [*NEXOIDE, "attach", "--workspace", str(root)]
    with Terminal(attach, environment=environment) as terminal, Terminal(attach, columns=80, rows=24, environment=environment) as other:
        terminal.wait("2 waiting")
        other.wait("2 waiting")
        terminal.wait(lambda screen: "P-1" in screen, "the deployed patch is listed")
        terminal.press("r")
        terminal.wait("P-1 was deployed last")
        time.sleep(0.5)
        terminal.press("r")
        wait_for(lambda: patch_of(root, environment, "P-1")["state"] == "reverted", "P-1 is reverted")
        other.wait("reverted")
        terminal.press("q")
        assert terminal.exit_code() == 0
        other.press("q")
        assert other.exit_code() == 0
    assert git(root, "log", "-1", "--format=%s").startswith('Revert "')


@needs_tmux
def test_a_terminal_that_is_too_small_says_so_and_recovers(tmp_path: Path, environment: dict[str, str]) -> None:
    from tests.support.project import make_project

    make_project(tmp_path / "bank", sys.executable)
    try:
        with Terminal([*NEXOIDE, "--workspace", str(tmp_path / "bank")], columns=40, rows=12, environment=environment) as terminal:
            small = terminal.wait("This terminal is 40×12: enlarge it", seconds=40)
            assert "Inbox" not in small
            time.sleep(0.5)
            terminal.resize(100, 30)
            terminal.wait("Inbox")
            terminal.press("q")
            assert terminal.exit_code() == 0
    finally:
        run(tmp_path / "bank", environment, "down", check=False)
