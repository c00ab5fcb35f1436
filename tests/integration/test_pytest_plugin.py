"""pytest runs with the plugin: what fails in them is in the feed, and the run itself is as it would be without."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.model.incident import Incident
from tests.support.supervised import REPOSITORY, Supervised, supervised, wait_for

SHOP = """
def total(order):
    return order["price"] * order["count"]
"""

TESTS = """
import pytest
import shop

def test_fine():
    assert shop.total({"price": 2, "count": 3}) == 6

def test_wrong():
    total = shop.total({"price": 2, "count": 3})
    assert total == 7

def test_missing():
    shop.total({"price": 2})

@pytest.fixture
def broken():
    raise RuntimeError("no database")

def test_setup(broken):
    pass

@pytest.fixture
def leaking():
    yield
    raise OSError("cannot clean up")

def test_teardown(leaking):
    pass

@pytest.mark.xfail
def test_expected():
    assert False

@pytest.mark.skip
def test_skipped():
    assert False
"""


@pytest.fixture
def workspace(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    root = tmp_path / "shop"
    (root / "tests").mkdir(parents=True)
    (root / "nexoide.toml").write_text("")
    (root / "shop.py").write_text(SHOP)
    (root / "tests" / "test_shop.py").write_text(TESTS)
    with supervised(root, runtime) as session:
        yield session


def run(workspace: Supervised, *arguments: str, plugin: bool = True, cwd: str = ".") -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("NEXOIDE_", "PYTEST_"))}
    environment |= {"PYTHONPATH": f"{REPOSITORY}{os.pathsep}{workspace.root}", "NEXOIDE_RUNTIME_DIR": str(workspace.runtime)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(workspace.root), "-c", os.devnull]
    command += ["-p", "nexoide.pytest_plugin"] if plugin else []
    return subprocess.run([*command, *arguments], cwd=workspace.root / cwd, env=environment, capture_output=True, text=True, timeout=100)


def incidents(workspace: Supervised, number: int) -> dict[str, Incident]:
    found = wait_for(lambda: known if len(known := workspace.control.status().incidents) >= number else None, f"{number} incidents")
    assert len(found) == number, [(one.error_class, one.sample.origin) for one in found]
    return {one.sample.origin: one for one in found}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_each_failing_test_is_an_incident(workspace: Supervised, workers: tuple[str, ...]) -> None:
    workspace.start()
    done = run(workspace, *workers)
    assert done.returncode == 1
    assert "nexoide: 4 failures reported (" in done.stdout
    found = incidents(workspace, 4)
    assert {(one.error_class, one.function, one.file) for one in found.values()} == {
        ("AssertionError", "test_wrong", "tests/test_shop.py"),
        ("KeyError", "total", "shop.py"),
        ("RuntimeError", "broken", "tests/test_shop.py"),
        ("OSError", "leaking", "tests/test_shop.py"),
    }
    missing = found["tests/test_shop.py::test_missing"].sample
    assert (missing.source, missing.target) == ("pytest", "pytest")
    assert [frame.function for frame in missing.exceptions[0].frames] == ["test_missing", "total"]
    assert missing.exceptions[0].frames[-1].locals["order"].repr == "{'price': 2}"
    assert found["tests/test_shop.py::test_setup (setup)"].message == "no database"
    assert "6 == 7" in found["tests/test_shop.py::test_wrong"].message
    (source,) = workspace.control.status().sources
    assert (source.kind, source.failures) == ("pytest", 4)


def test_a_module_that_cannot_be_imported(workspace: Supervised) -> None:
    workspace.start()
    (workspace.root / "tests" / "test_shop.py").write_text("import shop\nshop.nothing()\n")
    done = run(workspace)
    assert done.returncode == 2
    (one,) = incidents(workspace, 1).values()
    assert (one.error_class, one.file, one.line) == ("AttributeError", "tests/test_shop.py", 2)
    assert one.sample.origin == "tests/test_shop.py (collection)"


def test_the_workspace_may_be_elsewhere(workspace: Supervised, tmp_path: Path) -> None:
    workspace.start()
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "test_it.py").write_text("def test_it():\n    raise ValueError('here')\n")
    done = run(workspace, str(outside), f"--rootdir={outside}", f"--nexoide={workspace.root}")
    assert "nexoide: 1 failure reported (I-1)" in done.stdout
    assert incidents(workspace, 1).popitem()[1].error_class == "ValueError"


def test_without_a_supervisor_the_run_is_as_ever_and_one_line_says_so(workspace: Supervised) -> None:
    with_plugin, without = run(workspace), run(workspace, plugin=False)
    assert with_plugin.returncode == without.returncode == 1
    (line,) = [line for line in with_plugin.stdout.splitlines() if "nexoide:" in line]
    assert line.startswith("nexoide: 0 of 4 failures reported; No supervisor answers at ")
    assert with_plugin.stdout.count("FAILED") == without.stdout.count("FAILED")


def test_nothing_is_loaded_said_or_sent_while_all_pass(workspace: Supervised) -> None:
    (workspace.root / "tests" / "test_shop.py").write_text(
        "import sys\n\ndef test_fine():\n    heavy = {'nexoide.probe.capture', 'nexoide.client', 'msgspec'}\n    assert not heavy & set(sys.modules)\n"
    )
    done = run(workspace)
    assert (done.returncode, "nexoide:" in done.stdout) == (0, False)
