"""Probation: resolved only after enough passes and enough quiet; taken back when the failure comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from nexoide.deployments.probation import GRACE_SECONDS, Probation
from nexoide.model import event as e
from nexoide.model.deployment import Deployment, DeploymentPlan
from nexoide.model.failure import Failure, Frame, Raised

DEPLOYMENT = Deployment(id="D-1", patch="P-1", incident="I-1", target="app", action="approve", operator="ada", plan=DeploymentPlan(files=()))

SPANS = {Path("/w/bank.py"): [(12, 14)]}
FAILURE = Failure(target="app", pid=7, source="log", at=1.0)


def through(line: int, file: str = "/w/bank.py", target: str = "app") -> Failure:
    """Return a failure of some other kind whose frames lead through a line."""
    frames = (Frame(file="/w/app.py", line=3, function="turn"), Frame(file=file, line=line, function="deposit"))
    return Failure(target=target, pid=7, source="log", at=1.0, exceptions=(Raised(type="KeyError", message="x", frames=frames),))


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


class Bench:
    """A probation with everything around it written down."""

    def __init__(self, passes: int = 3, seconds: float = 0.05) -> None:
        self.clock, self.events, self.unwatched, self.recurred = Clock(), [], [], []
        self.tasks: set[asyncio.Task[Any]] = set()
        self.probation = Probation(
            passes=passes, seconds=seconds, clock=self.clock, append=self.append, unwatch=self.unwatch, recurred=self.on_recurrence, spawn=self.spawn
        )

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def settle(self) -> None:
        while self.tasks:
            await asyncio.gather(*self.tasks)

    def begin(self) -> None:
        self.probation.begin(DEPLOYMENT, (7,), SPANS)

    async def append(self, *bodies: e.Body) -> None:
        self.events += bodies

    async def unwatch(self, target: str, watch: str) -> None:
        self.unwatched.append(watch)

    async def on_recurrence(self, deployment: Deployment, note: str) -> None:
        self.recurred.append(deployment.id)

    def states(self) -> list[str]:
        return [body.state for body in self.events if isinstance(body, e.IncidentMoved)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_enough_passes_after_enough_time_resolve(bench: Bench) -> None:
    bench.begin()
    bench.clock.now += GRACE_SECONDS + 1
    bench.probation.passed("app", 7, "D-1", 2)
    await bench.settle()
    assert bench.states() == []
    bench.probation.passed("app", 7, "D-1", 3)
    await bench.settle()
    assert bench.states() == ["resolved"]
    assert bench.unwatched == ["D-1"]


async def test_the_passes_of_several_processes_add_up(bench: Bench) -> None:
    bench.begin()
    bench.clock.now += GRACE_SECONDS + 1
    bench.probation.passed("app", 7, "D-1", 2)
    bench.probation.passed("app", 7, "D-1", 2)
    bench.probation.passed("app", 8, "D-1", 1)
    await bench.settle()
    assert bench.states() == ["resolved"]


async def test_traffic_that_stops_early_resolves_when_the_quiet_time_is_over(bench: Bench) -> None:
    bench.begin()
    bench.probation.passed("app", 7, "D-1", 5)
    assert bench.states() == []
    bench.clock.now += GRACE_SECONDS + 1
    await asyncio.sleep(GRACE_SECONDS + 0.1)
    await bench.settle()
    assert bench.states() == ["resolved"]


async def test_a_recurrence_takes_the_patch_back(bench: Bench) -> None:
    bench.begin()
    bench.clock.now += GRACE_SECONDS + 1
    bench.probation.failed("I-1", FAILURE)
    await bench.settle()
    assert bench.states() == ["open"]
    assert bench.recurred == ["D-1"]
    bench.probation.passed("app", 7, "D-1", 50)
    await bench.settle()
    assert bench.states() == ["open"]


async def test_a_call_that_was_inside_the_old_code_is_not_held_against_the_patch(bench: Bench) -> None:
    bench.begin()
    bench.clock.now += GRACE_SECONDS / 2
    bench.probation.failed("I-1", FAILURE)
    bench.clock.now += 60
    bench.probation.failed("I-2", FAILURE)
    await bench.settle()
    assert bench.recurred == []


async def test_another_failure_through_a_healed_line_is_a_recurrence_too(bench: Bench) -> None:
    bench.begin()
    bench.clock.now += GRACE_SECONDS + 1
    bench.probation.failed("I-9", through(11))
    bench.probation.failed("I-9", through(13, file="/w/other.py"))
    bench.probation.failed("I-9", through(13, target="other"))
    await bench.settle()
    assert bench.recurred == []
    bench.probation.failed("I-9", through(13))
    await bench.settle()
    assert bench.recurred == ["D-1"]


async def test_what_failed_within_the_grace_is_no_pass(bench: Bench) -> None:
    bench.begin()
    for number in range(1, 6):
        bench.probation.passed("app", 7, "D-1", number)
        bench.probation.failed("I-1", FAILURE)
    bench.clock.now += GRACE_SECONDS + 1
    bench.probation.passed("app", 7, "D-1", 5)
    await bench.settle()
    assert bench.states() == []
    bench.probation.passed("app", 7, "D-1", 8)
    await bench.settle()
    assert bench.states() == ["resolved"]


async def test_a_new_process_joins_a_probation_that_goes_on(bench: Bench) -> None:
    bench.begin()
    assert bench.probation.watches("D-1", (7,))
    assert not bench.probation.watches("D-1", (7, 8))
    bench.clock.now += GRACE_SECONDS + 1
    bench.probation.passed("app", 7, "D-1", 2)
    bench.probation.begin(DEPLOYMENT, (8,), SPANS)
    assert bench.probation.watches("D-1", (7, 8))
    bench.probation.passed("app", 8, "D-1", 1)
    await bench.settle()
    assert bench.states() == ["resolved"]


async def test_another_target_counts_for_nothing(bench: Bench) -> None:
    bench.begin()
    bench.clock.now += GRACE_SECONDS + 1
    bench.probation.passed("other", 7, "D-1", 1_000_000)
    await bench.settle()
    assert bench.states() == []
