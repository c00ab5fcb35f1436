"""A generated test of the failure: fails without the patch, passes with it, and is part of it."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from nexoide.errors import InspectionError, NexoideError
from nexoide.model.failure import Failure
from nexoide.model.patch import Evidence
from nexoide.patches.inspection import inspect
from nexoide.repair.validation.calling import Calls
from nexoide.repair.validation.finding import TestPlan
from nexoide.repair.validation.placing import Habit, free_name, habit
from nexoide.repair.validation.program import program_of
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.running import run_plan
from nexoide.repair.validation.trial import NewFile, Observation, Trial
from nexoide.repair.validation.workshop import Site
from nexoide.repair.validation.writing import is_telling, of_call, of_script
from nexoide.sandbox.confinement import Confinement
from nexoide.sandbox.report import TestReport

_TIMEOUT = 30.0
_SLOWEST_SCRIPT = 15.0
_LEAST_SCRIPT = 30


@dataclass(slots=True)
class Regression:
    """The test that was laid, how it is run alone, and which watched lines it reaches; without `file` there is none."""

    file: NewFile | None = None
    plan: TestPlan | None = None
    how: str = ""
    seconds: float = 0.0
    reached: set[tuple[str, int]] = field(default_factory=set)


async def generated(
    trial: Trial,
    site: Site,
    calls: Calls,
    after: Observation | None,
    suite: TestPlan | None,
    watched: Mapping[str, Sequence[int]],
) -> tuple[Regression, Evidence]:
    """Write the test and run it without and with the patch; what does not fail before and pass after is thrown away."""
    clock = Clock()
    changes = {path: new for path, (_, new) in trial.proposal.files.items()}
    try:
        has_pytest = await site.has_pytest()
        files = suite.files if suite is not None else ()
        kept = await asyncio.to_thread(habit, site.root, files, min(changes), has_pytest=site.python.has_pytest)
        why = calls.why or "the captured values do not show the failure by themselves"
        for how, file in _candidates(trial, site, calls, after, kept):
            made = Regression(file, _alone(file, kept, suite, has_pytest=has_pytest), how)
            problem, held = await _tried(trial, site, made, changes, watched)
            if not problem:
                where = (f"laid in {file.path}", f"it {how}")
                return made, row("regression", "passed", "a new test fails without the patch and passes with it", clock=clock, detail=where, held=held)
            why = problem
    except (NexoideError, OSError) as error:
        why = getattr(error, "sentence", str(error))
    return Regression(), row("regression", "inconclusive", f"no test of the failure could be made: {why}", clock=clock)


def _candidates(trial: Trial, site: Site, calls: Calls, after: Observation | None, kept: Habit) -> Iterator[tuple[str, NewFile]]:
    """Yield the tests that can be written, the most telling first."""
    seen = _without_root(trial.failure, site.root)
    kind = seen.exceptions[0].type.rpartition(".")[2]
    if calls.call is not None and calls.result is not None:
        path = free_name(site.root, kept.folder, f"{calls.call.function} {kind}")
        for settled in (True, False) if calls.is_settled and is_telling(calls.result) else (False,):
            text = of_call(seen, calls.call, calls.result, settled=settled, habit=kept, path=path)
            yield "makes the failing call with the captured values" + (" and checks its result" if settled else ""), NewFile(path=path, data=text)
    program = program_of(trial.command, site.root)
    ended_well = after is not None and after.exit_code == 0 and not after.timed_out and not after.problem
    if program is not None and after is not None and ended_well and after.seconds < _SLOWEST_SCRIPT:
        path = free_name(site.root, kept.folder, f"{program.words[0].removesuffix('.py')} {kind}")
        limit = max(_LEAST_SCRIPT, math.ceil(after.seconds * 10))
        yield (
            "runs the program to its end",
            NewFile(path=path, data=of_script(seen, program.after_python, habit=kept, path=path, seconds=limit)),
        )


def _without_root(failure: Failure, root: Path) -> Failure:
    """Return the failure with the project's own folder out of its message: a test is read where it lies elsewhere."""
    first = failure.exceptions[0]
    return replace(failure, exceptions=(replace(first, message=first.message.replace(f"{root}{os.sep}", "")), *failure.exceptions[1:]))


def _alone(file: NewFile, kept: Habit, suite: TestPlan | None, *, has_pytest: bool) -> TestPlan:
    uses_pytest = suite is not None and suite.runner == "pytest"
    if has_pytest and (uses_pytest or kept.style == "pytest"):
        from_root = suite is None or not uses_pytest or suite.from_root
        return TestPlan(runner="pytest", words=("-q", file.path), files=(file.path,), from_root=from_root, plain=not uses_pytest)
    place = PurePosixPath(file.path)
    return TestPlan(runner="unittest", words=("discover", "-s", str(place.parent), "-p", place.name), files=(file.path,))


async def _tried(
    trial: Trial, site: Site, made: Regression, changes: Mapping[str, bytes], watched: Mapping[str, Sequence[int]]
) -> tuple[str, Confinement | None]:
    """Run a candidate on both trees; returns what is wrong with it, '' where it does what it should."""
    assert made.file is not None
    assert made.plan is not None
    try:
        inspect(made.file.path, None, made.file.data)
    except InspectionError as error:
        return error.sentence, None
    test = {made.file.path: made.file.data}
    before = await run_plan(site, made.plan, made.plan.words, test, _TIMEOUT)
    kind = trial.failure.exceptions[0].type.rpartition(".")[2]
    if not before.failing:
        return "the test that was written does not fail without the patch", before.confinement
    ended_itself = kind == "SystemExit"  # then there is no traceback to name it: that the program ends badly is the failure
    if not ended_itself and not any(kind in before.messages.get(name, "") for name in before.failing):
        return f"the test that was written fails for another reason: {_first(before)}", before.confinement
    after = await run_plan(site, made.plan, made.plan.words, {**changes, **test}, _TIMEOUT, watched=watched, reached=made.reached)
    made.seconds = after.seconds
    passes = after.exit_code == 0 and after.outcomes.keys() == before.outcomes.keys() and set(after.outcomes.values()) == {"passed"}
    return "" if passes else f"the test that was written fails with the patch too: {_first(after)}", after.confinement


def _first(report: TestReport) -> str:
    return next(iter(report.messages.values()), report.problem or report.output_tail[-200:])[:200]
