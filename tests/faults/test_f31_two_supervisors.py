"""F31: two supervisors on one workspace, stale pids and reused pids: the kernel's lock decides, and the second is told who has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.errors import AlreadyRunningError
from nexoide.journal import Journal
from nexoide.journal.lock import WorkspaceLock

from .children import start

HOLD = """
from nexoide.journal.lock import WorkspaceLock
lock = WorkspaceLock(Path(sys.argv[1]))
lock.acquire()
say(pid=os.getpid())
sys.stdin.read()
"""
OPEN = """
journal = Journal.open(Path(sys.argv[1]), clock=SystemClock())
say(pid=os.getpid())
sys.stdin.read()
"""


def test_the_second_is_told_the_pid_and_a_kill_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "supervisor.lock"
    with start(HOLD, str(path)) as first:
        try:
            assert first.stdout is not None
            told = json.loads(first.stdout.readline())
            with pytest.raises(AlreadyRunningError, match=f"process {told['pid']} ") as caught:
                WorkspaceLock(path).acquire()
            assert caught.value.exit_code == 5
            assert WorkspaceLock(path).holder() == told["pid"]
        finally:
            first.kill()
    assert path.read_text().startswith(f"{told['pid']} ")
    assert WorkspaceLock(path).holder() == 0
    with WorkspaceLock(path):
        pass


async def test_one_state_folder_has_one_owner_even_with_two_runtime_folders(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with start(OPEN, str(path)) as first:
        try:
            assert first.stdout is not None
            told = json.loads(first.stdout.readline())
            with pytest.raises(AlreadyRunningError, match=f"process {told['pid']} "):
                Journal.open(path, clock=SystemClock())
        finally:
            first.kill()
    journal = Journal.open(path, clock=SystemClock())
    assert not journal.read_only
    await journal.close()
