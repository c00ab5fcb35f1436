"""A pool of warm worker processes, the only ones that ever import libcst.

A hostile file can crash libcst's native parser, and with it the process it runs in. So it runs apart: jobs and answers
are length-prefixed JSON over pipes, a job that crashes or hangs its worker is refused alone, and the worker is replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nexoide
from nexoide.errors import InspectionError, NexoideError, RefusedError, UnavailableError, UsageError

MAX_FRAME = 8 << 20
START_SECONDS = 30.0
REPARSE = "nexoide.patches.worker_main:reparse"

# -I keeps the environment and the working folder out of the worker's path; our own package is put on it by name.
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from nexoide.patches.worker_main import main; main(sys.argv[2:])"
_ERRORS: dict[str, type[NexoideError]] = {"UsageError": UsageError, "InspectionError": InspectionError, "RefusedError": RefusedError}


class _Worker:
    """One process and its two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.jobs = 0

    @classmethod
    async def start(cls, functions: Sequence[str], memory_bytes: int) -> _Worker:
        package_parent = str(Path(nexoide.__file__).resolve().parent.parent)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-c",
            _BOOT,
            package_parent,
            str(memory_bytes),
            *functions,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        worker = cls(process)
        try:
            await asyncio.wait_for(worker._read(), START_SECONDS)
        except (TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            await worker.kill()
            raise UnavailableError("A worker process for parsing did not start: see whether libcst can be imported by this Python.") from error
        except asyncio.CancelledError:
            await worker.kill()
            raise
        return worker

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._process.pid

    async def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        (length,) = struct.unpack(">I", await self._process.stdout.readexactly(4))
        if length > MAX_FRAME:
            raise ValueError("frame too large")
        answer: dict[str, Any] = json.loads(await self._process.stdout.readexactly(length))
        return answer

    async def exchange(self, raw: bytes) -> dict[str, Any]:
        """Send one frame and return the answer to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(struct.pack(">I", len(raw)) + raw)
        await self._process.stdin.drain()
        self.jobs += 1
        return await self._read()

    async def kill(self) -> None:
        """End the process now and reap it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


class WorkerPool:
    """Runs jobs in warm worker processes; at most `size` at once and `max_waiting` in line.

    `functions` are the dotted names ("package.module:function") that a job may name; each takes one dict and returns
    one. A worker is replaced after `jobs_per_worker` jobs, so that nothing a parser leaks grows for ever.
    """

    def __init__(
        self,
        functions: Sequence[str],
        *,
        size: int = 1,
        jobs_per_worker: int = 500,
        memory_bytes: int = 2 << 30,
        max_waiting: int = 64,
    ) -> None:
        self._functions = tuple(dict.fromkeys((*functions, REPARSE)))
        self._jobs_per_worker = jobs_per_worker
        self._memory_bytes = memory_bytes
        self._size = size
        self._places = asyncio.Semaphore(size)
        self._left = size + max_waiting
        self._idle: list[_Worker] = []
        self._warming: set[asyncio.Task[None]] = set()
        self._closed = False
        self.restarts = 0

    async def start(self) -> None:
        """Start all workers now, so that the first job finds a warm one."""
        await asyncio.gather(*(self._warm() for _ in range(self._size - len(self._idle))))

    async def call(self, job: dict[str, Any], timeout: float = 10.0) -> dict[str, Any]:
        """Run `job["function"]` with `job["request"]` and return its answer.

        `timeout` is in seconds of the job alone. Raises UsageError for an unknown function, UnavailableError where the
        line is too long or the pool is closed, InspectionError ("parser_crash", "parser_timeout") where the worker had
        to be replaced, and the job's own RefusedError otherwise.
        """
        if self._closed:
            raise UnavailableError("The parser workers are stopped: the supervisor is shutting down.")
        if job.get("function") not in self._functions:
            raise UsageError(f"{job.get('function')!r} is not a function that the parser workers run.")
        raw = json.dumps({**job, "limit": timeout}, ensure_ascii=True, separators=(",", ":")).encode()
        if len(raw) > MAX_FRAME:
            raise UsageError(f"The job has {len(raw)} bytes and at most {MAX_FRAME} are sent to a parser worker.")
        if self._left <= 0:
            raise UnavailableError("Too many jobs wait for the parser workers: try again in a moment.")
        self._left -= 1
        try:
            async with self._places:
                return _result(await self._exchange(raw, timeout))
        finally:
            self._left += 1

    async def close(self) -> None:
        """End all workers and wait until they are gone."""
        self._closed = True
        for task in tuple(self._warming):
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        while self._idle:
            await self._idle.pop().kill()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers that wait for a job."""
        return tuple(worker.pid for worker in self._idle)

    async def _exchange(self, raw: bytes, limit: float) -> dict[str, Any]:
        worker = await self._take()
        sound = False
        try:
            answer = await asyncio.wait_for(worker.exchange(raw), limit)
            sound = True
            return answer
        except TimeoutError as error:
            raise InspectionError(f"parser_timeout: the parser took longer than {limit:g} s on this file and was stopped.") from error
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            raise InspectionError("parser_crash: the parser died on this file; nothing of it is used.") from error
        finally:
            await self._give_back(worker, sound=sound)

    async def _take(self) -> _Worker:
        if not self._idle and self._warming:
            await asyncio.wait(self._warming, return_when=asyncio.FIRST_COMPLETED)
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self.restarts += 1
            await worker.kill()
        return await _Worker.start(self._functions, self._memory_bytes)

    async def _give_back(self, worker: _Worker, *, sound: bool) -> None:
        if sound and worker.alive and worker.jobs < self._jobs_per_worker and not self._closed:
            self._idle.append(worker)
            return
        if not sound:
            self.restarts += 1
        await worker.kill()
        if not self._closed:  # the next job should find a warm worker
            task = asyncio.get_running_loop().create_task(self._warm())
            self._warming.add(task)
            task.add_done_callback(self._warmed)

    def _warmed(self, task: asyncio.Task[None]) -> None:
        self._warming.discard(task)
        if not task.cancelled():
            task.exception()  # a worker that cannot start is reported to the next caller, who starts one itself

    async def _warm(self) -> None:
        worker = await _Worker.start(self._functions, self._memory_bytes)
        if self._closed or len(self._idle) >= self._size:
            await worker.kill()
        else:
            self._idle.append(worker)


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("ok"):
        result: dict[str, Any] = answer["result"]
        return result
    raise _ERRORS.get(str(answer.get("error")), RefusedError)(str(answer.get("sentence")))
