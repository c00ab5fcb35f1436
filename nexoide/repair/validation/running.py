"""One run of tests on a clean copy: in the warm bench where it is pytest or unittest, else as the command that it is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

from nexoide.repair.validation.finding import TestPlan
from nexoide.repair.validation.workshop import Site
from nexoide.sandbox import scratch
from nexoide.sandbox.bench import Bench
from nexoide.sandbox.copies import Copy
from nexoide.sandbox.report import TestReport
from nexoide.sandbox.tests_run import TestRun, run_tests

_TAIL = 8192
_NAME = re.compile(r"[A-Za-z_][\w.]{0,200}$")


async def run_plan(
    site: Site,
    plan: TestPlan,
    words: Sequence[str],
    changes: Mapping[str, bytes],
    timeout: float,
    *,
    watched: Mapping[str, Sequence[int]] | None = None,
    reached: set[tuple[str, int]] | None = None,
) -> TestReport:
    """Return what the tests gave with these files changed; raises NexoideError where no sandbox can be had.

    `watched` maps files to lines that are looked out for; those that ran are put into `reached`.
    """
    if plan.runner == "command":
        return await _as_command(site, plan, changes, timeout)
    bench = await (site.tests() if plan.runner == "pytest" else site.program())
    place = bench.report_path()
    found = await bench.run(
        "tests",
        files=changes,
        timeout=timeout,
        runner=plan.runner,
        words=list(words),
        report=str(place),
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} if plan.plain else {},
        path=[str(site.root)] if plan.from_root else [],
        warmed=bench.learnt,
        watched={bench.seen(path): sorted(lines) for path, lines in (watched or {}).items()},
    )
    if plan.runner == "pytest" and not plan.plain and not bench.learnt and not found.problem:
        await bench.learn(_modules(found.rows))
    if reached is not None:
        reached.update(hits(found.rows, bench))
    said = await asyncio.to_thread(bench.read_report, place)
    problem = found.problem or said.problem
    return TestReport(
        outcomes=said.outcomes,
        exit_code=found.exit_code,
        seconds=found.seconds,
        timed_out=found.timed_out,
        confinement=bench.confinement,
        output_tail=(found.out + found.error)[-_TAIL:],
        has_ids=said.seen,
        messages=said.messages,
        finished=said.finished and not found.timed_out,
        problem=f"The tests were stopped after {timeout:g} s." if found.timed_out else problem,
    )


def hits(rows: Sequence[Mapping[str, object]], bench: Bench) -> set[tuple[str, int]]:
    """Return the watched lines that a job said to have run, as (path relative to the root, line)."""
    found: set[tuple[str, int]] = set()
    for item in rows:
        path, line = item.get("hit"), item.get("line")
        if isinstance(path, str) and isinstance(line, int) and path.startswith(bench.seen("")):
            found.add((path[len(bench.seen("")) :].lstrip("/"), line))
    return found


def _modules(rows: Sequence[Mapping[str, object]]) -> list[str]:
    listed = next((item["modules"] for item in rows if isinstance(item.get("modules"), list)), [])
    assert isinstance(listed, list)
    return [name for name in listed if isinstance(name, str) and _NAME.match(name)]


async def _as_command(site: Site, plan: TestPlan, changes: Mapping[str, bytes], timeout: float) -> TestReport:
    async with scratch.folder() as own:
        place = own / "copy"
        place.mkdir()
        copy = await asyncio.to_thread(Copy, site.root, place)
        for path, data in changes.items():
            await asyncio.to_thread(copy.write, path, data)
        run = TestRun(folder=place, command=plan.command, python=str(site.python.executable), env=site.env, timeout=timeout, workspace=site.root)
        return await run_tests(run)
