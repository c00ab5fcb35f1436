"""Following a supervisor's events: folded into a state, with others waiting for what it says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Self

from nexoide.client.commands import Client
from nexoide.errors import NexoideError, UnavailableError
from nexoide.model import event as e
from nexoide.model.projection import State


class Watch:
    """Folds the event stream of one supervisor; use it as an asynchronous context.

    `live_at` says when (monotonic seconds) a deployment was first seen live, `proposed_at` when (wall seconds, the event's
    own) the first patch for an incident was proposed.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.state = State()
        self.live_at: dict[str, float] = {}
        self.proposed_at: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(lambda _: self._changed.set())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        async for event in self._client.stream(0):
            body = event.body
            if isinstance(body, e.DeploymentLive):
                self.live_at.setdefault(body.deployment, time.monotonic())
            elif isinstance(body, e.PatchProposed):
                self.proposed_at.setdefault(body.patch.incident, event.ts)
            self.state.apply(event)
            self._changed.set()

    async def until(self, true: Callable[[State], object], seconds: float, what: str, more: Callable[[], str] = str) -> None:
        """Return as soon as `true` of the state; raises UnavailableError, naming `what` was waited for, after `seconds`.

        `more` is asked at that moment how far it came.
        """
        try:
            async with asyncio.timeout(seconds):
                while not true(self.state):
                    self._changed.clear()
                    if self._task is not None and self._task.done():
                        self._lost(what)
                    await self._changed.wait()
        except TimeoutError:
            raise UnavailableError(f"Waited {seconds:g} s for {what}, and it did not happen.{more()}") from None

    def _lost(self, what: str) -> None:
        error = self._task.exception() if self._task is not None and not self._task.cancelled() else None
        why = error.sentence if isinstance(error, NexoideError) else repr(error)
        raise UnavailableError(f"The event stream ended while waiting for {what}: {why}")
