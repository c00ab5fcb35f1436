from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.errors import NotFoundError
from nexoide.journal import Journal, verify_file
from nexoide.journal.chain import NO_HASH, digest_of
from nexoide.model.event import PatchProposed
from nexoide.model.patch import FileChange, Patch

from .samples import SetClock, change, note


@pytest.fixture
async def closed(journal: Journal, path: Path) -> Path:
    await journal.append(*(note(f"n{n}") for n in range(1, 31)), actor="x", blobs=[b"content"])
    await journal.close()
    return path


def test_a_whole_journal_verifies(closed: Path) -> None:
    answer = verify_file(closed)
    assert (answer.ok, answer.events, answer.first_bad) == (True, 30, 0)
    assert answer.head == (closed.parent / "journal.head").read_text().split()[1]


def test_an_empty_and_a_missing_journal(tmp_path: Path, clock: SetClock) -> None:
    with pytest.raises(NotFoundError):
        verify_file(tmp_path / "journal.db")
    assert not (tmp_path / "journal.db").exists()


async def test_an_empty_journal_verifies(journal: Journal, path: Path) -> None:
    assert verify_file(path).ok
    assert verify_file(path).head == NO_HASH


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE events SET raw = replace(raw, 'n7\"', 'n8\"') WHERE seq = 7", 7),
        ("UPDATE events SET hash = replace(hash, substr(hash, 1, 1), 'g') WHERE seq = 12", 12),
        ("DELETE FROM events WHERE seq = 20", 20),
        ("DELETE FROM events WHERE seq < 4", 1),
        ("DELETE FROM events WHERE seq > 25", 26),
        ("DELETE FROM events", 1),
        ("UPDATE events SET seq = 31 WHERE seq = 30", 30),
        ("INSERT INTO events SELECT 0, raw, hash FROM events WHERE seq = 1", 1),
        ("INSERT INTO events SELECT 31, raw, hash FROM events WHERE seq = 30", 31),
    ],
)
def test_every_change_is_found_at_the_first_bad_event(closed: Path, statement: str, first_bad: int) -> None:
    change(closed, statement)
    answer = verify_file(closed)
    assert not answer.ok
    assert answer.first_bad == first_bad
    assert answer.sentence


def test_a_replaced_event_with_a_matching_hash_breaks_the_chain_after_it(closed: Path) -> None:
    with_raw = b'{"v":1,"seq":9,"ts":0.0,"kind":"notice","actor":"x","via":"local","body":{"level":"info","text":"forged"},"prev":"%b"}'
    change(closed, "UPDATE events SET raw = ?, hash = ? WHERE seq = 9", with_raw % (b"0" * 64), digest_of(with_raw % (b"0" * 64)))
    assert verify_file(closed).first_bad == 9


def test_a_journal_rewritten_from_some_event_on_contradicts_head_and_anchors(closed: Path) -> None:
    """An attacker who recomputes the whole chain is seen by what is kept outside it."""
    connection = sqlite3.connect(closed)
    old = connection.execute("SELECT seq, raw, hash FROM events ORDER BY seq").fetchall()
    known = (15, old[14][2])
    prev = old[8][2]
    for seq, raw, _ in old[9:]:
        forged = raw.replace(b'"n10"', b'"nXX"')[: raw.rindex(b'"prev":"')] + b'"prev":"%b"}' % prev.encode()
        prev = digest_of(forged)
        connection.execute("UPDATE events SET raw = ?, hash = ? WHERE seq = ?", (forged, prev, seq))
    connection.commit()
    connection.close()
    assert verify_file(closed).first_bad == 30
    (closed.parent / "journal.head").unlink()
    assert verify_file(closed).ok  # the honest limit: without anything outside it, a recomputed chain is a chain
    assert verify_file(closed, [known]).first_bad == 15


def test_anchors_are_counted_in_the_answer(closed: Path) -> None:
    head = (closed.parent / "journal.head").read_text().split()[1]
    assert "1 anchor outside" in verify_file(closed, [(30, head)]).sentence


def test_a_journal_in_a_folder_that_may_not_be_written_is_read_as_it_lies(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nexoide.journal.database.os.access", lambda *_: False)
    before = sorted(closed.parent.iterdir())
    assert verify_file(closed).events == 30
    assert sorted(closed.parent.iterdir()) == before


async def test_contents_that_a_proposal_names_must_be_there(path: Path) -> None:
    base, new = b"x = 1\n", b"x = 2\n"
    change = FileChange(path="a.py", base_sha256=hashlib.sha256(base).hexdigest(), new_sha256=hashlib.sha256(new).hexdigest())
    patch = Patch(id="P-1", incident="I-1", target="t", title="t", rationale="r", rule="r", author="m", base_commit="", files=(change,), proposed_at=1.0)
    journal = Journal.open(path, clock=SystemClock())
    await journal.append(PatchProposed(patch=patch), actor="x", blobs=[base, new])
    await journal.close()
    assert verify_file(path).ok
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM blobs WHERE sha256 = ?", (change.new_sha256,))
    answer = verify_file(path)
    assert not answer.ok
    assert change.new_sha256[:12] in answer.sentence
