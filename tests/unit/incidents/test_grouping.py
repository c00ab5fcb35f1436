from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from nexoide.config import IncidentRule
from nexoide.incidents import grouping
from nexoide.incidents.fingerprint import fingerprint
from nexoide.incidents.grouping import CATCH_ALL, SAMPLE_SECONDS, Grouper
from nexoide.model.event import Body, Event, IncidentMerged, IncidentMoved, IncidentOccurred, IncidentOpened, IncidentSplit
from nexoide.model.projection import State

from .failures import ROOT, failure, frame, raised


class Timer:
    """A timer of `Hands`."""

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        self.callback = None


class Hands:
    """A loop's time, moved by hand; timers run when they are due."""

    def __init__(self) -> None:
        self.now = 50.0
        self._order = itertools.count()
        self._timers: list[tuple[float, int, Timer]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Timer:
        assert delay >= 0
        timer = Timer(callback)
        heapq.heappush(self._timers, (self.now + delay, next(self._order), timer))
        return timer

    def pending(self) -> int:
        return sum(timer.callback is not None for _, _, timer in self._timers)

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while self._timers and self._timers[0][0] <= end:
            self.now, _, timer = heapq.heappop(self._timers)
            if timer.callback is not None:
                timer.callback()
        self.now = end


class Bench:
    """A grouper with its surroundings: what it told, when, and the state folded from it."""

    def __init__(self, hands: Hands | None = None, state: State | None = None, clock: Callable[[], float] | None = None) -> None:
        self.hands = hands or Hands()
        self.told: list[tuple[float, Body]] = []
        self.state = state or State()
        numbers = itertools.count(len(self.state.incidents) + 1)
        self.grouper = Grouper(ROOT, lambda: f"I-{next(numbers)}", self.emit, self.hands, now=clock)
        self.grouper.restore(self.state)

    def emit(self, body: Body) -> None:
        self.told.append((self.hands.now, body))
        self.state.apply(Event(seq=self.state.seq + 1, ts=0.0, kind="", actor="", via="", body=body))

    def occurred(self) -> list[IncidentOccurred]:
        return [body for _, body in self.told if isinstance(body, IncidentOccurred)]


def kind(name: str, at: float = 100.0) -> object:
    return failure(raised(frame(name), message=f"{name} is bad"), at=at)


FIRST = failure(raised(frame("main"), frame("total", "return price.amount", line=48), kind="AttributeError", message="no amount"))


def test_the_first_of_a_kind_opens_an_incident_at_once() -> None:
    bench = Bench()
    assert bench.grouper.feed(FIRST) == ("I-1", True)
    ((_, body),) = bench.told
    assert isinstance(body, IncidentOpened)
    incident = body.incident
    assert (incident.id, incident.fingerprint, incident.target, incident.count) == ("I-1", fingerprint(FIRST, ROOT), "shop", 1)
    assert (incident.error_class, incident.message) == ("AttributeError", "no amount")
    assert (incident.file, incident.line, incident.function) == ("shop/cart.py", 48, "total")
    assert (incident.first_at, incident.last_at, incident.sample) == (100.0, 100.0, FIRST)


def test_further_ones_are_counted_together_and_told_after_a_tenth_of_a_second() -> None:
    bench = Bench()
    bench.grouper.feed(FIRST)
    for n in range(10):
        assert bench.grouper.feed(replace(FIRST, at=101.0 + n)) == ("I-1", False)
    assert len(bench.told) == 1
    bench.hands.advance(0.1)
    assert bench.occurred() == [IncidentOccurred(incident="I-1", count=11, added=10, at=110.0, latest=None)]
    assert bench.hands.pending() == 0


def test_one_after_a_pause_is_told_at_once() -> None:
    bench = Bench()
    bench.grouper.feed(FIRST)
    bench.hands.advance(1.0)
    bench.grouper.feed(FIRST)
    assert [body.added for body in bench.occurred()] == [1]
    assert bench.hands.pending() == 0


def test_a_flood_is_told_ten_times_a_second_at_most_then_less_often_and_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "PACES", ((0.1, 50), (0.25, 0)))
    bench = Bench()
    chance = random.Random(5)
    fed = {"a": 0, "b": 0}
    for _ in range(40_000):
        name = chance.choice("ab")
        fed[name] += 1
        bench.grouper.feed(kind(name))  # type: ignore[arg-type]
        bench.hands.advance(chance.expovariate(2000))
    for identity in bench.state.incidents:
        times = [at for at, body in bench.told if getattr(body, "incident", None) == identity]
        gaps = [after - before for before, after in itertools.pairwise(times)]
        assert min(gaps) >= 0.1 - 1e-9
        assert min(gaps[60:]) >= 0.25 - 1e-9
        assert max(gaps) < 0.3
    bench.hands.advance(1.0)
    assert sorted(incident.count for incident in bench.state.incidents.values()) == sorted(fed.values())
    assert sum(body.added for body in bench.occurred()) == 40_000 - 2


