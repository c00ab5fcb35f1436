from __future__ import annotations

import asyncio

import pytest

from nexoide.errors import UsageError
from nexoide.model import event as e
from nexoide.model.route import BOUNDS_MS, RouteCount, added, quantile
from nexoide.supervisor import route_counts
from nexoide.supervisor.route_counts import MAX_ROUTES, OTHERS, RouteCounts


def row(route: str, count: int = 1, errors: int = 0, ms: float = 4.0) -> list[object]:
    buckets = [0] * (len(BOUNDS_MS) + 1)
    buckets[2] = count
    return [route, count, errors, 0, ms * count, ms, buckets]


def message(*rows: list[object]) -> dict[str, object]:
    return {"t": "routes", "began": 100.0, "ended": 101.0, "routes": list(rows)}


async def test_the_first_counts_are_told_at_once_and_the_next_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route_counts, "TELL_SECONDS", 0.2)
    told: list[e.Body] = []
    counts = RouteCounts(told.append)
    counts.measured("shop", message(row("GET /a", 3)))
    await asyncio.sleep(0.05)
    assert len(told) == 1
    counts.measured("shop", message(row("GET /a", 4), row("GET /b", 1, errors=1)))
    counts.measured("shop", message(row("GET /a", 5)))
    await asyncio.sleep(0.05)
    assert len(told) == 1
    now = counts.known({"shop": {"GET /a": RouteCount(route="GET /a", count=3)}, "till": {}})
    assert {route.route: (route.count, route.errors) for route in now["shop"]} == {"GET /a": (12, 0), "GET /b": (1, 1)}
    counts.close()
    body = told[1]
    assert isinstance(body, e.RoutesMeasured)
    assert {route.route: (route.count, route.errors) for route in body.routes} == {"GET /a": (9, 0), "GET /b": (1, 1)}
    assert (body.began, body.ended) == (100.0, 101.0)


async def test_too_many_routes_are_counted_together() -> None:
    told: list[e.Body] = []
    counts = RouteCounts(told.append)
    for number in range(MAX_ROUTES + 20):
        counts.measured("shop", message(row(f"GET /{number}")))
    counts.close()
    (body,) = told
    assert isinstance(body, e.RoutesMeasured)
    assert sum(route.count for route in body.routes) == MAX_ROUTES + 20
    assert next(route.count for route in body.routes if route.route == OTHERS) == 20


@pytest.mark.parametrize(
    "bad", [["GET /a"], ["GET /a", -1, 0, 0, 1.0, 1.0, []], ["GET /a", 1, 0, 0, float("nan"), 1.0, []], [7, 1, 0, 0, 1.0, 1.0, []], "GET /a"]
)
async def test_what_is_no_count_is_refused(bad: object) -> None:
    with pytest.raises(UsageError):
        RouteCounts(lambda body: None).measured("shop", {"t": "routes", "began": 1.0, "ended": 2.0, "routes": [bad]})


def test_quantiles_are_bounds_of_buckets_and_sums_add_up() -> None:
    one = RouteCount(route="GET /", count=100, total_ms=900, max_ms=80, buckets=(0, 0, 95, 0, 0, 0, 5))
    assert quantile(one, 0.5) == 5.0
    assert quantile(one, 0.99) == 80.0
    assert added(one, one).buckets[2] == 190
    assert added(one, RouteCount(route="GET /", count=1, buckets=(1,))).buckets == (1, 0, 95, 0, 0, 0, 5)
