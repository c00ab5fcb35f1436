from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.validation.finding import TestPlan, plan_tests
from tests.unit.repair.validation.builders import lay

CASE = "import unittest\n\n\nclass AThing(unittest.TestCase):\n    def test_it(self): pass\n"


def _plan(root: Path, command: tuple[str, ...] = (), *, has_pytest: bool = True) -> TestPlan:
    found = plan_tests(root, command, has_pytest=has_pytest)
    assert isinstance(found, TestPlan), found
    return found


def test_a_project_without_tests_says_so(tmp_path: Path) -> None:
    root = lay(tmp_path, {"main.py": "", "test_data.py": "VALUES = [1]\n", "testing.py": "def helper(): pass\n"})
    assert plan_tests(root, (), has_pytest=True) == "there are no tests to run"


def test_tests_are_found_and_run_by_pytest(tmp_path: Path) -> None:
    root = lay(tmp_path, {"tests/test_a.py": "def test_a(): pass\n", "pkg/b_test.py": "async def test_b(): pass\n"})
    plan = _plan(root)
    assert (plan.runner, plan.words, plan.found) == ("pytest", ("-q",), True)
    assert plan.files == ("pkg/b_test.py", "tests/test_a.py")


def test_without_pytest_cases_are_run_by_unittest(tmp_path: Path) -> None:
    plan = _plan(lay(tmp_path, {"tests/test_a.py": CASE}), has_pytest=False)
    assert (plan.runner, plan.words[:3]) == ("unittest", ("discover", "-s", "tests"))


def test_without_pytest_its_tests_are_not_run_and_that_is_said(tmp_path: Path) -> None:
    found = plan_tests(lay(tmp_path, {"test_a.py": "def test_a(): pass\n"}), (), has_pytest=False)
    assert isinstance(found, str)
    assert "test_a.py" in found
    assert "pytest" in found


@pytest.mark.parametrize(
    ("command", "runner", "words", "from_root"),
    [
        (("pytest", "-x", "tests"), "pytest", ("-x", "tests"), False),
        (("python", "-m", "pytest", "-q"), "pytest", ("-q",), True),
        (("/usr/bin/python3.11", "-m", "unittest", "discover"), "unittest", ("discover",), True),
        (("make", "test"), "command", (), True),
        (("python", "run_tests.py"), "command", (), True),
    ],
)
def test_a_named_command_is_understood(tmp_path: Path, command: tuple[str, ...], runner: str, words: tuple[str, ...], from_root: bool) -> None:
    plan = _plan(lay(tmp_path, {"tests/test_a.py": "def test_a(): pass\n"}), command)
    assert (plan.runner, plan.words, plan.from_root) == (runner, words, from_root)


def test_a_selection_replaces_the_places_and_keeps_the_options(tmp_path: Path) -> None:
    root = lay(tmp_path, {"tests/test_a.py": "def test_a(): pass\n", "tests/test_b.py": "def test_b(): pass\n"})
    plan = _plan(root, ("pytest", "-x", "-k", "not slow", "tests"))
    assert plan.on(["tests/test_a.py"]) == ("-x", "-k", "not slow", "tests/test_a.py")
