"""What all targets print, as the control plane gives it out: the last lines, and what is printed from now on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from nexoide.errors import NotFoundError, RefusedError, UsageError
from nexoide.model.target import OutputPiece, TargetDetail
from nexoide.supervisor.targets.output import MAX_CHARACTERS, Cursor, OutputReader, cursor_of
from nexoide.supervisor.targets.service import Targets
from nexoide.supervisor.written import Written

OWN_LOG = "supervisor"
"""Under this name the supervisor's own log is asked for, unless a target has it."""
GATHER_SECONDS = 0.02


class Outputs:
    """The logs of a workspace's targets; `stop` ends every stream, `is_guest` says who attached itself and prints elsewhere."""

    def __init__(self, targets: Targets, stop: asyncio.Event, is_guest: Callable[[str], bool]) -> None:
        self._targets, self._stop, self._is_guest = targets, stop, is_guest

    def detail(self, name: str, lines: int) -> TargetDetail:
        """Return one target as it is this moment; raises NotFoundError."""
        return self._targets.detail(name, lines)

    def last(self, names: Sequence[str], lines: int) -> list[OutputPiece]:
        """Return the last lines of those targets (none named: of all); raises NotFoundError and RefusedError."""
        paths = self._paths(names)
        each = MAX_CHARACTERS // max(1, len(paths))
        return [OutputReader(name, path).history(lines, whole=False, characters=each) for name, path in paths]

    def follow(self, names: Sequence[str], lines: int, after: Sequence[str]) -> AsyncIterator[OutputPiece]:
        """Return the last lines, then all that is printed, until the supervisor ends; from the cursors `after` on where there are any.

        Raises NotFoundError, RefusedError and UsageError before anything is read.
        """
        places = dict(self._cursor(text) for text in after)
        readers = [(OutputReader(name, path, places.get(name)), name in places) for name, path in self._paths(names)]
        return self._follow(readers, lines)

    @staticmethod
    def _cursor(text: str) -> tuple[str, Cursor]:
        found = cursor_of(text)
        if found is None:
            raise UsageError(f"{text[:80]!r} is no place in a log: leave it away to begin with the last lines.")
        return found

    def _paths(self, names: Sequence[str]) -> list[tuple[str, Path]]:
        known = self._targets.names()
        return [(name, self._path(name, known)) for name in dict.fromkeys(names or known)]

    def _path(self, name: str, known: Sequence[str]) -> Path:
        if name in known:
            return self._targets.log_path(name)
        if self._is_guest(name):
            raise RefusedError(f"{name} attached itself and was not started here: it prints where you started it.")
        if name == OWN_LOG:
            return self._targets.workspace.logs / f"{OWN_LOG}.log"
        raise NotFoundError(f"There is no target {name[:80]}; there are: {', '.join(known) or 'none'}.")

    async def _follow(self, readers: list[tuple[OutputReader, bool]], lines: int) -> AsyncIterator[OutputPiece]:
        for reader, resumed in readers:
            if not resumed:
                yield reader.history(lines, whole=True)
        written, stopped = Written(), asyncio.create_task(self._stop.wait())
        try:
            while True:
                told = written.arm([reader.path for reader, _ in readers])
                pieces = [piece for reader, _ in readers if (piece := reader.take(time.time())) is not None]
                for piece in pieces:
                    if piece.lines or piece.dropped:
                        yield piece
                if pieces:
                    told.cancel()
                    await asyncio.sleep(0)  # others must have their turn, however much a program prints
                    continue
                if self._stop.is_set():
                    return
                either: set[asyncio.Future[Any]] = {told, stopped}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(0 if self._stop.is_set() else GATHER_SECONDS)
        finally:
            stopped.cancel()
            written.close()
