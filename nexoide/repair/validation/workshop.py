"""Keeps what several validations share: warm sandboxes on a copy of the project, and what its tests gave before any patch."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from nexoide.repair.validation.trial import Trial
from nexoide.sandbox import interpreter
from nexoide.sandbox.bench import Bench, BenchPlan, bench
from nexoide.sandbox.interpreter import Interpreter
from nexoide.sandbox.launch import Launcher

_Known = TypeVar("_Known")
_Key = tuple[str, str, tuple[tuple[str, str], ...]]
Name = Literal["program", "tests", "tools"]
_MAX_REMEMBERED = 64


class Workshop:
    """Lends benches to validations; use it as an async context manager, which ends every one of them.

    One workshop serves all patches of an incident, or of a whole supervisor: benches stay warm between them and are made
    anew where the project changed or something in them broke.
    """

    def __init__(self, *, launcher: Launcher | None = None) -> None:
        self._launcher = launcher
        self._sites: dict[_Key, Site] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End every bench with all that runs in it."""
        for site in list(self._sites.values()):
            await site.close()
        self._sites.clear()

    async def site(self, trial: Trial) -> Site:
        """Return the place where this trial's project is tried out; raises UnavailableError where its interpreter does not answer."""
        root = trial.root.resolve()
        key = (str(root), trial.python, tuple(sorted(trial.env.items())))
        found = self._sites.get(key)
        if found is not None and await asyncio.to_thread(found.stale):
            await found.close()
            found = None
        if found is None:
            python = await interpreter.describe(trial.python or sys.executable)
            found = self._sites[key] = Site(root=root, python=python, env=dict(trial.env), launcher=self._launcher)
        return found


@dataclass(slots=True)
class Site:
    """One project with one interpreter: `program` runs it as it is, `tests` has pytest imported where it can be had, `tools` checks types."""

    root: Path
    python: Interpreter
    env: dict[str, str]
    launcher: Launcher | None = None
    _stacks: dict[Name, contextlib.AsyncExitStack] = field(default_factory=dict)
    _benches: dict[Name, asyncio.Task[Bench]] = field(default_factory=dict)
    _known: dict[object, asyncio.Future[Any]] = field(default_factory=dict)
    _ahead: set[asyncio.Future[Any]] = field(default_factory=set)

    async def program(self) -> Bench:
        """Return the bench with the program's own interpreter; raises NexoideError where none can be had."""
        return await self._bench("program")

    async def tools(self) -> Bench:
        """Return the bench for what takes long, beside the others; raises NexoideError where none can be had."""
        return await self._bench("tools")

    async def tests(self) -> Bench:
        """Return the bench that runs tests, with pytest imported where it can be had; raises NexoideError where there is none."""
        return await self._bench("tests")

    def begin(self, name: Name) -> None:
        """Start a bench in the background, so that it is warm when it is asked for."""
        self._task(name)

    async def has_pytest(self) -> bool:
        """Say whether pytest can be run for this project: its own, or ours where the interpreter is the same."""
        if self.python.has_pytest:
            return True
        ours = await interpreter.describe(sys.executable)
        return ours.has_pytest and ours.cache_tag == self.python.cache_tag and ours.base_prefix == self.python.base_prefix

    async def remembered(self, key: object, make: Callable[[], Awaitable[_Known]]) -> _Known:
        """Return what `make` gave for `key` on this tree, made once however many ask; what raised is not kept."""
        known = self._known.get(key)
        if known is None or (known.done() and (known.cancelled() or known.exception() is not None)):
            while len(self._known) >= _MAX_REMEMBERED:
                self._known.pop(next(iter(self._known))).cancel()
            known = self._known[key] = asyncio.ensure_future(make())
        found: _Known = await asyncio.shield(known)
        return found

    def foresee(self, work: Coroutine[None, None, object]) -> None:
        """Do something in the background whose result will be remembered; it ends with the site at the latest."""
        task = asyncio.ensure_future(work)
        self._ahead.add(task)
        task.add_done_callback(self._done_ahead)

    def _done_ahead(self, task: asyncio.Future[object]) -> None:
        self._ahead.discard(task)
        if not task.cancelled():
            task.exception()  # whoever needs the result asks again, and is told then

    def stale(self) -> bool:
        """Say whether the project has changed since it was copied; a site that copied nothing yet is fresh."""
        done = [task for task in self._benches.values() if task.done() and not task.cancelled() and task.exception() is None]
        return any(task.result().copy.stale() for task in done)

    async def close(self) -> None:
        """End the benches and whatever runs on them."""
        running = {*self._ahead, *(task for task in self._known.values() if not task.done())}
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
        for name in list(self._benches):
            await self._drop(name)

    async def _plan(self, name: Name) -> BenchPlan:
        if name != "tests":
            return BenchPlan(root=self.root, python=self.python, env=self.env)
        if self.python.has_pytest:
            return BenchPlan(root=self.root, python=self.python, env=self.env, warm=("pytest",))
        if await self.has_pytest():
            ours = await interpreter.describe(sys.executable)
            return BenchPlan(root=self.root, python=ours, env=self.env, borrowed=self.python.packages, warm=("pytest",))
        return BenchPlan(root=self.root, python=self.python, env=self.env)

    async def _bench(self, name: Name) -> Bench:
        known = self._benches.get(name)
        if known is not None and known.done() and (known.cancelled() or known.exception() is not None or not known.result().alive):
            await self._drop(name)
        return await asyncio.shield(self._task(name))

    def _task(self, name: Name) -> asyncio.Task[Bench]:
        if name not in self._benches:
            stack = self._stacks[name] = contextlib.AsyncExitStack()
            self._benches[name] = asyncio.ensure_future(self._open(name, stack))
        return self._benches[name]

    async def _open(self, name: Name, stack: contextlib.AsyncExitStack) -> Bench:
        return await stack.enter_async_context(bench(await self._plan(name), launcher=self.launcher))

    async def _drop(self, name: Name) -> None:
        task, stack = self._benches.pop(name), self._stacks.pop(name)
        if not task.done():
            task.cancel()
        await asyncio.wait({task})
        await stack.aclose()
