"""The layers in their order: what fails hard ends the rest, whatever could not be run is said and counts for nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping

from nexoide.errors import InspectionError, NexoideError
from nexoide.model.patch import Evidence
from nexoide.patches.inspection import inspect_all
from nexoide.repair import evidence
from nexoide.repair.validation.compiling import compiled
from nexoide.repair.validation.masking import masked
from nexoide.repair.validation.replay import replayed
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.suite import Suite
from nexoide.repair.validation.trial import Observation, Trial, Validated
from nexoide.repair.validation.workshop import Site, Workshop

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
        self._after: Observation | None = None

    async def run(self) -> Validated:
        """Gather all there is."""
        refused = False
        try:
            await self._inspect()
            await self._prepare()
            self._add(await compiled(self._trial, self._site), hard=True)
            await self._replay()
            await self._tests()
        except _RefusedError:
            refused = True
        return Validated(evidence=tuple(self._rows), behaviour=self._behaviour(), after=self._after, refused=refused)

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
        self._site.begin("tests")
        self._suite = await Suite.of(self._trial, self._site)
        self._suite.begin()

    async def _replay(self) -> None:
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
        self._before = before
        self._add(*replayed(self._trial, before, self._after, clock), hard=True)

    async def _tests(self) -> None:
        if self._suite is None:
            self._add(row("tests", "inconclusive", f"the tests could not be run: {self._trial.python} does not answer", clock=Clock()))
            return
        async for item in self._suite.rows(self._changes):
            self._add(item, hard=True)

    def _behaviour(self) -> str:
        whole = hashlib.sha256()
        if self._after is not None:
            whole.update(f"{self._after.exit_code}\0{self._after.timed_out}\0{masked(self._after.output)}".encode("utf-8", "backslashreplace"))
        return whole.hexdigest() if self._after is not None else ""