def test_one_that_was_calm_for_long_is_told_quickly_again() -> None:
    bench = Bench()
    for _ in range(200):
        bench.grouper.feed(FIRST)
        bench.hands.advance(0.25)
    bench.hands.advance(grouping.CALM_SECONDS + 1)
    before = len(bench.told)
    for _ in range(3):
        bench.grouper.feed(FIRST)
        bench.hands.advance(0.1)
    assert len(bench.told) == before + 3


def test_a_sample_goes_along_at_most_once_a_minute_and_is_the_latest() -> None:
    bench = Bench()
    bench.grouper.feed(FIRST)
    for n in range(1, 1301):
        bench.hands.advance(0.1)
        bench.grouper.feed(replace(FIRST, at=100.0 + n))
    with_sample = [(at, body) for at, body in bench.told if isinstance(body, IncidentOccurred) and body.latest is not None]
    assert len(with_sample) == 2
    assert with_sample[0][0] >= 50.0 + SAMPLE_SECONDS
    assert with_sample[1][0] - with_sample[0][0] >= SAMPLE_SECONDS
    for _, body in with_sample:
        assert body.latest is not None
        assert body.latest.at == body.at


def test_one_failure_may_stand_for_many() -> None:
    bench = Bench()
    bench.grouper.feed(FIRST, 5)
    bench.grouper.feed(FIRST, 11)
    assert bench.grouper.more("I-1", FIRST, 4, 130.0) == "I-1"
    bench.grouper.flush()
    assert bench.state.incidents["I-1"].count == 20
    assert bench.state.incidents["I-1"].last_at == 130.0
    assert [body.added for body in bench.occurred()] == [15]


def test_targets_hosts_sources_and_routes_are_gathered() -> None:
    bench = Bench()
    bench.grouper.feed(replace(FIRST, route="GET /a"))
    bench.grouper.feed(replace(FIRST, target="till", host="web-2", source="file", route="GET /b"), 3)
    bench.grouper.feed(replace(FIRST, target="till", host="web-2", source="file", route="GET /a"))
    bench.grouper.flush()
    incident = bench.state.incidents["I-1"]
    assert (incident.targets, incident.hosts, incident.sources) == (("shop", "till"), ("web-2",), ("log", "file"))
    assert (incident.routes, incident.requests) == ({"GET /a": 2, "GET /b": 3}, 5)


def test_a_route_that_is_known_later_is_noted_only_where_no_failure_named_its_own() -> None:
    bench = Bench()
    bench.grouper.feed(FIRST)
    bench.grouper.seen_on("I-1", "GET /a")
    bench.grouper.feed(replace(FIRST, route="GET /b"))
    bench.grouper.seen_on("I-1", "GET /b")
    bench.grouper.flush()
    assert bench.state.incidents["I-1"].routes == {"GET /a": 1, "GET /b": 1}
    assert bench.state.incidents["I-1"].count == 2


def test_a_clock_ahead_of_ours_opens_nothing_in_the_future() -> None:
    bench = Bench(clock=lambda: 1000.0)
    bench.grouper.feed(replace(FIRST, at=4600.0))
    bench.grouper.feed(replace(FIRST, at=4601.0))
    bench.grouper.flush()
    assert bench.state.incidents["I-1"].first_at == bench.state.incidents["I-1"].last_at == 1000.0


