from __future__ import annotations

import asyncio
import hashlib
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nexoide.errors import AlreadyRunningError, CorruptJournalError, JournalError, NotFoundError
from nexoide.journal import Journal
from nexoide.model.codec import decode_event
from nexoide.model.event import Event, IncidentOccurred, Notice

from .samples import SetClock, change, decision, intent, note


async def test_an_appended_event_is_numbered_stamped_and_read_back(journal: Journal) -> None:
    (event,) = await journal.append(note("one"), actor="operator:ada", via="api")
    assert (event.seq, event.ts, event.kind, event.actor, event.via) == (1, 1_700_000_000.0, "notice", "operator:ada", "api")
    assert event.body == note("one")
    assert journal.read() == [event]
    assert journal.head == (1, event.hash)
    assert journal.count == 1


async def test_the_stored_bytes_are_what_is_hashed_and_name_the_event_before(journal: Journal) -> None:
    first, second = await journal.append(note("ä\n"), note("two"), actor="x")
    rows = journal._reader.execute("SELECT seq, raw, hash FROM events ORDER BY seq").fetchall()
    for event, (seq, raw, digest) in zip((first, second), rows, strict=True):
        assert hashlib.sha256(raw).hexdigest() == digest == event.hash
        assert list(json.loads(raw)) == ["v", "seq", "ts", "kind", "actor", "via", "body", "prev"]
        assert json.loads(raw)["seq"] == seq
    assert json.loads(rows[0][1])["prev"] == "0" * 64
    assert json.loads(rows[1][1])["prev"] == first.hash


async def test_raw_reading_gives_the_same_events_as_decoding(journal: Journal) -> None:
    await journal.append(note("1"), decision(), note("3"), actor="x")
    raw = journal.read_raw()
    assert [seq for seq, _ in raw] == [1, 2, 3]
    assert [decode_event(data) for _, data in raw] == journal.read()


async def test_reading_goes_on_after_a_cursor_and_keeps_to_the_limit(journal: Journal) -> None:
    await journal.append(*(note(str(n)) for n in range(10)), actor="x")
    assert [event.seq for event in journal.read(after=4, limit=3)] == [5, 6, 7]
    assert journal.read(after=10) == []
    assert journal.read(limit=-1) == []


async def test_many_waiting_appends_share_few_transactions(journal: Journal) -> None:
    results = await asyncio.gather(*(journal.append(note(str(n)), actor="x") for n in range(2000)))
    assert [events[0].seq for events in results] == list(range(1, 2001))
    assert 1 <= journal.transactions < 200
    assert journal.verify().ok


async def test_bodies_of_one_append_stay_together(journal: Journal) -> None:
    pairs = await asyncio.gather(*(journal.append(note(f"{n}a"), note(f"{n}b"), actor="x") for n in range(50)))
    for first, second in pairs:
        assert second.seq == first.seq + 1


async def test_only_batches_with_a_durable_body_are_synced(journal: Journal) -> None:
    statements: list[str] = []
    assert journal._writer is not None
    journal._writer.connection.set_trace_callback(statements.append)
    await journal.append(note(), actor="x")
    await journal.append(note(), decision(), actor="x")
    await journal.append(intent(), actor="x")
    await journal.append(note(), actor="x")
    level = []
    at_commit = []
    for statement in statements:
        if statement.startswith("PRAGMA synchronous="):
            level.append(statement.partition("=")[2])
        elif statement == "COMMIT":
            at_commit.append(level[-1])
    assert at_commit == ["NORMAL", "FULL", "FULL", "NORMAL"]


async def test_a_listener_hears_each_event_once_in_order_before_the_caller_goes_on(journal: Journal) -> None:
    heard: list[Event] = []
    journal.listen(heard.append)
    await asyncio.gather(*(journal.append(note(str(n)), note("again"), actor="x") for n in range(100)))
    assert heard == journal.read()
    (event,) = await journal.append(note("last"), actor="x")
    assert heard[-1] == event


async def test_a_listener_that_raises_silences_no_other_and_hinders_no_append(journal: Journal) -> None:
    reported: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context))
    heard: list[int] = []

    def broken(event: Event) -> None:
        raise ValueError(event.seq)

    journal.listen(broken)
    journal.listen(lambda event: heard.append(event.seq))
    await journal.append(note(), note(), actor="x")
    assert heard == [1, 2]
    assert len(reported) == 2


async def test_who_unsubscribed_hears_nothing_more(journal: Journal) -> None:
    heard: list[int] = []
    stop = journal.listen(lambda event: heard.append(event.seq))
    await journal.append(note(), actor="x")
    stop()
    stop()
    await journal.append(note(), actor="x")
    assert heard == [1]


async def test_waiting_ends_when_the_head_passes(journal: Journal) -> None:
    waiting = [asyncio.create_task(journal.wait_beyond(seq)) for seq in (0, 1, 2)]
    await journal.append(note(), note(), actor="x")
    await asyncio.wait_for(asyncio.gather(*waiting[:2]), 5)
    assert not waiting[2].done()
    await journal.append(note(), actor="x")
    await asyncio.wait_for(waiting[2], 5)


async def test_waiting_and_appending_end_with_the_journal(journal: Journal) -> None:
    waiting = asyncio.create_task(journal.wait_beyond(0))
    await asyncio.sleep(0)
    await journal.close()
    with pytest.raises(JournalError, match="closed"):
        await asyncio.wait_for(waiting, 5)
    with pytest.raises(JournalError, match="closed"):
        await journal.append(note(), actor="x")
    with pytest.raises(JournalError, match="closed"):
        journal.read()
    await journal.close()


