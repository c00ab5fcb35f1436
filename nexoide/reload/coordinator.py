"""One reload transaction over every process of a target: prepared everywhere, then committed everywhere."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

REHEARSAL_SECONDS = 5.0
COMMIT_SECONDS = 15.0


class ReplyLike(Protocol):
    """What one process answers to a reload."""

    @property
    def pid(self) -> int:
        """The process."""

    @property
    def ok(self) -> bool:
        """Whether it could be done."""

    @property
    def state(self) -> str:
        """One of committed, already, prepared, not_loaded."""

    @property
    def changed(self) -> tuple[str, ...]:
        """The definitions taken over."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What goes on with old code, and why."""

    @property
    def error(self) -> str:
        """One sentence where it could not be done."""


class Processes(Protocol):
    """The connections to the probes of all targets."""

    def attached(self, target: str) -> tuple[int, ...]:
        """Return the pids whose probes are connected."""

    async def reload(self, target: str, files: list[dict[str, str]], watch: dict[str, Any] | None, *, dry_run: bool, timeout: float) -> Sequence[ReplyLike]:
        """Send one reload to every attached process and return one reply a process."""

    async def unwatch(self, target: str, watch: str) -> None:
        """Stop counting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """One file of a transaction: absolute path, text before and after."""

    path: Path
    base: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a transaction (or its rehearsal) came to over all processes.

    `state` is `live` where every process runs the new code and at least one had it loaded, `not_loaded` where no
    process has the files imported, `absent` where no process is attached, `refused` where none was touched.
    """

    state: str
    pids: tuple[int, ...] = ()
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sentence: str = ""
    milliseconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way."""
        return self.state in {"live", "not_loaded"}


def _distinct(groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def watch_lines(files: Mapping[Path, Sequence[tuple[int, int]]], watch_id: str) -> dict[str, Any]:
    """Return the probe's `watch` object: which healed lines (1-based, inclusive) it counts the executions of."""
    return {"id": watch_id, "lines": {str(path): [list(span) for span in spans] for path, spans in files.items()}}


class ReloadCoordinator:
    """Brings new code into every process of a target, or into none."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def attached(self, target: str) -> tuple[int, ...]:
        """Return the pids of the target's attached processes."""
        return self._processes.attached(target)

    async def rehearse(self, target: str, files: Sequence[FileText]) -> Outcome:
        """Prepare everywhere without touching anything, and say whether the real thing would go through."""
        return await self._send(target, files, None, dry_run=True)

    async def deploy(self, target: str, files: Sequence[FileText], watch: dict[str, Any] | None) -> Outcome:
        """Prepare everywhere; where all agree, commit everywhere. A process that refuses keeps all others as they are."""
        if len(self._processes.attached(target)) > 1:
            prepared = await self._send(target, files, None, dry_run=True)
            if not prepared.ok:
                return prepared
        return await self._send(target, files, watch, dry_run=False)

    async def unwatch(self, target: str, watch: str) -> None:
        """Stop counting the executions of healed lines."""
        await self._processes.unwatch(target, watch)

    async def _send(self, target: str, files: Sequence[FileText], watch: dict[str, Any] | None, *, dry_run: bool) -> Outcome:
        if not self._processes.attached(target):
            return Outcome(state="absent", sentence=f"No process of {target} is attached.")
        wire = [{"path": str(file.path), "base": file.base, "new": file.new} for file in files]
        began = time.monotonic()
        replies = await self._processes.reload(target, wire, watch, dry_run=dry_run, timeout=REHEARSAL_SECONDS if dry_run else COMMIT_SECONDS)
        spent = (time.monotonic() - began) * 1000
        if not dry_run and any(not reply.ok for reply in replies) and any(reply.state == "committed" for reply in replies):
            await self._undo(target, files)
        return _judge(target, replies, spent)

    async def _undo(self, target: str, files: Sequence[FileText]) -> None:
        backwards = [{"path": str(file.path), "base": file.new, "new": file.base} for file in files]
        await self._processes.reload(target, backwards, None, dry_run=False, timeout=COMMIT_SECONDS)


def _judge(target: str, replies: Sequence[ReplyLike], milliseconds: float) -> Outcome:
    refusals = [reply for reply in replies if not reply.ok]
    if not replies:
        return Outcome(state="absent", sentence=f"No process of {target} is attached.", milliseconds=milliseconds)
    if refusals:
        first = refusals[0]
        return Outcome(state="refused", pids=tuple(reply.pid for reply in refusals), sentence=f"Process {first.pid}: {first.error}", milliseconds=milliseconds)
    loaded = [reply for reply in replies if reply.state != "not_loaded"]
    if not loaded:
        return Outcome(state="not_loaded", sentence="No running process has imported these files yet.", milliseconds=milliseconds)
    return Outcome(
        state="live",
        pids=tuple(reply.pid for reply in loaded),
        changed=_distinct([reply.changed for reply in loaded]),
        notes=_distinct([reply.notes for reply in loaded]),
        milliseconds=milliseconds,
    )
