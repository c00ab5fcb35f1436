"""F34: journals of other versions: an older one is replayed, unknown kinds are kept, a newer schema is read and never written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.errors import JournalError
from nexoide.journal import Journal, verify_file
from nexoide.journal.chain import NO_HASH, digest_of, draft, seal
from nexoide.model.event import DeploymentCommitted, Notice

GOLDEN = (
    b'{"v":1,"seq":1,"ts":1700000000.5,"kind":"notice","actor":"operator:ada","via":"local","body":{"level":"info","text":"gr\xc3\xbc\xc3\x9fe\\n"},"prev":"'
    + NO_HASH.encode()
    + b'"}',
    b'{"v":1,"seq":2,"ts":1700000001.0,"kind":"deployment.committed","actor":"supervisor","via":"local","body":{"deployment":"D-1"},"prev":"HASH1"}',
)


def golden_rows() -> list[tuple[int, bytes, str]]:
    first = digest_of(GOLDEN[0])
    second = GOLDEN[1].replace(b"HASH1", first.encode())
    return [(1, GOLDEN[0], first), (2, second, digest_of(second))]


def database(path: Path, version: int, rows: list[tuple[int, bytes, str]]) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE meta(version INTEGER NOT NULL)")
    connection.execute("CREATE TABLE events(seq INTEGER PRIMARY KEY, raw BLOB NOT NULL, hash TEXT NOT NULL)")
    connection.execute("CREATE TABLE blobs(sha256 TEXT PRIMARY KEY, data BLOB NOT NULL)")
    connection.execute("INSERT INTO meta VALUES (?)", (version,))
    connection.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)
    connection.commit()
    connection.close()


def future(seq: int, prev: str) -> tuple[int, bytes, str]:
    raw = b'{"v":2,"seq":%d,"ts":5.0,"kind":"agent.dreamt","actor":"x","via":"dream","role":"admin","body":{"of":["sheep"]},"prev":"%b"}' % (seq, prev.encode())
    return seq, raw, digest_of(raw)


def test_the_stored_form_of_version_1_does_not_change() -> None:
    first, event = seal(draft(Notice(level="info", text="grüße\n"), ts=1700000000.5, actor="operator:ada", via="local"), 1, NO_HASH)
    second, _ = seal(draft(DeploymentCommitted(deployment="D-1"), ts=1700000001.0, actor="supervisor", via="local"), 2, event.hash)
    assert [first, second] == golden_rows()
    assert second[2] == "8987e3f2c9de948db94d80bd0c889e9cac3fbebf96b20c536ab8c882650f444b"


async def test_a_journal_of_version_1_is_replayed_and_continued(tmp_path: Path) -> None:
    database(tmp_path / "journal.db", 1, golden_rows())
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    assert [event.body for event in journal.read()] == [Notice(level="info", text="grüße\n"), DeploymentCommitted(deployment="D-1")]
    await journal.append(Notice(level="info", text="on"), actor="x")
    assert journal.verify().ok
    await journal.close()


async def test_kinds_of_a_newer_version_are_kept_and_read_without_a_body(tmp_path: Path) -> None:
    rows = golden_rows()
    database(tmp_path / "journal.db", 1, [*rows, future(3, rows[-1][2])])
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    assert not journal.read_only
    last = journal.read()[-1]
    assert (last.seq, last.kind, last.actor, last.via, last.body) == (3, "agent.dreamt", "x", "dream", None)
    assert b'"of":["sheep"]' in journal.read_raw(after=2)[0][1]
    await journal.append(Notice(level="info", text="on"), actor="x")
    assert journal.verify().ok
    await journal.close()


async def test_a_newer_schema_is_read_and_never_written(tmp_path: Path) -> None:
    rows = golden_rows()
    path = tmp_path / "journal.db"
    database(path, 2, [*rows, future(3, rows[-1][2])])
    before = path.read_bytes()
    journal = Journal.open(path, clock=SystemClock())
    assert journal.read_only
    assert "upgrade nexoide" in journal.reason
    assert journal.count == 3
    assert [event.seq for event in journal.read()] == [1, 2, 3]
    with pytest.raises(JournalError, match="upgrade"):
        await journal.append(Notice(level="info", text="no"), actor="x")
    assert journal.verify().ok
    await journal.close()
    assert path.read_bytes() == before
    assert verify_file(path).ok


@pytest.mark.parametrize("version", [0, -1])
async def test_a_senseless_version_is_refused(tmp_path: Path, version: int) -> None:
    database(tmp_path / "journal.db", version, golden_rows())
    with pytest.raises(JournalError, match="version"):
        Journal.open(tmp_path / "journal.db", clock=SystemClock())
