"""The layers in their order: what fails hard ends the rest, whatever could not be run is said and counts for nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping

from nexoide.errors import InspectionError, NexoideError
from nexoide.model.patch import Evidence
from nexoide.patches.inspection import inspect_all
from nexoide.repair import evidence
from nexoide.repair.validation.calling import Calls, called
from nexoide.repair.validation.compiling import compiled
from nexoide.repair.validation.edited import watched
from nexoide.repair.validation.importing import imported
from nexoide.repair.validation.masking import masked
from nexoide.repair.validation.mutation import mutated, told
from nexoide.repair.validation.program_run import reach, run_again
from nexoide.repair.validation.regression import Regression, generated
from nexoide.repair.validation.replay import replayed
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.suite import Suite
from nexoide.repair.validation.trial import Observation, Trial, Validated
from nexoide.repair.validation.type_check import checked
from nexoide.repair.validation.workshop import Site, Workshop
from nexoide.sandbox.bench import JobResult

_ORDER = ("inspection", "compile", "types", "import", "replay", "output", "rebuilt", "regression", "mutation", "selected", "tests", "reach")
Observe = Callable[[Mapping[str, bytes]], Awaitable[Observation]]
Said = Callable[[Evidence], None]


async def validate(
    trial: Trial,
    *,
    observe: Observe | None = None,
    before: Observation | None = None,
    workshop: Workshop | None = None,
    said: Said | None = None,
) -> Validated:
    """Return the evidence for one patch, gathered layer by layer.

    `observe` runs the failing command again, confined, with files changed; `before` is what it showed without the patch
    (run here where it is not given). A `workshop` keeps sandboxes warm from patch to patch; without one they are made for
    this patch alone. `said` is told each row as it comes. Cancelling ends whatever runs.
    """
    if workshop is not None:
        return await _Layers(trial, workshop, observe, before, said).run()
    async with Workshop() as own:
        return await _Layers(trial, own, observe, before, said).run()


class _RefusedError(Exception):
    """A check that no patch may fail did."""


class _Layers:
    """One validation under way."""

    def __init__(self, trial: Trial, workshop: Workshop, observe: Observe | None, before: Observation | None, said: Said | None) -> None:
        self._trial, self._workshop, self._observe, self._before, self._said = trial, workshop, observe, before, said
        self._changes = {path: new for path, (_, new) in trial.proposal.files.items()}
        self._rows: list[Evidence] = []
        self._site: Site | None = None
        self._suite: Suite | None = None
        self._types: asyncio.Task[Evidence] | None = None
        self._after: Observation | None = None
        self._calls = Calls()
        self._regression = Regression()
        self._again: JobResult | None = None
        self._watched: dict[str, tuple[int, ...]] = {}
        self._ways: dict[str, set[tuple[str, int]]] = {}

    async def run(self) -> Validated:
        """Gather all there is."""
        refused = False
        try:
            await self._inspect()
            await self._prepare()
            self._add(await compiled(self._trial, self._site), hard=True)
            await self._import()
            await self._replay()
            await self._regress()
            await self._tests()
            if self._types is not None:
                self._add(await self._types)
        except _RefusedError:
            refused = True
        finally:
            if self._types is not None and not self._types.done():
                self._types.cancel()
                await asyncio.wait({self._types})
        rows = sorted(self._rows, key=lambda item: _ORDER.index(item.kind))
        return Validated(
            evidence=tuple(rows),
            behaviour=self._behaviour(),
            regression_test=self._regression.file if self._trial.adds_test and not refused else None,
            after=self._after,
            refused=refused,
        )

    def _add(self, *rows: Evidence, hard: bool = False) -> None:
        for item in rows:
            self._rows.append(item)
            if self._said is not None:
                self._said(item)
        if hard and any(item.outcome == "failed" for item in rows):
            raise _RefusedError

    async def _inspect(self) -> None:
        clock = Clock()
        try:
            notes = await asyncio.to_thread(inspect_all, dict(self._trial.proposal.files))
            self._add(evidence.inspection(passed=True, findings=notes, milliseconds=clock.milliseconds))
        except InspectionError as error:
            self._add(evidence.inspection(passed=False, findings=[error.sentence], milliseconds=clock.milliseconds), hard=True)

    async def _prepare(self) -> None:
        """Get the sandboxes under way, so that they are warm when their layer comes."""
        try:
            self._site = await self._workshop.site(self._trial)
        except NexoideError:
            return
        self._site.begin("program")
        self._watched = watched(self._trial.proposal.files)
        self._suite = await Suite.of(self._trial, self._site)
        if self._suite.uses_pytest or self._site.python.has_pytest:
            self._site.begin("tests")
        self._suite.begin()
        self._types = asyncio.ensure_future(checked(self._trial, self._site))

    async def _import(self) -> None:
        if self._site is not None:
            self._add(await imported(self._trial, self._site), hard=True)

    async def _replay(self) -> None:
        """Run the command again, then make the failing call itself again."""
        await self._observed()
        if self._site is None:
            return
        if not self._trial.failure.exceptions:
            self._add(row("rebuilt", "inconclusive", "the failing call could not be rebuilt: no exception was captured", clock=Clock()))
            return
        self._calls, item = await called(self._trial, self._site, self._changes, self._watched)
        if self._calls.calls:
            self._ways["the failing call"] = self._calls.reached
        self._add(item)

    async def _observed(self) -> None:
        if self._observe is None:
            why = "there is no command to run again" if not self._trial.command else "nobody here can run the failing command"
            self._add(row("replay", "inconclusive", why, clock=Clock()))
            return
        clock = Clock()
        try:
            before = self._before if self._before is not None else await self._observe({})
            self._after = await self._observe(self._changes)
        except NexoideError as error:
            self._add(row("replay", "inconclusive", f"the command could not be run: {error.sentence}", clock=clock))
            return
        self._add(*replayed(self._trial, before, self._after, clock), hard=True)
        if self._site is not None:
            self._again, passed = await run_again(self._trial, self._site, self._after, self._watched)
            if self._again is not None:
                self._ways["the program's run"] = passed

    async def _regress(self) -> None:
        if self._site is None or not self._trial.failure.exceptions:
            return
        plan = self._suite.plan if self._suite is not None else None
        self._regression, item = await generated(self._trial, self._site, self._calls, self._after, plan, self._watched)
        self._add(item)
        if self._regression.file is not None:
            self._ways["the new test"] = self._regression.reached
        self._add(await mutated(self._trial, self._site, self._regression, self._again))

    async def _tests(self) -> None:
        if not self._trial.runs_tests:
            self._add(row("tests", "inconclusive", "the project's own tests were not run, as asked", clock=Clock()))
            self._add(reach(self._watched, self._ways))
            return
        if self._suite is None:
            self._add(row("tests", "inconclusive", f"the tests could not be run: {self._trial.python} does not answer", clock=Clock()))
            return
        new = self._regression.file
        async for item in self._suite.rows({**self._changes, **({new.path: new.data} if new is not None else {})}):
            self._add(item, hard=True)
        if self._suite.plan is not None:
            self._ways["the project's tests"] = self._suite.reached
        self._add(reach(self._watched, self._ways))

    def _behaviour(self) -> str:
        """Return a digest of what was seen of the patched program; empty where nothing was."""
        seen = []
        if self._after is not None:
            seen.append(f"{self._after.exit_code}\0{self._after.timed_out}\0{masked(self._after.output)}")
        if self._again is not None:
            seen.append(told(self._again))
        if self._calls.after:
            seen.append(self._calls.behaviour())
        return hashlib.sha256("\1".join(seen).encode("utf-8", "backslashreplace")).hexdigest() if seen else ""
