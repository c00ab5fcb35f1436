"""A program that nexoide did not start attaches itself: it is seen, takes saves over, and is never started or stopped by us."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.errors import RefusedError
from nexoide.model.commands import ExplainCommand
from nexoide.model.target import TargetStatus
from tests.support.supervised import REPOSITORY, Supervised, supervised, wait_for

APP = """import pathlib, os, time
import nexoide.probe
import orders
nexoide.probe.attach({arguments})
while True:
    pathlib.Path("state~").write_text(str(orders.total(1)))
    os.replace("state~", "state.txt")
    time.sleep(0.05)
"""


@pytest.fixture
def shop(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "orders.py").write_text("def total(number):\n    return number + 1\n")
    (root / "nexoide.toml").write_text(f'[targets.owned]\ncommand = ["{sys.executable}", "-c", "import time; time.sleep(100)"]\n')
    with supervised(root, runtime) as session:
        session.start()
        yield session


def program(shop: Supervised, arguments: str = "") -> subprocess.Popen[bytes]:
    (shop.root / "till.py").write_text(APP.format(arguments=arguments))
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "NEXOIDE_RUNTIME_DIR": str(shop.runtime)}
    return subprocess.Popen([sys.executable, "till.py"], cwd=shop.root, env=environment)


def target(shop: Supervised, name: str, state: str) -> TargetStatus | None:
    return next((found for found in shop.control.status().targets if found.name == name and found.state == state), None)


def test_it_appears_takes_a_save_over_is_not_ours_to_stop_and_leaves(shop: Supervised) -> None:
    token = shop.workspace.runtime / "attach.token"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    running = program(shop)
    try:
        status = wait_for(lambda: target(shop, "till", "attached"), "it is attached")
        assert (status.pid, status.owned) == (running.pid, False)
        (explanation,) = shop.control.explain(ExplainCommand(files=("orders.py",), target="till"))
        assert explanation.state == "already"
        wait_for(lambda: (shop.root / "state.txt").exists(), "it runs")
        (shop.root / "orders.py").write_text("def total(number):\n    return number + 100\n")
        wait_for(lambda: (shop.root / "state.txt").read_text() == "101", "the save is live")
        (done,) = wait_for(lambda: [r for r in shop.control.reloads() if r.state != "started"], "it is journaled")
        assert (done.target, done.state) == ("till", "live")
        for action in ("stop", "restart", "start"):
            with pytest.raises(RefusedError, match="was not started here"):
                shop.control.target_action("till", action)  # type: ignore[arg-type]
        assert running.poll() is None
    finally:
        running.kill()
        running.wait()
    wait_for(lambda: target(shop, "till", "exited"), "its end is seen")


def test_it_finds_the_next_supervisor(shop: Supervised) -> None:
    running = program(shop)
    try:
        wait_for(lambda: target(shop, "till", "attached"), "it is attached")
        token = (shop.workspace.runtime / "attach.token").read_text()
        shop.kill()
        shop.start()
        wait_for(lambda: target(shop, "till", "attached"), "it is attached again")
        assert (shop.workspace.runtime / "attach.token").read_text() == token
    finally:
        running.kill()
        running.wait()


def test_it_cannot_take_the_name_of_a_target_of_ours(shop: Supervised) -> None:
    running = program(shop, 'target="owned"')
    try:
        said = wait_for(lambda: [event.body.text for event in shop.control.journal() if event.kind == "notice"], "a notice")
        assert any("attached itself as owned" in text for text in said)
        status = next(found for found in shop.control.status().targets if found.name == "owned")
        assert status.owned
        assert status.pid != running.pid
    finally:
        running.kill()
        running.wait()
