"""Failures out of logs: each target's log files and what it prints, followed and read."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexoide.clock import Clock
from nexoide.config import TargetSettings
from nexoide.incidents.files.catalogue import Catalogue, Watched
from nexoide.incidents.files.copies import Place
from nexoide.incidents.files.follower import Follower
from nexoide.incidents.files.names import shown
from nexoide.incidents.files.patterns import Pattern
from nexoide.incidents.logs import LogReader
from nexoide.model.commands import SourceStatus
from nexoide.model.failure import Failure
from nexoide.supervisor.log_places import LogPlaces
from nexoide.supervisor.target_logs import dropped_at_head

PLACES_NAME = "log-places.json"
FINISH_SECONDS = 5.0
"""How long the end of the supervisor waits for what was written last."""
NAMED_FILES = 3
_OUTPUT = "output"

Take = Callable[[Failure, int], object]


@dataclass(slots=True)
class _Source:
    """One target's log files, or what it prints."""

    target: str
    name: str
    watched: Watched
    failures: int = 0

    @property
    def output(self) -> bool:
        return self.name == _OUTPUT


class LogSources:
    """Follows the logs of all targets and gives each failure to `take`; all of it on the event loop.

    `output_of` names the file into which a target prints, `notice` gets sentences for the operator, `keep` runs what goes on for ever. `start`
    belongs before the start of the targets, `close` after their end. Raises UsageError where a pattern is none.
    """

    def __init__(
        self,
        *,
        root: Path,
        state: Path,
        targets: Mapping[str, TargetSettings],
        output_of: Callable[[str], Path],
        take: Take,
        notice: Callable[[str], None],
        clock: Clock,
        keep: Callable[[Callable[[], Coroutine[Any, Any, Any]], str], object],
        log_errors: bool = True,
    ) -> None:
        self._root, self._targets, self._output_of = os.path.realpath(root), targets, output_of
        self._take_failure, self._notice, self._clock, self._keep, self._log_errors = take, notice, clock, keep, log_errors
        self._sources = {source.watched.name: source for name, settings in targets.items() for source in self._sources_of(name, settings)}
        self._places = LogPlaces(state / PLACES_NAME, self._now)
        self._follower: Follower | None = None

    async def start(self) -> None:
        """Find the logs: what is written after this returns is read, and what was written since an earlier supervisor stopped."""
        if not self._sources:
            return
        stored = self._places.load()
        self._follower = Follower(
            [source.watched for source in self._sources.values()],
            self._take,
            notice=self._notice,
            wall=self._clock.wall,
            places={name: self._known(source, stored) for name, source in self._sources.items()},
            fresh=[name for name in self._sources if name not in stored],
            progress=self._places.touched,
        )
        await self._follower.start()
        self._places.touched()
        self._keep(self._follower.run, "Following logs")

    async def close(self) -> None:
        """Read what was written last, tell what was held back, and keep the places."""
        follower = self._follower
        if follower is None:
            return
        await follower.finish(FINISH_SECONDS)
        follower.close()
        await self._places.close()
        self._follower = None

    def sources(self) -> tuple[SourceStatus, ...]:
        """Return what came from each source, in the order of the settings."""
        catalogues = {catalogue.watched.name: catalogue for catalogue in self._follower.catalogues} if self._follower is not None else {}
        return tuple(_status(source, catalogues.get(name)) for name, source in self._sources.items())

    def _sources_of(self, target: str, settings: TargetSettings) -> list[_Source]:
        found = []
        if settings.logs:
            patterns = tuple(Pattern(text, self._root) for text in settings.logs)
            name = ", ".join(settings.logs)
            found.append(_Source(target, name, Watched(f"{target}: {name}", patterns, lambda path: self._reader(target, self._origin(path)))))
        if settings.output:
            pattern = Pattern(str(self._output_of(target)), self._root)
            watched = Watched(f"{target}: {_OUTPUT}", (pattern,), lambda _: self._reader(target, _OUTPUT), dropped_at_head)
            found.append(_Source(target, _OUTPUT, watched))
        return found

    def _reader(self, target: str, origin: str) -> LogReader:
        return LogReader(origin=origin, target=target, log_errors=self._log_errors, source="output" if origin == _OUTPUT else "file")

    def _origin(self, path: str) -> str:
        relative = os.path.relpath(path, self._root)
        return shown(path if relative.startswith("..") else relative)

    def _known(self, source: _Source, stored: Mapping[str, tuple[Place, ...]]) -> tuple[Place, ...]:
        """Return the places of a source, those included that were kept under other patterns of the same target."""
        own = stored.get(source.watched.name)
        if own is not None or source.output:
            return own or ()
        output = f"{source.target}: {_OUTPUT}"
        return tuple(place for name, places in stored.items() if name.startswith(f"{source.target}: ") and name != output for place in places)

    def _now(self) -> dict[str, tuple[Place, ...]]:
        return self._follower.places() if self._follower is not None else {}

    def _take(self, watched: Watched, failure: Failure) -> None:
        source = self._sources[watched.name]
        source.failures += 1
        self._take_failure(failure, 1)


def _status(source: _Source, catalogue: Catalogue | None) -> SourceStatus:
    files = list(catalogue.files.values()) if catalogue is not None else []
    read = [followed for followed in files if not followed.skipped]
    notes = []
    if catalogue is not None and not source.output:
        names = [shown(os.path.basename(followed.path)) for followed in read]  # noqa: PTH119
        more = f" and {len(names) - NAMED_FILES} more" if len(names) > NAMED_FILES else ""
        notes.append(", ".join(names[:NAMED_FILES]) + more if names else "no file matches yet")
        notes += [f"{shown(path)} is not read: {why}" for path, why in list(catalogue.refused.items())[:NAMED_FILES]]
        notes += [f"{shown(followed.path)} is not read: it {followed.skipped}" for followed in files if followed.skipped][:NAMED_FILES]
        notes += [catalogue.left_out] if catalogue.left_out else []
    counts = {"files": len(read), "bytes": sum(followed.bytes_read for followed in files)}
    dropped = sum(followed.dropped for followed in files)
    counts |= {"bytes_dropped": dropped} if dropped else {}
    return SourceStatus(
        name=source.name, kind="output" if source.output else "log", target=source.target, failures=source.failures, note="; ".join(notes), counts=counts
    )
