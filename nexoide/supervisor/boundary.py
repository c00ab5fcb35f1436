"""The root of background tasks: the one place in the supervisor where any exception at all is caught, and told."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from nexoide.errors import NexoideError
from nexoide.journal.journal import Journal
from nexoide.model import event as e

AGAIN_SECONDS = 1.0
_log = logging.getLogger(__name__)


class TaskRoot:
    """Runs work beside everything else; what one task breaks is journaled as a notice, and breaks nothing else."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._tasks: set[asyncio.Task[bool]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Start `work` now; it is cancelled by `close` where it has not ended by then."""
        task = asyncio.get_running_loop().create_task(self.contained(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def keep(self, work: Callable[[], Coroutine[Any, Any, Any]], name: str) -> None:
        """Start work that is to go on for ever: where it breaks, it is told, and begun again after a second."""
        self.spawn(self._again(work, name), name)

    async def _again(self, work: Callable[[], Coroutine[Any, Any, Any]], name: str) -> None:
        while not await self.contained(work(), name):  # noqa: ASYNC110 - a pause between two tries, nothing is waited for
            await asyncio.sleep(AGAIN_SECONDS)

    async def contained(self, work: Coroutine[Any, Any, Any], name: str) -> bool:
        """Await `work` and return whether it went through; where it did not, the operator is told in one sentence."""
        try:
            await work
        except NexoideError as error:
            await self._tell(name, error.sentence)
            return False
        except Exception as error:  # noqa: BLE001 - the named boundary "task root"
            _log.exception("%s failed", name)
            where = traceback.extract_tb(error.__traceback__)[-1]
            await self._tell(name, f"{type(error).__name__} in {where.name}: {error}. The supervisor's log has the traceback.")
            return False
        return True

    async def drain(self) -> None:
        """Wait until nothing runs any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Cancel what still runs, also what that starts, and wait for it."""
        while self._tasks:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, name: str, sentence: str) -> None:
        try:
            await self._journal.append(e.Notice(level="error", text=f"{name} was given up: {sentence}"), actor="supervisor")
        except NexoideError:
            _log.exception("the failure of %s could not be recorded", name)
