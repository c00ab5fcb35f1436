"""Changes of targets on their way to the journal: in order, one at a time, and none of them waited for by who caused it."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from nexoide.errors import NexoideError
from nexoide.model.target import TargetStatus

_log = logging.getLogger(__name__)

Emit = Callable[[TargetStatus], Awaitable[object] | None]


class Outbox:
    """Tells `emit`, which may be a coroutine function, each status that was put."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._waiting: deque[TargetStatus] = deque()
        self._pump: asyncio.Task[None] | None = None

    def put(self, status: TargetStatus) -> None:
        """Queue a status."""
        self._waiting.append(status)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._empty(), name="target statuses")

    async def flush(self) -> None:
        """Wait until everything was told."""
        while self._pump is not None and not self._pump.done():
            await self._pump

    async def _empty(self) -> None:
        while self._waiting:
            status = self._waiting.popleft()
            try:
                result = self._emit(status)
                if inspect.isawaitable(result):
                    await result
            except NexoideError as error:
                _log.error("the change of %s to %s was not recorded: %s", status.name, status.state, error)
