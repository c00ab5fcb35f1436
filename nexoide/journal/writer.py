"""The one writer: a thread that commits everything that waits in one transaction, and syncs where a body demands it.

Durable batches are committed with PRAGMA synchronous=FULL, others with NORMAL: after a crash of the process nothing
that was answered is missing, after a loss of power nothing durable is. A failed sync is never tried again (the kernel
may have dropped the pages and call the second attempt a success): the journal becomes read-only. Whether what was
refused then is there after a kill is open, as in every database; recovery reads what is there.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from nexoide.errors import JournalError, NexoideError
from nexoide.journal.chain import Row, seal
from nexoide.journal.database import is_full, is_passing
from nexoide.journal.failpoints import hit
from nexoide.journal.head import write_head
from nexoide.journal.intake import Request

_CHECKPOINT_BYTES = 4 << 20
_BATCH_COST = 3 * 4096  # pages that a commit writes whatever it holds
_HEAD_SECONDS = 1.0
_PASSES = "make room or end what holds it, then try again; recording goes on by itself"
_ENDED = "nothing is recorded or applied any more; check the disk, then restart the supervisor"


class Writer:
    """Owns the writing connection; `deliver` is called in the writer's thread with each batch that was answered."""

    def __init__(self, path: Path, connection: sqlite3.Connection, head: tuple[int, str], deliver: Callable[[list[Request]], None]) -> None:
        self.path = path
        self.connection = connection
        self.head = head
        self.reason = ""
        self.transactions = 0
        self._deliver = deliver
        self._queue: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._synchronous = ""
        self._unchecked = 0
        self._durable_head: tuple[int, str] | None = None
        self._head_written = -_HEAD_SECONDS
        self._thread = threading.Thread(target=self._run, name="nexoide-journal", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def submit(self, request: Request) -> None:
        """Hand over a request; may be called from any thread."""
        self._queue.put(request)

    def stop(self) -> None:
        """Commit what waits, put the head on the disk, close the connection and return when that is done."""
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        batch: list[Request] = []
        try:
            stopping = False
            while not stopping:
                batch, stopping = self._take()
                if batch:
                    self._write(batch)
                    self._deliver(batch)
                    batch = []
                    self._tend(idle=self._queue.empty())
            self._finish()
        finally:
            self.reason = self.reason or "the writer has ended"
            self._abandon(batch)
            self.connection.close()

    def _take(self) -> tuple[list[Request], bool]:
        """Wait for a request, then take all that wait with it."""
        batch: list[Request] = []
        while True:
            try:
                item = self._queue.get(block=not batch, timeout=None)
            except queue.Empty:
                return batch, False
            if item is None:
                return batch, True
            batch.append(item)

    def _write(self, batch: list[Request]) -> None:
        if self.reason:
            return _refuse(batch, self.reason, _ENDED)
        try:
            self._commit(batch)
        except (sqlite3.Error, OSError) as error:
            self._roll_back()
            if not is_full(error) and not is_passing(error):
                self.reason = f"a write failed ({error})"
            _refuse(batch, self.reason or f"{error}", _PASSES if not self.reason else _ENDED)

    def _commit(self, batch: list[Request]) -> None:
        durable = any(request.durable for request in batch)
        self._set_synchronous("FULL" if durable else "NORMAL")
        self.connection.execute("BEGIN IMMEDIATE")
        rows, head = self._seal(batch)
        self.connection.executemany("INSERT OR IGNORE INTO blobs(sha256, data) VALUES (?, ?)", (blob for request in batch for blob in request.blobs))
        self.connection.executemany("INSERT INTO events(seq, raw, hash) VALUES (?, ?, ?)", rows)
        hit("journal.commit.before")
        self.connection.execute("COMMIT")
        hit("journal.commit.after")
        self.transactions += 1
        self.head = head
        self._unchecked += _BATCH_COST + sum(request.size for request in batch)
        if durable:
            self._durable_head = head

    def _seal(self, batch: list[Request]) -> tuple[list[Row], tuple[int, str]]:
        seq, digest = self.head
        rows: list[Row] = []
        for request in batch:
            events = []
            for item in request.drafts:
                row, event = seal(item, seq + 1, digest)
                seq, digest = row[0], row[2]
                rows.append(row)
                events.append(event)
            request.events = tuple(events)
        return rows, (seq, digest)

    def _set_synchronous(self, wanted: str) -> None:
        if self._synchronous != wanted:
            self.connection.execute(f"PRAGMA synchronous={wanted}")
            self._synchronous = wanted

    def _roll_back(self) -> None:
        if not self.connection.in_transaction:
            return
        try:
            self.connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self.reason = f"a write could not be taken back ({error})"

    def _tend(self, *, idle: bool) -> None:
        """Do what nobody waits for: the head file after durable batches, and moving the log into the database."""
        try:
            if self._durable_head and (idle or monotonic() - self._head_written > _HEAD_SECONDS):
                self._head_written = monotonic()
                write_head(self.path, *self._durable_head)
                self._durable_head = None
            if self._unchecked > _CHECKPOINT_BYTES and not self.reason:
                self._checkpoint("PASSIVE")
        except (sqlite3.Error, OSError, NexoideError) as error:
            if not is_full(error) and not is_passing(error):
                self.reason = self.reason or f"a write failed ({error})"

    def _checkpoint(self, mode: str) -> bool:
        """Move the log into the database; SQLite's own automatic ones would hide a failed sync."""
        self._set_synchronous("NORMAL")
        busy, *_ = self.connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        self._unchecked = 0
        return not busy

    def _finish(self) -> None:
        if self.reason:
            return
        try:
            if self._checkpoint("TRUNCATE") and self.head[0]:
                self._durable_head = self.head
        except sqlite3.Error as error:
            if not is_full(error) and not is_passing(error):
                self.reason = f"a write failed ({error})"
        self._tend(idle=True)

    def _abandon(self, batch: list[Request]) -> None:
        """Answer whoever still waits, so that nobody waits for ever."""
        while True:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is not None:
                batch.append(item)
        if batch:
            _refuse(batch, self.reason, _ENDED)
            self._deliver(batch)


def _refuse(batch: list[Request], why: str, what: str) -> None:
    for request in batch:
        request.events = ()
        request.error = JournalError(f"The journal could not record this ({why}): {what}.")
