"""F09: a clock that jumps orders nothing: events are ordered by number, and their times are only shown."""

from __future__ import annotations

from pathlib import Path

from nexoide.journal import Journal
from nexoide.model.event import Notice

TIMES = [1_700_000_000.0, 1_700_086_400.0, 0.0, 1_700_000_000.0, 1_700_000_000.0, 1_699_913_600.0, -1.0, 253_402_300_800.0]


class Jumping:
    """A clock that says what it likes."""

    def __init__(self) -> None:
        self.times = iter(TIMES)

    def wall(self) -> float:
        return next(self.times)

    def monotonic(self) -> float:
        return 0.0


async def test_events_keep_their_order_and_their_times(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db", clock=Jumping())
    for n in range(len(TIMES)):
        await journal.append(Notice(level="info", text=str(n)), actor="x")
    await journal.close()
    again = Journal.open(tmp_path / "journal.db", clock=Jumping())
    assert not again.read_only
    assert [event.ts for event in again.read()] == TIMES
    assert [event.body for event in again.read()] == [Notice(level="info", text=str(n)) for n in range(len(TIMES))]
    assert again.verify().ok
    await again.close()
