"""How far logs were read, kept over restarts: written a moment after what was read has reached the journal, so that a crash loses nothing."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nexoide.errors import NexoideError, NotFoundError
from nexoide.incidents.files.copies import Place
from nexoide.incidents.files.names import shown
from nexoide.journal.storage import read_bytes, replace_file
from nexoide.model import codec

FIRST_SECONDS = 0.05
JOURNALED_SECONDS = 0.35
"""How long what was read waits until its place is kept: an incident is told at most 0.25 s after its failure."""
MIN_SECONDS = 1.0
MAX_PLACES = 20_000
VERSION = 1
_log = logging.getLogger(__name__)

Places = Mapping[str, tuple[Place, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    version: int = VERSION
    sources: dict[str, tuple[Place, ...]] = field(default_factory=dict)


class LogPlaces:
    """The file with the places. `look` returns those of now; `touched` says that something was read."""

    def __init__(self, path: Path, look: Callable[[], Places]) -> None:
        self._path, self._look = path, look
        self._task: asyncio.Task[None] | None = None
        self._writing: asyncio.Future[None] | None = None
        self._again = False
        self._failed = False

    def load(self) -> dict[str, tuple[Place, ...]]:
        """Return what an earlier supervisor kept; nothing where there is nothing that can be read."""
        try:
            stored = codec.decode(read_bytes(self._path, limit=codec.MAX_BYTES), _Stored)
        except NotFoundError:
            return {}
        except NexoideError as error:
            _log.warning("logs are read from their end, where an earlier supervisor stopped is not known: %s", error)
            return {}
        return stored.sources if stored.version == VERSION else {}

    def touched(self) -> None:
        """Keep the places soon, at most once a second."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._keep(), name="places of logs")

    async def close(self) -> None:
        """Keep the places now."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)  # a thread is not cancelled: older places must not come last
        await self._write(self._look())

    async def _keep(self) -> None:
        await asyncio.sleep(FIRST_SECONDS)
        while self._again:
            self._again = False
            now = self._look()
            await asyncio.sleep(JOURNALED_SECONDS)
            await self._write(now)
            await asyncio.sleep(MIN_SECONDS - JOURNALED_SECONDS)

    async def _write(self, places: Places) -> None:
        sources, left = {}, MAX_PLACES
        for name, of in places.items():
            sources[name] = tuple(replace(place, path=shown(os.path.basename(place.path))) for place in of[-left:]) if left else ()  # noqa: PTH119
            left -= len(sources[name])
        try:
            self._writing = asyncio.ensure_future(asyncio.to_thread(replace_file, self._path, codec.encode(_Stored(sources=sources)), new_mode=0o600))
            await asyncio.shield(self._writing)
            self._failed = False
        except NexoideError as error:
            if not self._failed:
                _log.warning("how far logs were read cannot be kept: %s", error)
            self._failed = True
