"""The demo's workspace is a real repository with settings that can be read."""

import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.config import load
from nexoide.demo.project import create_project, free_port
from nexoide.errors import UsageError


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True).stdout.strip()


def test_a_clean_repository_with_a_history(tmp_path: Path) -> None:
    project = create_project(tmp_path / "shop")
    assert _git(project.root, "rev-parse", "HEAD") == project.head
    assert _git(project.root, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert _git(project.root, "status", "--porcelain") == ""
    assert _git(project.root, "log", "--format=%s").splitlines()[0] == "Run the shop under nexoide"
    assert len(_git(project.root, "log", "--format=%s").splitlines()) == 7
    assert "user." not in _git(project.root, "config", "--local", "--list")


def test_the_operators_git_settings_take_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    (template / "post-commit").write_text("#!/bin/sh\ntouch /dev/null\n")
    settings = tmp_path / "gitconfig"
    settings.write_text(f"[init]\n\ttemplateDir = {template.parent}\n\tdefaultBranch = trunk\n[user]\n\tname = Somebody Else\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    project = create_project(tmp_path / "shop")
    assert not (project.root / ".git" / "hooks").exists()
    assert _git(project.root, "log", "-1", "--format=%an %cn") == "Mira Holm Mira Holm"


def test_the_settings_name_the_port_for_good(tmp_path: Path) -> None:
    project = create_project(tmp_path / "shop", rate=25)
    settings = load(project.root / "nexoide.toml")
    assert settings.targets["shop"].command == (sys.executable, "-m", "shop", "--port", str(project.port))
    assert settings.targets["shop"].tests == (sys.executable, "-m", "pytest", "-q")
    assert settings.targets["traffic"].command[2:] == (project.url, "--rate", "25")
    assert Path(settings.targets["traffic"].command[1]).is_file()


def test_without_a_rate_there_is_no_traffic(tmp_path: Path) -> None:
    project = create_project(tmp_path / "shop")
    assert set(load(project.root / "nexoide.toml").targets) == {"shop"}


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(UsageError, match="not an empty folder"):
        create_project(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine"]


def test_a_free_port_is_free() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
