"""A12: a patch that makes the tests end well without running them is found out, test by test."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.sandbox.tests_run import Comparison, TestReport, compare
from tests.unit.sandbox.helpers import BWRAP, KERNEL, copy_in, run_copy

TESTS = {"test_it.py": "from thing import answer\ndef test_answer(): assert answer() == 42\ndef test_type(): assert isinstance(answer(), int)\n"}
RIGHT = {**TESTS, "thing.py": "def answer(): return 42\n"}
WRONG = {**TESTS, "thing.py": "def answer(): return None\n"}
AT_THE_END = "import glob, os\ndef pytest_sessionfinish():\n    for path in glob.glob('/tmp/nexoide-sandbox-*/report/outcomes'):\n"
FORGERIES = {
    "exits with 0 at once": {"conftest.py": "import os\nos._exit(0)\n"},
    "exits with 0 after collection": {"conftest.py": "import os\ndef pytest_collection_finish(): os._exit(0)\n"},
    "exits with 0 at the end": {"conftest.py": "import os\ndef pytest_sessionfinish(): os._exit(0)\ndef pytest_collection_modifyitems(items): del items[1:]\n"},
    "drops the tests": {"conftest.py": "def pytest_collection_modifyitems(items): del items[:]\ndef pytest_sessionfinish(session): session.exitstatus = 0\n"},
    "drops one test": {"conftest.py": "def pytest_collection_modifyitems(items): del items[:1]\n", "thing.py": "def answer(): return 1\n"},
    "skips the tests": {"conftest.py": "import pytest\ndef pytest_collection_modifyitems(items):\n    for item in items: item.add_marker(pytest.mark.skip)\n"},
    "expects the failure": {
        "conftest.py": "import pytest\ndef pytest_collection_modifyitems(items):\n    for item in items: item.add_marker(pytest.mark.xfail)\n"
    },
    "ignores the tests": {"pytest.ini": "[pytest]\naddopts = --ignore=test_it.py --suppress-no-test-exit-code -p no:cacheprovider\n"},
    "switches the reporter off": {
        "conftest.py": "def pytest_collection_modifyitems(config): config.pluginmanager.unregister(name='nexoide-outcomes-reporter')\n"
        "def pytest_sessionfinish(session): session.exitstatus = 0\n"
    },
    "sets the exit code": {"conftest.py": "def pytest_sessionfinish(session): session.exitstatus = 0\n"},
    "is the test runner": {"pytest.py": "print('2 passed')\n"},
    "replaces the report by a pipe": {"conftest.py": AT_THE_END + "        os.unlink(path); os.mkfifo(path)\n    os._exit(0)\n"},
    "replaces the report by a link": {"conftest.py": AT_THE_END + "        os.unlink(path); os.symlink('/etc/passwd', path)\n    os._exit(0)\n"},
    "removes the report": {"conftest.py": AT_THE_END + "        os.unlink(path)\n    os._exit(0)\n"},
    "fills the report": {
        "thing.py": RIGHT["thing.py"],
        "conftest.py": AT_THE_END + "        open(path, 'a').write('[' * 50000 + chr(10) + 'x' * 99999 + chr(10))\n",
    },
}


_baseline: dict[str, TestReport] = {}


async def _compared(tmp_path: Path, files: dict[str, str], kind: str) -> Comparison:
    if kind not in _baseline:
        _baseline[kind] = await run_copy(copy_in(tmp_path, RIGHT, "before"), kind=kind)
    before = _baseline[kind]
    assert before.exit_code == 0, before
    assert len(before.outcomes) == 2
    return compare(before, await run_copy(copy_in(tmp_path, files, "with the patch"), kind=kind))


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
@pytest.mark.parametrize("kind", [BWRAP])
async def test_a12_a_forged_success_is_not_ok(tmp_path: Path, kind: str, forgery: dict[str, str]) -> None:
    found = await _compared(tmp_path, {**WRONG, **forgery}, kind)
    print(found.sentence)
    assert not found.ok, found


@pytest.mark.parametrize("kind", [KERNEL])
async def test_a12_the_kernels_own_means_see_it_too(tmp_path: Path, kind: str) -> None:
    found = await _compared(tmp_path, {**WRONG, **FORGERIES["exits with 0 at once"]}, kind)
    assert found.missing == ("test_it.py::test_answer", "test_it.py::test_type")


@pytest.mark.parametrize("kind", [BWRAP])
async def test_a12_an_honest_patch_is_ok(tmp_path: Path, kind: str) -> None:
    found = await _compared(tmp_path, RIGHT, kind)
    assert found.ok
    assert not found.weak
    assert found.sentence == "2 of 2 tests pass."
