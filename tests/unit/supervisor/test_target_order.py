"""The order in which targets start and stop, pauses between starts, and what of it outlives a supervisor."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nexoide.config import RestartSettings, TargetSettings, parse
from nexoide.errors import ConfigError
from nexoide.model.target import TargetStatus
from nexoide.supervisor.targets.order import stages, waits_for
from nexoide.supervisor.targets.pacing import Backoff, Intensity
from nexoide.workspace import Workspace
from tests.unit.supervisor.test_targets import Bench

FOREVER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path) -> AsyncIterator[Bench]:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    Workspace(tmp_path).make_folders()
    made = Bench(tmp_path)
    yield made
    for targets in made.made:
        await targets.stop_all()


def settings(**after: str) -> dict[str, TargetSettings]:
    return {name: TargetSettings(command=FOREVER, after=tuple(those.split())) for name, those in after.items()}


def test_stages():
    assert stages(settings(web="db cache", db="", cache="db", jobs="")) == [["db", "jobs"], ["cache"], ["web"]]
    assert stages(settings(a="b", b="a")) == [["a", "b"]]
    assert stages({}) == []


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"web": ["db"]}, "targets.web.after names 'db', and there is no such target; there are: web"),
        ({"web": ["web"]}, "the targets web → web wait for each other"),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, "wait for each other"),
    ],
)
def test_an_order_that_cannot_be_is_refused_as_settings_load(after: dict[str, list[str]], words: str):
    with pytest.raises(ConfigError) as refused:
        parse({"targets": {name: {"command": "x", "after": those} for name, those in after.items()}}, "nexoide.toml")
    assert words in refused.value.sentence
    assert "\n" not in refused.value.sentence


def test_what_one_waits_for():
    db = TargetSettings(command=FOREVER, health={"tcp": "127.0.0.1:1"})
    known = {"db": db, "job": TargetSettings(command=FOREVER)}
    web = TargetSettings(command=FOREVER, after=("db", "job"))
    state = {"db": TargetStatus(name="db", command=FOREVER), "job": TargetStatus(name="job", command=FOREVER, state="exited", exit_code=0)}
    assert waits_for(web, known, state) == "db is stopped"
    for status, words in (
        ({"state": "running"}, "db is not well yet"),
        ({"state": "attached", "health": "unwell", "health_note": "no answer"}, "db is unwell: no answer"),
        ({"state": "attached", "health": "well"}, ""),
        ({"state": "given_up"}, "db was given up"),
    ):
        assert waits_for(web, known, state | {"db": TargetStatus(name="db", command=FOREVER, **status)}) == words
    state["job"] = TargetStatus(name="job", command=FOREVER, state="exited", exit_code=1)
    assert waits_for(web, known, state) == "db is stopped; job ended"


async def test_started_in_order_and_stopped_in_reverse(bench: Bench):
    targets = bench.several(settings(web="api", api="db", db=""))
    await targets.start_all()
    await targets.stop_all()
    assert [(status.name, status.state) for status in bench.told] == [
        *((name, "running") for name in ("db", "api", "web")),
        *((name, "stopped") for name in ("web", "api", "db")),
    ]


async def test_one_waits_until_what_it_needs_is_well(bench: Bench):
    flag = bench.workspace.root / "ready"
    health = {"command": ("test", "-e", str(flag)), "interval": 0.1}
    db = TargetSettings(command=FOREVER, health=health)
    targets = bench.several({"web": TargetSettings(command=FOREVER, after=("db",)), "db": db})
    await targets.start_all()
    waiting = await bench.until(lambda status: status.name == "web")
    assert (waiting.state, waiting.pid) == ("starting", 0)
    assert waiting.note == "waits: db is not well yet; 'nexoide targets start web' starts it at once"
    flag.touch()
    await bench.until(lambda status: (status.name, status.state) == ("web", "running"))
    order = [(status.name, status.state, status.health) for status in bench.told if status.state != "starting"]
    assert order == [("db", "running", "unknown"), ("db", "running", "well"), ("web", "running", "unknown")]


async def test_one_waits_for_a_job_to_be_done(bench: Bench):
    flag = bench.workspace.root / "go"
    job = TargetSettings(command=("sh", "-c", f"while ! test -e {flag}; do sleep 0.02; done; exit 3"), restart={"policy": "never"})
    targets = bench.several({"job": job, "web": TargetSettings(command=FOREVER, after=("job",))})
    await targets.start_all()
    assert targets.status("web").state == "running"  # a program without health checks is there once it runs
    await targets.stop("web")
    flag.touch()
    await bench.until(lambda status: (status.name, status.state) == ("job", "exited"))
    await targets._begin("web")
    assert targets.status("web").note.startswith("waits: job ended")
    await targets.stop("job")
    assert (await targets.stop("web")).state == "stopped"


async def test_the_operator_starts_at_once_what_waits_or_stops_it(bench: Bench):
    db = TargetSettings(command=("no-such-program",))
    targets = bench.several({"db": db, "web": TargetSettings(command=FOREVER, after=("db",))})
    await targets.start_all()
    assert targets.status("web").note.startswith("waits: db was given up;")
    assert (await targets.start("web")).state == "running"
    await targets.stop("web")
    await targets._begin("web")
    assert targets.status("web").state == "starting"
    assert (await targets.stop("web")).state == "stopped"
    await asyncio.sleep(0.05)
    assert targets.status("web").state == "stopped"


def test_pauses_double_up_to_the_last_and_a_random_half_of_each_is_waited():
    drawn: list[tuple[float, float]] = []

    def jitter(low: float, high: float) -> float:
        drawn.append((low, high))
        return high

    pauses = Backoff(first=0.1, last=0.5, jitter=jitter)
    assert [round(pauses.pause(), 3) for _ in range(5)] == [0.1, 0.2, 0.4, 0.5, 0.5]
    pauses.reset()
    assert pauses.pause() == 0.1
    assert set(drawn) == {(0.5, 1.0)}
    assert {0.05 <= Backoff().pause() <= 0.1 for _ in range(100)} == {True}


class Hand:
    """A clock that a test moves."""

    now = 100.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


def test_starts_count_within_their_window():
    hand = Hand()
    starts = Intensity(RestartSettings(max_starts=3, window_seconds=10), hand)
    for _ in range(2):
        starts.note()
        hand.now += 4
    assert (len(starts), starts.exceeded, starts.span) == (2, False, 8.0)
    starts.note()
    assert starts.exceeded
    hand.now += 3
    assert (len(starts), starts.exceeded) == (2, False)
    starts.clear()
    assert (len(starts), starts.span) == (0, 0.0)
    starts.restore(7, 4.0)
    assert (len(starts), starts.exceeded) == (3, True)
    hand.now += 6.5
    assert len(starts) == 0
    starts.restore(3, -5.0)  # the clock was set back: nothing is known
    assert len(starts) == 0
    starts.restore(3, 60.0)
    assert len(starts) == 0


async def test_what_was_given_up_stays_so_over_an_orderly_restart_until_the_operator_acts(bench: Bench):
    crash = {"shop": TargetSettings(command=("false",), restart={"max_starts": 2})}
    first = bench.several(crash)
    await first.start_all()
    known = await bench.until(lambda status: status.state == "given_up")
    await first.stop_all()
    assert first.status("shop") == known
    second = bench.several(crash)
    await second.start_all({"shop": known})
    assert second.status("shop").state == "given_up"
    other = bench.several({"shop": TargetSettings(command=FOREVER, restart={"max_starts": 2})})
    await other.start_all({"shop": known})  # the command was mended
    assert other.status("shop").state == "running"
    bench.told.clear()
    await second.start("shop")
    assert (await bench.until(lambda status: status.state == "given_up")).restarts == 1


async def test_a_crash_loop_goes_on_counting_where_the_supervisor_crashes_too(bench: Bench):
    crash = {"shop": TargetSettings(command=("false",), restart={"max_starts": 4, "window_seconds": 60})}
    targets = bench.several(crash)
    now = targets.clock.wall()
    before = TargetStatus(name="shop", command=("false",), state="starting", restarts=2, starts=3, started_at=now - 1, exit_code=1)
    await targets.start_all({"shop": before}, crashed=True)
    given_up = await bench.until(lambda status: status.state == "given_up")
    assert given_up.restarts == 3
    assert given_up.note.startswith("given up after 4 starts within 60 s")
