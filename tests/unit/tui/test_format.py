"""Numbers read as people write them, and say when they will read differently."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.tui import format as fmt


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0s"), (0, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (11520, "3h12m"), (90_000, "1d"), (math.nan, "0s"), (math.inf, "0s")],
)
def test_age(seconds: float, text: str) -> None:
    assert fmt.age(seconds) == text


@given(st.integers(0, 30_000).map(lambda tenths: tenths / 10))
def test_an_age_reads_the_same_until_it_is_said_to_change(seconds: float) -> None:
    wait = fmt.age_changes_in(seconds)
    assert 0 < wait <= 60
    assert fmt.age(seconds + wait * 0.5) == fmt.age(seconds)
    assert fmt.age(seconds + wait + 1e-3) != fmt.age(seconds)


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (999, "999"), (1000, "1.0k"), (38_400, "38k"), (3_000_000, "3.0M"), (10**15, "9999G")])
def test_count(value: int, text: str) -> None:
    assert fmt.count(value) == text


@pytest.mark.parametrize(("value", "text"), [(0, ""), (0.4, "<1 ms"), (212, "212 ms"), (1840, "1.8 s"), (120_000, "2m")])
def test_milliseconds(value: float, text: str) -> None:
    assert fmt.milliseconds(value) == text


def test_a_sparkline_shows_the_last_spans_and_then_rests() -> None:
    now = 6000.0
    buckets = {5998: 4, 5990: 2, 1: 9}
    drawn = fmt.sparkline(buckets, now, 5)
    assert len(drawn) == 5
    assert drawn[:2] == "▁▁"
    assert "█" in drawn
    assert fmt.sparkline(buckets, now + 1000, 5) == "▁▁▁▁▁"
    assert fmt.sparkline_changes_in(buckets, now, 5) <= 6
    assert fmt.sparkline_changes_in(buckets, now + 1000, 5) == math.inf
    assert fmt.sparkline_changes_in({}, now, 5) == math.inf


def test_a_time_that_cannot_be_is_said_so() -> None:
    assert fmt.clock(1e30) == "--:--:--"


@given(st.dictionaries(st.integers(0, 40 * 86_400), st.integers(1, 50), max_size=40), st.integers(0, 40 * 86_400), st.integers(1, 90))
def test_a_trend_counts_everything_since_its_beginning_in_no_more_bars_than_asked_for(buckets: dict[int, int], began: int, width: int) -> None:
    now = 40 * 86_400.0
    drawn = fmt.trend(buckets, began, now, width)
    assert 1 <= len(drawn.bars) <= width
    assert drawn.began <= began
    inside = {second: added for second, added in buckets.items() if second >= drawn.began}
    sums: dict[int, int] = {}
    for second, added in inside.items():
        sums[second // drawn.step] = sums.get(second // drawn.step, 0) + added
    assert drawn.highest == max(sums.values(), default=0)
    assert sum(bar != "▁" for bar in drawn.bars) == len(sums)


def test_a_scale_reads_as_people_say_it() -> None:
    assert [fmt.span(value) for value in (1, 30, 60, 300, 3600, 5400, 86_400)] == ["1 s", "30 s", "1 min", "5 min", "1 h", "90 min", "1 d"]


def test_a_moment_of_another_day_has_its_date() -> None:
    now = 1_790_000_000.0
    assert len(fmt.moment(now - 5, now)) == len("14:13:20")
    assert fmt.moment(now - 3 * 86_400, now).count("-") == 2
    assert fmt.moment(float("nan"), now) == "--:--:--"
