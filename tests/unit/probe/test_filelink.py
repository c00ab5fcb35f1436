"""Failures into a file, as a run in the sandbox tells them: from every hook, from test runners, and what was caught."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.model.codec import from_builtins
from nexoide.model.failure import Failure

BOOTSTRAP = Path(__file__).resolve().parents[3] / "nexoide" / "probe" / "bootstrap"


def run(folder: Path, python: str, *words: str, **env: str) -> tuple[int, list[Failure]]:
    told = folder.parent / "told"
    own = {"NEXOIDE_PROBE": "1", "NEXOIDE_PROBE_FILE": str(told), "NEXOIDE_PROBE_ROOT": str(folder), "PYTHONPATH": str(BOOTSTRAP), **env}
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NEXOIDE", "PYTEST"))}
    done = subprocess.run([python, *words], cwd=folder, env={**plain, **own}, capture_output=True, text=True, timeout=60, check=False)
    lines = told.read_text().splitlines() if told.exists() else []
    return done.returncode, [from_builtins(json.loads(line), Failure) for line in lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    made.mkdir()
    return made


def kinds(found: list[Failure]) -> list[tuple[str, str]]:
    return [(item.source, item.exceptions[0].type) for item in found]


def test_every_way_in_which_a_program_fails_is_told_in_order(folder: Path, python: str) -> None:
    (folder / "app.py").write_text("""
import asyncio, logging, threading

async def work():
    return 1

class Loud:
    def __del__(self):
        raise ValueError("del")

def main(price):
    work()
    try:
        {}["k"]
    except KeyError:
        logging.exception("bad")
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    loud = Loud()
    del loud
    raise RuntimeError("end")

main(7)
""")
    code, found = run(folder, python, "app.py")
    assert code == 1
    assert kinds(found) == [
        ("warning", "RuntimeWarning"),
        ("log", "KeyError"),
        ("thread", "ZeroDivisionError"),
        ("unraisable", "ValueError"),
        ("main", "RuntimeError"),
    ]
    last = found[-1].exceptions[0].frames[-1]
    assert last.file == str(folder / "app.py")
    assert last.locals["price"].repr == "7"


def test_a_program_that_ends_well_writes_nothing(folder: Path, python: str) -> None:
    (folder / "app.py").write_text("print(1)\n")
    assert run(folder, python, "app.py") == (0, [])
    assert not (folder.parent / "told").exists()


def test_what_is_raised_again_and_again_is_told_once(folder: Path) -> None:
    (folder / "app.py").write_text("import logging\nfor n in range(500):\n    try:\n        {}[0]\n    except KeyError:\n        logging.exception('bad')\n")
    assert len(run(folder, sys.executable, "app.py")[1]) == 1


def test_children_tell_into_the_same_file(folder: Path) -> None:
    (folder / "app.py").write_text("import os\npid = os.fork()\nif pid == 0:\n    1 / 0\nos.waitpid(pid, 0)\n{}['k']\n")
    assert kinds(run(folder, sys.executable, "app.py")[1]) == [("main", "ZeroDivisionError"), ("main", "KeyError")]


def test_failing_tests_of_pytest_are_told_with_their_variables(folder: Path) -> None:
    (folder / "test_shop.py").write_text("""
import pytest

def test_right():
    assert True

def test_wrong():
    rows = [1]
    rows[3]

@pytest.mark.xfail
def test_expected():
    {}["k"]

def test_left_out():
    pytest.skip("not here")

def test_raises():
    with pytest.raises(ValueError):
        int("x")
""")
    code, found = run(folder, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert code == 1
    assert kinds(found) == [("pytest", "IndexError")]
    assert found[0].exceptions[0].frames[-1].locals["rows"].repr == "[1]"


def test_a_test_module_that_cannot_be_imported_is_told_as_what_it_raised(folder: Path) -> None:
    (folder / "test_shop.py").write_text("import json\n\nLIMIT = json.loads('{}')['limit']\n")
    code, found = run(folder, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert code != 0
    assert kinds(found) == [("pytest", "KeyError")]


def test_failing_tests_of_unittest_are_told(folder: Path, python: str) -> None:
    (folder / "test_shop.py").write_text("""
import unittest

class Shop(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(1, 2)

    def test_error(self):
        [][0]

    @unittest.expectedFailure
    def test_expected(self):
        {}["k"]
""")
    code, found = run(folder, python, "-m", "unittest")
    assert code == 1
    assert sorted(kinds(found)) == [("pytest", "AssertionError"), ("pytest", "IndexError")]


CATCHES = """
import sys

def total(rows):
    return sum(row["amuont"] for row in rows)

def main():
    try:
        print(total([{"amount": 1}]))
    except Exception as error:
        print("error:", error)
        return 1

try:
    {}["early"]
except KeyError:
    pass
next(iter([]), None)
sys.exit(main())
"""


def test_what_a_program_catches_is_told_where_that_is_asked_for(folder: Path, python: str) -> None:
    (folder / "app.py").write_text(CATCHES)
    code, found = run(folder, python, "app.py", NEXOIDE_PROBE_CAUGHT="1")
    assert code == 1
    assert [item.exceptions[0].message for item in found] == ["1", "'amuont'", "'early'"]
    assert [frame.function.rsplit(".")[-1] for frame in found[1].exceptions[0].frames] == ["main", "total", "<genexpr>"]


def test_what_a_program_catches_is_its_own_business_else(folder: Path) -> None:
    (folder / "app.py").write_text(CATCHES)
    assert run(folder, sys.executable, "app.py") == (1, [])
