"""Probation: resolved only after enough passes and enough quiet; taken back when the failure comes back."""

from __future__ import annotations

import asyncio

import pytest

from nexoide.deployments.probation import GRACE_SECONDS, Probation
from nexoide.model import event as e
from nexoide.model.deployment import Deployment, DeploymentPlan

DEPLOYMENT = Deployment(id="D-1", patch="P-1", incident="I-1", target="app", action="approve", operator="ada", plan=DeploymentPlan(files=()))


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
        self.probation = Probation(passes=passes, seconds=seconds, clock=self.clock, append=self.append, unwatch=self.unwatch, recurred=self.on_recurrence)

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
    bench.probation.begin(DEPLOYMENT)
    bench.clock.now += 1
    bench.probation.passed(7, "D-1", 2)
    await bench.probation.close()
    assert bench.states() == []
    bench.probation.passed(7, "D-1", 3)
    await bench.probation.close()
    assert bench.states() == ["resolved"]
    assert bench.unwatched == ["D-1"]


async def test_the_passes_of_several_processes_add_up(bench: Bench) -> None:
    bench.probation.begin(DEPLOYMENT)
    bench.clock.now += 1
    bench.probation.passed(7, "D-1", 2)
    bench.probation.passed(7, "D-1", 2)
    bench.probation.passed(8, "D-1", 1)
    await bench.probation.close()
    assert bench.states() == ["resolved"]


async def test_traffic_that_stops_early_resolves_when_the_quiet_time_is_over(bench: Bench) -> None:
    bench.probation.begin(DEPLOYMENT)
    bench.probation.passed(7, "D-1", 5)
    assert bench.states() == []
    bench.clock.now += 1
    await asyncio.sleep(0.1)
    await bench.probation.close()
    assert bench.states() == ["resolved"]


async def test_a_recurrence_takes_the_patch_back(bench: Bench) -> None:
    bench.probation.begin(DEPLOYMENT)
    bench.clock.now += GRACE_SECONDS + 1
    bench.probation.failed("I-1", bench.clock.now)
    await bench.probation.close()
    assert bench.states() == ["open"]
    assert bench.recurred == ["D-1"]
    bench.probation.passed(7, "D-1", 50)
    await bench.probation.close()
    assert bench.states() == ["open"]


async def test_a_call_that_was_inside_the_old_code_is_not_held_against_the_patch(bench: Bench) -> None:
    bench.probation.begin(DEPLOYMENT)
    bench.probation.failed("I-1", bench.clock.now + GRACE_SECONDS / 2)
    bench.probation.failed("I-2", bench.clock.now + 60)
    await bench.probation.close()
    assert bench.recurred == []
