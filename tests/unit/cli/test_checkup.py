"""doctor: what is there, what is not, and what to do; its exit code is about what is required alone."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nexoide.cli import checkup
from tests.unit.cli.conftest import Result

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _runtime(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))


def _by_name(result: Result) -> dict[str, dict[str, object]]:
    return {check["name"]: check for check in json.loads(result.out)["checks"]}


def test_without_a_workspace(tmp_path: Path, nexoide: Run) -> None:
    result = nexoide("doctor", "--json", "-w", tmp_path)
    checks = _by_name(result)
    assert result.code == 0
    assert checks["python"]["ok"] is checks["git"]["ok"] is True
    assert checks["workspace"]["ok"] is False
    assert "nexoide init" in str(checks["workspace"]["advice"])


def test_a_targets_interpreter_is_asked(tmp_path: Path, nexoide: Run) -> None:
    (tmp_path / "nexoide.toml").write_text(f'[targets.app]\ncommand = ["{sys.executable}", "app.py"]\n[targets.gone]\ncommand = "no-such-program"\n')
    result = nexoide("doctor", "--json", "-w", tmp_path)
    checks = _by_name(result)
    assert f"Python {sys.version_info[0]}.{sys.version_info[1]}" in str(checks["target app"]["found"])
    assert checks["target gone"]["ok"] is False
    assert "not a git repository" in str(checks["repository"]["found"])
    assert result.code == 5


def test_wrong_settings_are_said(tmp_path: Path, nexoide: Run) -> None:
    (tmp_path / "nexoide.toml").write_text("targets = 3\n")
    result = nexoide("doctor", "-w", tmp_path)
    assert result.code == 5
    assert "✗ workspace" in result.out
    assert "Required and missing: workspace" in result.out


def test_no_git(monkeypatch: pytest.MonkeyPatch) -> None:
    from nexoide.errors import UnavailableError
    from nexoide.vcs.runner import Runner

    def absent(*_: object, **__: object) -> None:
        raise UnavailableError("git is not installed: install it.")

    monkeypatch.setattr(Runner, "run", absent)
    check = checkup._git()
    assert (check.ok, check.required, check.advice) == (False, True, "git is not installed: install it.")


def test_a_poor_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.delenv("COLORTERM", raising=False)
    terminal, colours, _ = checkup._terminal()
    assert not terminal.ok
    assert (colours.ok, colours.found) == (False, "few")


def test_a_runtime_folder_of_somebody_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(tmp_path / "file"))
    check = checkup._runtime(None)
    assert (check.ok, check.required) == (False, True)
    assert "NEXOIDE_RUNTIME_DIR" in check.advice
