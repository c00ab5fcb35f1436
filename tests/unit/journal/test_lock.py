from __future__ import annotations

import os
from pathlib import Path

import pytest

from nexoide.errors import AlreadyRunningError, RefusedError
from nexoide.journal.lock import WorkspaceLock, process_start_time


def test_one_holds_it_and_the_second_learns_who(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with WorkspaceLock(path) as first:
        assert first.held
        assert WorkspaceLock(path).holder() == os.getpid()
        with pytest.raises(AlreadyRunningError, match=str(os.getpid())):
            WorkspaceLock(path).acquire()
        first.acquire()
    assert not first.held
    assert WorkspaceLock(path).holder() == 0
    second = WorkspaceLock(path)
    second.acquire()
    second.release()
    second.release()


def test_the_file_says_who_and_since_when(tmp_path: Path) -> None:
    with WorkspaceLock(tmp_path / "lock"):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()} {process_start_time(os.getpid())}\n"
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "99999999 5\n", "OWN 1\n", "garbage", "-1 -1", "1 2 3", "\xff\xff", "9" * 40 + " 0"])
def test_a_stale_or_senseless_text_hinders_nobody(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lock"
    path.write_text(text.replace("OWN", str(os.getpid())), encoding="latin-1")
    assert WorkspaceLock(path).holder() == 0
    with WorkspaceLock(path):
        assert WorkspaceLock(path).holder() == os.getpid()


def test_a_lock_file_that_was_removed_meanwhile_is_not_taken_for_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lock"
    first = WorkspaceLock(path)
    opened = first._open
    calls = []

    def raced() -> int:
        descriptor = opened()
        if not calls:
            path.unlink()
        calls.append(descriptor)
        return descriptor

    monkeypatch.setattr(first, "_open", raced)
    first.acquire()
    assert len(calls) == 2
    with pytest.raises(AlreadyRunningError):
        WorkspaceLock(path).acquire()
    first.release()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("kept")
    (tmp_path / "lock").symlink_to(tmp_path / "target")
    with pytest.raises(RefusedError):
        WorkspaceLock(tmp_path / "lock").acquire()
    assert (tmp_path / "target").read_text() == "kept"


def test_children_do_not_inherit_it(tmp_path: Path) -> None:
    with WorkspaceLock(tmp_path / "lock") as lock:
        assert not os.get_inheritable(lock._descriptor)


def test_the_start_time_tells_processes_apart() -> None:
    assert process_start_time(os.getpid()) > 0
    assert process_start_time(2**31 - 1) == 0
