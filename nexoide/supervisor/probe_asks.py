"""What the supervisor may ask of the probes: to reload (at once, or prepared and committed apart), to explain, and what is live."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from nexoide.supervisor.probe_connection import Connection, LiveModule, Reply
from nexoide.supervisor.probe_wire import ASKED, VERSION, frame

SEND_SECONDS = 5.0
ASK_SECONDS = 5.0

Files = Sequence[Mapping[str, str | None]]
"""Files of a transaction as the wire has them: absolute path, text before, text after; None: not known, or not there."""


def _files(files: Files) -> list[dict[str, str | None]]:
    return [dict(file) for file in files]


class Asking:
    """The questions; each goes to every attached process of a target, and comes back as one reply a process, in the order of pids.

    A process that dies or does not answer within `timeout` seconds has a reply that is not ok and says so; where it could
    still commit, its connection is ended, so that it attaches anew and can be brought to what is on disk.
    """

    _next = 0

    def connections(self, target: str) -> list[Connection]:
        """Return the connections of a target's processes."""
        raise NotImplementedError

    async def reload(
        self,
        target: str,
        files: Files,
        watch: Mapping[str, Any] | None,
        dry_run: bool,
        timeout: float,
        when: str = "auto",
        bound: float | None = None,
        only: frozenset[int] | None = None,
    ) -> list[Reply]:
        """Ask to take over `files` in one step. Raises UsageError where they are more than a message may hold."""
        message: dict[str, Any] = {"t": "reload", "dry_run": dry_run, "files": _files(files), "watch": dict(watch) if watch is not None else None}
        return await self._each(target, message | _pace(when, bound), timeout, commits=not dry_run, only=only)

    async def prepare(self, target: str, files: Files, *, when: str, bound: float | None, timeout: float) -> tuple[int, list[Reply]]:
        """Ask to get everything ready, touching nothing; returns the number under which it is kept. Raises UsageError as `reload`."""
        self._next += 1
        number = self._next
        return number, await self._each(target, {"t": "prepare", "files": _files(files)} | _pace(when, bound), timeout, number=number)

    async def commit(self, target: str, number: int, watch: Mapping[str, Any] | None, *, pids: Sequence[int], timeout: float) -> list[Reply]:
        """Ask those that prepared it to take it over."""
        message = {"t": "commit", "watch": dict(watch) if watch is not None else None}
        return await self._each(target, message, timeout, commits=True, number=number, only=frozenset(pids))

    async def abort(self, target: str, number: int) -> None:
        """Let go of what was prepared, everywhere; nobody waits for an answer."""
        await self._tell(target, {"t": "abort", "id": number})

    async def explain(self, target: str, files: Files, *, timeout: float = ASK_SECONDS) -> list[Reply]:
        """Ask what a reload would do to each definition, touching nothing."""
        return await self._each(target, {"t": "explain", "files": _files(files)}, timeout)

    async def replay(self, target: str, files: Files, error: tuple[str, str, int], *, only: frozenset[int] | None, seconds: float = 1.0) -> list[Reply]:
        """Ask to make the call that failed again, in a forked copy, with and without `files`; `error` is its type, file and line."""
        kind, file, line = error
        message = {"t": "replay", "files": _files(files), "error": {"type": kind, "file": file, "line": line}, "seconds": seconds}
        return await self._each(target, message, 4 * seconds + 2.0, only=only)

    async def modules(self, target: str, paths: Sequence[str] = (), *, only: frozenset[int] | None = None) -> dict[int, tuple[LiveModule, ...]]:
        """Ask which texts run (of all modules, or of `paths`); processes that did not answer are left out."""
        replies = await self._each(target, {"t": "modules", "paths": list(paths)}, ASK_SECONDS, only=only)
        return {reply.pid: reply.modules for reply in replies if reply.ok}

    async def changed(self, target: str, paths: Sequence[Mapping[str, str]]) -> list[Reply]:
        """Say that watched files that are no modules changed (`path`, `sha256`): the program's callbacks for them run."""
        return await self._each(target, {"t": "changed", "paths": [dict(item) for item in paths]}, ASK_SECONDS)

    async def unwatch(self, target: str, watch: str) -> None:
        """Ask every attached process of a target to count passes no longer."""
        await self._tell(target, {"t": "unwatch", "watch": watch})

    async def _each(
        self,
        target: str,
        message: Mapping[str, Any],
        timeout: float,
        *,
        commits: bool = False,
        number: int = 0,
        only: frozenset[int] | None = None,
    ) -> list[Reply]:
        if not number:
            self._next += 1
            number = self._next
        raw = frame({**message, "id": number})
        those = sorted(self.connections(target), key=lambda connection: connection.peer.pid)
        wanted = [connection for connection in those if only is None or connection.peer.pid in only]
        return list(await asyncio.gather(*(_ask(connection, number, raw, timeout, commits=commits) for connection in wanted)))

    async def _tell(self, target: str, message: Mapping[str, Any]) -> None:
        raw = frame(message)
        for connection in self.connections(target):
            if not _understands(connection):
                continue
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await connection.send(raw)
            except (OSError, TimeoutError):
                continue  # gone or stuck: then it keeps nothing that matters any more


def _pace(when: str, bound: float | None) -> dict[str, Any]:
    found: dict[str, Any] = {} if when == "auto" else {"when": when}
    return found if bound is None else {**found, "bound": bound}


def _understands(connection: Connection) -> bool:
    return connection.hello.get("v") in ASKED


async def _ask(connection: Connection, number: int, message: bytes, seconds: float, *, commits: bool) -> Reply:
    pid = connection.peer.pid
    if not _understands(connection):
        spoken = connection.hello.get("v")
        return Reply(pid, False, error=f"it carries the probe of another nexoide (protocol {spoken}, this one speaks {VERSION}): restart the program")
    waiting: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    connection.waiting[number] = waiting
    try:
        async with asyncio.timeout(seconds):
            await connection.send(message)
            return await waiting
    except TimeoutError:
        # It may still take the reload over when it reads again. Only a new hello makes it known as it then is.
        if commits or connection.writer.transport.get_write_buffer_size():
            connection.writer.transport.abort()
        return Reply(pid, False, error=f"process {pid} did not answer within {seconds:g} s: it may be blocked or stopped; look at its log, then try again")
    except OSError as error:
        return Reply(pid, False, error=f"process {pid} ended or let go before it answered ({error.strerror or 'connection lost'})", gone=True)
    finally:
        connection.waiting.pop(number, None)
