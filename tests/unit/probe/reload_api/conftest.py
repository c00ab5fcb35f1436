"""Runs real programs with nothing of ours but the package itself on their path."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.probe.peer import PROBE, interpreters

HOME = PROBE.parents[1]
WAIT_S = 60.0

Alone = Callable[..., str]


@pytest.fixture
def alone(tmp_path: Path) -> Alone:
    """Run a script, with `work/` as its folder, without any supervisor; returns what it printed and fails where it failed."""
    work = tmp_path / "work"
    work.mkdir()

    def run(python: str, text: str, files: dict[str, str] | None = None, *options: str, name: str = "app.py", **more: str) -> str:
        for path, content in {**(files or {}), name: text}.items():
            place = work / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content, encoding="utf-8", newline="")
            os.utime(place, (time.time() - 10, time.time() - 10))
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV", "NEXOIDE"))}
        environment = {**kept, "PYTHONPATH": str(HOME), "PYTHONDONTWRITEBYTECODE": "1", "NEXOIDE_PROBE_DEBUG": "1", **more}
        done = subprocess.run([python, *options, name], cwd=work, env=environment, capture_output=True, text=True, timeout=WAIT_S)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `each` on the oldest interpreter, this one and the two newest."""
    if "each" in metafunc.fixturenames:
        found = interpreters()
        versions = ["3.9", "3.11", "3.12", "3.13"]
        missing = {version: pytest.mark.skip(reason=f"Python {version} is not installed here") for version in versions if version not in found}
        metafunc.parametrize("each", [pytest.param(found.get(version, ""), id=version, marks=missing.get(version, ())) for version in versions])
