"""Patterns in a journal: exact counts, tests that are what they are called, times of repair and of running, honest words."""

from __future__ import annotations

import random
from dataclasses import replace
from math import comb

import pytest

from nexoide.errors import UsageError
from nexoide.incidents.analysis.rates import dispersion, trend, two_sided
from nexoide.incidents.analysis.reading import analyse
from nexoide.incidents.analysis.sentences import lasted
from nexoide.model import codec
from nexoide.model import event as e
from nexoide.model.analysis import Analysis
from nexoide.model.deployment import Deployment, DeploymentPlan
from nexoide.model.examination import CommitRef, Examination
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.patch import FileChange, Patch
from nexoide.model.projection import State
from nexoide.model.route import RouteCount
from nexoide.model.target import TargetStatus

NOW = 1_800_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR


class Events:
    """A journal in memory: real events as a journal stores them, and the fold of them."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, bytes]] = []
        self.state = State()

    def add(self, at: float, *bodies: e.Body) -> None:
        for body in bodies:
            event = e.Event(seq=len(self.rows) + 1, ts=at, kind=e.KIND_OF[type(body)], actor="test", via="local", body=body, hash="h")
            self.rows.append((event.seq, codec.encode(event)))
            self.state.apply(event)

    def read_raw(self, after: int = 0, limit: int = 1000) -> list[tuple[int, bytes]]:
        return self.rows[after : after + limit]

    def analyse(self, seconds: float = DAY, ended: float = NOW) -> Analysis:
        return analyse(self, self.state.incidents, ended=ended, seconds=seconds)

    def open(self, name: str, at: float, **more: object) -> None:
        sample = Failure(target="app", pid=1, source="main", at=at)
        incident = Incident(
            id=name,
            fingerprint=name,
            target="app",
            error_class="ValueError",
            message="m",
            file="shop/a.py",
            line=3,
            function="f",
            first_at=at,
            last_at=at,
            count=1,
            sample=sample,
        )
        self.add(at, e.IncidentOpened(incident=replace(incident, **more)))

    def again(self, name: str, at: float, added: int = 1, **more: object) -> None:
        count = self.state.incidents[name].count + added
        self.add(at, e.IncidentOccurred(incident=name, count=count, added=added, at=at, **more))  # type: ignore[arg-type]


@pytest.fixture
def journal() -> Events:
    return Events()


def exactly(hits: int, trials: int, share: float) -> float:
    chances = [comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(trials + 1)]
    return min(1.0, 2 * min(sum(chances[: hits + 1]), sum(chances[hits:])))


def test_the_probability_is_that_of_the_exact_binomial_test():
    numbers = random.Random(7)
    for _ in range(300):
        trials, share = numbers.randint(1, 60), numbers.uniform(0.02, 0.98)
        hits = numbers.randint(0, trials)
        assert two_sided(hits, trials, share) == pytest.approx(exactly(hits, trials, share), abs=1e-9)
    assert two_sided(0, 0, 0.5) == 1.0
    assert two_sided(500_300, 1_000_000, 0.5) == pytest.approx(0.549, abs=0.002)  # by the normal approximation: 0.6 standard deviations
    assert two_sided(0, 100_000, 0.5) == pytest.approx(0.0, abs=1e-12)


def test_equal_rates_are_called_different_about_as_often_as_the_level_says():
    numbers = random.Random(11)
    called = 0
    for _ in range(400):
        spans = tuple([sum(numbers.random() < 0.02 for _ in range(250)) for _ in range(24)] for _ in range(2))
        called += trend(sum(spans[0]), sum(spans[1]), (1.0, 1.0), spans).word != "level"
    assert called <= 12  # 4 are expected of 400 at p < 0.01


def test_bursts_count_for_less():
    even, burst = [10] * 24, [0] * 23 + [240]
    assert dispersion((even, even)) == pytest.approx(0.0)
    assert trend(480, 240, (1.0, 1.0), ([20] * 24, even)).word == "up"
    bursts = trend(480, 240, (1.0, 1.0), ([0] * 22 + [240, 240], burst))
    assert bursts.word == "level"
    assert bursts.dispersion > 100


def test_what_is_not_comparable_is_unknown():
    assert trend(5, 0, (1.0, 0.0)).word == "unknown"
    fresh = trend(50, 0, (1.0, 1.0))
    assert (fresh.ratio, fresh.word) == (None, "up")


def test_an_empty_journal(journal: Events):
    found = journal.analyse()
    assert (found.events, found.failures.now, found.incidents) == (0, 0, ())
    assert found.sentences[0].startswith("Nothing is in the journal yet")


def test_counts_in_the_window_and_the_one_before(journal: Events):
    journal.open("I-1", NOW - 40 * HOUR)
    journal.open("I-2", NOW - 5 * HOUR)
    for hours in range(30, 24, -1):
        journal.again("I-1", NOW - hours * HOUR, 2)
    for hours in range(23, 0, -1):
        journal.again("I-1", NOW - hours * HOUR, 7, routes={"GET /a": 5, "GET /b": 2}, requests=7)
    found = journal.analyse()
    assert [(one.id, one.count, one.new) for one in found.incidents] == [("I-1", 161, False), ("I-2", 1, True)]
    first = found.incidents[0]
    assert (first.route, first.requests, first.trend.before, first.noisy) == ("GET /a", 161, 13, True)
    assert first.trend.word == "up"
    assert (found.failures.now, found.failures.before, found.failures.word) == (162, 13, "up")
    assert first.share == pytest.approx(161 / 162)
    assert "162 failures of 2 incidents were counted, more than in the 24 h before (13" in found.sentences[0]
    assert found.sentences[1].startswith("I-1 fails most: ValueError in shop/a.py:3, 161 times (99% of all), mostly on GET /a")
    assert any(sentence == "I-2 is new." for sentence in found.sentences)
    assert (found.failing, found.note) == (2, "")
    assert journal.analyse(39 * HOUR).note == "too little of the window before was recorded to compare with"
    assert journal.analyse(41 * HOUR).note == "the journal begins within this window"


def test_merged_ones_count_with_what_they_were_merged_into(journal: Events):
    journal.open("I-1", NOW - HOUR)
    journal.open("I-2", NOW - HOUR)
    journal.again("I-2", NOW - HOUR / 2, 4)
    journal.add(NOW - 60, e.IncidentMerged(incident="I-2", into="I-1"))
    found = journal.analyse()
    assert [(one.id, one.count) for one in found.incidents] == [("I-1", 6)]


def test_how_long_it_took_to_resolve(journal: Events):
    for number, minutes in enumerate((10, 20, 90), 1):
        journal.open(f"I-{number}", NOW - 5 * HOUR, category="timeout" if number == 3 else "None")
        journal.add(NOW - 5 * HOUR + 60, e.IncidentMoved(incident=f"I-{number}", state="open", note="no patch: …"))
        journal.add(NOW - 5 * HOUR + 120, e.IncidentMoved(incident=f"I-{number}", state="probation", note=""))
        journal.add(NOW - 5 * HOUR + minutes * 60, e.IncidentMoved(incident=f"I-{number}", state="resolved", note=""))
    journal.open("I-9", NOW - 50 * HOUR)
    journal.add(NOW - 49 * HOUR, e.IncidentMoved(incident="I-9", state="resolved", note=""))
    found = journal.analyse()
    assert [(one.category, one.resolved, one.median, one.mean, one.longest) for one in found.repair] == [
        ("", 3, 1200.0, 2400.0, 5400.0),
        ("None", 2, 900.0, 900.0, 1200.0),
        ("timeout", 1, 5400.0, 5400.0, 5400.0),
    ]
    assert "3 incidents were resolved, 20 min after they opened in the median, 40 min in the mean." in found.sentences


def test_one_that_came_back_counts_from_when_it_came_back(journal: Events):
    journal.open("I-1", NOW - 60 * HOUR)
    journal.add(NOW - 50 * HOUR, e.IncidentMoved(incident="I-1", state="resolved", note=""))
    journal.add(NOW - 3 * HOUR, e.IncidentMoved(incident="I-1", state="open", note="it came back"))
    journal.add(NOW - 1 * HOUR, e.IncidentMoved(incident="I-1", state="resolved", note=""))
    found = journal.analyse()
    assert found.incidents[0].regression
    assert found.repair[0].median == 2 * HOUR
    assert "I-1 is back after having been resolved." in found.sentences


def test_the_last_change_before_it_began(journal: Events):
    change = FileChange(path="a.py", base_sha256="0" * 64, new_sha256="1" * 64)
    patch = Patch(
        id="P-4", incident="I-0", target="app", title="guard it", rationale="", rule="r", author="m", base_commit="", files=(change,), proposed_at=1.0
    )
    deployment = Deployment(id="D-2", patch="P-4", incident="I-0", target="app", action="approve", operator="ada", plan=DeploymentPlan(files=()))
    journal.add(NOW - 3 * HOUR, e.PatchProposed(patch=patch), e.DeploymentStarted(deployment=deployment))
    journal.add(NOW - 2 * HOUR, e.DeploymentLive(deployment="D-2", pids=(1,), changed=(), milliseconds=1.0, at=1.0))
    journal.open("I-1", NOW - 2 * HOUR + 180)
    journal.open("I-2", NOW - 2.5 * HOUR)
    commit = CommitRef(id="c" * 40, author="Ada", at=NOW - 2 * HOUR + 100, subject="faster")
    journal.open("I-3", NOW - 1 * HOUR, examination=Examination(recent=(commit,)))
    after = {one.id: (one.after.kind, one.after.id, one.after.what, one.after_seconds) if one.after else None for one in journal.analyse().incidents}
    assert after == {
        "I-1": ("deployment", "D-2", "P-4 (guard it)", 180.0),
        "I-2": None,
        "I-3": ("commit", "c" * 40, "faster", HOUR * 2 - 100 - HOUR),
    }


def test_routes_with_their_errors_and_latencies(journal: Events):
    buckets = (0, 0, 90, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0)
    slow = RouteCount(route="GET /a", count=100, errors=20, client_errors=1, total_ms=900.0, max_ms=41.0, buckets=buckets)
    calm = replace(slow, errors=0)
    journal.open("I-1", NOW - 49 * HOUR)
    journal.add(NOW - 25 * HOUR, e.RoutesMeasured(target="app", began=NOW - 26 * HOUR, ended=NOW - 25 * HOUR, routes=(calm,)))
    for hours in (2, 1):
        journal.add(NOW - hours * HOUR, e.RoutesMeasured(target="app", began=0, ended=NOW - hours * HOUR, routes=(slow, replace(calm, route="GET /b"))))
    found = journal.analyse()
    first, second = found.routes
    assert (first.route, first.requests, first.errors, first.error_rate, first.p50_ms, first.p95_ms) == ("GET /a", 200, 40, 0.2, 5.0, 41.0)
    assert first.trend.word == "up"
    assert (second.route, second.trend.word) == ("GET /b", "unknown")
    assert any("Of the routes GET /a (app) fails most: 40 of 200 requests failed (20.0%)" in sentence for sentence in found.sentences)


def target(state: str, restarts: int = 0, code: int | None = None, **more: object) -> e.TargetChanged:
    return e.TargetChanged(target=TargetStatus(name="app", command=("x",), state=state, restarts=restarts, exit_code=code, **more))  # type: ignore[arg-type]


def started() -> e.SupervisorStarted:
    return e.SupervisorStarted(pid=1, version="1", workspace="w", project="p", branch="", policy="review", has_git=False)


def test_for_how_long_targets_ran_of_the_time_they_were_watched(journal: Events):
    journal.add(NOW - 30 * HOUR, started(), target("running"))
    journal.add(NOW - 20 * HOUR, target("exited", code=1))
    journal.add(NOW - 19 * HOUR, target("running", restarts=1))
    journal.add(NOW - 10 * HOUR, e.SupervisorStopped(reason="x"))
    journal.add(NOW - 8 * HOUR, started(), target("attached", restarts=1))
    journal.add(NOW - 4 * HOUR, e.Notice(level="info", text="the last thing that was seen"))  # then killed
    journal.add(NOW - 2 * HOUR, started(), target("running", restarts=2))
    found = journal.analyse().targets[0]
    assert found.watched == pytest.approx((24 - 2 - 2) * HOUR)
    assert found.up == pytest.approx((24 - 2 - 2 - 1) * HOUR)
    assert found.uptime == pytest.approx(19 / 20)
    assert (found.restarts, found.failures, found.given_up) == (2, 1, 0)
    assert "app ran 95.0% of the 20 h in which it was watched and was restarted 2 times." in journal.analyse().sentences


def test_a_target_that_was_given_up_and_one_that_was_unwell(journal: Events):
    journal.add(NOW - 10 * HOUR, started(), target("running"))
    journal.add(NOW - 9 * HOUR, target("running", health="unwell"))
    journal.add(NOW - 8 * HOUR, target("running", health="well"))
    journal.add(NOW - 7 * HOUR, target("given_up"))
    found = journal.analyse().targets[0]
    assert (found.given_up, found.unhealthy, found.up) == (1, HOUR, 3 * HOUR)


def test_what_cannot_be_read_is_counted_and_passed_over(journal: Events):
    journal.open("I-1", NOW - HOUR)
    journal.rows += [(2, b'{"seq":2,"ts":1.0,"kind":"incident.occurred","body":{"incident":1}}'), (3, b"{"), (4, b'{"ts":1,"kind":"of.tomorrow","body":{}}')]
    found = journal.analyse()
    assert (found.events, found.failures.now) == (4, 1)


@pytest.mark.parametrize("seconds", [0.0, -5.0, 1e12, float("nan")])
def test_a_span_that_makes_no_sense_is_refused(journal: Events, seconds: float):
    with pytest.raises(UsageError, match="name another one"):
        journal.analyse(seconds)


def test_a_window_without_failures(journal: Events):
    journal.open("I-1", NOW - 30 * HOUR)
    found = journal.analyse()
    assert found.incidents == ()
    assert found.sentences[0] == "No failure was counted in the last 24 h. In the 24 h before there was 1 failure."


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (89, "89 s"), (600, "10 min"), (3 * HOUR + 300, "3 h 5 min"), (24 * HOUR, "24 h"), (7 * DAY, "7 days")]
)
def test_durations_in_words(seconds: float, words: str):
    assert lasted(seconds) == words
