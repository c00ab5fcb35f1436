"""Whether a target is well, over time: one look tells little, several in a row count; nothing is asked of what does not run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from nexoide.config import HealthSettings

FIRST_SECONDS = 0.1
Jitter = Callable[[float, float], float]
Told = Callable[[Literal["well", "unwell"], str], Awaitable[None]]


class Health:
    """The health checks of one running process: `ask` returns "" or why it is not well, `told` hears of every change, once.

    Until a check has come out well for the first time, it is asked soon and then ever less often, and failed checks do not count for
    `start_seconds`; afterwards once an interval, a tenth earlier or later, so that many targets are not all asked at one moment.
    """

    def __init__(self, settings: HealthSettings, ask: Callable[[], Awaitable[str]], told: Told, jitter: Jitter) -> None:
        self._settings, self._ask, self._told, self._jitter = settings, ask, told, jitter
        self._task: asyncio.Task[None] | None = None

    def begin(self, name: str, grace: float) -> None:
        """Begin to ask about a process; failed checks do not count for `grace` seconds."""
        self.end()
        self._task = asyncio.create_task(self._watch(grace), name=f"health of {name}")

    def end(self) -> None:
        """Ask no more."""
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    async def _watch(self, grace: float) -> None:
        loop = asyncio.get_running_loop()
        since, pause, missed, state = loop.time(), FIRST_SECONDS, 0, ""
        while True:
            why = await self._ask()
            if not why:
                if state != "well":
                    await self._told("well", f"well again after {loop.time() - since:.1f} s" if state == "unwell" else "")
                missed, state = 0, "well"
            elif state or loop.time() - since >= grace:
                missed += 1
                if missed == self._settings.failures and state != "unwell":
                    state, since = "unwell", loop.time()
                    await self._told("unwell", why)
            interval = self._settings.interval * self._jitter(0.9, 1.1)
            await asyncio.sleep(interval if state or missed else min(pause, interval))
            pause *= 2
