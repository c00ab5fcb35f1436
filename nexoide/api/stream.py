"""The event stream: each client pulls by its own cursor, so a slow one slows itself alone."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from nexoide.api.contract import JournalReader, Supervisor

BATCH = 500
SEND_SECONDS = 30.0
OTHER_JOURNAL = 4409
REFUSED = 1008
FAILED = 1011


async def _send_all(socket: WebSocket, journal: JournalReader, after: int) -> None:
    cursor = after
    while True:
        behind = journal.head[0] - cursor
        rows = await asyncio.to_thread(journal.read_raw, cursor, BATCH) if behind > BATCH else journal.read_raw(cursor, BATCH)
        for seq, raw in rows:
            async with asyncio.timeout(SEND_SECONDS):
                await socket.send_text(raw.decode())
            cursor = seq
        if rows:
            await asyncio.sleep(0)  # a client that takes everything at once must not keep the others waiting
        else:
            await journal.wait_beyond(cursor)


async def _until_gone(socket: WebSocket) -> bool:
    """Return True when the client left, False when it spoke: the stream goes one way."""
    with contextlib.suppress(WebSocketDisconnect):
        return bool((await socket.receive())["type"] == "websocket.disconnect")
    return True


async def serve_events(socket: WebSocket, journal: JournalReader, after: int) -> None:
    """Send every event after `after`, then each new one, until the client leaves or takes nothing for 30 s."""
    await socket.accept()
    head, _ = journal.head
    if after > head:
        reason = f"The journal ends at {head} and you asked for what follows {after}: it is another journal, attach again."
        await socket.close(OTHER_JOURNAL, reason)
        return
    gone = asyncio.create_task(_until_gone(socket))
    sender = asyncio.create_task(_send_all(socket, journal, after))
    try:
        await asyncio.wait({gone, sender}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (gone, sender):
            task.cancel()
        results = await asyncio.gather(gone, sender, return_exceptions=True)
    if results[0] is False:
        await socket.close(REFUSED, "This stream goes one way: send commands over HTTP.")
    elif isinstance(results[1], Exception) and not isinstance(results[1], TimeoutError | OSError | WebSocketDisconnect):
        await socket.close(FAILED, "The journal cannot be read: run 'nexoide audit verify'.")


def events(supervisor: Supervisor) -> APIRouter:
    """Return WS events?after=SEQ."""
    router = APIRouter()

    @router.websocket("/events")
    async def stream(socket: WebSocket, after: Annotated[int, Query(ge=0, lt=1 << 62)] = 0) -> None:
        await serve_events(socket, supervisor.journal, after)

    return router
