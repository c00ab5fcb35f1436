"""Runs of the failing command: each in a fresh copy of the folder, confined, with the probe attached, seen at the folder's own path."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

from nexoide import probe
from nexoide.heal.captured import failures
from nexoide.heal.command import Invocation
from nexoide.heal.copying import copy_folder, put
from nexoide.repair.validation.trial import Observation
from nexoide.sandbox import scratch
from nexoide.sandbox.confinement import Held, chosen
from nexoide.sandbox.interpreter import Interpreter
from nexoide.sandbox.process import Ended, execute
from nexoide.sandbox.profile import Limits, Profile

PROBE = Path(probe.__file__).resolve().parent
HEAD, TAIL = 64 << 10, 192 << 10
MEMORY_MB = 4096
CAUGHT = "NEXOIDE_PROBE_CAUGHT"
MAX_CLOSER = 3


class Stage:
    """A folder as it was when it was first copied, on which one command is run as often as wanted.

    Must be entered before use and left afterwards, whatever happened; then nothing of it is on the disk.
    """

    def __init__(self, root: Path, run: Invocation, *, timeout: float) -> None:
        self.root, self._run, self._timeout = root, run, timeout
        self._own: Path | None = None

    async def __aenter__(self) -> Self:
        """Make the copy; raises RefusedError where the folder is too large."""
        self._own = scratch.make()
        try:
            await asyncio.to_thread(copy_folder, self.root, self.base)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Remove all copies."""
        own, self._own = self._own, None
        if own is not None:
            await asyncio.shield(asyncio.to_thread(scratch.remove, own))

    @property
    def base(self) -> Path:
        """The copy that is never run."""
        assert self._own is not None
        return self._own / "base"

    def patched(self, changes: Mapping[str, bytes]) -> Path:
        """Return a new copy with a patch's files in it, to be read and not to be run."""
        assert self._own is not None
        number = sum(1 for _ in self._own.iterdir())
        folder = self._own / f"patched-{number}"
        copy_folder(self.base, folder)
        put(folder, changes)
        return folder

    async def observe(self, changes: Mapping[str, bytes] | None = None) -> Observation:
        """Run the command with some files changed and return what it showed. Cancelling ends the run first."""
        return await observe(self.base, changes or {}, self._run, seen_as=self.root, timeout=self._timeout)

    async def look_closer(self, seen: Observation) -> Observation:
        """Return what a run showed that ended badly without a word, with what the program last caught itself: it is run again for that."""
        run = replace(self._run, env={**self._run.env, CAUGHT: "1"})
        again = await observe(self.base, {}, run, seen_as=self.root, timeout=self._timeout)
        return replace(seen, failures=again.failures[:MAX_CLOSER]) if again.exit_code == seen.exit_code else seen


async def observe(folder: Path, changes: Mapping[str, bytes], run: Invocation, *, seen_as: Path, timeout: float) -> Observation:
    """Run a command in a copy of `folder` with `changes`, as if it lay at `seen_as`; a run that could not begin has a `problem`.

    Raises UnavailableError where no sandbox can run anything.
    """
    held = await chosen()
    async with scratch.folder() as own:
        copy, report = own / "copy", own / "report"
        await asyncio.to_thread(_prepare, folder, copy, report, changes)
        prepared = held.launcher.prepare(_profile(copy, report, run, seen_as, own, timeout))
        try:
            ended = await execute(prepared, timeout=timeout, head=HEAD, tail=TAIL)
        finally:
            await asyncio.shield(asyncio.to_thread(prepared.close))
        return await asyncio.to_thread(_observation, ended, report / "failures", held, timeout)


def _prepare(folder: Path, copy: Path, report: Path, changes: Mapping[str, bytes]) -> None:
    copy_folder(folder, copy)
    put(copy, changes)
    report.mkdir(mode=0o700)


def _profile(copy: Path, report: Path, run: Invocation, seen_as: Path, own: Path, timeout: float) -> Profile:
    env = {name: value for name, value in run.env.items() if "\0" not in name + value}
    env |= {"NEXOIDE_PROBE": "1", "NEXOIDE_PROBE_FILE": str(report / "failures"), "NEXOIDE_PROBE_ROOT": str(seen_as)}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PROBE / "bootstrap"), env.get("PYTHONPATH", "")]))
    needed = (*run.python.roots, *run.readable)
    return Profile(
        command=run.words,
        folder=copy,
        env=env,
        scratch=own,
        readable=(*(path for path in needed if not _is_original(path, seen_as, run.python)), PROBE),
        writable=(report,),
        seen_as=seen_as,
        limits=Limits(memory_mb=MEMORY_MB, cpu_seconds=math.ceil(timeout) + 1),
    )


def _is_original(path: Path, seen_as: Path, python: Interpreter) -> bool:
    """Say whether a path is part of what the copy stands for, and no environment that is kept in it."""
    if not path.is_relative_to(seen_as):
        return False
    return not (path.is_relative_to(python.prefix) and python.prefix != seen_as)


def _observation(ended: Ended, file: Path, held: Held, timeout: float) -> Observation:
    problem = held.launcher.started(ended.status) if ended.stopped == "" else ""
    if ended.stopped == "output":
        problem = "The command was stopped: it printed without end."
    elif ended.stopped == "timeout":
        problem = f"The command was stopped after {timeout:g} s."
    code = None if problem else ended.exit_code
    return Observation(
        exit_code=code,
        seconds=ended.seconds,
        output=ended.output,
        failures=failures(file, ended.output, 1 if code is None else code),
        timed_out=ended.stopped == "timeout",
        confined=held.confinement.sentence,
        problem=problem,
    )
