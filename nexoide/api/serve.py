"""Serving the control plane on its Unix socket, to the workspace's owner and to nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Generator
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from nexoide.supervisor.sockets import bind_private, peer_of

STUCK_SECONDS = 2.0
SHUTDOWN_SECONDS = 2
KEEP_ALIVE_SECONDS = 60  # longer than clients keep a connection, so that none is closed as it is used
MAX_CONNECTIONS = 1000
WS_BYTES = 4096
_log = logging.getLogger(__name__)


def bind(path: Path) -> socket.socket:
    """Return the bound control socket; the caller holds the workspace's lock, so what lies there is stale.

    Raises RefusedError where the folder is not ours alone or the path is something else than a socket of ours.
    """
    return bind_private(path)


class GuardedHttp(H11Protocol):
    """HTTP for the socket's owner in our own user namespace; every other connection ends before a byte of it is read."""

    refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Check who connected (TRUST A17), and let handlers know as the client's name."""
        peer = peer_of(transport.get_extra_info("socket"))
        if not peer.ours:
            self.refused = True
            _log.warning("refused a connection to the control plane: %s", peer.reason)
            transport.abort()
            return
        super().connection_made(transport)
        self.client = (f"local uid {peer.uid}", peer.pid)

    def data_received(self, data: bytes) -> None:
        """Take bytes of an admitted client alone."""
        if not self.refused:
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget an admitted client."""
        if not self.refused:
            super().connection_lost(exc)


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """WebSocket on a connection that `GuardedHttp` admitted; ends for good where the client takes nothing any more."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the client's name over the upgrade."""
        super().connection_made(transport)
        peer = peer_of(transport.get_extra_info("socket"))
        self.client = (f"local uid {peer.uid}", peer.pid)

    async def run_asgi(self) -> None:
        """Serve the stream; a peer that reads nothing would keep a closing transport open for ever."""
        await super().run_asgi()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(STUCK_SECONDS, self.transport.abort)


class QuietServer(uvicorn.Server):
    """uvicorn without its signals and without its ten wake-ups a second."""

    def __init__(self, config: uvicorn.Config, stop: asyncio.Event) -> None:
        super().__init__(config)
        self._stop = stop

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the supervisor."""
        yield

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        self.server_state.default_headers = self.config.encoded_headers
        await self._stop.wait()


async def serve(app: FastAPI, sock: socket.socket, stop: asyncio.Event) -> None:
    """Serve `app` on a socket from `bind` until `stop` is set; open streams are closed (1012), the path is removed."""
    path = Path(sock.getsockname())
    config = uvicorn.Config(
        app,
        http=GuardedHttp,
        ws=GuardedWebSocket,
        loop="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the kernel tells at once when a local peer ends; a ping would wake an idle machine
        ws_max_size=WS_BYTES,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        limit_concurrency=MAX_CONNECTIONS,
    )
    try:
        await QuietServer(config, stop).serve(sockets=[sock])
    finally:
        path.unlink(missing_ok=True)
