"""Opening a journal: who owns it, what a crash left, and whether it may be written."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import JournalError
from nexoide.journal.chain import NO_HASH
from nexoide.journal.database import SCHEMA, connect, connect_readonly, is_corrupt, last_rows, prepare, translated
from nexoide.journal.head import contradiction, read_head
from nexoide.journal.lock import WorkspaceLock
from nexoide.journal.storage import sweep
from nexoide.journal.verify import Scan, scan_rows

CHECKED_EVENTS = 1000
_QUICK_CHECK_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened database: `connection` is None where it must not be written, and `reason` says why."""

    reader: sqlite3.Connection
    connection: sqlite3.Connection | None
    head: tuple[int, str]
    reason: str = ""
    recovered: tuple[str, ...] = ()


def own(path: Path) -> WorkspaceLock:
    """Take the lock beside the journal: two supervisors with different runtime folders meet here at the latest."""
    with translated():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = WorkspaceLock(path.with_suffix(".lock"))
    lock.acquire()
    return lock


def open_database(path: Path) -> Opened:
    """Open, mend and check the database; raises JournalError or CorruptJournalError where nothing of it can be used."""
    log = path.with_name(path.name + "-wal")
    with translated(1):
        left = log.stat().st_size if log.exists() else 0
        sweep(path.parent)
        connection = connect(path)
    try:
        with translated(1):
            version = prepare(connection)
            reason, head = _examine(connection, path, version)
            reader = connect_readonly(path)
    except BaseException:
        connection.close()
        raise
    recovered = (f"The journal was not closed properly: its write-ahead log ({left} bytes) was taken over up to event {head[0]}.",) if left else ()
    if reason:
        connection.close()
        return Opened(reader, None, head, read_only_sentence(reason), recovered)
    return Opened(reader, connection, head, "", recovered)


def read_only_sentence(why: str) -> str:
    """Return the sentence that refuses appends."""
    return f"The journal is read-only: {why} Restore it from a copy, or move the journal.* files away to begin a new one; until then nothing is applied."


def _examine(connection: sqlite3.Connection, path: Path, version: int) -> tuple[str, tuple[int, str]]:
    """Return why the journal must not be written (empty: it may be), and the last event that can be read."""
    try:
        reason = _newer(version) or _damage(connection, path)
        rows = last_rows(connection, 1)
    except sqlite3.DatabaseError as error:
        if not is_corrupt(error):
            raise
        return f"its database is damaged ({error}).", (0, NO_HASH)
    return reason, (rows[-1][0], rows[-1][2]) if rows else (0, NO_HASH)


def _newer(version: int) -> str:
    if version <= SCHEMA:
        return ""
    return f"it was written by a newer nexoide (journal version {version}, this one writes {SCHEMA}): upgrade nexoide."


def _damage(connection: sqlite3.Connection, path: Path) -> str:
    """Return what is wrong with the end of the journal, in a sentence; the whole is checked by `verify` and by reading."""
    if path.stat().st_size <= _QUICK_CHECK_BYTES:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            return f"its database is damaged ({' '.join(str(found).split())[:200]})."
    rows = last_rows(connection, CHECKED_EVENTS + 1)
    whole = len(rows) <= CHECKED_EVENTS
    scan = scan_rows(rows, Scan()) if whole else scan_rows(rows[1:], Scan(rows[0][0], rows[0][2]))
    if scan.first_bad:
        return scan.sentence
    try:
        known = read_head(path)
    except JournalError as error:
        return error.sentence
    found_head = contradiction(connection, *known, "the head file") if known else None
    return found_head[1] if found_head else ""
