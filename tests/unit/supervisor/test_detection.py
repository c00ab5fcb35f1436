from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nexoide.clock import SystemClock
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.codec import to_builtins
from nexoide.model.examination import CommitRef
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.projection import State
from nexoide.supervisor import boundary
from nexoide.supervisor.detection import Detection
from tests.unit.incidents.failures import ROOT, failure, frame, raised

SEEN = failure(raised(frame("total"), message="no amount"))
PRINTED = replace(SEEN, source="output", pid=0)


class Told:
    """Stands where deployments and probation are: it notes what it is told."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, int]] = []

    def failed(self, incident: str, failure: Failure, count: int = 1) -> None:
        self.failures.append((incident, count))


class Bench:
    """A detection with the state that its events make."""

    def __init__(self, attached: bool = True, since: Callable[[Incident], Coroutine[Any, Any, tuple[CommitRef, ...]]] | None = None) -> None:
        self.state, self.probation = State(), Told()
        self.tasks: list[asyncio.Task[None]] = []
        self.detection = Detection(
            root=ROOT,
            state=self.state,
            emit=self.emit,
            probation=self.probation,  # type: ignore[arg-type]
            deployments=None,  # type: ignore[arg-type]
            attached=lambda target: attached,
            spawn=lambda work, name: self.tasks.append(asyncio.ensure_future(work)),
            since=since,
        )

    def emit(self, body: e.Body) -> None:
        self.state.apply(e.Event(seq=self.state.seq + 1, ts=200.0, kind="", actor="", via="", body=body))

    def probe(self, seen: Failure = SEEN, count: int = 1) -> Any:
        return self.detection.failed("shop", 7, {"failure": to_builtins(seen), "dropped": 0, "count": count})

    def counts(self) -> dict[str, int]:
        self.detection.close()
        return {name: incident.count for name, incident in self.state.incidents.items()}


async def test_what_a_program_prints_waits_for_its_probe_and_is_not_a_second_failure() -> None:
    bench = Bench()
    assert bench.detection.take(PRINTED) == ""
    assert not bench.state.incidents
    bench.probe()
    await asyncio.sleep(0.15)
    assert bench.counts() == {"I-1": 1}
    assert bench.state.incidents["I-1"].sample.source == "log", "the probe's, which has the variables"


async def test_what_only_the_output_shows_is_told_after_a_moment() -> None:
    bench = Bench()
    began = time.monotonic()
    bench.detection.take(PRINTED)
    while not bench.state.incidents:
        await asyncio.sleep(0.005)
    assert time.monotonic() - began < 0.5
    assert bench.counts() == {"I-1": 1}


async def test_without_a_probe_nothing_waits() -> None:
    bench = Bench(attached=False)
    assert bench.detection.take(PRINTED) == "I-1"
    assert bench.detection.take(replace(PRINTED, source="file", origin="logs/app.log:3")) == "I-1"
    assert bench.counts() == {"I-1": 1}


async def test_repeats_of_a_probe_are_counted_to_the_probation_as_well() -> None:
    bench = Bench()
    counted = bench.probe()
    assert counted is not None
    bench.detection.repeated(counted, 499, 130.0)
    assert bench.counts() == {"I-1": 500}
    assert bench.probation.failures == [("I-1", 1), ("I-1", 499)]


async def test_a_response_without_an_exception_waits_for_one_and_names_its_route() -> None:
    bench = Bench()
    bench.detection.take(replace(PRINTED, source="http", exceptions=(), status=500, route="GET /cart"))
    bench.probe()
    await asyncio.sleep(0.15)
    assert bench.counts() == {"I-1": 1}
    assert bench.state.incidents["I-1"].routes == {"GET /cart": 1}


async def test_a_failure_that_was_resolved_comes_back_with_what_was_committed_since() -> None:
    commit = CommitRef(id="c" * 40, author="Ada", at=1.0, subject="Round half up")

    async def since(incident: Incident) -> tuple[CommitRef, ...]:
        return (commit,)

    bench = Bench(since=since)
    bench.probe()
    bench.emit(e.IncidentMoved(incident="I-1", state="resolved", note="healed", commit="a" * 40))
    bench.probe()
    bench.probe()
    await asyncio.gather(*bench.tasks)
    incident = bench.state.incidents["I-1"]
    assert (incident.state, incident.since, incident.recurrences, len(bench.tasks)) == ("open", (commit,), 1, 1)
    assert "cccccccccc Round half up" in incident.note


async def test_an_ignored_incident_counts_and_stays_ignored() -> None:
    bench = Bench()
    bench.probe()
    bench.emit(e.IncidentMoved(incident="I-1", state="ignored", note="known"))
    bench.probe()
    assert bench.counts() == {"I-1": 2}
    assert bench.state.incidents["I-1"].state == "ignored"


async def test_a_target_that_failed_lately_is_known() -> None:
    bench = Bench()
    assert not bench.detection.seen_lately("shop")
    bench.probe()
    assert bench.detection.seen_lately("shop")


async def test_what_ended_a_main_thread_is_known_by_its_process() -> None:
    bench = Bench()
    bench.probe()
    assert not bench.detection.died_of("shop", 7)
    bench.probe(replace(SEEN, source="main"))
    assert bench.detection.died_of("shop", 7)
    assert not bench.detection.died_of("till", 7)


async def test_what_is_kept_running_begins_again_where_it_breaks_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "AGAIN_SECONDS", 0.01)
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    tasks, runs, through = boundary.TaskRoot(journal), list[int](), asyncio.Event()

    async def work() -> None:
        runs.append(1)
        if len(runs) < 3:
            raise ZeroDivisionError("a defect")
        through.set()

    tasks.keep(work, "Following logs")
    await asyncio.wait_for(through.wait(), 5)
    await tasks.drain()
    notices = [event.body.text for event in journal.read() if isinstance(event.body, e.Notice)]
    await journal.close()
    assert len(runs) == 3
    assert len(notices) == 2
    assert all("Following logs was given up: ZeroDivisionError" in text for text in notices)
