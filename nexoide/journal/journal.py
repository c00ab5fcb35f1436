"""The journal: everything that happened, in order, in one file; the state of everything else is a fold of it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from nexoide.clock import Clock
from nexoide.errors import CorruptJournalError, JournalError, NotFoundError, UsageError
from nexoide.journal import opening
from nexoide.journal.chain import DAMAGED, Draft, Row, digest_of, draft, envelope, intact
from nexoide.journal.database import is_corrupt, translated
from nexoide.journal.intake import Gate, Request
from nexoide.journal.lock import WorkspaceLock
from nexoide.journal.verify import Anchor, verify_file
from nexoide.journal.writer import Writer
from nexoide.model.codec import decode_event
from nexoide.model.commands import AuditAnswer
from nexoide.model.event import DURABLE, Body, Event

MAX_WAITING_BYTES = 64 << 20
MAX_BLOB_BYTES = 8 << 20
MAX_READ = 10_000
MAX_READ_BYTES = 32 << 20
Listener = Callable[[Event], None]


class Journal:
    """The append-only store of one workspace; made by `open`.

    Appending, listening and waiting belong to one event loop; reading, `blob` and `verify` may be called from any
    thread and block for as long as the disk takes. `recovered` says in words what was mended on opening.
    """

    def __init__(self, path: Path, clock: Clock, lock: WorkspaceLock, opened: opening.Opened) -> None:
        self.path = path
        self.recovered = opened.recovered
        self._clock = clock
        self._lock = lock
        self._reason = opened.reason
        self._head = opened.head
        self._reader = opened.reader
        self._reading = threading.Lock()
        self._listeners: dict[object, Listener] = {}
        self._advanced = asyncio.Event()
        self._gate = Gate(MAX_WAITING_BYTES)
        self._closed = False
        self._writer: Writer | None = None
        if opened.connection is not None:
            self._writer = Writer(path, opened.connection, opened.head, self._deliver)
            self._writer.start()

    @classmethod
    def open(cls, path: Path, *, clock: Clock) -> Journal:
        """Open or create a journal and own it until `close`.

        What a crash left half done is mended (`recovered`). Where events are damaged, missing or of a newer version
        the journal is opened read-only and `reason` says why. Raises AlreadyRunningError where another process owns
        it, CorruptJournalError where the file is no database any more, JournalError where it cannot be used.
        """
        lock = opening.own(path)
        try:
            return cls(path, clock, lock, opening.open_database(path))
        except BaseException:
            lock.release()
            raise

    @property
    def read_only(self) -> bool:
        """Whether nothing can be appended; `reason` says why."""
        return bool(self.reason)

    @property
    def reason(self) -> str:
        """One sentence why the journal is read-only; empty while it can be written."""
        if self._writer is not None and self._writer.reason and not self._reason:
            self._reason = f"The journal is read-only since {self._writer.reason}: check the disk, then restart the supervisor."
        return self._reason

    @property
    def head(self) -> tuple[int, str]:
        """The number and hash of the last event that was committed and announced."""
        return self._head

    @property
    def count(self) -> int:
        """How many events there are; numbers begin at 1 and have no gaps."""
        return self._head[0]

    @property
    def transactions(self) -> int:
        """How many transactions were committed since the journal was opened."""
        return self._writer.transactions if self._writer else 0

    async def append(self, *bodies: Body, actor: str, via: str = "local", blobs: Sequence[bytes] = ()) -> tuple[Event, ...]:
        """Record bodies, and contents under their sha256, in one transaction; returns once they are committed.

        They are on the disk where one of them is durable (model.event.DURABLE). Listeners have heard of the events
        before the caller goes on. Raises JournalError where nothing of it was recorded.
        """
        self._check_writable()
        now = self._clock.wall()
        drafts = tuple(draft(body, ts=now, actor=actor, via=via) for body in bodies)
        contents = tuple(_blob(data) for data in blobs)
        if not drafts and not contents:
            return ()
        size = sum(len(item.middle) for item in drafts) + sum(len(data) for _, data in contents)
        await self._gate.enter(size)
        try:
            return await self._submit(drafts, contents, size)
        finally:
            self._gate.leave(size)

    async def _submit(self, drafts: tuple[Draft, ...], contents: tuple[tuple[str, bytes], ...], size: int) -> tuple[Event, ...]:
        writer = self._check_writable()
        durable = any(type(item.body) in DURABLE for item in drafts)
        request = Request(drafts, contents, durable, size, asyncio.get_running_loop().create_future())
        writer.submit(request)
        return await request.done

    def _check_writable(self) -> Writer:
        if self._closed:
            raise JournalError("The journal is closed: the supervisor is ending.")
        if self._writer is None or self.read_only:
            raise JournalError(self.reason)
        return self._writer

    def _deliver(self, batch: list[Request]) -> None:
        """Called in the writer's thread: announce an answered batch on the event loop."""
        try:
            batch[0].done.get_loop().call_soon_threadsafe(self._announce, batch)
        except RuntimeError:
            pass  # the loop was closed under us: nobody is left who could be told

    def _announce(self, batch: list[Request]) -> None:
        loop = asyncio.get_running_loop()
        for request in batch:
            for event in request.events:
                self._head = (event.seq, event.hash)
                for key in self._listeners:
                    loop.call_soon(self._tell, key, event)  # each on its own: one that raises silences no other
            if request.done.done():
                continue  # the caller was cancelled; what it asked for is recorded all the same
            if request.error is not None:
                request.done.set_exception(request.error)
            else:
                request.done.set_result(request.events)
        self._wake()

    def _tell(self, key: object, event: Event) -> None:
        callback = self._listeners.get(key)
        if callback is not None:
            callback(event)

    def _wake(self) -> None:
        self._advanced.set()
        self._advanced = asyncio.Event()

    def listen(self, callback: Listener) -> Callable[[], None]:
        """Call `callback` on the event loop with each event after its commit, in order; returns what unsubscribes it."""
        key = object()
        self._listeners[key] = callback

        def unsubscribe() -> None:
            self._listeners.pop(key, None)

        return unsubscribe

    async def wait_beyond(self, seq: int) -> None:
        """Return when the head is beyond `seq`; raises JournalError when the journal is closed before."""
        while self._head[0] <= seq:
            if self._closed:
                raise JournalError("The journal is closed: the supervisor is ending.")
            await self._advanced.wait()

    def read(self, after: int = 0, limit: int = 1000) -> list[Event]:
        """Return up to `limit` (at most 10,000 and about 32 MiB) committed events after number `after`; none: that was all.

        An event of a kind that this version does not know has no body. One that is not what was stored comes as
        `journal.damaged` without a body, and makes the journal read-only. Raises CorruptJournalError where the
        database is so damaged that not even the next event can be read.
        """
        return [_event(row) for row in self._rows(after, limit)]

    def read_raw(self, after: int = 0, limit: int = 1000) -> list[tuple[int, bytes]]:
        """Return numbers and JSON (with `hash`) of the same events as `read`, without decoding them."""
        return [(row[0], envelope(row)) for row in self._rows(after, limit)]

    def _rows(self, after: int, limit: int) -> list[Row]:
        rows: list[Row] = []
        size = 0
        query = "SELECT seq, raw, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
        with self._reading, translated(after + 1):
            try:
                for row in self._connection().execute(query, (after, max(0, min(limit, MAX_READ)))):
                    rows.append(row)
                    size += len(row[1]) if isinstance(row[1], bytes) else 0
                    if size > MAX_READ_BYTES:
                        break
            except sqlite3.DatabaseError as error:
                if is_corrupt(error):
                    self._distrust(f"it cannot be read after event {rows[-1][0] if rows else after}.")
                if not rows:
                    raise
        for row in rows:
            if not intact(row):
                self._distrust(f"event {row[0]} is not what was stored.")
                break
        return rows

    def blob(self, sha256: str) -> bytes:
        """Return the content with this hash; raises NotFoundError, or CorruptJournalError where it is not what was stored."""
        with self._reading, translated():
            row = self._connection().execute("SELECT data FROM blobs WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            raise NotFoundError(f"There is no content {sha256[:64]} in the journal: it may belong to another workspace.")
        data = row[0]
        if not isinstance(data, bytes) or digest_of(data) != sha256:
            raise CorruptJournalError(f"The content {sha256[:12]}… is not what was stored: restore the journal from a copy.", 0)
        return data

    def verify(self, anchors: Iterable[Anchor] = ()) -> AuditAnswer:
        """Check the whole chain, the head file and `anchors`; the journal becomes read-only where an event is not what was stored.

        A contradicting anchor alone is only reported: what is outside the journal must not be able to stop it.
        """
        answer = verify_file(self.path, anchors)
        if not answer.ok and not verify_file(self.path).ok:
            self._distrust(answer.sentence)
        return answer

    def _distrust(self, sentence: str) -> None:
        if not self.reason:
            self._reason = opening.read_only_sentence(sentence)

    def _connection(self) -> sqlite3.Connection:
        if self._closed:
            raise JournalError("The journal is closed: the supervisor is ending.")
        return self._reader

    async def close(self) -> None:
        """Commit what waits, put the head on the disk and give the journal back; may be called again."""
        if self._closed:
            return
        self._closed = True
        with self._reading:
            self._reader.close()  # first: only a last connection that may write takes the log away
        if self._writer is not None:
            await asyncio.to_thread(self._writer.stop)
        self._lock.release()
        self._wake()


def _blob(data: bytes) -> tuple[str, bytes]:
    if len(data) > MAX_BLOB_BYTES:
        raise JournalError(f"A content of {len(data)} bytes is not stored: at most {MAX_BLOB_BYTES} are.")
    return digest_of(data), bytes(data)


def _event(row: Row) -> Event:
    try:
        return decode_event(envelope(row))
    except UsageError:
        return Event(seq=row[0], ts=0.0, kind=DAMAGED, actor="journal", via="local", body=None, hash=row[2])
