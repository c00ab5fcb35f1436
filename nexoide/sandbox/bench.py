"""A warm sandbox on a copy of a project: each job is a fork of an interpreter that is already there, on a clean tree.

One process of the target's own Python waits inside; a job costs a fork instead of a sandbox, a start and its imports.
Jobs run one at a time, each in a process of its own, which is ended with everything it started before the next begins.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nexoide.errors import UnavailableError
from nexoide.sandbox import scratch
from nexoide.sandbox.confinement import Confinement, Held, chosen
from nexoide.sandbox.copies import Copy
from nexoide.sandbox.interpreter import Interpreter
from nexoide.sandbox.launch import Launcher, Prepared
from nexoide.sandbox.process import Ended, execute
from nexoide.sandbox.profile import Limits, Profile, base_environment, checked_folder
from nexoide.sandbox.report import Read, read_report

_INSIDE = Path(__file__).resolve().parent / "inside"
_START = 15.0
_LIFE = 3600.0
_GRACE = 4.0  # seconds beyond a job's own limit in which the bench must have answered
_MAX_FRAME = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """What came out of one job.

    `exit_code` is None where the job could not be run, and `problem` says why; a negative one is the signal that ended it.
    `rows` is what the job said, line by line; `written` maps what it wrote in the copy to a digest. `seconds` is wall time.
    """

    exit_code: int | None
    seconds: float = 0.0
    timed_out: bool = False
    out: str = ""
    error: str = ""
    rows: tuple[dict[str, Any], ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPlan:
    """A bench to be: `root` is the project (never written to), `python` runs it, `borrowed` are package folders that it lends.

    `warm` are installed modules that are imported once for all jobs.
    """

    root: Path
    python: Interpreter
    env: Mapping[str, str] = field(default_factory=dict)
    borrowed: tuple[Path, ...] = ()
    warm: tuple[str, ...] = ()
    memory_mb: int = 2048
    cpu_seconds: int = 300


@contextlib.asynccontextmanager
async def bench(plan: BenchPlan, *, launcher: Launcher | None = None) -> AsyncIterator[Bench]:
    """Lend a warm bench; raises UnavailableError where none can be had, RefusedError where the project cannot be copied."""
    held = await chosen(launcher)
    async with scratch.folder() as own:
        place = own / "copy"
        place.mkdir()
        copy = await asyncio.to_thread(Copy, plan.root.resolve(), place)
        own_bench = Bench(plan, copy, own, held)
        try:
            await own_bench.start()
            yield own_bench
        finally:
            await asyncio.shield(own_bench.close())


class Bench:
    """See `bench`, which makes and ends it."""

    def __init__(self, plan: BenchPlan, copy: Copy, own: Path, held: Held) -> None:
        self.plan, self.copy, self._own, self._held = plan, copy, own, held
        self._report = own / "report"
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[Ended] | None = None
        self._prepared: Prepared | None = None
        self._asks = self._answers = -1
        self._reader = asyncio.StreamReader()
        self._transport: asyncio.ReadTransport | None = None
        self.warm: tuple[str, ...] = ()
        self.learnt = False
        self._reports = 0

    @property
    def confinement(self) -> Confinement:
        """What the sandbox around every job holds."""
        return self._held.confinement

    @property
    def alive(self) -> bool:
        """Whether further jobs can be run."""
        return self._running is not None and not self._running.done()

    async def start(self) -> None:
        """Start the process inside; raises UnavailableError where it does not answer."""
        self._report.mkdir(mode=0o700)
        asked, self._asks = os.pipe()
        self._answers, answering = os.pipe()
        try:
            self._prepared = self._held.launcher.prepare(self._profile(asked, answering))
            self._running = asyncio.ensure_future(execute(self._prepared, timeout=_LIFE))
            loop = asyncio.get_running_loop()
            stream = os.fdopen(self._answers, "rb", buffering=0)
            self._answers = -1
            self._transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(self._reader), stream)
            said = await self._next(_START)
        finally:  # the process inside has its own by now, or never will
            os.close(asked)
            os.close(answering)
        self.warm = tuple(str(name) for name in said.get("warm", ()))

    async def run(self, kind: str, *, files: Mapping[str, bytes] | None = None, timeout: float = 30.0, **words: object) -> JobResult:
        """Run one job on the copy with `files` laid over it; the copy is as before afterwards.

        A job that could not be run is a result with a `problem`. Raises RefusedError where the project itself changed meanwhile.
        """
        async with self._turn:
            if not self.alive:
                return JobResult(exit_code=None, problem="The sandbox has ended: something that ran in it took it down.")
            ours = dict(files or {})
            try:
                await asyncio.to_thread(self._lay, ours)
                try:
                    said = await self._ask({"kind": kind, "timeout": timeout, "cwd": str(self._seen_as), **words}, timeout)
                except BaseException:
                    await self._end()
                    raise
                written = await asyncio.to_thread(self.copy.restore, ours)
            except UnavailableError as error:
                return JobResult(exit_code=None, problem=error.sentence)
            except OSError as error:
                await self._end()
                return JobResult(exit_code=None, problem=f"The copy of the project could not be prepared: {error}.")
        return _result(said, written)

    async def learn(self, modules: Sequence[str]) -> None:
        """Import installed modules once for all later jobs, where a job was seen to need them; what cannot be imported is left."""
        self.learnt = True
        async with self._turn:
            if self.alive and modules:
                await self._ask({"kind": "warm", "modules": list(modules), "cwd": str(self._seen_as)}, _START)

    def report_path(self) -> Path:
        """Return a place for a report file that a job may write: a new one each time."""
        self._reports += 1
        return self._report / f"outcomes-{self._reports}"

    @staticmethod
    def read_report(path: Path) -> Read:
        """Return what a report file says, bounded and checked; the file is gone afterwards."""
        found = read_report(path)
        with contextlib.suppress(OSError):
            path.unlink()
        return found

    def seen(self, path: str) -> str:
        """Return a project file's place as a job sees it."""
        return str(self._seen_as / path)

    async def close(self) -> None:
        """End the process inside with all it started."""
        await self._end()
        if self._transport is not None:
            self._transport.close()
        for descriptor in (self._asks, self._answers):
            if descriptor >= 0:
                os.close(descriptor)
        self._asks = self._answers = -1
        if self._prepared is not None:
            await asyncio.to_thread(self._prepared.close)
            self._prepared = None

    @property
    def kept(self) -> str:
        """A folder outside the copy that jobs may write to, for caches that stay from job to job."""
        return str(self._report)

    @property
    def _seen_as(self) -> Path:
        return self.copy.source

    def _lay(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            self.copy.write(path, data)

    async def _ask(self, job: dict[str, object], timeout: float) -> dict[str, Any]:
        body = json.dumps(job).encode()
        await asyncio.to_thread(_write_all, self._asks, struct.pack(">I", len(body)) + body)
        return await self._next(timeout + _GRACE)

    async def _next(self, timeout: float) -> dict[str, Any]:
        """Return the next answer; raises UnavailableError where the process inside ends or says nothing in time."""
        assert self._running is not None
        frame = asyncio.ensure_future(self._frame())
        try:
            await asyncio.wait({frame, self._running}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if frame.done():
                return frame.result()
            why = "" if self._running.done() else " in time"
        except (asyncio.IncompleteReadError, ValueError):
            why = ""
        finally:
            frame.cancel()
        await self._end()
        raise UnavailableError(f"The sandbox did not answer{why}: what ran in it took it down, or the machine is too busy.")

    async def _frame(self) -> dict[str, Any]:
        size = struct.unpack(">I", await self._reader.readexactly(4))[0]
        if size > _MAX_FRAME:
            raise ValueError(size)
        found = json.loads(await self._reader.readexactly(size))
        if not isinstance(found, dict):
            raise ValueError(found)  # noqa: TRY004  (of an answer, like any other that is wrong)
        return found

    async def _end(self) -> None:
        if self._running is not None and not self._running.done():
            self._running.cancel()
            await asyncio.wait({self._running})

    def _profile(self, asked: int, answering: int) -> Profile:
        plan, root = self.plan, self.copy.source
        folder = checked_folder(self.copy.place)
        env = {**base_environment(plan.python.executable.parent), **{name: value for name, value in plan.env.items() if not name.startswith("NEXOIDE_")}}
        path = os.pathsep.join(filter(None, [*(str(entry) for entry in plan.borrowed), env.get("PYTHONPATH", "")]))
        if path:
            env["PYTHONPATH"] = path
        python = plan.python
        roots = tuple(entry for entry in (*python.roots, *plan.borrowed) if not _stands_for(entry, root, python))
        return Profile(
            command=(str(python.executable), "-B", str(_INSIDE / "nexoide_bench.py"), str(asked), str(answering), *plan.warm),
            folder=folder,
            env=env,
            scratch=self._own,
            readable=(*roots, _INSIDE),
            writable=(self._report,),
            seen_as=root if root != folder else None,
            limits=Limits(memory_mb=plan.memory_mb, cpu_seconds=math.ceil(plan.cpu_seconds)),
            inherited=(asked, answering),
        )


def _stands_for(path: Path, root: Path, python: Interpreter) -> bool:
    """Return whether `path` is the original of what is tried out, which the copy stands for, and not the environment kept in it."""
    return path.is_relative_to(root) and not (path.is_relative_to(python.prefix) or path.is_relative_to(python.base_prefix))


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except BrokenPipeError as error:
        raise UnavailableError("The sandbox has ended: something that ran in it took it down.") from error


def _result(said: dict[str, Any], written: Mapping[str, str]) -> JobResult:
    rows = []
    for line in str(said.get("said", "")).splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            rows.append(row)
    code = said.get("exit")
    return JobResult(
        exit_code=code if isinstance(code, int) else None,
        seconds=float(said.get("seconds", 0.0)),
        timed_out=bool(said.get("timed_out")),
        out=str(said.get("out", "")),
        error=str(said.get("error", "")),
        rows=tuple(rows),
        written=written,
    )
