"""Whether what let the patch pass would have noticed a wrong one: the edit is spoilt on purpose, and run again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from nexoide.errors import NexoideError
from nexoide.model.patch import Evidence
from nexoide.repair.validation.masking import masked
from nexoide.repair.validation.mutants import MAX_MUTANTS, mutants
from nexoide.repair.validation.program import Program, program_of
from nexoide.repair.validation.regression import Regression
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.running import run_plan
from nexoide.repair.validation.trial import Trial
from nexoide.repair.validation.workshop import Site
from nexoide.sandbox.bench import JobResult
from nexoide.sandbox.confinement import Confinement

_TIMEOUT = 10.0
_ALL = 20.0


async def mutated(trial: Trial, site: Site, regression: Regression, usual: JobResult | None) -> Evidence:
    """Spoil the edited lines in a few ways; the row says how many of them the new test, or else the program's run, noticed.

    `usual` is the program's run with the patch, which a run of a spoilt one is compared with.
    """
    clock = Clock()
    changes = {path: new for path, (_, new) in trial.proposal.files.items()}
    spoilt = await asyncio.to_thread(_spoilt, trial)
    program = program_of(trial.command, site.root) if usual is not None else None
    if regression.file is None and program is None:
        return row("mutation", "inconclusive", "nothing runs that could notice a wrong edit", clock=clock)
    if not spoilt:
        return row("mutation", "inconclusive", "the edited lines hold nothing that could be spoilt", clock=clock)
    noticed: list[str] = []
    missed: list[str] = []
    held: Confinement | None = None
    try:
        for what, path, data in spoilt:
            if clock.milliseconds > _ALL * 1000:
                break
            seen, held = await _notices(site, regression, {**changes, path: data})
            if not seen and program is not None and usual is not None:
                seen, held = await _fails(site, program, usual, {**changes, path: data}, alone=regression.file is None)
            (noticed if seen else missed).append(f"{path}: {what}")
    except NexoideError as error:
        return row("mutation", "inconclusive", f"the spoilt edits could not be run: {error.sentence}", clock=clock)
    total = len(noticed) + len(missed)
    by = " or ".join([*(["the new test"] if regression.file is not None else []), *(["the program's run"] if program is not None else [])])
    detail = (*(f"noticed: {what}" for what in noticed), *(f"missed: {what}" for what in missed))
    summary = f"{len(noticed)} of {total} spoilt edits are noticed by {by}"
    return row("mutation", "passed" if noticed else "inconclusive", summary, clock=clock, detail=detail, held=held)


def _spoilt(trial: Trial) -> list[tuple[str, str, bytes]]:
    """Return (what, path, bytes): in turn from each file, and few enough."""
    columns = [[(what, path, data) for what, data in mutants(path, base, new)] for path, (base, new) in sorted(trial.proposal.files.items())]
    found = [column[place] for place in range(MAX_MUTANTS) for column in columns if place < len(column)]
    return found[:MAX_MUTANTS]


async def _notices(site: Site, regression: Regression, changes: Mapping[str, bytes]) -> tuple[bool, Confinement | None]:
    """Return whether the new test fails with these files."""
    if regression.file is None or regression.plan is None:
        return False, None
    test = {**changes, regression.file.path: regression.file.data}
    limit = min(_TIMEOUT, max(2.0, regression.seconds * 10))
    report = await run_plan(site, regression.plan, regression.plan.words, test, limit)
    return bool(report.failing) or report.exit_code != 0, report.confinement


async def _fails(site: Site, program: Program, usual: JobResult, changes: Mapping[str, bytes], *, alone: bool) -> tuple[bool, Confinement]:
    """Return whether the program's run ends otherwise with these files; where it is the only witness, whether it shows anything else."""
    bench = await site.program()
    found = await bench.run("run", files=changes, timeout=_TIMEOUT, words=list(program.words), module=program.is_module)
    other = told(found) != told(usual) if alone else (found.exit_code, found.timed_out) != (usual.exit_code, usual.timed_out)
    return other, bench.confinement


def told(result: JobResult) -> str:
    """Return what a run of the program showed, as text that is the same wherever it was run."""
    written = sorted(result.written.items())
    return f"{result.exit_code}\0{result.timed_out}\0{masked(result.out)}\0{masked(result.error)}\0{written}"
