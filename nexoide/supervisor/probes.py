"""The socket at which the probes of supervised programs connect: hostile input, bounded, authenticated by token.

Frames are a 4-byte big-endian length and one UTF-8 JSON object. Whatever is no proper frame ends the connection, with
one notice; nothing that a probe says grants anything.
"""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nexoide.errors import NexoideError, UsageError
from nexoide.supervisor.probe_wire import MAX_FROM_PROBE, BadFrameError, frame, parse
from nexoide.supervisor.processes import start_time
from nexoide.supervisor.sockets import Peer, bind_private, peer_of
from nexoide.workspace import Workspace

HELLO_SECONDS = 5.0
MAX_CONNECTIONS = 256
MESSAGES_PER_SECOND = 2000
BYTES_PER_SECOND = 32 << 20
NOTICES_PER_MINUTE = 10
YIELD_EVERY = 32
_FAILURE = b'{"t":"failure"'
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """What one process answered to a reload; `state` is committed, already, prepared, not_loaded, or empty on failure."""

    pid: int
    ok: bool
    state: str = ""
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ms: float = 0.0
    error: str = ""


@dataclass(slots=True)
class _Budget:
    """How much of a connection's failures is still read in this second."""

    second: int = -1
    messages: int = 0
    size: int = 0

    def take(self, now: float, size: int) -> bool:
        if int(now) != self.second:
            self.second, self.messages, self.size = int(now), 0, 0
        self.messages += 1
        self.size += size
        return self.messages <= MESSAGES_PER_SECOND and self.size <= BYTES_PER_SECOND


@dataclass(slots=True, eq=False)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    peer: Peer
    target: str = ""
    hello: dict[str, Any] = field(default_factory=dict)
    waiting: dict[int, asyncio.Future[Reply]] = field(default_factory=dict)
    budget: _Budget = field(default_factory=_Budget)
    skipped: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> bytes:
        """Return one frame's bytes; raises IncompleteReadError at the end and BadFrameError for a length no frame has."""
        (length,) = struct.unpack(">I", await self.reader.readexactly(4))
        if not 2 <= length <= MAX_FROM_PROBE:
            raise BadFrameError(f"a frame says that it is {length} bytes long, and at most {MAX_FROM_PROBE} are read")
        return await self.reader.readexactly(length)

    async def send(self, frame: bytes) -> None:
        async with self.lock:
            self.writer.write(frame)
            await self.writer.drain()

    def ended(self) -> None:
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_result(Reply(self.peer.pid, False, error=f"process {self.peer.pid} ended or let go before it answered"))
        self.waiting.clear()


