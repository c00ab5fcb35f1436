"""F38: where a sandbox is missing or weaker than it was, the words say so, and a run is refused before it is loosened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.errors import UnavailableError
from nexoide.sandbox import confinement
from nexoide.sandbox.bwrap import Bubblewrap
from nexoide.sandbox.confinement import available, chosen
from nexoide.sandbox.kernel import Kernel
from nexoide.sandbox.tests_run import TestRun, run_tests
from tests.unit.sandbox.helpers import REPOSITORY, copy_in, needs_bwrap

NAMESPACES = ("user namespace", "network namespace", "process namespace", "ipc namespace", "host name namespace", "mount namespace")
EVERYTHING = (*NAMESPACES, "landlock", "system-call filter", "no new privileges", "capabilities")


@pytest.fixture(autouse=True)
def _tested_anew() -> Iterator[None]:
    confinement.forget()
    yield
    confinement.forget()


async def test_f38_without_bwrap_the_kernels_means_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await available()
    assert found.tier in ("kernel", "limits-only")
    assert "bubblewrap" in found.sentence
    with pytest.raises(UnavailableError, match="install the package"):
        await chosen(Bubblewrap())


@pytest.mark.parametrize("script", ["echo 'bwrap: No permissions to create new namespace' >&2; exit 1", "kill -9 $$", "exec sleep 0"])
async def test_f38_a_broken_bwrap_is_not_believed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    (tmp_path / "bwrap").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert (await available()).tier in ("kernel", "limits-only")


async def test_f38_a_bwrap_that_only_pretends_is_found_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretends = f"#!{sys.executable}\nimport os, sys\nrest = sys.argv[sys.argv.index('--') + 1:]\nos.execv(rest[0], rest)\n"
    (tmp_path / "bwrap").write_text(pretends, encoding="utf-8")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert (await available()).tier in ("kernel", "limits-only")


async def test_f38_with_nothing_the_tests_run_limited_and_the_report_says_so(tmp_path: Path) -> None:
    folder = copy_in(tmp_path, {"test_a.py": "def test_a(): pass"})
    found = await run_tests(TestRun(folder, ("python", "-m", "pytest", "-q"), sys.executable), launcher=Kernel(withheld=EVERYTHING))
    assert found.outcomes == {"test_a.py::test_a": "passed"}, found
    assert found.confinement.tier == "limits-only"
    assert "network" in found.confinement.not_confined
    assert found.confinement.sentence.startswith("Not confined, only limited")


async def test_f38_a_layer_that_held_and_fails_now_refuses_the_run(tmp_path: Path) -> None:
    folder = copy_in(tmp_path, {"test_a.py": "def test_a(): open('ran', 'w')"})
    weaker = Kernel(withheld=("network namespace",))
    held = await chosen(weaker)
    assert "network" in held.confinement.confined  # the filter refuses every socket instead
    prepared = Kernel(required=("network namespace",), withheld=("network namespace",))
    confinement._tested[prepared.name] = confinement.Held(prepared, held.confinement)
    found = await run_tests(TestRun(folder, ("python", "-m", "pytest", "-q"), sys.executable), launcher=prepared)
    assert found.exit_code is None
    assert found.problem == "The sandbox refused the run: what held when it was tested fails now: network namespace (withheld)."
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("kind", [pytest.param("bwrap", marks=needs_bwrap), "kernel"])
def test_f38_an_ordinary_user_is_confined_as_well(tmp_path_factory: pytest.TempPathFactory, runtime: Path, kind: str) -> None:
    python = shutil.which("python3", path="/usr/bin")
    if os.geteuid() != 0 or python is None:
        pytest.skip("needs root to become somebody else, and a Python of the system")
    if subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], check=False).returncode:
        pytest.skip("the system's Python is older than 3.11")
    package = runtime / "lib" / "nexoide"
    shutil.copytree(REPOSITORY / "nexoide" / "sandbox", package / "sandbox", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "errors.py"):
        shutil.copy(REPOSITORY / "nexoide" / name, package / name)
    code = """
import asyncio, sys
from pathlib import Path
from nexoide.sandbox.bwrap import Bubblewrap
from nexoide.sandbox.kernel import Kernel
from nexoide.sandbox.tests_run import TestRun, run_tests
launcher = {"bwrap": Bubblewrap, "kernel": Kernel}[sys.argv[1]]()
folder = Path(sys.argv[2]); (folder / "check.py").write_text("import os; print(os.getuid(), open('/proc/self/attr/current') and 'ran')")
found = asyncio.run(run_tests(TestRun(folder, ("python", "check.py"), sys.executable), launcher=launcher))
print(found.output_tail, found.problem, found.confinement.tier, found.confinement.not_confined)
"""
    folder = runtime / "copy"
    folder.mkdir()
    for path in (runtime, folder):
        os.chown(path, 65534, 65534)
    words = [python, "-c", code, kind, str(folder)]
    ended = subprocess.run(
        words,
        env={"PYTHONPATH": str(runtime / "lib"), "PATH": "/usr/bin:/bin"},
        user=65534,
        group=65534,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout.startswith("65534 ran"), ended
    assert "('disk space of the copy',)" in ended.stdout or "('memory of all processes together', 'disk space of the copy')" in ended.stdout, ended