async def test_appends_under_way_are_committed_when_the_journal_closes(journal: Journal, path: Path, clock: SetClock) -> None:
    tasks = [asyncio.create_task(journal.append(note(str(n)), actor="x")) for n in range(100)]
    await asyncio.sleep(0)
    await journal.close()
    assert len(await asyncio.gather(*tasks)) == 100
    again = Journal.open(path, clock=clock)
    assert again.count == 100
    await again.close()


async def test_a_cancelled_caller_loses_no_event_of_others(journal: Journal) -> None:
    task = asyncio.create_task(journal.append(note("cancelled"), actor="x"))
    await asyncio.sleep(0)
    task.cancel()
    await journal.append(note("kept"), actor="x")
    assert [event.body for event in journal.read()] == [note("cancelled"), note("kept")]
    assert task.cancelled()


async def test_contents_are_kept_once_under_their_hash(journal: Journal, path: Path, clock: SetClock) -> None:
    data = b"print('x')\n\x00\xff"
    name = hashlib.sha256(data).hexdigest()
    await journal.append(note(), actor="x", blobs=[data, data])
    await journal.append(note(), actor="x", blobs=[data])
    assert journal.blob(name) == data
    with pytest.raises(NotFoundError):
        journal.blob("0" * 64)
    await journal.close()
    again = Journal.open(path, clock=clock)
    assert again.blob(name) == data
    assert again._reader.execute("SELECT count(*) FROM blobs").fetchone() == (1,)
    await again.close()


async def test_a_changed_content_is_refused(journal: Journal, path: Path, clock: SetClock) -> None:
    await journal.append(note(), actor="x", blobs=[b"good"])
    await journal.close()
    change(path, "UPDATE blobs SET data = ?", b"evil")
    again = Journal.open(path, clock=clock)
    with pytest.raises(CorruptJournalError):
        again.blob(hashlib.sha256(b"good").hexdigest())
    answer = again.verify()
    assert not answer.ok
    assert "content" in answer.sentence
    await again.close()


@pytest.mark.parametrize(
    "body",
    [
        Notice(level="info", text="lone \ud800 surrogate"),
        Notice(level="info", text=object()),  # type: ignore[arg-type]
        IncidentOccurred(incident="I-1", count=1, added=1, at=float("nan")),
        "no event",
        Notice(level="info", text="x" * (9 << 20)),
    ],
    ids=["surrogate", "type", "nan", "kind", "long"],
)
async def test_what_could_not_be_read_back_is_refused_and_hinders_nobody(journal: Journal, body: Notice) -> None:
    with pytest.raises(JournalError, match="recorded"):
        await journal.append(note("lost with it"), body, actor="x")
    await journal.append(note("kept"), actor="x")
    assert [event.body for event in journal.read()] == [note("kept")]


async def test_an_oversized_content_is_refused(journal: Journal) -> None:
    with pytest.raises(JournalError, match="not stored"):
        await journal.append(note(), actor="x", blobs=[bytes((8 << 20) + 1)])
    assert journal.read() == []


async def test_appending_nothing_records_nothing(journal: Journal) -> None:
    assert await journal.append(actor="x") == ()
    assert journal.count == 0


async def test_more_than_fits_waits_its_turn(journal: Journal) -> None:
    journal._gate.limit = 1000
    bodies = [note(f"{n}" * 200) for n in range(10)] * 10
    await asyncio.gather(*(journal.append(body, actor="x") for body in bodies))
    assert [event.body for event in journal.read()] == bodies
    assert journal._gate.held == 0


async def test_a_second_owner_is_refused(journal: Journal, path: Path, clock: SetClock) -> None:
    with pytest.raises(AlreadyRunningError):
        Journal.open(path, clock=clock)
    await journal.append(note(), actor="x")


async def test_the_files_are_private(journal: Journal, path: Path) -> None:
    await journal.append(decision(), actor="x")
    await journal.close()
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


async def test_a_closed_journal_is_one_file_a_head_and_a_lock(journal: Journal, path: Path) -> None:
    await journal.append(note(), decision(), note(), actor="x")
    head = journal.head
    await journal.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["journal.db", "journal.head", "journal.lock"]
    assert (path.parent / "journal.head").read_text() == f"{head[0]} {head[1]}\n"


@pytest.fixture
async def damaged(journal: Journal, path: Path, clock: SetClock) -> AsyncIterator[Journal]:
    await journal.append(*(note(f"n{n}") for n in range(1200)), actor="x")
    await journal.close()
    change(path, "UPDATE events SET raw = replace(raw, 'n49', 'n94') WHERE seq = 50")
    opened = Journal.open(path, clock=clock)
    yield opened
    await opened.close()


async def test_damage_before_the_checked_end_is_seen_on_reading(damaged: Journal) -> None:
    assert not damaged.read_only
    events = damaged.read()
    assert [event.seq for event in events if event.body is None] == [50]
    assert events[49].kind == "journal.damaged"
    assert damaged.read_only
    assert "event 50" in damaged.reason
    with pytest.raises(JournalError, match="event 50"):
        await damaged.append(note(), actor="x")


async def test_damage_found_by_verifying_ends_writing(damaged: Journal) -> None:
    answer = damaged.verify()
    assert (answer.ok, answer.first_bad) == (False, 50)
    with pytest.raises(JournalError, match="50"):
        await damaged.append(note(), actor="x")


async def test_a_wrong_anchor_is_reported_and_stops_nothing(journal: Journal) -> None:
    (event,) = await journal.append(note(), actor="x")
    assert journal.verify([(1, event.hash)]).ok
    assert journal.verify([(1, "f" * 64)]).first_bad == 1
    assert journal.verify(iter([(7, "f" * 64)])).first_bad == 2
    await journal.append(note(), actor="x")