def test_merged_incidents_count_as_one_from_then_on_also_after_a_restart() -> None:
    bench = Bench()
    bench.grouper.feed(kind("a"), 3)  # type: ignore[arg-type]
    bench.grouper.feed(kind("b"), 4)  # type: ignore[arg-type]
    bench.grouper.merge("I-2", "I-1")
    bench.emit(IncidentMerged(incident="I-2", into="I-1"))
    assert bench.grouper.feed(kind("b"), 5) == ("I-1", False)  # type: ignore[arg-type]
    bench.grouper.flush()
    assert bench.state.incidents["I-1"].count == 12
    again = Bench(state=bench.state)
    assert again.grouper.feed(kind("b")) == ("I-1", False)  # type: ignore[arg-type]
    again.grouper.flush()
    assert again.state.incidents["I-1"].count == 13
    assert again.state.incidents["I-2"].state == "merged"


def test_what_was_merged_can_be_parted_and_counts_on_its_own_again() -> None:
    bench = Bench()
    bench.grouper.feed(kind("a"), 3)  # type: ignore[arg-type]
    bench.grouper.feed(kind("b"), 4)  # type: ignore[arg-type]
    bench.grouper.merge("I-2", "I-1")
    bench.emit(IncidentMerged(incident="I-2", into="I-1"))
    parted = bench.grouper.part("I-1")
    bench.emit(IncidentSplit(incident="I-1", parted=parted))
    assert parted == ("I-2",)
    assert bench.grouper.feed(kind("b")) == ("I-2", False)  # type: ignore[arg-type]
    bench.grouper.feed(kind("a"))  # type: ignore[arg-type]
    bench.grouper.flush()
    assert (bench.state.incidents["I-1"].count, bench.state.incidents["I-2"].count) == (4, 5)
    assert bench.state.incidents["I-2"].state == "open"


@pytest.mark.parametrize(("by", "other"), [("route", {"route": "GET /b"}), ("target", {"target": "till"})])
def test_a_split_incident_keeps_what_is_like_its_sample_also_after_a_restart(by: str, other: dict[str, str]) -> None:
    bench = Bench()
    bench.grouper.feed(replace(FIRST, route="GET /a"))
    bench.grouper.split(bench.state.incidents["I-1"], by)
    bench.emit(IncidentSplit(incident="I-1", by=by))  # type: ignore[arg-type]
    assert bench.grouper.feed(replace(FIRST, route="GET /a")) == ("I-1", False)
    assert bench.grouper.feed(replace(FIRST, **{"route": "GET /a", **other})) == ("I-2", True)
    again = Bench(state=bench.state)
    assert again.grouper.feed(replace(FIRST, **{"route": "GET /a", **other})) == ("I-2", False)
    assert again.grouper.feed(replace(FIRST, route="GET /a")) == ("I-1", False)


def test_a_split_by_message_does_not_go_by_numbers() -> None:
    bench = Bench()
    one, two = (failure(raised(frame("total"), message=text)) for text in ("tax of 17 is bad", "rate of 17 is bad"))
    bench.grouper.feed(one)
    assert bench.grouper.feed(two) == ("I-1", False)
    bench.grouper.split(bench.state.incidents["I-1"], "message")
    assert bench.grouper.feed(failure(raised(frame("total"), message="tax of 18 is bad"))) == ("I-1", False)
    assert bench.grouper.feed(two) == ("I-2", True)


def test_flushing_tells_all_at_once_and_only_once() -> None:
    bench = Bench()
    for name in "abc":
        bench.grouper.feed(kind(name))  # type: ignore[arg-type]
        bench.grouper.feed(kind(name))  # type: ignore[arg-type]
    bench.grouper.flush()
    assert len(bench.occurred()) == 3
    bench.hands.advance(10)
    bench.grouper.flush()
    assert len(bench.occurred()) == 3


