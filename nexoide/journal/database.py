"""The journal's database: connections, tables, and what SQLite's errors mean for a journal."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from nexoide.errors import CorruptJournalError, JournalError, NexoideError, NotFoundError
from nexoide.journal.chain import Row

SCHEMA = 1
_BUSY_SECONDS = 5.0
_TABLES = (
    "CREATE TABLE meta(version INTEGER NOT NULL)",
    "CREATE TABLE events(seq INTEGER PRIMARY KEY, raw BLOB NOT NULL, hash TEXT NOT NULL)",
    "CREATE TABLE blobs(sha256 TEXT PRIMARY KEY, data BLOB NOT NULL)",
)
_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_MISMATCH})


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that may write, creating the file (mode 0600) where none is; transactions are begun by hand."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    return _tolerant(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False))


def connect_readonly(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write; raises NotFoundError where there is no file."""
    if not path.is_file():
        raise NotFoundError(f"There is no journal at {path}: start the supervisor once, or name another workspace.")
    return _tolerant(sqlite3.connect(_uri(path), uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False))


def _tolerant(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")  # damaged text is found by its hash, not by a codec
    return connection


def _uri(path: Path) -> str:
    """Return the URI of a read-only database; one in a folder that may not be written, with no log, is read as it lies."""
    still = not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()
    return f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if still else ''}"


def prepare(connection: sqlite3.Connection) -> int:
    """Create the tables where the database is empty, switch it to WAL, and return its schema version.

    A newer version is returned without a change. Raises JournalError where the database is somebody else's.
    """
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        _wal(connection)
        connection.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute("INSERT INTO meta(version) VALUES (?)", (SCHEMA,))
        connection.execute("COMMIT")
        return SCHEMA
    if "meta" not in names:
        raise JournalError("The database is not a journal of nexoide: move it away, and a new one is begun.")
    row = connection.execute("SELECT max(version) FROM meta").fetchone()
    if not isinstance(row[0], int) or row[0] < 1:
        raise CorruptJournalError("The journal does not say its version: restore it from a copy.", 0)
    if row[0] <= SCHEMA:
        if not {"events", "blobs"} <= names:
            raise CorruptJournalError("The journal lacks a table: restore it from a copy.", 1)
        _wal(connection)
    return int(row[0])


def _wal(connection: sqlite3.Connection) -> None:
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise JournalError(f"The journal's file system allows no write-ahead log (mode '{mode}'): keep the workspace on a local disk.")
    connection.execute("PRAGMA wal_autocheckpoint=0")


def last_rows(connection: sqlite3.Connection, limit: int) -> list[Row]:
    """Return the last `limit` rows in order."""
    return connection.execute("SELECT seq, raw, hash FROM events ORDER BY seq DESC LIMIT ?", (limit,)).fetchall()[::-1]


@contextmanager
def translated(first_bad: int = 0) -> Iterator[None]:
    """Turn SQLite's errors into JournalError, or CorruptJournalError (naming `first_bad`) where the file is damaged."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_corrupt(error):
            raise CorruptJournalError(f"The journal's database is damaged ({error}): restore it from a copy; nothing is written to it.", first_bad) from error
        raise JournalError(f"The journal cannot be used ({error}): check the disk and the permissions of its folder.") from error
    except OSError as error:
        raise JournalError(f"The journal cannot be used ({error.strerror}): check the disk and the permissions of its folder.") from error


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is not what SQLite wrote."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in _CORRUPT


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no room now: nothing was lost, and the next attempt may succeed."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        # the log's index in shared memory grows by a real write, too
        return code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE
    if isinstance(error, NexoideError):
        return error.__cause__ is not None and is_full(error.__cause__)
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def is_passing(error: BaseException) -> bool:
    """Whether an error passes by itself: another connection holds the lock."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
