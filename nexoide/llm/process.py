"""Our end of the model worker: started with the first question, kept warm, ended when nobody has asked for a while."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import itertools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nexoide
from nexoide.llm import frames
from nexoide.llm.errors import ModelError

START_SECONDS = 90.0
GRACE_SECONDS = 5.0
IDLE_SECONDS = 300.0

# -I keeps the environment's Python settings and the working folder out of the worker's path: a project may hold a litellm.py.
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); sys.path.append(sys.argv[2]); from nexoide.llm.worker import main; main()"


class _Running:
    """One worker process: what is asked of it goes out by number, a task hands the answers in."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._over = False
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            while (frame := await frames.read(self.process.stdout)) is not None:
                future = self.waiting.pop(int(frame.get("id", 0)), None)
                if future is not None and not future.done():
                    future.set_result(frame)
        except (ValueError, TypeError):
            pass  # what answers like this is ended below, like one that died
        self._over = True
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ModelError("failed", "The process that talks to models ended before it had answered: ask again."))
        self.waiting.clear()
        await self.end()

    def send(self, message: dict[str, Any]) -> None:
        """Write one frame."""
        assert self.process.stdin is not None
        self.process.stdin.write(frames.pack(message))

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self.process.returncode is None and not self._over

    async def end(self) -> None:
        """End the process now and reap it."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


class WorkerProcess:
    """The one worker of this process; `environ` is what it finds its keys in."""

    def __init__(self, *, environ: Mapping[str, str] | None = None, idle_seconds: float = IDLE_SECONDS) -> None:
        self._environ = environ
        self._idle_seconds = idle_seconds
        self._numbers = itertools.count(1)
        self._running: _Running | None = None
        self._starting = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._under_way = 0
        self._closed = False

    @property
    def pid(self) -> int:
        """The worker's process id, 0 where none runs."""
        return self._running.process.pid if self._running is not None and self._running.alive else 0

    async def call(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Return the worker's answer to one question, whose own limit is `timeout` seconds; raises ModelError."""
        self._under_way += 1
        self._rest()
        try:
            running = await self._started()
            number = next(self._numbers)
            future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
            running.waiting[number] = future
            return await self._answered(running, number, future, job, timeout)
        finally:
            self._under_way -= 1
            self._rest()

    async def _answered(self, running: _Running, number: int, future: asyncio.Future[dict[str, Any]], job: dict[str, Any], timeout: float) -> dict[str, Any]:
        try:
            running.send({"id": number, "ask": job})
            return await asyncio.wait_for(future, timeout + GRACE_SECONDS)
        except TimeoutError:
            await running.end()  # it should have given up by itself
            raise ModelError("timeout", f"The process that talks to models did not answer within {timeout:g} s and was ended.") from None
        except asyncio.CancelledError:
            if running.alive:
                running.send({"id": number, "cancel": True})
            raise
        except ValueError as error:
            raise ModelError("too long", f"The question is too long to be sent ({error}).") from None
        except (BrokenPipeError, ConnectionResetError):
            raise ModelError("failed", "The process that talks to models has ended: ask again.") from None
        finally:
            running.waiting.pop(number, None)

    async def close(self) -> None:
        """End the worker and wait until it is gone."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        if self._running is not None:
            await self._running.end()
            await asyncio.gather(self._running.reading, return_exceptions=True)
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _rest(self) -> None:
        """Let the clock run that ends an idle worker, or stop it while something is asked."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if not self._under_way and self._running is not None and not self._closed:
            self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._rested)

    def _rested(self) -> None:
        if self._running is not None and not self._under_way:
            task = asyncio.get_running_loop().create_task(self._running.end())
            self._running = None
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _started(self) -> _Running:
        async with self._starting:
            if self._closed:
                raise ModelError("failed", "No model is asked any more: the program is ending.")
            if self._running is None or not self._running.alive:
                self._running = await self._start()
            return self._running

    async def _start(self) -> _Running:
        spec = importlib.util.find_spec("litellm")
        if spec is None or not spec.submodule_search_locations:
            raise ModelError("not configured", "The package litellm, which talks to models, is not installed: install it beside nexoide.")
        environ = os.environ if self._environ is None else self._environ
        arguments = [str(Path(nexoide.__file__).resolve().parent.parent), str(Path(spec.submodule_search_locations[0]).parent)]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-I", "-B", "-c", _BOOT, *arguments],
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
            env=dict(environ),
            cwd="/",
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            ready = await asyncio.wait_for(frames.read(process.stdout), START_SECONDS)
        except (TimeoutError, ValueError):
            ready = None
        except asyncio.CancelledError:
            process.kill()
            raise
        if ready is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise ModelError("failed", "The process that talks to models did not start: see whether this Python can import litellm.")
        return _Running(process)
