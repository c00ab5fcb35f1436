"""The socket at which the probes of supervised programs connect: hostile input, bounded, authenticated by token.

Frames are a 4-byte big-endian length and one UTF-8 JSON object. Whatever is no proper frame ends the connection, with
one notice; nothing that a probe says grants anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from nexoide.errors import NexoideError, UsageError
from nexoide.supervisor.probe_asks import Asking
from nexoide.supervisor.probe_connection import MESSAGES_PER_SECOND, Connection, LiveModule, Reply
from nexoide.supervisor.probe_wire import FAILURE, MAX_COUNT, MAX_FROM_PROBE, BadFrameError, frame, parse, repeats_of
from nexoide.supervisor.processes import start_time
from nexoide.supervisor.sockets import bind_private, peer_of

HELLO_SECONDS = 5.0
MAX_CONNECTIONS = 256
NOTICES_PER_MINUTE = 10
YIELD_EVERY = 32
_log = logging.getLogger(__name__)

__all__ = ["LiveModule", "Probes", "Reply"]


class Place(Protocol):
    """Where the socket lies."""

    @property
    def probe_socket(self) -> Path:
        """The socket's path; its folder is made private."""


class Probes(Asking):
    """The server for probes, and the way to ask them (see `Asking`).

    `authenticate` maps a token to a target's name; `introduce` names, of its hello, a program that nobody here started
    (None: it is not let in). Callbacks run on the event loop: `on_failure(target, pid, message)`
    with the wire's message `{"t", "failure", "dropped"}`, where `dropped` counts what the probe and this side could not
    keep and `count` (1 where it is missing) how many failures it stands for; it returns what those that repeat it are
    counted for: `on_repeats(that, count, at)`; `on_unknown(target, count)` failures of which nothing else is known;
    `on_routes(target, pid, message)`; `on_attach` and `on_detach(target, hello)`, where `pid` and `start_time` are what the kernel says;
    `on_passes(target, pid, watch, hits)`; `on_notice(sentence)` once for each connection that was refused.
    """

    def __init__(
        self,
        place: Place,
        authenticate: Callable[[str], str | None],
        on_failure: Callable[[str, int, dict[str, Any]], object],
        on_attach: Callable[[str, dict[str, Any]], None],
        on_detach: Callable[[str, dict[str, Any]], None],
        on_passes: Callable[[str, int, str, int], None],
        on_notice: Callable[[str], None] | None = None,
        introduce: Callable[[dict[str, Any]], str | None] | None = None,
        on_repeats: Callable[[Any, int, float], None] | None = None,
        on_unknown: Callable[[str, int], None] | None = None,
        on_routes: Callable[[str, int, dict[str, Any]], None] | None = None,
    ) -> None:
        self._path = place.probe_socket
        self._authenticate = authenticate
        self._on_failure = on_failure
        self._on_attach = on_attach
        self._on_detach = on_detach
        self._on_passes = on_passes
        self._on_notice = on_notice
        self._introduce = introduce
        self._on_repeats, self._on_unknown, self._on_routes = on_repeats, on_unknown, on_routes
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._minute = (-1, 0)

    async def start(self) -> None:
        """Begin to listen; raises RefusedError where the socket's folder is not ours alone."""
        self._server = await asyncio.start_unix_server(self._connected, sock=bind_private(self._path), limit=MAX_FROM_PROBE // 4)

    async def close(self) -> None:
        """End every connection and remove the socket; the programs run on and their probes look for the next supervisor."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def attached(self, target: str) -> tuple[int, ...]:
        """Return the pids of a target's attached processes, in order."""
        return tuple(sorted(connection.peer.pid for connection in self.connections(target)))

    def connections(self, target: str) -> list[Connection]:
        """Return the connections of a target's processes."""
        return [connection for connection in self._connections if connection.target == target and target]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        connection = Connection(reader, writer, peer_of(writer.get_extra_info("socket")))
        self._connections.add(connection)
        try:
            await self._serve(connection)
        except BadFrameError as problem:
            who = connection.target or f"process {connection.peer.pid}"
            self._notice(f"A probe connection of {who} was closed: {problem}.")
        except (OSError, EOFError):
            pass  # it ended, as programs do
        except asyncio.CancelledError:
            pass  # the server closes; a stream handler that ends cancelled is reported as an error by asyncio
        finally:
            self._connections.discard(connection)
            writer.transport.abort()
            connection.ended()
            self._detach(connection)

    def _detach(self, connection: Connection) -> None:
        if connection.skipped:
            self._notice(f"{connection.skipped} failures of {connection.target} came faster than {MESSAGES_PER_SECOND} a second and were counted, not read.")
        if connection.target and connection.peer.pid not in self.attached(connection.target):
            self._on_detach(connection.target, connection.hello)

    async def _serve(self, connection: Connection) -> None:
        if not connection.peer.ours:
            raise BadFrameError(connection.peer.reason)
        if len(self._connections) > MAX_CONNECTIONS:
            raise BadFrameError(f"there are {MAX_CONNECTIONS} already")
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                hello = parse(await connection.read())
        except TimeoutError:
            raise BadFrameError(f"it did not say who it is within {HELLO_SECONDS:g} s") from None
        self._admit(connection, hello)
        await connection.send(frame({"t": "welcome"}))
        turn = 0
        while True:
            self._take(connection, await connection.read())
            turn += 1
            if turn % YIELD_EVERY == 0:
                await asyncio.sleep(0)  # what is buffered is read without waiting, and others must have their turn

    def _admit(self, connection: Connection, hello: dict[str, Any]) -> None:
        if hello["t"] != "hello":
            raise BadFrameError("it did not begin with hello")
        target = self._authenticate(hello["token"])
        if target is None and self._introduce is not None:
            target = self._introduce(hello | {"pid": connection.peer.pid})
        elif target != hello["target"]:
            target = None
        if target is None:
            raise BadFrameError("its token is not that of a running target")
        pid = connection.peer.pid
        connection.hello = {key: value for key, value in hello.items() if key != "token"} | {"pid": pid, "start_time": start_time(pid)}
        for other in self.connections(target):
            if other.peer.pid == pid:
                other.writer.transport.abort()  # it connected again: the newer connection is the living one
        connection.target = target
        self._on_attach(target, connection.hello)

    def _take(self, connection: Connection, raw: bytes) -> None:
        if raw.startswith(FAILURE) and not connection.budget.take(asyncio.get_running_loop().time(), len(raw)):
            connection.skipped += 1
            return
        message = parse(raw)
        pid, target, kind = connection.peer.pid, connection.target, message["t"]
        try:
            if kind == "failure":
                self._failed(connection, message)
            elif kind == "repeats":
                self._repeated(connection, message)
            elif kind in {"reply", "modules"}:
                connection.answer(message)
            elif kind == "passes":
                self._on_passes(target, pid, message["watch"], max(0, message["hits"]))
            elif kind == "routes":
                if self._on_routes is not None:
                    self._on_routes(target, pid, message)
            else:
                raise BadFrameError("it said hello twice")
        except UsageError as error:
            raise BadFrameError(error.sentence[:200]) from None
        except NexoideError as error:
            self._notice(f"A {kind} message of {target} was lost: {error.sentence}")

    def _failed(self, connection: Connection, message: dict[str, Any]) -> None:
        message["dropped"] = min(MAX_COUNT, max(0, message["dropped"])) + connection.skipped
        connection.skipped = 0
        if "count" in message:
            message["count"] = max(1, min(message["count"], MAX_COUNT))
        token = self._on_failure(connection.target, connection.peer.pid, message)
        if "key" in message and token is not None:
            connection.remember(message["key"], token)

    def _repeated(self, connection: Connection, message: dict[str, Any]) -> None:
        unknown = min(MAX_COUNT, max(0, message["dropped"]))
        for key, count, at in repeats_of(message):
            token = connection.tokens.get(key)
            if token is None or self._on_repeats is None:
                unknown += count
            else:
                self._on_repeats(token, count, at)
        if unknown and self._on_unknown is not None:
            self._on_unknown(connection.target, unknown)

    def _notice(self, sentence: str) -> None:
        """Say it once, and no more than ten times a minute: whoever connects in a loop must not fill the journal."""
        minute = int(asyncio.get_running_loop().time() // 60)
        count = self._minute[1] + 1 if self._minute[0] == minute else 1
        self._minute = (minute, count)
        _log.warning("%s", sentence)
        if self._on_notice is not None and count <= NOTICES_PER_MINUTE:
            self._on_notice(sentence)
