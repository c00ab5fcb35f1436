"""The logs of all targets within their bounds, also while a program floods its own: one look a second while it prints, none while it does not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

from nexoide.errors import NexoideError
from nexoide.supervisor.target_logs import log_size
from nexoide.supervisor.target_space import bound_log, kept_bytes, longest
from nexoide.supervisor.written import Written

LOOK_SECONDS = 1.0
FLOOD_SECONDS = 0.1
_log = logging.getLogger(__name__)


class LogKeeper:
    """Keeps each log at no more than its limit on the disk; `logs` maps a target to its log and that limit in bytes."""

    def __init__(self, logs: Mapping[str, tuple[Path, int]]) -> None:
        self._logs = dict(logs)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._there = {name: asyncio.Event() for name in logs}
        self._written = Written()

    def start(self) -> None:
        """Begin to look after every log."""
        for name in self._logs:
            if name not in self._tasks:
                self._tasks[name] = asyncio.create_task(self._keep(name), name=f"log of {name}")

    async def close(self) -> None:
        """Look after none any more."""
        tasks, self._tasks = self._tasks, {}
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        self._written.close()

    def begun(self, name: str) -> None:
        """Know that a target's log is there, and that it may be written to from now on."""
        self._there[name].set()

    async def shorten(self, name: str) -> bool:
        """Bring one log within its limit now; returns whether something was dropped."""
        path, limit = self._logs[name]
        if kept_bytes(path) <= limit and log_size(path) < longest():
            return False  # the usual case costs two calls of the system
        try:
            return (await asyncio.to_thread(bound_log, path, limit)).bytes > 0
        except NexoideError as error:
            _log.warning("the log of %s is not kept short: %s", name, error.sentence)
            return False

    async def _keep(self, name: str) -> None:
        path, limit = self._logs[name]
        await self._there[name].wait()
        size = -1
        while True:
            while await self.shorten(name) and kept_bytes(path) > 2 * limit:
                pass  # it prints faster than was looked
            before, size = size, log_size(path)
            woken = before < 0 or (size == before and await self._quiet(path, size))
            await asyncio.sleep(FLOOD_SECONDS if woken or size - before > limit // 16 else LOOK_SECONDS)

    async def _quiet(self, path: Path, size: int) -> bool:
        """Wait until the log is written to."""
        told = self._written.arm([path])
        if log_size(path) == size:
            await told
        told.cancel()
        return True
