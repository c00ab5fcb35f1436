"""`nexoide.reload.watch`: real saves, real modules, in a fresh process; on interpreters without watchdog by looking again."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.unit.probe.peer import interpreters

ROOT = Path(__file__).resolve().parents[3]
HEAD = """
import os, pathlib, queue, sys, time
root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root))
import nexoide.reload
assert not [name for name in sys.modules if name.split(".")[0] in ("watchdog", "textual", "pydantic", "git", "fastapi")]
import orders, prices
held, state = orders.total, orders.state
reports = queue.Queue()
def save(name, text):
    new = root / (name + ".tmp")
    new.write_text(text)
    new.rename(root / name)
def heard():
    return reports.get(timeout=10)
ORDERS = (root / "orders.py").read_text()
PRICES = (root / "prices.py").read_text()
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "orders.py").write_text("import prices\nstate = []\ndef total():\n    state.append(1)\n    return 'v1', prices.price()\n")
    (tmp_path / "prices.py").write_text("def price():\n    return 10\n")
    return tmp_path


def run(body: str, folder: Path, executable: str = sys.executable) -> str:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [executable, "-W", "error", "-c", HEAD + textwrap.dedent(body), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=folder, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("version", ["3.9", "3.11", "3.12", "3.13"])
def test_saves_go_live_state_kept(shop: Path, version: str):
    found = interpreters()
    if version not in found:
        pytest.skip(f"CPython {version} is not installed")
    said = run(
        """
        with nexoide.reload.watch(root) as watcher:
            watcher.on_report(reports.put)
            assert held() == ("v1", 10)
            save("orders.py", ORDERS.replace("v1", "v2"))
            report = heard()
            assert report.ok and report.state == "committed" and report.generation, report
            assert [item.full for item in report.replaced] == ["orders.total"], report.definitions
            assert held() == ("v2", 10) and held is orders.total and orders.state is state == [1, 1]
            assert (len(watcher.notices) == 1) == watcher.polling
        save("orders.py", ORDERS.replace("v1", "v3"))
        time.sleep(0.5)
        assert reports.empty() and held() == ("v2", 10)
        """,
        shop,
        found[version],
    )
    assert said == ""  # it prints nothing


def test_broken_then_fixed_and_what_was_saved_with_it(shop: Path):
    run(
        """
        watcher = nexoide.reload.watch(str(root))
        watcher.on_report(reports.put)
        save("orders.py", "def total(:\\n")
        save("prices.py", PRICES.replace("10", "20"))
        report = heard()
        assert not report.ok and "orders.py" in report.error, report.error
        assert held() == ("v1", 10)
        assert {path.name for path in watcher.waiting} == {"orders.py", "prices.py"}
        save("orders.py", ORDERS.replace("v1", "v2"))
        report = heard()
        assert report.ok and {item.full for item in report.replaced} == {"orders.total", "prices.price"}, report.definitions
        assert held() == ("v2", 20) and watcher.waiting == () and watcher.last is report
        watcher.stop()
        """,
        shop,
    )


def test_a_refused_file_is_tried_again_once_what_it_waits_for_is_live(shop: Path):
    run(
        """
        watcher = nexoide.reload.watch(root)
        watcher.on_report(reports.put)
        save("orders.py", "from prices import tax\\n" + ORDERS.replace("'v1'", "tax()"))
        assert not heard().ok
        save("prices.py", PRICES + "def tax():\\n    return 'v2'\\n")
        first, second = heard(), heard()
        assert first.ok and [item.full for item in first.added] == ["prices.tax"], first
        assert second.ok, second.error
        assert held() == ("v2", 10) and watcher.waiting == ()
        watcher.stop()
        """,
        shop,
    )


def test_what_was_saved_since_the_import_goes_live_at_once(shop: Path):
    run(
        """
        held()
        time.sleep(0.05)
        nexoide.reload.watch(root).stop()
        save("orders.py", ORDERS.replace("v1", "v2"))
        with nexoide.reload.watch(root) as watcher:
            assert held() == ("v2", 10)
            watcher.on_report(reports.put)
            assert heard() is watcher.last and watcher.last.ok
        """,
        shop,
    )


def test_a_deleted_file_and_a_listener_that_raises(shop: Path):
    run(
        """
        with nexoide.reload.watch(root) as watcher:
            watcher.on_report(lambda report: 1 / 0)
            ended = watcher.on_report(reports.put)
            (root / "prices.py").unlink()
            report = heard()
            assert "prices" in str([item.to_dict() for item in report.definitions]) + report.error + str(report.notes), report.to_dict()
            assert held() == ("v1", 10)
            ended()
            save("orders.py", ORDERS.replace("v1", "v2"))
            deadline = time.monotonic() + 10
            while held()[0] != "v2" and time.monotonic() < deadline:
                time.sleep(0.01)
            assert held() == ("v2", 10) and reports.empty()
        """,
        shop,
    )


def test_a_single_file_is_watched_alone(shop: Path):
    run(
        """
        with nexoide.reload.watch(root / "orders.py") as watcher:
            watcher.on_report(reports.put)
            save("prices.py", PRICES.replace("10", "20"))
            save("orders.py", ORDERS.replace("v1", "v2"))
            assert heard().ok and held() == ("v2", 10)
        """,
        shop,
    )


def test_a_place_that_is_not_there(shop: Path):
    run(
        """
        try:
            nexoide.reload.watch(root / "nowhere")
        except FileNotFoundError as error:
            assert "does not exist: name a folder or a Python file that is there." in str(error)
        else:
            raise AssertionError
        """,
        shop,
    )
