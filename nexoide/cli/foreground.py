"""A supervised program in the foreground: one line per event until it ends."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from nexoide.cli import launch
from nexoide.cli.describe import line_of
from nexoide.cli.output import emit, emit_sentence
from nexoide.client.commands import Client
from nexoide.errors import UnavailableError
from nexoide.model import event as e
from nexoide.model.codec import to_builtins
from nexoide.model.projection import State
from nexoide.workspace import Workspace

ENDED = frozenset({"exited", "given_up", "stopped"})
LAST_WORDS_SECONDS = 15.0
"""How long it is waited, after the program ended, for the patches of what made it end."""


def run_in_foreground(where: Workspace, config: Path, target: str, *, as_json: bool) -> int:
    """Start the supervisor, print its events until the program ends, end the supervisor; return the program's exit code."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        pid, _ = launch.start(where, config)
        try:
            follower = _Follower(pid, target, as_json=as_json)
            asyncio.run(follower.follow(where))
        finally:
            if launch.running_pid(where):
                launch.stop(where)
    finally:
        signal.signal(signal.SIGTERM, before)
    waiting = [patch.id for patch in follower.state.waiting()]
    if waiting:
        decide = f"'nexoide up' in {where.root}, then 'nexoide patches show {waiting[0]}'"
        emit_sentence(f"nexoide: {', '.join(waiting)} {'waits' if len(waiting) == 1 else 'wait'} for your decision: {decide}.")
    return follower.code


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class _Follower:
    """Prints what this supervisor (not earlier ones of the workspace) journals, and notices the program's end."""

    def __init__(self, supervisor: int, target: str, *, as_json: bool) -> None:
        self.state = State()
        self.code = 0
        self._supervisor, self._target, self._as_json = supervisor, target, as_json
        self._ours = self._ended = False
        self._changed = asyncio.Event()
        self._lost = False

    async def follow(self, where: Workspace) -> None:
        """Return when the program ended and what made it end was looked at; raises UnavailableError where the supervisor is gone."""
        reader = asyncio.create_task(self._read(where))
        reader.add_done_callback(lambda _: self._changed.set())
        try:
            await self._until_ended(where, reader)
            async with asyncio.timeout(LAST_WORDS_SECONDS):
                while self._unfinished() and not reader.done():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass  # the rest is in the journal
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    async def _until_ended(self, where: Workspace, reader: asyncio.Task[None]) -> None:
        while not self._ended:
            if reader.done():
                reader.result()
            if self._lost and not await asyncio.to_thread(launch.running_pid, where):
                raise UnavailableError(f"The supervisor ended before its program did: see {where.logs / launch.LOG_NAME}.")
            self._changed.clear()
            await self._changed.wait()

    async def _read(self, where: Workspace) -> None:
        async for event in Client(where.socket).stream(0, self._on_state):
            self.state.apply(event)
            if isinstance(event.body, e.SupervisorStarted):
                self._ours = event.body.pid == self._supervisor
            if self._ours:
                self._take(event)
            self._changed.set()

    def _on_state(self, state: str) -> None:
        self._lost = state == "lost"
        self._changed.set()

    def _take(self, event: e.Event) -> None:
        if self._as_json:
            sys.stdout.write(json.dumps(to_builtins(event)) + "\n")
        else:
            emit(line_of(event))
        sys.stdout.flush()
        body = event.body
        if isinstance(body, e.TargetChanged) and body.target.name == self._target and body.target.state in ENDED:
            self._ended = True
            self.code = _shell_code(body.target.exit_code)

    def _unfinished(self) -> bool:
        """Whether an incident is still being looked at: neither a patch that waits or was refused, nor a note why there is none."""
        settled = {patch.incident for patch in self.state.patches.values() if patch.state != "proposed"}
        return any(incident.state == "open" and incident.id not in settled and not incident.note for incident in self.state.incidents.values())


def _shell_code(code: int | None) -> int:
    """Return a program's exit code as a shell has it: 128 and the signal's number where a signal ended it, 1 where it is unknown."""
    if code is None:
        return 1
    return 128 - code if code < 0 else code
