"""Serving the ingest app on its TCP socket: many programs, none of which may hold it up."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import OrderedDict

import uvicorn
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from nexoide.api.ingest import IngestApp
from nexoide.api.serve import QuietServer

MAX_CONNECTIONS = 512
MAX_HEAD = 64 << 10
HEAD_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 75  # longer than SDKs keep a connection that they do not use
SHUTDOWN_SECONDS = 1
MAX_UNREAD = 32 << 20
"""Of a body that was refused before its end, taken so that its sender comes to read why."""
_log = logging.getLogger(__name__)
_log.setLevel(logging.ERROR)  # whoever sends what is no HTTP must not fill our log


class BoundedHttp(HttpToolsProtocol):
    """HTTP whose request heads are bounded in size and time.

    At 512 connections the one that has waited longest without a request gives way to a new one; where all are at work, the new one does.
    """

    waiting: OrderedDict[BoundedHttp, None]  # shared by all protocols of one server, the longest waiting first

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, object], _loop: asyncio.AbstractEventLoop | None = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._late: asyncio.TimerHandle | None = None
        self._in_head, self._in_body = False, False
        self._taken = 0
        self.logger = _log

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, if need be in the place of an idle one."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            oldest = next(iter(self.waiting), self)
            oldest.transport.abort()
            self.connections.discard(oldest)
            self.waiting.pop(oldest, None)
            if oldest is self:
                return
        self.waiting[self] = None
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._head_is_there()
        self.waiting.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes: a head of at most 64 KiB in time, and of a body that nobody wants any more only so much."""
        if self.transport.is_closing():
            return
        if not self._in_head and not self._in_body:
            self._expect_head()
        super().data_received(data)
        refused = self._in_body and self.cycle.response_complete
        if self._in_head or refused:
            self._taken += len(data)
            if self._taken > (MAX_UNREAD if refused else MAX_HEAD):
                self.transport.abort()

    def on_headers_complete(self) -> None:
        """The head is there in time."""
        self._in_body = True
        self._head_is_there()
        self.waiting.pop(self, None)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is there."""
        self._in_body = False
        if self.cycle.response_complete:
            self._head_is_there()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It waits for its next request, or for the end of a body that was refused."""
        super().on_response_complete()
        if not self.transport.is_closing() and self.cycle.response_complete:
            self.waiting[self] = None
            if self._in_body:
                self._taken = 0
                self._expire()

    def _expect_head(self) -> None:
        self._in_head, self._taken = True, 0
        self._expire()

    def _expire(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _head_is_there(self) -> None:
        self._in_head = False
        if self._late is not None:
            self._late.cancel()
            self._late = None


async def serve_ingest(app: IngestApp, sock: socket.socket, stop: asyncio.Event) -> None:
    """Serve `app` on a listening socket until `stop` is set."""
    config = uvicorn.Config(
        app,
        http=type("_Http", (BoundedHttp,), {"waiting": OrderedDict()}),
        ws="none",
        loop="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    await QuietServer(config, stop).serve(sockets=[sock])
