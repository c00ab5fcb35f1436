from __future__ import annotations

import asyncio
import os
import sys

import pytest

from nexoide.errors import InspectionError, RefusedError, UnavailableError, UsageError
from nexoide.patches.workers import REPARSE, WorkerPool

SLEEP = "time:sleep"  # takes a number where a job gives a dict: used for what a job may raise


def job(source: str, **more: object) -> dict[str, object]:
    return {"function": REPARSE, "request": {"source": source, **more}}


@pytest.fixture
async def pool():
    made = WorkerPool((SLEEP,))
    await made.start()
    yield made
    await made.close()


async def test_a_job_is_answered_by_a_warm_worker(pool):
    (pid,) = pool.pids
    answer = await pool.call(job("a = 1\nb = 2\n"))
    assert answer == {"same": True, "statements": 2, "encoding": "utf-8"}
    await pool.call(job("a = 1\n"))
    assert pool.pids == (pid,)
    assert pool.restarts == 0


async def test_this_process_never_imports_libcst():
    code = "import sys, nexoide.patches.workers, nexoide.repair.service; sys.exit('libcst' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0


async def test_a_function_that_was_not_named_at_the_start_is_refused(pool):
    with pytest.raises(UsageError, match="os:system"):
        await pool.call({"function": "os:system", "request": {}})


async def test_what_a_job_raises_is_refused_and_the_worker_lives_on(pool):
    before = pool.pids
    with pytest.raises(RefusedError, match="TypeError"):
        await pool.call({"function": SLEEP, "request": {}})
    with pytest.raises(RefusedError, match="ParserSyntaxError"):
        await pool.call(job("def ("))
    assert pool.pids == before


async def test_a_worker_that_was_killed_is_replaced(pool):
    (pid,) = pool.pids
    os.kill(pid, 9)
    first = await asyncio.gather(pool.call(job("a = 1\n")), return_exceptions=True)
    assert isinstance(first[0], dict | InspectionError)  # it was found dead before the job, or died under it
    assert pool.restarts == 1
    assert (await pool.call(job("a = 1\n")))["same"]
    assert pid not in pool.pids


async def test_a_late_job_is_stopped_and_only_that_job(pool):
    (pid,) = pool.pids
    big = "x = [" + "f(a, b), " * 60_000 + "]\n"
    with pytest.raises(InspectionError, match="parser_timeout"):
        await pool.call(job(big), timeout=0.05)
    assert (await pool.call(job("a = 1\n")))["same"]
    assert pid not in pool.pids
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_workers_are_recycled_and_all_end_with_the_pool():
    pool = WorkerPool((), jobs_per_worker=2)
    seen = set()
    for _ in range(5):
        await pool.call(job("a = 1\n"))
        seen.update(pool.pids)
    await pool.close()
    assert len(seen) >= 2
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(UnavailableError):
        await pool.call(job("a = 1\n"))


async def test_the_line_is_bounded():
    pool = WorkerPool((), max_waiting=1)
    await pool.start()
    results = await asyncio.gather(*(pool.call(job("a = 1\n")) for _ in range(4)), return_exceptions=True)
    await pool.close()
    assert [type(item) for item in results].count(UnavailableError) == 2


async def test_a_job_larger_than_a_frame_is_refused(pool):
    with pytest.raises(UsageError, match="at most"):
        await pool.call(job("#" * (9 << 20)))


async def test_a_cancelled_job_leaves_no_worker_in_the_middle_of_it(pool):
    (pid,) = pool.pids
    task = asyncio.create_task(pool.call(job("x = [" + "f(a, b), " * 60_000 + "]\n")))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await pool.call(job("b = 1\n")))["statements"] == 1
    assert pid not in pool.pids