class Probes:
    """The server for probes, and the way to ask them for a reload.

    `authenticate` maps a token to a target's name. Callbacks run on the event loop: `on_failure(target, pid, message)`
    with the wire's message `{"t", "failure", "dropped"}`, where `dropped` counts what the probe and this side could not
    keep; `on_attach` and `on_detach(target, hello)`, where `pid` and `start_time` are what the kernel says;
    `on_passes(target, pid, watch, hits)`; `on_notice(sentence)` once for each connection that was refused.
    """

    def __init__(
        self,
        workspace: Workspace,
        authenticate: Callable[[str], str | None],
        on_failure: Callable[[str, int, dict[str, Any]], None],
        on_attach: Callable[[str, dict[str, Any]], None],
        on_detach: Callable[[str, dict[str, Any]], None],
        on_passes: Callable[[str, int, str, int], None],
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        self._path = workspace.probe_socket
        self._authenticate = authenticate
        self._on_failure = on_failure
        self._on_attach = on_attach
        self._on_detach = on_detach
        self._on_passes = on_passes
        self._on_notice = on_notice
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._next = 0
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
        return tuple(sorted(connection.peer.pid for connection in self._of(target)))

    async def reload(
        self,
        target: str,
        files: Sequence[Mapping[str, str]],
        watch: Mapping[str, Any] | None,
        dry_run: bool,
        timeout: float,
    ) -> list[Reply]:
        """Ask every attached process of a target to take over `files`; returns one reply each, in the order of pids.

        `files` are `{"path", "base", "new"}`, `watch` is `{"id", "lines"}` or None. A process that dies or does not
        answer within `timeout` seconds has a reply that is not ok and says so; where it could still commit, its
        connection is ended, so that it attaches anew and can be brought to what is on disk. Raises UsageError over 8 MiB.
        """
        self._next += 1
        number = self._next
        message = frame({"t": "reload", "id": number, "dry_run": dry_run, "files": [dict(file) for file in files], "watch": watch})
        connections = sorted(self._of(target), key=lambda connection: connection.peer.pid)
        return list(await asyncio.gather(*(self._ask(connection, number, message, timeout, commits=not dry_run) for connection in connections)))

    async def unwatch(self, target: str, watch: str) -> None:
        """Ask every attached process of a target to count passes no longer."""
        message = frame({"t": "unwatch", "watch": watch})
        for connection in self._of(target):
            try:
                async with asyncio.timeout(HELLO_SECONDS):
                    await connection.send(message)
            except (OSError, TimeoutError):
                continue  # gone or stuck: then it counts nothing that matters any more

    def _of(self, target: str) -> list[_Connection]:
        return [connection for connection in self._connections if connection.target == target and target]

    async def _ask(self, connection: _Connection, number: int, message: bytes, seconds: float, *, commits: bool) -> Reply:
        pid = connection.peer.pid
        waiting: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        connection.waiting[number] = waiting
        try:
            async with asyncio.timeout(seconds):
                await connection.send(message)
                return await waiting
        except TimeoutError:
            # It may still take the reload over when it reads again. Only a new hello makes it known as it then is.
            if commits or connection.writer.transport.get_write_buffer_size():
                connection.writer.transport.abort()
            return Reply(pid, False, error=f"process {pid} did not answer within {seconds:g} s: it may be blocked; look at its log, then try again")
        except OSError as error:
            return Reply(pid, False, error=f"process {pid} ended or let go before it answered ({error.strerror or 'connection lost'})")
        finally:
            connection.waiting.pop(number, None)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        connection = _Connection(reader, writer, peer_of(writer.get_extra_info("socket")))
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

    def _detach(self, connection: _Connection) -> None:
        if connection.skipped:
            self._notice(f"{connection.skipped} failures of {connection.target} came faster than {MESSAGES_PER_SECOND} a second and were counted, not read.")
        if connection.target and connection.peer.pid not in self.attached(connection.target):
            self._on_detach(connection.target, connection.hello)

    async def _serve(self, connection: _Connection) -> None:
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

    def _admit(self, connection: _Connection, hello: dict[str, Any]) -> None:
        if hello["t"] != "hello":
            raise BadFrameError("it did not begin with hello")
        target = self._authenticate(hello["token"])
        if target is None or target != hello["target"]:
            raise BadFrameError("its token is not that of a running target")
        pid = connection.peer.pid
        connection.hello = {key: value for key, value in hello.items() if key != "token"} | {"pid": pid, "start_time": start_time(pid)}
        for other in self._of(target):
            if other.peer.pid == pid:
                other.writer.transport.abort()  # it connected again: the newer connection is the living one
        connection.target = target
        self._on_attach(target, connection.hello)

    def _take(self, connection: _Connection, raw: bytes) -> None:
        if raw.startswith(_FAILURE) and not connection.budget.take(asyncio.get_running_loop().time(), len(raw)):
            connection.skipped += 1
            return
        message = parse(raw)
        pid, target = connection.peer.pid, connection.target
        if message["t"] == "failure":
            message["dropped"] = max(0, message["dropped"]) + connection.skipped
            connection.skipped = 0
            try:
                self._on_failure(target, pid, message)
            except UsageError as error:
                raise BadFrameError(error.sentence[:200]) from None
            except NexoideError as error:
                self._notice(f"A failure of {target} was lost: {error.sentence}")
        elif message["t"] == "reply":
            self._answer(connection, message)
        elif message["t"] == "passes":
            self._on_passes(target, pid, message["watch"], max(0, message["hits"]))
        else:
            raise BadFrameError("it said hello twice")

    def _answer(self, connection: _Connection, message: dict[str, Any]) -> None:
        waiting = connection.waiting.get(message["id"])
        if waiting is None or waiting.done():
            return  # the answer to a question whose time was over
        changed, notes = (tuple(str(item)[:2000] for item in message[key][:1000]) for key in ("changed", "notes"))
        waiting.set_result(Reply(connection.peer.pid, message["ok"], message["state"][:40], changed, notes, float(message["ms"]), message["error"][:4000]))

    def _notice(self, sentence: str) -> None:
        """Say it once, and no more than ten times a minute: whoever connects in a loop must not fill the journal."""
        minute = int(asyncio.get_running_loop().time() // 60)
        count = self._minute[1] + 1 if self._minute[0] == minute else 1
        self._minute = (minute, count)
        _log.warning("%s", sentence)
        if self._on_notice is not None and count <= NOTICES_PER_MINUTE:
            self._on_notice(sentence)
