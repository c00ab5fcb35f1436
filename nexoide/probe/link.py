"""The connection to the supervisor: one thread that owns it, a bounded table in front of it, and nobody who waits for it.

The thread is started below the threading module (it is in no `threading.enumerate()`), blocks while there is nothing to
do, reconnects with backoff, and is stopped over a fork, so that the program forks with the threads that it has itself.
A failure of a new kind is written to the socket by the thread it happened in, where that takes no waiting: so it is out even
if the program is killed the moment after.
"""

from __future__ import annotations

import _socket
import _thread
import os
import select
import time

from .guard import quietly
from .outlet import Outlet
from .table import Table
from .wake import Wake
from .wire import Decoder, WireError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

    from .table import Entry

BACKOFF_FIRST_S = 0.05
BACKOFF_LAST_S = 2.0
SEND_S = 5.0
PAUSE_S = 0.25


class Link:
    """Delivers failures and passes on commands.

    `hello` gives the first message of a connection, `receive` gets each command (on the link's thread), `tick` is called
    between waits and says in how many seconds it wants to be called again, None for not at all.
    """

    def __init__(
        self, path: str, hello: Callable[[], dict[str, Any]], receive: Callable[[dict[str, Any]], object], tick: Callable[[], Optional[float]]
    ) -> None:
        self._path = path
        self._hello, self._receive, self._tick = hello, receive, tick
        self._backoff = BACKOFF_FIRST_S
        self._reset()

    def _reset(self) -> None:
        self.table = Table()
        self._outlet = Outlet(self.table)
        self._due = False
        self._waiters: list[Any] = []
        self._wake = Wake()
        self._decoder = Decoder()
        self._pausing = False
        self._native_id = 0
        self._running = _thread.allocate_lock()

    def start(self) -> None:
        """Start the thread, unless it runs."""
        if self._running.acquire(False):
            try:
                _thread.start_new_thread(self._main, ())
            except RuntimeError:
                self._running.release()

    @property
    def welcome(self) -> bool:
        """Whether a supervisor has taken this process."""
        return self._outlet.welcome

    # what the program's threads call

    def offer(self, entry: Entry, failure: bytes) -> None:
        """Tell one failure, given as JSON, and that it is of a kind; what finds no room is counted."""
        self.table.put(entry, failure)
        if not self._outlet.push():
            self._due = True
            self._wake.ring()

    def count(self, entry: Entry) -> None:
        """Count one more failure of a kind that was told."""
        self.table.note(entry)
        if not self._due:
            self._due = True
            self._wake.ring()

    def drop(self) -> None:
        """Count a failure that was not captured."""
        self.table.drop()

    def ring(self) -> None:
        """Have `tick` called soon."""
        self._wake.ring()

    def flush(self, seconds: float, always: bool = False) -> None:
        """Wait until all is delivered, until it is plain that nobody is there to take it, or `seconds`; not where there is nothing (but `always`)."""
        if not self._running.locked() or not (always or self.table.pending() or self.table.dropped):
            return
        done = _thread.allocate_lock()
        done.acquire()
        self._waiters.append(done)
        self._wake.ring()
        done.acquire(True, seconds)

    def before_fork(self) -> None:
        """Stop the thread, within a quarter of a second."""
        self._pausing = True
        self._wake.ring()
        if self._running.acquire(True, PAUSE_S):
            self._running.release()
            task, patience = f"/proc/self/task/{self._native_id}", 100
            while self._native_id and patience and os.path.exists(task):
                time.sleep(0.00005)
                patience -= 1

    def after_fork_parent(self) -> None:
        """Go on with the same connection."""
        self._pausing = False
        self.start()

    def after_fork_child(self) -> None:
        """Begin afresh: the connection and what is queued are the parent's."""
        self._outlet.forget()
        self._wake.close()
        self._reset()
        self.start()

    # what the link's own thread does

    def send(self, message: dict[str, Any]) -> bool:
        """Send one message at once, from the link's thread; False where there is no connection or it broke."""
        return self._outlet.send(message)

    def _main(self) -> None:
        self._native_id = _thread.get_native_id() if os.path.isdir("/proc/self/task") else 0
        while not self._pausing:
            if not quietly(self._step):
                self._disconnect()
                self._retreat()
        self._running.release()
        self._restart()

    def _restart(self) -> None:
        if not self._pausing:  # the fork did not wait for us, and its start() found us still running
            self.start()

    def _step(self) -> bool:
        if not self._outlet.connected and not self._connect():
            self._retreat()
            return True
        try:
            wanted = self._tick()
            due = self._deliver() if self._outlet.welcome else None
            if not self._pausing:
                self._await(due if wanted is None else wanted if due is None else min(wanted, due))
        except (OSError, WireError):
            welcome = self._outlet.welcome
            self._disconnect()
            if not welcome:
                self._retreat()
        return True

    def _retreat(self) -> None:
        self._release()
        self._sleep(self._backoff)
        self._backoff = min(self._backoff * 2, BACKOFF_LAST_S)

    def _connect(self) -> bool:
        connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            connection.settimeout(SEND_S)
            connection.connect(self._path)
            self._outlet.open(connection, self._hello())
        except OSError:
            self._outlet.close()
            connection.close()
            return False
        self._decoder = Decoder()
        return True

    def _disconnect(self) -> None:
        self._outlet.close()

    def _deliver(self) -> Optional[float]:
        """Send what is new, and the repeats when they are due; returns in how many seconds they will be, None where there are none."""
        waiters, self._waiters = self._waiters, []
        try:
            self._due = False
            due = self._outlet.deliver(bool(waiters))
            self._due = self._due or due is not None
        finally:
            for waiter in waiters:
                waiter.release()
        return due

    def _release(self) -> None:
        while self._waiters:
            self._waiters.pop().release()

    def _await(self, seconds: Optional[float]) -> None:
        connection = self._outlet.socket
        if connection is None:
            return
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if not self._wake.intact():
            self._wake = Wake()
        poll.register(self._wake.reader, select.POLLIN)
        for fd, _ in poll.poll(None if seconds is None else max(1, int(seconds * 1000))):
            if fd == self._wake.reader:
                self._wake.quiet()
            elif not self._outlet.intact():
                raise OSError("the program closed the connection")
            else:
                self._read(connection)

    def _read(self, connection: _socket.socket) -> None:
        try:
            data = connection.recv(1 << 16)
        except BlockingIOError:
            return
        if not data:
            raise OSError("the supervisor is gone")
        for message in self._decoder.feed(data):
            if message["t"] == "welcome":
                self._outlet.welcome, self._backoff = True, BACKOFF_FIRST_S
            else:
                quietly(self._receive, message)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._pausing and not self._waiters:
            left = until - time.monotonic()
            if left <= 0:
                return
            if not self._wake.intact():
                self._wake = Wake()
            poll = select.poll()
            poll.register(self._wake.reader, select.POLLIN)
            if poll.poll(max(1, int(left * 1000))):
                self._wake.quiet()
