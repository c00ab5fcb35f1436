"""The event stream: a WebSocket with a cursor that survives the supervisor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal

from nexoide.client.answers import CONNECT_SECONDS, check_socket, error_of
from nexoide.errors import ConflictError, UnavailableError
from nexoide.model.codec import MAX_BYTES, decode_event
from nexoide.model.event import Event

StreamState = Literal["connected", "lost"]
OnState = Callable[[StreamState], None]

FIRST_DELAY = 0.05
LAST_DELAY = 2.0
OTHER_JOURNAL = 4409
"""The close code for a cursor that lies beyond the journal's end."""


async def follow(socket: Path, after: int, on_state: OnState | None = None) -> AsyncIterator[Event]:
    """Yield every event after `after` once, in order, for ever; a lost connection is made again from the cursor.

    Waits between attempts grow from 0.05 s to 2 s. `on_state` is told 'connected' and 'lost', each once per change.
    Raises RefusedError where the socket is not ours, ConflictError where the journal is not the one that the cursor
    belongs to, and UsageError where an event cannot be read.
    """
    from websockets.asyncio.client import unix_connect
    from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus

    cursor, delay, state = after, FIRST_DELAY, ""

    def tell(now: StreamState) -> None:
        nonlocal state
        if on_state is not None and now != state:
            on_state(now)
        state = now

    while True:
        try:
            check_socket(socket)
            uri = f"ws://nexoide/v1/events?after={cursor}"
            async with unix_connect(
                str(socket), uri, compression=None, proxy=None, open_timeout=CONNECT_SECONDS, ping_interval=None, close_timeout=1, max_size=MAX_BYTES
            ) as connection:
                tell("connected")
                async for message in connection:
                    event = decode_event(message)
                    if event.seq <= cursor:
                        continue
                    cursor, delay = event.seq, FIRST_DELAY
                    yield event
        except ConnectionClosed as closed:
            if closed.rcvd is not None and closed.rcvd.code == OTHER_JOURNAL:
                raise ConflictError(closed.rcvd.reason) from None
        except InvalidStatus as refused:
            if refused.response.status_code < 500:
                raise error_of(refused.response.status_code, bytes(refused.response.body or b"")) from None
        except (OSError, EOFError, InvalidHandshake, InvalidMessage, UnavailableError):
            pass  # nobody listens, or not yet: said by `on_state`, tried again below
        tell("lost")
        await asyncio.sleep(delay)
        delay = min(delay * 2, LAST_DELAY)
