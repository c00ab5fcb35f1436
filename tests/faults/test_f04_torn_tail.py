"""F04: a torn last write or garbage at the end of the write-ahead log: whole transactions up to it are kept, and the chain goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.journal import Journal
from nexoide.model.event import DeploymentCommitted, Notice

EVENTS = 12


@pytest.fixture
async def unclean(tmp_path: Path) -> Path:
    """A journal as a kill leaves it: everything still in the log, the head file behind."""
    journal = Journal.open(tmp_path / "running" / "journal.db", clock=SystemClock())
    for n in range(EVENTS - 1):
        await journal.append(Notice(level="info", text=f"{n} " * 200), actor="x")
    await journal.append(DeploymentCommitted(deployment="D-1"), actor="x")
    left = tmp_path / "left"
    left.mkdir()
    for name in ("journal.db", "journal.db-wal"):
        shutil.copyfile(tmp_path / "running" / name, left / name)
    await journal.close()
    shutil.copyfile(tmp_path / "running" / "journal.head", tmp_path / "journal.head")
    return left


def opened(left: Path, name: str, log: bytes, *, head: bool = False) -> Journal:
    folder = left.parent / name
    folder.mkdir()
    shutil.copyfile(left / "journal.db", folder / "journal.db")
    (folder / "journal.db-wal").write_bytes(log)
    if head:
        shutil.copyfile(left.parent / "journal.head", folder / "journal.head")
    return Journal.open(folder / "journal.db", clock=SystemClock())


async def test_every_cut_keeps_a_whole_beginning_and_goes_on(unclean: Path) -> None:
    log = (unclean / "journal.db-wal").read_bytes()
    seen: list[int] = []
    for cut in [0, 1, 31, 32, 33, *range(4000, len(log), len(log) // 60), len(log) - 1, len(log)]:
        journal = opened(unclean, f"cut-{cut}", log[:cut])
        assert not journal.read_only, (cut, journal.reason)
        assert bool(journal.recovered) == (cut > 0)
        seen.append(journal.count)
        (event,) = await journal.append(Notice(level="info", text="on"), actor="x")
        assert event.seq == seen[-1] + 1
        assert journal.verify().ok
        await journal.close()
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == EVENTS
    assert len(set(seen)) > EVENTS // 2


@pytest.mark.parametrize("garbage", [b"\x00" * 5000, b"\xff" * 5000, bytes(range(256)) * 40], ids=["zeros", "ones", "bytes"])
async def test_garbage_at_the_end_changes_nothing(unclean: Path, garbage: bytes) -> None:
    journal = opened(unclean, "garbage", (unclean / "journal.db-wal").read_bytes() + garbage, head=True)
    assert not journal.read_only
    assert journal.count == EVENTS
    assert journal.verify().ok
    await journal.close()


async def test_a_flipped_bit_in_the_log_ends_it_there(unclean: Path) -> None:
    log = bytearray((unclean / "journal.db-wal").read_bytes())
    log[len(log) * 2 // 3] ^= 1
    journal = opened(unclean, "flipped", bytes(log))
    assert 0 < journal.count < EVENTS
    assert journal.verify().ok
    await journal.close()


async def test_losing_what_was_durable_is_loud(unclean: Path) -> None:
    log = (unclean / "journal.db-wal").read_bytes()
    journal = opened(unclean, "short", log[: len(log) // 2], head=True)
    assert journal.read_only
    assert f"knows event {EVENTS}" in journal.reason
    await journal.close()
