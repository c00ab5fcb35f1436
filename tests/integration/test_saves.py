"""Saves in a workspace: journaled intent and outcome, what `reload` says of them, and what our own deployments write."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.model import event as e
from nexoide.model.commands import ExplainCommand
from nexoide.model.reload import Reload
from tests.support.project import make_project, read_state
from tests.support.supervised import REPOSITORY, Supervised, supervised, wait_for

ORDERS = """LIMIT = 3


def total(number):
    return number + LIMIT
"""
APP = """import os, pathlib, sys, time
import orders
try:
    from nexoide.probe import on_reload
except ImportError:
    on_reload = None
told = []
if on_reload is not None:
    on_reload(lambda report: told.extend(report.files), paths=["config/*.toml"])
pid = os.fork() if "--fork" in sys.argv else -1
name = "state.txt" if pid else "child.txt"
while True:
    pathlib.Path(name + "~").write_text(f"{os.getpid()} {orders.total(1)} {len(told)}")
    os.replace(name + "~", name)
    time.sleep(0.05)
"""


def make(root: Path, *, arguments: str = "", settings: str = "") -> None:
    root.mkdir()
    (root / "config").mkdir()
    (root / "config" / "app.toml").write_text("a = 1\n")
    (root / "orders.py").write_text(ORDERS)
    (root / "app.py").write_text(APP)
    words = json.dumps([sys.executable, "app.py", *arguments.split()])
    (root / "nexoide.toml").write_text(f"[targets.shop]\ncommand = {words}\nreload = true\n{settings}\n")


@pytest.fixture
def shop(tmp_path: Path, runtime: Path, request: pytest.FixtureRequest) -> Iterator[Supervised]:
    marker = request.node.get_closest_marker("shop")
    make(tmp_path / "shop", **(marker.kwargs if marker else {}))
    with supervised(tmp_path / "shop", runtime) as session:
        session.start()
        wait_for(lambda: state(session) and attached(session), "the program runs and is attached")
        time.sleep(0.5)
        yield session


def state(session: Supervised, name: str = "state.txt") -> list[int]:
    try:
        return [int(word) for word in (session.root / name).read_text().split()]
    except (FileNotFoundError, ValueError):
        return []


def attached(session: Supervised) -> bool:
    return all(target.state == "attached" for target in session.control.status().targets)


def save(session: Supervised, name: str, text: str) -> None:
    scratch = session.root / f"{name}~"
    scratch.write_text(text)
    scratch.replace(session.root / name)


def finished(session: Supervised, count: int = 1) -> list[Reload]:
    return wait_for(lambda: found if len(found := [r for r in session.control.reloads() if r.state != "started"]) >= count else None, f"{count} reloads ended")


def test_a_save_is_journaled_intent_first_and_shown(shop: Supervised) -> None:
    pid = state(shop)[0]
    save(shop, "orders.py", ORDERS.replace("+ LIMIT", "* 100"))
    (done,) = finished(shop)
    wait_for(lambda: state(shop)[1] == 100, "new code")
    assert state(shop)[0] == pid
    assert (done.id, done.target, done.state) == ("L-1", "shop", "live")
    assert done.summary.startswith("orders.py: 1 function · ")
    assert [(item.full, item.kind, item.action) for item in done.processes[0].definitions if item.action != "unchanged"] == [
        ("orders.total", "function", "replaced")
    ]
    events = [event for event in shop.control.journal() if event.kind.startswith("reload.")]
    assert [event.kind for event in events] == ["reload.started", "reload.finished"]
    assert isinstance(events[0].body, e.ReloadStarted)
    (file,) = events[0].body.reload.files
    assert file.path == "orders.py"
    assert len(file.before_sha256) == len(file.after_sha256) == 64
    assert shop.control.status().reloads == (done,)
    assert shop.control.audit().ok


def test_a_refusal_is_journaled_with_its_reason_and_the_next_save_mends_it(shop: Supervised) -> None:
    save(shop, "orders.py", ORDERS + "def broken(:\n")
    (done,) = finished(shop)
    assert done.state == "refused"
    assert "orders.py" in done.summary
    assert state(shop)[1] == 4
    save(shop, "orders.py", ORDERS.replace("LIMIT = 3", "LIMIT = 30"))
    assert finished(shop, 2)[1].state == "live"
    wait_for(lambda: state(shop)[1] == 31, "new code")


@pytest.mark.shop(arguments="--fork")
def test_a_fork_takes_it_over_in_the_same_transaction(shop: Supervised) -> None:
    wait_for(lambda: state(shop, "child.txt"), "the child runs")
    save(shop, "orders.py", ORDERS.replace("+ LIMIT", "* 100"))
    (done,) = finished(shop)
    assert [process.state for process in done.processes] == ["committed", "committed"]
    wait_for(lambda: state(shop)[1] == state(shop, "child.txt")[1] == 100, "new code in both")


@pytest.mark.shop(settings="restart_on_refusal = true")
def test_a_stopped_process_is_waited_for_a_bounded_time_and_said(shop: Supervised) -> None:
    pid = state(shop)[0]
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        save(shop, "orders.py", ORDERS.replace("+ LIMIT", "* 100"))
        (done,) = wait_for(lambda: [r for r in shop.control.reloads() if r.state != "started"], "an outcome", 40)
        assert time.monotonic() - began < 30
    finally:
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            pass
    assert done.state == "refused"
    assert "did not answer" in done.summary


@pytest.mark.shop(settings='watch = ["config/*.toml"]\ncheck = ["grep", "-q", "a =", "{file}"]')
def test_a_settings_file_is_checked_and_the_program_told(shop: Supervised) -> None:
    save(shop, "config/app.toml", "b = 2\n")
    (done,) = finished(shop)
    assert done.state == "refused"
    assert "did not pass its check" in done.summary
    assert state(shop)[2] == 0
    save(shop, "config/app.toml", "a = 2\n")
    assert finished(shop, 2)[1].state == "live"


def test_explain_says_what_would_happen_and_changes_nothing(shop: Supervised) -> None:
    shop_text = ORDERS.replace("+ LIMIT", "* 100")
    (found,) = shop.control.explain(ExplainCommand(files=("orders.py",)))
    assert found.state in {"already", "live"}
    scratch = shop.root / "app.py"
    scratch.write_text(APP + "\n\ndef added():\n    return 1\n")
    finished(shop)
    other = subprocess.run(
        [sys.executable, "-m", "nexoide.cli", "reload", "explain", "orders.py", "--json", "--workspace", str(shop.root)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        cwd=shop.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert other.returncode == 0, other.stderr
    assert json.loads(other.stdout)["explanations"][0]["target"] == "shop"
    assert shop_text not in (shop.root / "orders.py").read_text()


def test_what_was_saved_while_no_supervisor_ran_is_brought_in_when_it_is_back(shop: Supervised) -> None:
    pid = state(shop)[0]
    shop.kill()
    save(shop, "orders.py", ORDERS.replace("+ LIMIT", "* 100"))
    shop.start()
    wait_for(lambda: state(shop)[1] == 100, "new code")
    assert state(shop)[0] == pid
    (done,) = finished(shop)
    assert "attached with older code" in done.summary


def test_what_a_deployment_writes_causes_no_second_transaction(tmp_path: Path, runtime: Path) -> None:
    root = tmp_path / "bank"
    make_project(root, sys.executable)
    config = root / "nexoide.toml"
    config.write_text(config.read_text().replace("[policy]", "[policy]", 1).replace("env =", "reload = true\nenv =", 1))
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "reload"], cwd=root, check=False)
    with supervised(root, runtime) as bank:
        bank.start()
        patch = bank.patch("waiting")
        assert bank.decide(patch, "approve") == "live"
        wait_for(lambda: read_state(root.parent / "state.txt")[2] > 0, "money arrives")
        time.sleep(0.7)
        assert bank.control.reloads() == []
        text = (root / "bank.py").read_text()
        (root / "bank.py").write_text(text.replace("self.turns += 1", "self.turns += 1000"))
        (done,) = wait_for(lambda: [r for r in bank.control.reloads() if r.state != "started"], "a reload of the edit")
        assert done.state == "live"
        wait_for(lambda: read_state(root.parent / "state.txt")[1] > 1000, "the edit is live, and the patch still is")
