"""The writing end of the connection: whole failures at once, from whichever thread has one, and repeats at a pace.

The program's threads write only where that takes no waiting: the lock is tried, and the socket does not block. Whatever they
leave, half a message included, the link's own thread finishes.
"""

from __future__ import annotations

import _socket
import _thread
import select
import time

from .wake import identity
from .wire import dumps, frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .table import Entry, Table

SEND_S = 5.0
REPEATS = 4096
PACE_S, PACE_PER_ITEM_S, PACE_LAST_S = 0.02, 0.0005, 0.1
"""How long after some repeats the next are sent: the more kinds fail at once, the longer."""
_SILENT: int = getattr(_socket, "MSG_NOSIGNAL", 0)


class Outlet:
    """One connection at a time; `welcome` is whether the supervisor has taken it."""

    def __init__(self, table: Table) -> None:
        self.socket: Optional[_socket.socket] = None
        self.welcome = False
        self._table = table
        self._identity: Optional[tuple[int, int]] = None
        self._lock = _thread.allocate_lock()
        self._left = b""
        self._repeats_at = 0.0

    @property
    def connected(self) -> bool:
        """Whether there is a connection, welcome or not."""
        return self.socket is not None

    def intact(self) -> bool:
        """Tell whether the connection's descriptor is still its own: a program may close all that it did not open."""
        return self.socket is not None and identity(self.socket.fileno()) == self._identity

    def open(self, connection: _socket.socket, hello: dict[str, Any]) -> None:
        """Take a connection and say who this is; raises OSError."""
        connection.setblocking(False)
        with self._lock:
            self.socket, self._identity = connection, identity(connection.fileno())
            self.welcome, self._left = False, b""
            self._write(frame(dumps(hello).encode("ascii")))

    def close(self) -> None:
        """End the connection; what was counted and not told yet is told over the next."""
        with self._lock:
            connection, self.socket, welcome, self.welcome = self.socket, None, self.welcome, False
            if connection is None:
                return
            if welcome:
                self._table.broken()
            if identity(connection.fileno()) == self._identity:
                connection.close()
            else:
                connection.detach()

    def forget(self) -> None:
        """Close the descriptor in the child of a fork; no lock can be relied on there."""
        if self.socket is not None and self.intact():
            self.socket.close()

    def send(self, message: dict[str, Any]) -> bool:
        """Send one message; False where there is no connection or it broke."""
        try:
            with self._lock:
                self._write(frame(dumps(message).encode("ascii")))
        except (OSError, ValueError):
            return False
        return True

    def push(self) -> bool:
        """Write what is new at once, where that takes no waiting; False where something is left to do."""
        if not self.welcome or self._left or not self._lock.acquire(False):
            return False
        try:
            connection = self.socket
            if connection is None or not self.welcome or not self.intact() or not self._table.gather():
                return False
            for entry, payload, counted in self._table.wholes():
                dropped = self._table.dropped
                data = frame(_whole(entry, payload, counted, dropped))
                self._left = data[connection.send(data, _SILENT) :]
                self._table.told(entry, payload, counted, dropped)
                if self._left:
                    return False
            return not self._table.pending()
        except OSError:
            return False
        finally:
            self._lock.release()

    def deliver(self, everything: bool) -> Optional[float]:
        """Send what is new, and repeats where they are due; return in how many seconds they will be, None where there are none. Raises OSError."""
        with self._lock:
            self._table.gather(wait=True)
            if self._left:
                self._write(b"")
            for entry, payload, counted in self._table.wholes():
                dropped = self._table.dropped
                self._write(frame(_whole(entry, payload, counted, dropped)))
                self._table.told(entry, payload, counted, dropped)
            if everything or (self._table.pending() and time.monotonic() >= self._repeats_at):
                self._send_repeats(everything)
            if not self._table.pending():
                return None
            return max(0.001, self._repeats_at - time.monotonic())

    def _send_repeats(self, everything: bool) -> None:
        self._table.lose(everything)
        items, dropped = self._table.repeats(REPEATS), self._table.dropped
        if items or dropped:
            told = ",".join([f"[{entry.number},{counted},{entry.last:.3f}]" for entry, counted in items])
            self._write(frame(f'{{"t":"repeats","items":[{told}],"dropped":{dropped}}}'.encode("ascii")))
            self._table.counted(items, dropped)
        self._repeats_at = time.monotonic() + min(PACE_S + PACE_PER_ITEM_S * len(items), PACE_LAST_S)

    def _write(self, data: bytes) -> None:
        """Write what was left and `data`, under the lock; raises OSError where the other end does not read within 5 s."""
        connection = self.socket
        if connection is None or not self.intact():
            raise OSError("not connected")
        rest, self._left = memoryview(self._left + data), b""
        until = time.monotonic() + SEND_S
        while rest:
            try:
                rest = rest[connection.send(rest, _SILENT) :]
            except BlockingIOError:
                poll = select.poll()
                poll.register(connection.fileno(), select.POLLOUT)
                if not poll.poll(max(1, int((until - time.monotonic()) * 1000))) or time.monotonic() > until:
                    raise OSError("the supervisor does not read") from None


def _whole(entry: Entry, payload: bytes, counted: int, dropped: int) -> bytes:
    return b'{"t":"failure","failure":%b,"dropped":%d,"key":%d,"count":%d}' % (payload, dropped, entry.number, max(1, counted))
