"""The connection to the supervisor: one thread that owns it, a bounded queue in front of it, and nobody who waits for it.

The thread is started below the threading module (it is in no `threading.enumerate()`), blocks while there is nothing to
do, reconnects with backoff, and is stopped over a fork, so that the program forks with the threads that it has itself.
"""

from __future__ import annotations

import _socket
import _thread
import os
import select
import time
from _collections import deque  # type: ignore[import-not-found]

from .guard import quietly
from .wire import Decoder, WireError, dumps, frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

QUEUE_FAILURES = 256
QUEUE_BYTES = 8 << 20
FAILURE_BYTES = (1 << 20) - 256
BACKOFF_FIRST_S = 0.05
BACKOFF_LAST_S = 2.0
SEND_S = 5.0
PAUSE_S = 0.25
_GONE = select.POLLERR | select.POLLHUP | select.POLLNVAL


def _identity(fd: int) -> Optional[tuple[int, int]]:
    try:
        found = os.fstat(fd)
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Wake:
    """A pipe that ends the thread's wait; knows when the program closed it or took its number for something else."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        os.set_blocking(self.writer, False)
        self._identity = _identity(self.reader)

    def intact(self) -> bool:
        """Tell whether both ends are still this pipe's."""
        return self._identity is not None and _identity(self.reader) == self._identity == _identity(self.writer)

    def ring(self) -> None:
        """End the wait, now or when it next begins."""
        try:
            if self.intact():
                os.write(self.writer, b"!")
        except OSError:
            pass  # full: it is ringing already

    def quiet(self) -> None:
        """Take out what was rung."""
        try:
            os.read(self.reader, 4096)
        except OSError:
            pass

    def close(self) -> None:
        """Close both ends, where they are still ours."""
        if self.intact():
            os.close(self.reader)
            os.close(self.writer)


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
        self._lock = _thread.RLock()
        self._queue: Any = deque()
        self._queued_bytes = 0
        self._dropped = 0
        self._waiters: list[Any] = []
        self._wake = Wake()
        self._socket: Optional[_socket.socket] = None
        self._socket_identity: Optional[tuple[int, int]] = None
        self._welcome = False
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
        return self._welcome

    # what the program's threads call

    def offer(self, failure: bytes) -> None:
        """Queue the JSON of one failure; beyond 256 failures or 8 MiB it is dropped, and counted."""
        with self._lock:
            full = len(self._queue) >= QUEUE_FAILURES or self._queued_bytes + len(failure) > QUEUE_BYTES
            if full or len(failure) > FAILURE_BYTES:
                self._dropped += 1
                return
            self._queue.append(failure)
            self._queued_bytes += len(failure)
        self._wake.ring()

    def drop(self) -> None:
        """Count a failure that was not captured."""
        with self._lock:
            self._dropped += 1

    def flush(self, seconds: float) -> None:
        """Wait until all is delivered, until it is plain that nobody is there to take it, or `seconds`."""
        if not self._queue or not self._running.locked():
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
        if self._socket is not None and _identity(self._socket.fileno()) == self._socket_identity:
            self._socket.close()
        self._wake.close()
        self._reset()
        self.start()

    # what the link's own thread does

    def send(self, message: dict[str, Any]) -> bool:
        """Send one message at once, from the link's thread; False where there is no connection or it broke."""
        try:
            self._transmit(dumps(message).encode("ascii"))
        except (OSError, ValueError):
            return False
        return True

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
        if self._socket is None and not self._connect():
            self._retreat()
            return True
        try:
            if self._welcome:
                self._deliver()
            wanted = self._tick()
            if not self._pausing:
                self._await(wanted)
        except (OSError, WireError):
            welcome = self._welcome
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
            self._socket, self._socket_identity = connection, _identity(connection.fileno())
            self._decoder, self._welcome = Decoder(), False
            self._transmit(dumps(self._hello()).encode("ascii"))
        except OSError:
            connection.close()
            self._socket = None
            return False
        return True

    def _disconnect(self) -> None:
        connection, self._socket, self._welcome = self._socket, None, False
        if connection is None:
            return
        if _identity(connection.fileno()) == self._socket_identity:
            connection.close()
        else:
            connection.detach()

    def _transmit(self, payload: bytes) -> None:
        if self._socket is None or _identity(self._socket.fileno()) != self._socket_identity:
            raise OSError("not connected")
        self._socket.sendall(frame(payload))

    def _deliver(self) -> None:
        while self._queue and not self._pausing:
            dropped = self._dropped
            failure = self._queue[0]
            self._transmit(b'{"t":"failure","failure":%b,"dropped":%d}' % (failure, dropped))
            with self._lock:
                self._queue.popleft()
                self._queued_bytes -= len(failure)
                self._dropped -= dropped
        self._release()

    def _release(self) -> None:
        while self._waiters:
            self._waiters.pop().release()

    def _await(self, seconds: Optional[float]) -> None:
        connection = self._socket
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
            elif _identity(fd) != self._socket_identity:
                raise OSError("the program closed the connection")
            else:
                self._read(connection)

    def _read(self, connection: _socket.socket) -> None:
        data = connection.recv(1 << 16)
        if not data:
            raise OSError("the supervisor is gone")
        for message in self._decoder.feed(data):
            if message["t"] == "welcome":
                self._welcome, self._backoff = True, BACKOFF_FIRST_S
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
