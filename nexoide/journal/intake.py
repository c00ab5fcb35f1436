"""What waits for the writer: requests, and the gate that bounds how much may wait."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from nexoide.errors import JournalError
from nexoide.journal.chain import Draft
from nexoide.model.event import Event


@dataclass(slots=True, eq=False)
class Request:
    """One append: drafts and blobs that are committed together; `events` or `error` is the writer's answer."""

    drafts: tuple[Draft, ...]
    blobs: tuple[tuple[str, bytes], ...]
    durable: bool
    size: int
    done: asyncio.Future[tuple[Event, ...]]
    events: tuple[Event, ...] = field(default=())
    error: JournalError | None = None


class Gate:
    """Bounds the bytes on their way to the writer; who has to wait gets through in order of arrival."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def enter(self, size: int) -> None:
        """Take `size` bytes; returns once they fit (one that is larger than the limit passes alone)."""
        if not self._waiting and self._fits(size):
            self.held += size
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(size)
            raise

    def leave(self, size: int) -> None:
        """Give `size` bytes back and let in who waits longest, as far as they fit."""
        self.held -= size
        while self._waiting:
            wanted, turn = self._waiting[0]
            if not turn.cancelled() and not self._fits(wanted):
                return
            self._waiting.popleft()
            if not turn.cancelled():
                self.held += wanted
                turn.set_result(None)

    def _fits(self, size: int) -> bool:
        return self.held == 0 or self.held + size <= self.limit
