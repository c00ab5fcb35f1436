from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from nexoide.errors import RefusedError, UsageError
from nexoide.sandbox.tests_run import TestRun, run_tests
from tests.unit.sandbox.helpers import BWRAP, both, copy_in, launcher_of, run_copy

MIXED = """
import pytest

def test_good(): pass
def test_bad(): assert 1 == 2
@pytest.mark.skip
def test_left_out(): pass
@pytest.fixture
def broken(): raise RuntimeError("no fixture")
def test_unready(broken): pass
@pytest.fixture
def untidy():
    yield
    raise RuntimeError("no teardown")
def test_untidy(untidy): pass
@pytest.mark.parametrize("n", ["a b", "\\u202e", "x\\ny"])
def test_odd(n): pass
"""


@both
async def test_every_test_is_reported_by_id(tmp_path: Path, kind: str) -> None:
    found = await run_copy(copy_in(tmp_path, {"tests/test_mixed.py": MIXED}), kind=kind)
    assert found.problem == ""
    base = "tests/test_mixed.py::test_"
    expected = {"good": "passed", "bad": "failed", "left_out": "skipped", "unready": "error", "untidy": "error"}
    assert {name.removeprefix(base): outcome for name, outcome in found.outcomes.items() if "odd" not in name} == expected
    assert sum("odd" in name for name in found.outcomes) == 3
    assert found.messages[base + "bad"].startswith("assert 1 == 2")
    assert "no fixture" in found.messages[base + "unready"]
    assert (found.exit_code, found.has_ids, found.finished, found.timed_out) == (1, True, True, False)
    assert found.failing == (base + "bad", base + "unready", base + "untidy")
    assert len(found.output_tail) <= 8192


@both
async def test_a_file_that_cannot_be_imported_is_an_error_of_its_own(tmp_path: Path, kind: str) -> None:
    found = await run_copy(copy_in(tmp_path, {"test_a.py": "import nowhere", "test_b.py": "def test_b(): pass"}), kind=kind)
    assert found.outcomes["test_a.py"] == "error"


@pytest.mark.parametrize("kind", [BWRAP])
@pytest.mark.parametrize("command", [("pytest", "-q"), ("python3", "-m", "pytest"), ("py.test",)])
async def test_the_commands_of_people_are_understood(tmp_path: Path, kind: str, command: tuple[str, ...]) -> None:
    folder = copy_in(tmp_path, {"test_a.py": f"import sys\ndef test_python(): assert sys.prefix == {sys.prefix!r}"})
    found = await run_tests(TestRun(folder, command, sys.executable), launcher=launcher_of(kind))
    assert found.outcomes == {"test_a.py::test_python": "passed"}, found


async def test_only_python_dash_m_puts_the_folder_on_the_path(tmp_path: Path) -> None:
    folder = copy_in(tmp_path, {"module.py": "", "tests/test_a.py": "def test_a():\n    import module"})
    with_python = await run_tests(TestRun(folder, ("python", "-m", "pytest", "--rootdir=."), sys.executable))
    alone = await run_tests(TestRun(folder, ("pytest", "--rootdir=."), sys.executable))
    assert (with_python.outcomes, alone.outcomes) == ({"tests/test_a.py::test_a": "passed"}, {"tests/test_a.py::test_a": "failed"})


async def test_another_test_command_has_its_exit_code_alone(tmp_path: Path) -> None:
    folder = copy_in(tmp_path, {"test_a.py": "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.fail()"})
    found = await run_tests(TestRun(folder, ("python", "-m", "unittest", "-q"), sys.executable))
    assert (found.exit_code, found.has_ids, found.problem) == (1, False, "")
    assert "FAILED (failures=1)" in found.output_tail


async def test_a_pytest_below_another_command_reports_too(tmp_path: Path) -> None:
    folder = copy_in(tmp_path, {"test_a.py": "def test_a(): pass", "check.sh": f"exec {sys.executable} -m pytest -q"})
    found = await run_tests(TestRun(folder, ("sh", "check.sh"), sys.executable))
    assert found.outcomes == {"test_a.py::test_a": "passed"}


async def test_a_nested_session_does_not_report_as_ours(tmp_path: Path) -> None:
    inner = "import os, subprocess, sys\ndef test_outer(tmp_path):\n    (tmp_path / 'test_inner.py').write_text('def test_inner(): assert 0')\n"
    inner += "    assert subprocess.run([sys.executable, '-m', 'pytest', '-q', str(tmp_path)]).returncode == 1\n"
    inner += "    import pytest\n    assert pytest.main(['-q', '-p', 'no:cacheprovider', str(tmp_path)]) == 1\n"
    found = await run_copy(copy_in(tmp_path, {"test_a.py": inner}))
    assert found.outcomes == {"test_a.py::test_outer": "passed"}, found


