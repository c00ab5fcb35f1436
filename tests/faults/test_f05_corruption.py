"""F05: corruption in the middle: the journal is read-only and points at the event; nothing changed passes for what was stored."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.errors import JournalError
from nexoide.journal import Journal, verify_file
from nexoide.model.event import DeploymentCommitted, Event, Notice

EVENTS = 40


@pytest.fixture
async def stored(tmp_path: Path) -> tuple[Path, list[Event]]:
    journal = Journal.open(tmp_path / "good" / "journal.db", clock=SystemClock())
    for n in range(EVENTS - 1):
        await journal.append(Notice(level="info", text=f"event number {n + 1} " + "x" * 300), actor="x")
    await journal.append(DeploymentCommitted(deployment="D-1"), actor="x")
    events = journal.read()
    await journal.close()
    return tmp_path / "good" / "journal.db", events


def spoiled(good: Path, folder: str, change: Callable[[bytearray], None]) -> Path:
    copy = good.parent.parent / folder
    shutil.copytree(good.parent, copy)
    data = bytearray(good.read_bytes())
    change(data)
    (copy / "journal.db").write_bytes(data)
    return copy / "journal.db"


@pytest.mark.parametrize("bit", range(8))
async def test_a_flipped_bit_in_an_event_is_found_at_that_event(stored: tuple[Path, list[Event]], bit: int) -> None:
    good, _ = stored
    number = 5 * bit + 1
    start = good.read_bytes().index(b'{"v":1,"seq":%d,' % number)

    def flip(data: bytearray) -> None:
        data[start + 20 + 37 * bit] ^= 1 << bit

    path = spoiled(good, "flipped", flip)
    assert verify_file(path).first_bad == number
    journal = Journal.open(path, clock=SystemClock())
    try:
        assert journal.read_only
        assert f"vent {number} " in journal.reason
        with pytest.raises(JournalError, match=f"vent {number} "):
            await journal.append(Notice(level="info", text="no"), actor="x")
        bad = [event for event in journal.read() if event.body is None]
        assert [event.seq for event in bad] == [number]
    finally:
        await journal.close()


async def test_a_flip_anywhere_is_found_or_harms_nothing(stored: tuple[Path, list[Event]]) -> None:
    """Everywhere in the file: either all events are exactly what was stored, or the journal refuses to be written."""
    good, events = stored
    chance = random.Random(11)
    size = good.stat().st_size
    found = 0
    for round_ in range(150):
        place = chance.randrange(120) if round_ < 40 else chance.randrange(size)

        def flip(data: bytearray, place: int = place) -> None:
            data[place] ^= 1 << chance.randrange(8)

        path = spoiled(good, f"round-{round_}", flip)
        try:
            journal = Journal.open(path, clock=SystemClock())
        except JournalError:
            found += 1
            continue
        try:
            if journal.read_only:
                found += 1
            else:
                assert journal.read() == events, place
        finally:
            await journal.close()
            shutil.rmtree(path.parent)
    assert found > 50


@pytest.mark.parametrize("content", [b"", b"not a database at all, but text\n" * 200, b"SQLite format 3\x00"], ids=["empty", "text", "header"])
async def test_a_file_that_is_no_journal_is_refused_or_read_only(stored: tuple[Path, list[Event]], content: bytes) -> None:
    good, _ = stored
    path = spoiled(good, "other", lambda data: data.clear())
    path.write_bytes(content)
    try:
        journal = Journal.open(path, clock=SystemClock())
    except JournalError:
        assert path.read_bytes() == content
        return
    assert journal.read_only
    await journal.close()


async def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other(x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="not a journal"):
        Journal.open(path, clock=SystemClock())
    assert path.read_bytes() == before


async def test_lost_pages_are_found(stored: tuple[Path, list[Event]]) -> None:
    good, _ = stored
    size = good.stat().st_size
    for cut in (4096, size // 2 // 4096 * 4096, size - 4096, size - 1):

        def shorten(data: bytearray, cut: int = cut) -> None:
            del data[cut:]

        path = spoiled(good, f"cut-{cut}", shorten)
        assert not verify_or_error(path)
        try:
            journal = Journal.open(path, clock=SystemClock())
        except JournalError:
            continue
        assert journal.read_only, cut
        await journal.close()


def verify_or_error(path: Path) -> bool:
    try:
        return verify_file(path).ok
    except JournalError:
        return False
