"""F06: a journal cut at a clean boundary, removed, or replaced by an older copy is noticed, and loud."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.errors import JournalError
from nexoide.journal import Journal, verify_file
from nexoide.model.event import DeploymentCommitted, Notice


async def story(path: Path, name: str, times: int) -> tuple[int, str]:
    journal = Journal.open(path, clock=SystemClock())
    assert not journal.read_only
    for n in range(times):
        await journal.append(Notice(level="info", text=f"{name} {n}"), actor="x")
    await journal.append(DeploymentCommitted(deployment=name), actor="x")
    head = journal.head
    await journal.close()
    return head


def cut(path: Path, old: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM events WHERE seq > 8")
    connection.commit()
    connection.close()


def restore(path: Path, old: Path) -> None:
    shutil.copyfile(old, path)


def remove(path: Path, old: Path) -> None:
    path.unlink()


def empty(path: Path, old: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(("spoil", "first_missing"), [(cut, 9), (restore, 6), (remove, 1), (empty, 1)])
async def test_the_head_file_tells(tmp_path: Path, spoil: Callable[[Path, Path], None], first_missing: int) -> None:
    path = tmp_path / "state" / "journal.db"
    await story(path, "first", 4)
    shutil.copyfile(path, tmp_path / "old.db")
    await story(path, "second", 4)
    assert verify_file(path).ok
    spoil(path, tmp_path / "old.db")
    journal = Journal.open(path, clock=SystemClock())
    assert journal.read_only
    assert f"ends at event {first_missing - 1}, but the head file knows event 10" in journal.reason
    with pytest.raises(JournalError, match="read-only"):
        await journal.append(Notice(level="info", text="no"), actor="x")
    assert journal.verify().first_bad == first_missing
    await journal.close()
    assert verify_file(path).first_bad == first_missing


async def test_an_older_copy_that_grew_differently_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.db"
    await story(path, "first", 4)
    shutil.copytree(path.parent, tmp_path / "other")
    await story(path, "here", 4)
    await story(tmp_path / "other" / "journal.db", "there", 4)
    shutil.copyfile(tmp_path / "other" / "journal.db", path)
    journal = Journal.open(path, clock=SystemClock())
    assert journal.read_only
    assert "not the one" in journal.reason
    await journal.close()


async def test_with_journal_and_head_restored_together_only_an_anchor_outside_tells(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.db"
    await story(path, "first", 4)
    shutil.copytree(path.parent, tmp_path / "old")
    known = await story(path, "second", 4)
    shutil.rmtree(path.parent)
    shutil.copytree(tmp_path / "old", path.parent)
    assert verify_file(path).ok
    answer = verify_file(path, [known])
    assert (answer.ok, answer.first_bad) == (False, 6)
    assert "an anchor outside it knows event 10" in answer.sentence


@pytest.mark.parametrize("content", [b"", b"5", b"x y\n", b"5 " + b"a" * 64, b"\xff" * 300, b"-1 " + b"a" * 64 + b"\n"])
async def test_a_damaged_head_file_is_loud(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    await story(path, "first", 1)
    (tmp_path / "journal.head").write_bytes(content)
    journal = Journal.open(path, clock=SystemClock())
    assert journal.read_only
    assert "head file" in journal.reason
    await journal.close()


async def test_the_head_file_may_lag_behind(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await story(path, "first", 1)
    lagging = (tmp_path / "journal.head").read_bytes()
    await story(path, "second", 1)
    (tmp_path / "journal.head").write_bytes(lagging)
    assert (await story(path, "third", 1))[0] == 6


async def test_the_head_file_follows_durable_events_only(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    await journal.append(Notice(level="info", text="a"), actor="x")
    assert not (tmp_path / "journal.head").exists()
    await journal.append(DeploymentCommitted(deployment="D-1"), actor="x")
    await journal.append(Notice(level="info", text="b"), actor="x")  # the writer got here after the head was written
    assert (tmp_path / "journal.head").read_text().split()[0] == "2"
    await journal.close()
    assert (tmp_path / "journal.head").read_text().split()[0] == "3"
