"""The layers that depend on what a project has: a type checker, unittest, tests that need what is not installed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nexoide.repair.validation import Trial, validate
from tests.unit.probe.peer import interpreters
from tests.unit.repair.validation.builders import failure, frame, lay, proposal, trial
from tests.unit.sandbox.helpers import needs_bwrap

pytestmark = needs_bwrap

LIB = "def first(items: list[int]) -> int:\n    return items[0]\n"
CASES = (
    "import unittest\n\nfrom lib import first\n\n\nclass FirstTest(unittest.TestCase):\n    def test_first(self):\n        self.assertEqual(first([4]), 4)\n"
)
OTHERS = {version: path for version, path in interpreters().items() if path != sys.executable}


def _trial(root: Path, new: str, python: str = "") -> Trial:
    seen = failure(frame(root, "lib.py", 2, "first", module="lib", items="[]"), error="IndexError", message="list index out of range")
    return trial(root, proposal(root, "lib.py", "items[0]", new), seen, command=(), python=python)


@pytest.mark.parametrize(
    ("new", "outcome", "words"),
    [("items[0] if items else 0", "passed", "mypy finds 0 errors"), ("items[0] if items else None", "failed", "1 errors in the changed")],
)
async def test_a_configured_type_checker_may_find_no_more_than_before(tmp_path: Path, new: str, outcome: str, words: str) -> None:
    root = lay(tmp_path, {"lib.py": LIB, "mypy.ini": "[mypy]\nstrict = true\n"})
    found = await validate(_trial(root, new))
    types = next(row for row in found.evidence if row.kind == "types")
    assert types.outcome == outcome, types
    assert words in types.summary


async def test_a_checker_that_nobody_configured_is_not_run(tmp_path: Path) -> None:
    found = await validate(_trial(lay(tmp_path, {"lib.py": LIB}), "items[0] if items else 0"))
    assert next(row for row in found.evidence if row.kind == "types").summary == "the project configures no type checker"


@pytest.mark.skipif(not OTHERS, reason="only one interpreter is installed")
@pytest.mark.parametrize("python", OTHERS.values(), ids=OTHERS.keys())
async def test_every_interpreter_runs_a_project_of_cases_without_pytest(tmp_path: Path, python: str) -> None:
    root = lay(tmp_path, {"lib.py": LIB, "tests/test_lib.py": CASES})
    found = await validate(_trial(root, "items[0] if items else 0", python))
    outcomes = {row.kind: row.outcome for row in found.evidence}
    assert {kind: outcomes[kind] for kind in ("compile", "import", "rebuilt", "regression", "mutation", "tests", "reach")} == dict.fromkeys(
        ("compile", "import", "rebuilt", "regression", "mutation", "tests", "reach"), "passed"
    )
    assert found.regression_test is not None
    assert b"class FirstRegression(unittest.TestCase):" in found.regression_test.data


@pytest.mark.skipif("3.9" not in "".join(OTHERS), reason="no Python 3.9 is installed")
async def test_syntax_that_the_programs_own_interpreter_lacks_is_refused(tmp_path: Path) -> None:
    python = next(path for version, path in OTHERS.items() if "3.9" in version)
    root = lay(tmp_path, {"lib.py": LIB})
    seen = failure(frame(root, "lib.py", 2, "first", items="[]"), error="IndexError")
    new = LIB.replace("    return items[0]\n", "    match items:\n        case []:\n            return 0\n    return items[0]\n")
    edit = replace(proposal(root, "lib.py", "items[0]", "items[1]"), files={"lib.py": (LIB.encode(), new.encode())})
    found = await validate(trial(root, edit, seen, command=(), python=python))
    assert found.refused
    assert "Python 3.9" in found.evidence[-1].summary


async def test_a_test_command_of_another_kind_is_run_as_it_is(tmp_path: Path) -> None:
    root = lay(tmp_path, {"lib.py": LIB, "check.py": "from lib import first\nassert first([4]) == 4\n"})
    made = replace(_trial(root, "items[0] if items else 0"), tests=("python", "check.py"))
    tests = next(row for row in (await validate(made)).evidence if row.kind == "tests")
    assert tests.outcome == "inconclusive", "an exit code alone is weak"
    broken = replace(_trial(root, "items[1]"), tests=("python", "check.py"))
    assert next(row for row in (await validate(broken)).evidence if row.kind == "tests").outcome == "failed"