async def test_several_processes_of_xdist_report_once(tmp_path: Path) -> None:
    folder = copy_in(tmp_path, {"test_a.py": "import pytest\n@pytest.mark.parametrize('n', range(6))\ndef test_a(n): assert n != 3"})
    command = ("python", "-m", "pytest", "-q", "-n", "2", "-p", "no:asyncio", "-p", "no:hypothesispytest")
    found = await run_tests(TestRun(folder, command, sys.executable))
    assert len(found.outcomes) == 6, found
    assert found.failing == ("test_a.py::test_a[3]",)


async def test_the_environment_is_clean_and_takes_what_the_settings_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    code = "import os\ndef test_a():\n    assert 'SECRET_TOKEN' not in os.environ\n    assert os.environ['MODE'] == 'test'\n"
    code += "    assert not any(name.startswith('NEXOIDE') for name in os.environ)\n    assert os.environ['PYTEST_PLUGINS'] == 'mine'\n"
    folder = copy_in(tmp_path, {"test_a.py": code, "mine.py": ""})
    env = {"MODE": "test", "NEXOIDE_PROBE_TOKEN": "t", "PYTEST_PLUGINS": "mine", "PYTHONPATH": str(folder)}
    found = await run_copy(folder, env=env)
    assert found.outcomes == {"test_a.py::test_a": "passed"}, found


async def test_no_pytest_anywhere_is_a_problem_with_a_way_out(tmp_path: Path) -> None:
    other = next((path for path in Path.home().glob(".pyenv/versions/3.*/bin/python3") if not str(path).startswith(sys.base_prefix)), None)
    if other is None:
        pytest.skip("there is no second Python here")
    asked = subprocess.run([other, "-c", "import pytest"], capture_output=True, check=False)
    if asked.returncode == 0:
        pytest.skip("the second Python has pytest")
    found = await run_tests(TestRun(copy_in(tmp_path), ("python", "-m", "pytest"), str(other)))
    assert found.exit_code is None
    assert "has no pytest: install it there" in found.problem


@both
async def test_a_sibling_without_pytest_borrows_ours(tmp_path: Path, kind: str) -> None:
    environment = tmp_path / "its own"
    venv.create(environment, with_pip=False, symlinks=True)
    site = next(environment.glob("lib/python*/site-packages"))
    (site / "only_here.py").write_text("answer = 42", encoding="utf-8")
    folder = copy_in(tmp_path, {"test_a.py": "import only_here\ndef test_a(): assert only_here.answer == 42"})
    run = TestRun(folder, ("python", "-m", "pytest", "-q"), str(environment / "bin" / "python"))
    found = await run_tests(run, launcher=launcher_of(kind))
    assert found.outcomes == {"test_a.py::test_a": "passed"}, found


@both
async def test_the_copy_is_tested_and_not_an_editable_original(tmp_path: Path, kind: str) -> None:
    original = copy_in(tmp_path, {"thing.py": "value = 'original'"}, "original")
    venv.create(original / ".venv", with_pip=False, symlinks=True)
    site = next((original / ".venv").glob("lib/python*/site-packages"))
    (site / "editable.pth").write_text(str(original), encoding="utf-8")
    folder = copy_in(tmp_path, {"thing.py": "value = 'copy'", "tests/test_a.py": "import thing\ndef test_a(): assert thing.value == 'copy'"})
    run = TestRun(folder, ("pytest", "-q"), str(original / ".venv" / "bin" / "python"), workspace=original)
    found = await run_tests(run, launcher=launcher_of(kind))
    assert found.outcomes == {"tests/test_a.py::test_a": "passed"}, found
    assert (original / "thing.py").read_text(encoding="utf-8") == "value = 'original'"
    assert not (original / "tests").exists()


async def test_an_empty_command_is_the_operators_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no test command"):
        await run_tests(TestRun(copy_in(tmp_path), (), sys.executable))


async def test_a_folder_that_is_no_copy_is_refused() -> None:
    with pytest.raises(RefusedError):
        await run_tests(TestRun(Path("/etc"), ("true",), sys.executable))


async def test_a_missing_interpreter_is_a_problem_in_the_report(tmp_path: Path) -> None:
    found = await run_tests(TestRun(copy_in(tmp_path), ("python", "-m", "pytest"), "/nowhere/python"))
    assert found.exit_code is None
    assert "/nowhere/python is not there" in found.problem


@both
async def test_nothing_is_left_on_the_machine(tmp_path: Path, kind: str) -> None:
    folder = copy_in(tmp_path, {"test_a.py": "def test_a(): pass"})
    await run_copy(folder, kind=kind)
    scratch, descriptors, mounts = (
        set(Path("/tmp").glob(f"nexoide-sandbox-{os.getpid()}-*")),
        set(Path("/proc/self/fd").iterdir()),
        Path("/proc/mounts").read_text(),
    )
    await run_copy(folder, kind=kind)
    assert set(Path("/tmp").glob(f"nexoide-sandbox-{os.getpid()}-*")) == scratch == set()
    assert set(Path("/proc/self/fd").iterdir()) == descriptors
    assert Path("/proc/mounts").read_text() == mounts
    assert not list(Path("/sys/fs/cgroup").glob(f"*/nexoide-{os.getpid()}-*"))
