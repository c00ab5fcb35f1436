"""Copies of a folder: its files and the links that stay inside, nothing else, and nothing above the bound."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nexoide.errors import RefusedError
from nexoide.heal import copying
from nexoide.heal.copying import copy_folder, put


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "a.py").write_text("a = 1\n")
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    return root


def test_files_keep_their_bytes_and_modes(source: Path, tmp_path: Path) -> None:
    copy_folder(source, tmp_path / "copy")
    assert (tmp_path / "copy" / "pkg" / "a.py").read_text() == "a = 1\n"
    assert os.access(tmp_path / "copy" / "run.sh", os.X_OK)


def test_history_caches_and_environments_stay_behind(source: Path, tmp_path: Path) -> None:
    for name in (".git", "__pycache__", "node_modules", ".nexoide"):
        (source / name).mkdir()
        (source / name / "x").write_text("x")
    (source / "env").mkdir()
    (source / "env" / "pyvenv.cfg").write_text("")
    (source / "venv").mkdir()  # a folder of that name that is none
    (source / "venv" / "data.txt").write_text("x")
    copy_folder(source, tmp_path / "copy")
    assert {path.name for path in (tmp_path / "copy").iterdir()} == {"pkg", "run.sh", "venv"}


def test_links_are_kept_only_where_they_stay_inside(source: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (source / "inside").symlink_to("pkg")
    (source / "inside.py").symlink_to("pkg/a.py")
    (source / "outside.txt").symlink_to(secret)
    (source / "up").symlink_to("..")
    (source / "loop").symlink_to("loop")
    copy_folder(source, tmp_path / "copy")
    copied = tmp_path / "copy"
    assert (copied / "inside").is_symlink()
    assert (copied / "inside.py").read_text() == "a = 1\n"
    assert not any((copied / name).is_symlink() or (copied / name).exists() for name in ("outside.txt", "up", "loop"))


def test_pipes_and_sockets_are_left_out(source: Path, tmp_path: Path) -> None:
    os.mkfifo(source / "pipe")
    copy_folder(source, tmp_path / "copy")
    assert not (tmp_path / "copy" / "pipe").exists()


@pytest.mark.parametrize(("name", "value"), [("MAX_BYTES", 5), ("MAX_FILES", 1)])
def test_too_much_is_refused(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    monkeypatch.setattr(copying, name, value)
    with pytest.raises(RefusedError, match="too much to copy"):
        copy_folder(source, tmp_path / "copy")


@pytest.mark.parametrize("rel", ["../x.py", "/etc/x.py", "", "out/x.py"])
def test_nothing_is_put_outside_the_copy(source: Path, tmp_path: Path, rel: str) -> None:
    (source / "out").symlink_to(tmp_path)
    with pytest.raises(RefusedError):
        put(source, {rel: b"x"})
    assert not (tmp_path / "x.py").exists()


def test_new_folders_are_made_for_new_files(source: Path) -> None:
    put(source, {"tests/unit/test_a.py": b"x", "pkg/a.py": b"y"})
    assert (source / "tests" / "unit" / "test_a.py").read_bytes() == b"x"
    assert (source / "pkg" / "a.py").read_bytes() == b"y"