def test_closing_tells_what_is_left_and_leaves_no_timer() -> None:
    bench = Bench()
    bench.grouper.feed(FIRST)
    bench.grouper.feed(FIRST)
    bench.grouper.close()
    assert bench.state.incidents["I-1"].count == 2
    assert bench.hands.pending() == 0
    bench.grouper.feed(FIRST)
    assert bench.state.incidents["I-1"].count == 3
    assert bench.hands.pending() == 0


def test_after_a_restart_counts_go_on_and_nothing_is_opened_twice() -> None:
    before = Bench()
    for _ in range(5):
        before.grouper.feed(FIRST)
    before.grouper.close()
    after = Bench(state=before.state)
    assert after.grouper.feed(FIRST) == ("I-1", False)
    assert after.grouper.feed(kind("other")) == ("I-2", True)  # type: ignore[arg-type]
    assert after.state.incidents["I-1"].count == 6


def test_a_recurrence_of_a_resolved_incident_is_the_same_incident() -> None:
    bench = Bench()
    bench.grouper.feed(FIRST)
    bench.emit(IncidentMoved(incident="I-1", state="resolved", note="20 passes"))
    bench.hands.advance(60)
    identity, new = bench.grouper.feed(FIRST)
    assert (identity, new) == ("I-1", False)
    assert bench.state.incidents[identity].state == "resolved"


def test_beyond_the_bound_all_further_kinds_are_one_incident_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MAX_FINGERPRINTS", 3)
    bench = Bench()
    results = [bench.grouper.feed(kind(name)) for name in "abcdefa"]  # type: ignore[arg-type]
    assert results == [("I-1", True), ("I-2", True), ("I-3", True), ("I-4", True), ("I-4", False), ("I-4", False), ("I-1", False)]
    bench.grouper.flush()
    rest = bench.state.incidents["I-4"]
    assert (rest.fingerprint, rest.count) == (CATCH_ALL, 3)
    assert "further kinds" in rest.message
    assert len(bench.grouper._groups) == 4
    again = Bench(state=bench.state)
    assert again.grouper.feed(kind("z")) == ("I-4", False)  # type: ignore[arg-type]


def test_a_failure_outside_the_workspace_and_a_logged_line_are_incidents_too() -> None:
    bench = Bench()
    bench.grouper.feed(failure(raised(frame("get", file="/usr/lib/python3/x.py"))))
    bench.grouper.feed(failure(logger="shop.mail", log_message="x" * 5000))
    outside, logged = bench.state.incidents.values()
    assert (outside.file, outside.line, outside.function) == ("", 0, "")
    assert (logged.error_class, len(logged.message.encode())) == ("shop.mail", 500)


def test_a_route_that_the_first_failure_named_is_not_counted_again_by_another_source_and_leaves_no_time_of_its_own() -> None:
    bench = Bench()
    bench.grouper.feed(replace(FIRST, route="GET /orders/{id}"))
    bench.grouper.seen_on("I-1", "GET /orders/7")
    bench.hands.advance(1)
    incident = bench.state.incidents["I-1"]
    assert (incident.requests, incident.routes) == (1, {"GET /orders/{id}": 1})
    unrouted = Bench()
    unrouted.grouper.feed(FIRST)
    unrouted.grouper.seen_on("I-1", "GET /orders/7")
    unrouted.hands.advance(1)
    assert (unrouted.state.incidents["I-1"].requests, unrouted.state.rate["I-1"]) == (1, {100: 1})


def test_an_incident_of_a_rules_group_has_the_name_of_the_group() -> None:
    bench = Bench()
    rules = [IncidentRule(type="*Timeout*", group="upstream is slow")]
    grouper = Grouper(ROOT, lambda: "I-1", bench.emit, bench.hands, rules=rules)
    grouper.feed(failure(raised(frame("ask"), kind="ReadTimeout", message="no answer")))
    assert grouper.feed(failure(raised(frame("send"), kind="ConnectTimeout"))) == ("I-1", False)
    incident = bench.state.incidents["I-1"]
    assert (incident.error_class, incident.sample.exceptions[0].type) == ("upstream is slow", "ReadTimeout")
