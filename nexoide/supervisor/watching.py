"""Files that are saved: what of it is ours, which programs take it over, and the journal of both."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexoide.clock import Clock
from nexoide.config import TargetSettings
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.projection import State
from nexoide.model.reload import Reload
from nexoide.reload import saves
from nexoide.reload.coordinator import FileText, ReloadCoordinator
from nexoide.reload.outcome import Outcome, shown, summary
from nexoide.reload.selection import Selection
from nexoide.supervisor.probes import Probes

if TYPE_CHECKING:
    from nexoide.reload.bursts import Burst
    from nexoide.reload.watcher import Watcher

ACTOR = "watcher"
ENDED = frozenset({"stopped", "exited", "given_up"})
CATCH_UP_SECONDS = (0.2, 1.5)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Part:
    """Those files of a burst that one consumer takes."""

    changed: Mapping[Path, tuple[bytes | None, bytes | None]]
    closed_at: float


class Saves:
    """Watches the workspace for the targets that take saves over; each burst is one journaled transaction a target.

    A burst comes on the watcher's thread, which waits here until it is dealt with; everything else is on the event loop.
    What our own deployments write is known beforehand and causes nothing.
    """

    def __init__(
        self,
        *,
        root: Path,
        targets: Mapping[str, TargetSettings],
        state: State,
        journal: Journal,
        coordinator: ReloadCoordinator,
        probes: Probes,
        clock: Clock,
        restart: Callable[[str], Awaitable[object]],
        notice: Callable[[str, str], Awaitable[object]],
        spawn: Callable[[Coroutine[Any, Any, Any], str], None],
        tell: Callable[[str, TargetSettings, Mapping[Path, str]], Awaitable[Outcome]],
    ) -> None:
        self._root, self._targets, self._state, self._journal, self._clock = root, dict(targets), state, journal, clock
        self._coordinator, self._probes, self._restart, self._notice, self._spawn, self._tell = coordinator, probes, restart, notice, spawn, tell
        self._starting, self._turn = asyncio.Lock(), asyncio.Lock()
        self._ours: dict[Path, str] = {}
        self._count = 0
        self._watcher: Watcher | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def wanted(self) -> bool:
        """Whether any target asks for it."""
        return any(settings.reload or settings.watch for settings in self._targets.values())

    async def start(self) -> None:
        """Begin to watch, where a target asks for it; what lies there now is what every program is taken to run."""
        async with self._starting:
            if self.wanted and self._watcher is None:
                await self._start()

    async def _start(self) -> None:
        from nexoide.reload.watcher import Watcher

        self._loop = asyncio.get_running_loop()
        self._count = self._state.reload_count
        patterns = {pattern.removeprefix("./") for settings in self._targets.values() for pattern in settings.watch}
        self._watcher = Watcher([str(self._root)], self._on_burst, patterns=("*.py", *sorted(patterns)), on_notice=self._on_notice)
        await asyncio.to_thread(self._watcher.start)

    async def close(self) -> None:
        """Watch no longer."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            await asyncio.to_thread(watcher.stop)

    def noticed(self, event: e.Event) -> None:
        """Know of our own deployments what they write, before they write it."""
        body = event.body
        if self._watcher is None:
            return
        if isinstance(body, e.DeploymentStarted):
            self._ours.update({self._root / file.path: file.after_sha256 for file in body.deployment.plan.files})
        elif isinstance(body, e.DeploymentFailed) and body.deployment in self._state.deployments:
            for file in self._state.deployments[body.deployment].plan.files:
                self._ours.pop(self._root / file.path, None)

    # on the watcher's thread

    def _on_burst(self, burst: Burst) -> None:
        loop, watcher = self._loop, self._watcher
        if loop is None or watcher is None or loop.is_closed():
            return
        try:
            refused = asyncio.run_coroutine_threadsafe(self._take(burst), loop).result()
        except asyncio.CancelledError:
            return  # the supervisor ends
        if refused:
            watcher.refused(sorted(refused))

    def _on_notice(self, sentence: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: self._spawn(self._warn(sentence), "Telling of the watcher"))

    async def _warn(self, sentence: str) -> None:
        await self._notice("warning", sentence)

    # on the event loop

    async def _take(self, burst: Burst) -> set[Path]:
        """Deal with one burst; returns the files whose old text goes on running."""
        theirs = {path: pair for path, pair in burst.changed.items() if not self._is_ours(path, pair[1])}
        modules = {path: pair for path, pair in theirs.items() if path.suffix == ".py"}
        work = []
        for name, settings in self._targets.items():
            if modules and settings.reload and self._takes(name):
                work.append(self._reload(name, settings, _Part(modules, burst.closed_at)))
            others = {path: pair for path, pair in theirs.items() if self._watches(settings, path)}
            if others and self._takes(name):
                work.append(self._told(name, settings, _Part(others, burst.closed_at)))
        refused: set[Path] = set()
        async with self._turn:
            for found in await asyncio.gather(*work):
                refused |= found
        return refused

    def _is_ours(self, path: Path, after: bytes | None) -> bool:
        expected = self._ours.pop(path, None)
        return expected is not None and after is not None and hashlib.sha256(after).hexdigest() == expected

    def _takes(self, name: str) -> bool:
        """Whether a target runs at all: one that does not reads what was saved when it starts."""
        status = self._state.targets.get(name)
        return bool(self._probes.attached(name)) or (status is not None and status.state not in ENDED)

    def _watches(self, settings: TargetSettings, path: Path) -> bool:
        if not settings.watch or (settings.reload and path.suffix == ".py"):
            return False
        return Selection(settings.watch).file(path.name, shown(path, self._root))

    async def _begin(self, target: str, part: _Part) -> Reload:
        """Journal the intent: which files, by their hashes, are to be taken over by what."""
        self._count = max(self._count, self._state.reload_count) + 1
        reload = Reload(id=f"L-{self._count}", target=target, files=saves.saved_files(part, self._root), began_at=self._clock.wall())
        await self._journal.append(e.ReloadStarted(reload=reload), actor=ACTOR)
        return reload

    async def _end(self, reload: Reload) -> None:
        body = e.ReloadFinished(
            reload=reload.id,
            state=reload.state,
            summary=reload.summary,
            processes=reload.processes,
            milliseconds=reload.milliseconds,
            restarted=reload.restarted,
        )
        await self._journal.append(body, actor=ACTOR)

    async def _reload(self, name: str, settings: TargetSettings, part: _Part) -> set[Path]:
        taken = await saves.take(part, await self._begin(name, part), self._root, self._coordinator, settings.when)
        restart = settings.restart_on_refusal and taken.needs_restart
        remarked = taken.reload if not taken.remarks else replace(taken.reload, summary=f"{taken.reload.summary} ({taken.remarks[0]})"[:1000])
        await self._end(replace(remarked, restarted=restart))
        if restart:
            await self._restart(name)
            return set()
        return set(part.changed) if taken.outcome.state == "refused" else set()

    async def _told(self, name: str, settings: TargetSettings, part: _Part) -> set[Path]:
        """Tell a program of files that are no modules; they are not tried again where they were not good."""
        reload = await self._begin(name, part)
        hashes = {path: "" if after is None else hashlib.sha256(after).hexdigest() for path, (_, after) in part.changed.items()}
        outcome = await self._tell(name, settings, hashes)
        names = ", ".join(shown(path, self._root) for path in part.changed)
        line = f"{names}: the program was told" if outcome.state == "live" else summary(outcome, list(part.changed), self._root)
        if outcome.notes:
            line = f"{line} ({outcome.notes[0]})"
        await self._end(replace(reload, state=outcome.state, summary=line[:1000], processes=outcome.processes, milliseconds=outcome.milliseconds))
        return set()

    async def attached(self, target: str, pid: int, *, guest: bool) -> None:
        """Go on with a process that has just attached; a guest takes saves over by having attached itself."""
        if guest and target not in self._targets:
            self._targets[target] = TargetSettings(command=(target,), reload=True)
            await self.start()
        await self._catch_up(target, pid)

    async def _catch_up(self, target: str, pid: int) -> None:
        """Bring a process that has just attached to what is on disk: it may have been started, or forked, before the last save."""
        settings = self._targets.get(target)
        if settings is None or not settings.reload or settings.when == "next_start":
            return
        for pause in CATCH_UP_SECONDS:
            await asyncio.sleep(pause)
            async with self._turn:
                behind = await self._behind(target, pid)
                if behind:
                    await self._follow(target, pid, behind)
                    return

    async def _follow(self, target: str, pid: int, behind: Mapping[Path, bytes]) -> None:
        files = [FileText(path=path, base=None, new=content.decode("utf-8", "replace")) for path, content in behind.items()]
        reload = await self._begin(target, _Part({path: (None, content) for path, content in behind.items()}, 0.0))
        outcome = await self._coordinator.follow(target, files, [pid])
        line = f"process {pid} attached with older code: {summary(outcome, list(behind), self._root)}"
        await self._end(replace(reload, state=outcome.state, summary=line[:1000], processes=outcome.processes, milliseconds=outcome.milliseconds))

    async def _behind(self, target: str, pid: int) -> dict[Path, bytes]:
        """Return the files of which a process runs another text than what is on disk, but for what is staged for its next start."""
        live = (await self._probes.modules(target, only=frozenset({pid}))).get(pid, ())
        staged = {self._root / file.path for item in self._state.deployments.values() if item.state == "not_live" for file in item.plan.files}
        wanted = {Path(item.path): item.sha256 for item in live if item.sha256 and item.path.endswith(".py")}
        inside = {path: sha for path, sha in wanted.items() if path.is_relative_to(self._root) and path not in staged}
        differing = await asyncio.to_thread(_differing, inside)
        settled = {path: self._watcher.live(path) if self._watcher is not None else None for path in differing}
        # What lies there and is not settled has just been saved: it comes as a burst of its own.
        return {path: content for path, content in differing.items() if settled[path] in {None, content}}


def _differing(live: Mapping[Path, str]) -> dict[Path, bytes]:
    found = {}
    for path, sha256 in live.items():
        try:
            content = path.read_bytes()
        except OSError:
            continue
        if len(content) <= saves.MAX_FILE_BYTES and hashlib.sha256(content).hexdigest() != sha256:
            found[path] = content
    return found
