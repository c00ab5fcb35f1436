"""init: in every kind of folder one clear sentence, and a file that says what it means."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nexoide.cli.settings_file import run_text, settings_text
from nexoide.cli.suggest import Suggestion, name_of_command, suggest, target_name
from nexoide.config import load
from tests.unit.cli.conftest import Result

Run = Callable[..., Result]
_IDENTITY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def _git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", "-C", str(root), *who, *arguments], env={**os.environ, **_IDENTITY}, capture_output=True, check=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    _git(tmp_path, "init", "-b", "main")
    (tmp_path / "app.py").write_text("print('hello')\n")
    _git(tmp_path, "add", "app.py")
    _git(tmp_path, "commit", "-m", "first")
    return tmp_path


def test_it_writes_what_it_found(repository: Path, nexoide: Run) -> None:
    (repository / "tests").mkdir()
    result = nexoide("init", "-w", repository)
    assert result.code == 0
    settings = load(repository / "nexoide.toml")
    assert settings.name == repository.name
    assert settings.targets["app"].command == ("python3", "app.py")
    assert settings.targets["app"].tests == ("python3", "-m", "pytest", "-q")
    assert "app.py is here" in (repository / "nexoide.toml").read_text()


def test_it_does_not_write_over_a_file_without_force(repository: Path, nexoide: Run) -> None:
    (repository / "nexoide.toml").write_text("# mine\n")
    result = nexoide("init", "-w", repository)
    assert (result.code, "--force" in result.err) == (4, True)
    assert (repository / "nexoide.toml").read_text() == "# mine\n"
    assert nexoide("init", "-w", repository, "--force").code == 0
    assert "targets.app" in (repository / "nexoide.toml").read_text()


def test_it_never_writes_through_a_link(repository: Path, nexoide: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "precious"
    (repository / "nexoide.toml").symlink_to(elsewhere)
    for force in ([], ["--force"]):
        assert nexoide("init", "-w", repository, *force).code == 4
        assert not elsewhere.exists()


def test_print_writes_nothing_and_needs_no_repository(tmp_path: Path, nexoide: Run) -> None:
    result = nexoide("init", "--print", "-w", tmp_path)
    assert result.code == 0
    assert "[policy]" in result.out
    assert list(tmp_path.iterdir()) == []


def test_no_repository(tmp_path: Path, nexoide: Run) -> None:
    result = nexoide("init", "-w", tmp_path)
    assert result.code == 4
    assert "git init" in result.err
    assert "nexoide run" in result.err
    assert len(result.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_bare_repository(tmp_path: Path, nexoide: Run) -> None:
    _git(tmp_path, "init", "--bare")
    result = nexoide("init", "-w", tmp_path)
    assert (result.code, "bare" in result.err) == (4, True)
    assert not (tmp_path / "nexoide.toml").exists()


def test_no_commits_yet_is_said_and_allowed(tmp_path: Path, nexoide: Run) -> None:
    _git(tmp_path, "init", "-b", "main")
    result = nexoide("init", "-w", tmp_path)
    assert (result.code, "no commits yet" in result.err) == (0, True)
    assert (tmp_path / "nexoide.toml").exists()


def test_a_detached_head_is_said_and_allowed(repository: Path, nexoide: Run) -> None:
    _git(repository, "checkout", "--detach")
    result = nexoide("init", "-w", repository, "--json")
    assert result.code == 0
    document = json.loads(result.out)
    assert document["targets"] == ["app"]
    assert "detached" in document["notes"][0]


def test_every_key_is_described_and_commented_defaults_are_right(tmp_path: Path) -> None:
    from nexoide.config import HealthSettings, IncidentRule, IncidentSettings, IngestSettings, ModelSettings, PolicySettings, RestartSettings, TargetSettings

    text = settings_text("shop", Suggestion("app", "python3 app.py", "", "app.py is here"))
    example = settings_text("shop", None)
    for model in (TargetSettings, RestartSettings, HealthSettings, PolicySettings, IncidentSettings, IngestSettings, ModelSettings):
        for key, field in model.model_fields.items():
            if key not in {"restart", "health"}:
                assert f"{key} = " in text
                assert str(field.description) in text
                assert f"{key} = " in example
    assert all(f"{key}," in text or f"{key} " in text for key in IncidentRule.model_fields)
    path = tmp_path / "nexoide.toml"
    path.write_text(text)
    as_written = load(path)
    path.write_text("\n".join(line[2:] if line.startswith("# ") and " = " in line else line for line in text.splitlines()))
    assert load(path) == as_written


def test_an_example_stays_commented_out(tmp_path: Path) -> None:
    path = tmp_path / "nexoide.toml"
    path.write_text(settings_text('a "quoted" name', None))
    assert load(path).targets == {}
    assert load(path).name == 'a "quoted" name'


@pytest.mark.parametrize(
    ("files", "command", "tests"),
    [
        (["app.py"], "python3 app.py", ""),
        (["main.py", "test_main.py"], "python3 main.py", "python3 -m pytest -q"),
        (["manage.py", "app.py"], "python3 manage.py runserver --noreload", ""),
        (["shop/__main__.py", "tests/test_a.py"], "python3 -m shop", "python3 -m pytest -q"),
        ([".venv/bin/python", "server.py"], ".venv/bin/python server.py", ""),
    ],
)
def test_suggestions(tmp_path: Path, files: list[str], command: str, tests: str) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    found = suggest(tmp_path)
    assert found is not None
    assert (found.command, found.tests) == (command, tests)


def test_nothing_to_suggest(tmp_path: Path) -> None:
    assert suggest(tmp_path) is None


def test_names() -> None:
    assert target_name("my app.py") == "my-app"
    assert target_name("...") == "program"
    assert name_of_command(["python3", "-u", "work/app.py", "--port", "1"]) == "app"
    assert name_of_command(["python3", "-m", "shop.web"]) == "shop"
    assert name_of_command(["/usr/bin/gunicorn", "app:app"]) == "gunicorn"
    assert name_of_command(["python3"]) == "python3"


def test_the_settings_of_run_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(run_text("app", ["python3", "app.py", 'it\'s "quoted"'], ["make", "test"], {}))
    target = load(path).targets["app"]
    assert target.command == ("python3", "app.py", 'it\'s "quoted"')
    assert (target.tests, target.restart.policy) == (("make", "test"), "never")
