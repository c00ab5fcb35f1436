"""One reload transaction over every process of a target: prepared everywhere, then committed everywhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from nexoide.model.reload import When
from nexoide.reload.outcome import Outcome, ReplyLike, judge

__all__ = ["FileText", "Outcome", "Processes", "ReloadCoordinator", "ReplyLike", "watch_lines"]

REHEARSAL_SECONDS = 5.0
COMMIT_SECONDS = 15.0
BOUND_SECONDS = 10.0
"""How long a process waits for a moment in which nothing of the change is being run, where that is asked for."""

Wire = Sequence[Mapping[str, str | None]]


class Processes(Protocol):
    """The connections to the probes of all targets."""

    def attached(self, target: str) -> tuple[int, ...]:
        """Return the pids whose probes are connected."""

    async def reload(
        self,
        target: str,
        files: Wire,
        watch: Mapping[str, Any] | None,
        dry_run: bool,
        timeout: float,
        when: str = "auto",
        bound: float | None = None,
        only: frozenset[int] | None = None,
    ) -> Sequence[ReplyLike]:
        """Send one reload to every attached process (or to `only` those) and return one reply a process."""

    async def prepare(self, target: str, files: Wire, *, when: str, bound: float | None, timeout: float) -> tuple[int, Sequence[ReplyLike]]:
        """Have everything got ready under a number."""

    async def commit(self, target: str, number: int, watch: Mapping[str, Any] | None, *, pids: Sequence[int], timeout: float) -> Sequence[ReplyLike]:
        """Have what was prepared taken over by those processes."""

    async def abort(self, target: str, number: int) -> None:
        """Have what was prepared forgotten."""

    async def explain(self, target: str, files: Wire, *, timeout: float = REHEARSAL_SECONDS) -> Sequence[ReplyLike]:
        """Ask what a reload would do."""

    async def unwatch(self, target: str, watch: str) -> None:
        """Stop counting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """One file of a transaction: absolute path, text before and after; None: not known (before), not there (after)."""

    path: Path
    base: str | None
    new: str | None

    @property
    def wire(self) -> dict[str, str | None]:
        """The file as the probe's protocol has it."""
        return {"path": str(self.path), "base": self.base, "new": self.new}


def watch_lines(files: Mapping[Path, Sequence[tuple[int, int]]], watch_id: str) -> dict[str, Any]:
    """Return the probe's `watch` object: which healed lines (1-based, inclusive) it counts the executions of."""
    return {"id": watch_id, "lines": {str(path): [list(span) for span in spans] for path, spans in files.items()}}


class ReloadCoordinator:
    """Brings new code into every process of a target, or into none; one transaction a target at a time."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._locks: dict[str, asyncio.Lock] = {}

    def attached(self, target: str) -> tuple[int, ...]:
        """Return the pids of the target's attached processes."""
        return self._processes.attached(target)

    async def rehearse(self, target: str, files: Sequence[FileText]) -> Outcome:
        """Prepare everywhere without touching anything, and say whether the real thing would go through."""
        async with self._lock(target):
            began = time.monotonic()
            return judge(target, await self._processes.explain(target, _wire(files), timeout=REHEARSAL_SECONDS), _since(began))

    async def deploy(self, target: str, files: Sequence[FileText], watch: dict[str, Any] | None, *, when: When = "auto") -> Outcome:
        """Bring the new code in. A process that refuses keeps all others as they are; one that ends is no hindrance."""
        async with self._lock(target):
            pids = self._processes.attached(target)
            bound = BOUND_SECONDS if when in {"auto", "quiescent"} else None
            seconds = COMMIT_SECONDS + (bound or 0.0)
            began = time.monotonic()
            if len(pids) < 2:
                replies = await self._processes.reload(target, _wire(files), watch, dry_run=False, timeout=seconds, when=when, bound=bound)
                return judge(target, replies, _since(began))
            return await self._in_two_steps(target, files, watch, when, bound)

    async def follow(self, target: str, files: Sequence[FileText], pids: Sequence[int]) -> Outcome:
        """Bring processes that have just attached to where the others are."""
        async with self._lock(target):
            began = time.monotonic()
            replies = await self._processes.reload(target, _wire(files), None, dry_run=False, timeout=COMMIT_SECONDS, only=frozenset(pids))
            return judge(target, replies, _since(began))

    async def unwatch(self, target: str, watch: str) -> None:
        """Stop counting the executions of healed lines."""
        await self._processes.unwatch(target, watch)

    def _lock(self, target: str) -> asyncio.Lock:
        return self._locks.setdefault(target, asyncio.Lock())

    async def _in_two_steps(self, target: str, files: Sequence[FileText], watch: dict[str, Any] | None, when: When, bound: float | None) -> Outcome:
        began = time.monotonic()
        seconds = REHEARSAL_SECONDS + (bound or 0.0)
        number, prepared = await self._processes.prepare(target, _wire(files), when=when, bound=bound, timeout=seconds)
        there = judge(target, prepared, _since(began))
        if there.state not in {"live", "not_loaded"}:
            await self._processes.abort(target, number)
            return there
        pids = [reply.pid for reply in prepared if reply.ok]
        replies = await self._processes.commit(target, number, watch, pids=pids, timeout=COMMIT_SECONDS + (bound or 0.0))
        if any(not reply.ok and not reply.gone for reply in replies):
            await self._undo(target, files, [reply.pid for reply in replies if reply.state == "committed"])
        return judge(target, replies, _since(began))

    async def _undo(self, target: str, files: Sequence[FileText], pids: Sequence[int]) -> None:
        backwards = [FileText(path=file.path, base=file.new, new=file.base).wire for file in files if file.base is not None and file.new is not None]
        if pids and backwards:
            await self._processes.reload(target, backwards, None, dry_run=False, timeout=COMMIT_SECONDS, when="now", only=frozenset(pids))


def _wire(files: Sequence[FileText]) -> list[dict[str, str | None]]:
    return [file.wire for file in files]


def _since(began: float) -> float:
    return (time.monotonic() - began) * 1000
