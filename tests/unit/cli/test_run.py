"""run: what is checked and written before anything is started."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nexoide.cli import launch
from nexoide.cli.run import prepare, program_exists
from nexoide.config import load
from nexoide.errors import ConfigError, UsageError
from nexoide.workspace import Workspace
from tests.unit.cli.conftest import Result

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _runtime(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))


def test_a_plain_folder_becomes_a_workspace_inside_its_own_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app.py").write_text("")
    where = Workspace(tmp_path.resolve())
    config = prepare(where, "app", ["python3", "app.py"], "python3 -m pytest -q")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".nexoide", "app.py"]
    assert load(config).targets["app"].command == ("python3", "app.py")
    assert launch.settings_of(where) == config
    assert launch.command(where, config)[-2:] == ["--config", str(config)]
    assert "no git repository" in capsys.readouterr().err


def test_a_nexoide_toml_takes_precedence_later(tmp_path: Path) -> None:
    where = Workspace(tmp_path.resolve())
    prepare(where, "app", ["python3", "app.py"], "")
    where.config.write_text("")
    assert launch.settings_of(where) == where.config
    assert "--config" not in launch.command(where, where.config)


def test_without_either_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nexoide init"):
        launch.settings_of(Workspace(tmp_path))


@pytest.mark.parametrize("arguments", [["--", "no-such-program"], ["--tests", "an 'open quote", "--", "python3", "x.py"], []])
def test_what_cannot_be_run_is_refused_before_anything_is_written(tmp_path: Path, nexoide: Run, arguments: list[str]) -> None:
    result = nexoide("run", "--headless", "-w", tmp_path, *arguments)
    assert result.code == 2
    assert "Traceback" not in result.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a folder"):
        prepare(Workspace(tmp_path / "nowhere"), "app", ["python3"], "")


def test_programs_are_found_on_path_or_from_the_folder(tmp_path: Path) -> None:
    script = tmp_path / "bin" / "start"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n")
    assert not program_exists(tmp_path, "./bin/start")
    script.chmod(0o755)
    assert program_exists(tmp_path, "./bin/start")
    assert program_exists(tmp_path, "python3")
    assert not program_exists(tmp_path, "start")
