"""What a program's HTTP routes did in a span of time, as its middleware counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCount:
    """One route in one span: requests, how many failed (an exception or 5xx), and latencies in milliseconds.

    `buckets` counts requests by latency: bucket i holds those of at most `BOUNDS_MS[i]`, the last one the rest.
    """

    route: str
    count: int
    errors: int = 0
    client_errors: int = 0
    total_ms: float = 0.0
    max_ms: float = 0.0
    buckets: tuple[int, ...] = ()


BOUNDS_MS = (1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0)


def quantile(route: RouteCount, share: float) -> float:
    """Return the latency in milliseconds under which `share` (0 to 1) of the requests were: the upper bound of its bucket."""
    wanted, seen = share * sum(route.buckets), 0
    for bound, found in zip((*BOUNDS_MS, route.max_ms), route.buckets, strict=False):
        seen += found
        if seen >= wanted and seen:
            return min(bound, route.max_ms) if route.max_ms else bound
    return route.max_ms


def added(one: RouteCount, other: RouteCount) -> RouteCount:
    """Return two spans of the same route as one."""
    longer, shorter = sorted((one.buckets, other.buckets), key=len, reverse=True)
    buckets = tuple(value + (shorter[index] if index < len(shorter) else 0) for index, value in enumerate(longer))
    return RouteCount(
        route=one.route,
        count=one.count + other.count,
        errors=one.errors + other.errors,
        client_errors=one.client_errors + other.client_errors,
        total_ms=one.total_ms + other.total_ms,
        max_ms=max(one.max_ms, other.max_ms),
        buckets=buckets,
    )
