from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from nexoide.sandbox import scratch


async def test_a_lent_folder_is_private_and_gone_afterwards() -> None:
    async with scratch.folder() as own:
        assert own.stat().st_mode & 0o777 == 0o700
    assert not own.exists()


def test_a_tree_deeper_than_the_recursion_limit_is_removed(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    scratch.remove(top)
    assert not top.exists()


def test_a_closed_folder_is_removed(tmp_path: Path) -> None:
    (tmp_path / "top" / "closed").mkdir(parents=True)
    (tmp_path / "top" / "closed" / "file").write_text("", encoding="utf-8")
    (tmp_path / "top" / "closed").chmod(0)
    scratch.remove(tmp_path / "top")
    assert not (tmp_path / "top").exists()


def test_only_folders_of_dead_owners_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    dead, alive, other = tmp_path / f"nexoide-sandbox-{gone.pid}-x", tmp_path / f"nexoide-sandbox-{os.getpid()}-x", tmp_path / "nexoide-sandbox-x"
    for folder in (dead, alive, other):
        folder.mkdir()
    scratch.sweep()
    assert [folder.exists() for folder in (dead, alive, other)] == [False, True, True]
