"""The project's own tests with and without the patch, compared test by test: those close to the change first, then all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from nexoide.errors import NexoideError
from nexoide.model.patch import Evidence
from nexoide.patches.naming import is_test_surface
from nexoide.repair import evidence
from nexoide.repair.validation.edited import watched
from nexoide.repair.validation.finding import TestPlan, plan_tests
from nexoide.repair.validation.rows import Clock, confinement_lines, row
from nexoide.repair.validation.running import run_plan
from nexoide.repair.validation.selection import selected
from nexoide.repair.validation.trial import Trial
from nexoide.repair.validation.workshop import Site
from nexoide.sandbox.compare import compare
from nexoide.sandbox.report import TestReport

_MAX_SELECTED = 40
_NEARLY_ALL = 0.6
_MANY_FILES = 100
_WATCHED_BELOW = 3.0  # seconds without watching: it can double the time of a run


class Suite:
    """A project's tests, for one trial; `before` reports are shared by all patches of the same tree."""

    def __init__(self, trial: Trial, site: Site, plan: TestPlan | str, close: tuple[str, ...] = ()) -> None:
        self._trial, self._site, self.close = trial, site, close
        self.plan = None if isinstance(plan, str) else plan
        self._why = plan if isinstance(plan, str) else ""
        self._watched = watched(trial.proposal.files)
        self.reached: set[tuple[str, int]] = set()

    @classmethod
    async def of(cls, trial: Trial, site: Site) -> Suite:
        """Find out how the tests are run."""
        has_pytest = await site.has_pytest()
        return await asyncio.to_thread(cls._found, trial, site, has_pytest)

    @classmethod
    def _found(cls, trial: Trial, site: Site, has_pytest: bool) -> Suite:
        plan = plan_tests(site.root, trial.tests, has_pytest=has_pytest)
        if isinstance(plan, str) or plan.runner == "command":
            return cls(trial, site, plan)
        found = selected(site.root, plan.files, trial.proposal.files)
        few = len(plan.files) > _MANY_FILES or 0 < len(found) < _NEARLY_ALL * len(plan.files)
        return cls(trial, site, plan, found[:_MAX_SELECTED] if few else ())

    @property
    def uses_pytest(self) -> bool:
        """Whether the project's tests are run by pytest."""
        return self.plan is not None and self.plan.runner == "pytest"

    def begin(self) -> None:
        """Run what will be compared with, in the background: the selected tests without the patch."""
        if self.plan is not None and self.close:
            self._site.foresee(self._before(self.plan, self.plan.on(self.close)))

    async def rows(self, changes: Mapping[str, bytes]) -> AsyncIterator[Evidence]:
        """Yield the rows on the tests with these files changed: one for the selected ones where that is sooner, one for all."""
        plan = self.plan
        if plan is None:
            yield row("tests", "inconclusive", self._why, clock=Clock())
            return
        try:
            if self.close:
                first = await self._row(plan, changes, plan.on(self.close), "selected")
                if first.outcome == "failed":
                    yield replace(first, kind="tests")
                    return
                yield first
            yield await self._row(plan, changes, plan.words, "tests")
        except NexoideError as error:
            yield row("tests", "inconclusive", f"the tests could not be run: {error.sentence}", clock=Clock())

    async def _row(self, plan: TestPlan, changes: Mapping[str, bytes], words: Sequence[str], kind: str) -> Evidence:
        clock = Clock()
        trial, site = self._trial, self._site
        before = await self._before(plan, words)
        lines = self._watched if before.seconds < _WATCHED_BELOW else {}
        after = await run_plan(site, plan, words, changes, trial.timeout, watched=lines, reached=self.reached)
        if after.exit_code is None and before.exit_code is not None:  # once may be the machine's fault
            after = await run_plan(site, plan, words, changes, trial.timeout, watched=lines, reached=self.reached)
        made = judged(before, after, clock, surface=[path for path in trial.proposal.files if is_test_surface(path)])
        where = f"run: {' '.join(plan.command) or plan.runner}" + (" (found, not configured)" if plan.found else "")
        if kind == "selected":
            where = f"{where}; {len(self.close)} of {len(plan.files)} test files, those that import what was changed"
        return replace(made, kind=kind, detail=(*made.detail, where))

    async def _before(self, plan: TestPlan, words: Sequence[str]) -> TestReport:
        key = (plan.runner, tuple(words), plan.command, self._trial.timeout)
        return await self._site.remembered(key, lambda: run_plan(self._site, plan, words, {}, self._trial.timeout))


def judged(before: TestReport, after: TestReport, clock: Clock, *, surface: Sequence[str] = ()) -> Evidence:
    """Return the row for a run beside its baseline, by test ids; `surface` are changed files that decide what tests prove."""
    found = compare(before, after)
    held = after.confinement
    if after.exit_code is None and before.exit_code is not None:
        return row("tests", "failed", f"the tests could not be run with the patch, in two tries: {after.problem}", clock=clock, held=held)
    if before.exit_code is None or after.exit_code is None or before.timed_out or (not before.has_ids and before.exit_code != 0):
        why = found.sentence or before.problem or after.problem
        return row("tests", "inconclusive", f"the tests could not be compared: {why}", clock=clock, detail=_last(after or before), held=held)
    made = evidence.suite(
        before_passed=_count(before, "passed"),
        before_failed=_count(before, "failed", "error"),
        after_passed=_count(after, "passed"),
        after_failed=_count(after, "failed", "error"),
        broken=(*found.newly_failing, *found.newly_skipped),
        fixed=found.newly_passing,
        missing=found.missing,
        milliseconds=clock.milliseconds,
    )
    if not found.ok and made.outcome != "failed":
        made = replace(made, outcome="failed", summary=found.sentence)
    elif made.outcome == "passed" and (found.weak or surface):
        made = replace(made, outcome="inconclusive", summary=found.sentence)
    lines = [*made.detail, found.sentence, *(after.messages.get(name, "")[:200] for name in found.newly_failing[:3])]
    if surface:
        lines.insert(0, f"test surface changed: {', '.join(surface)} decides what these tests prove")
    return replace(made, detail=(*filter(None, lines), *confinement_lines(held)), milliseconds=clock.milliseconds)


def _last(report: TestReport) -> list[str]:
    return [line for line in report.output_tail.splitlines() if line.strip()][-3:]


def _count(report: TestReport, *outcomes: str) -> int:
    return sum(1 for outcome in report.outcomes.values() if outcome in outcomes)
