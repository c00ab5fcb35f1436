"""What a supervisor is told of a program's requests."""

from __future__ import annotations

from typing import Any

from tests.unit.probe.peer import Bench


def failures(bench: Bench, count: int) -> list[tuple[str, str, str, int]]:
    """Wait for as many failures, and return source, type ("" where there is no exception), route and status of each kind."""
    assert bench.peer.total(count) == count
    told = [message["failure"] for message in bench.peer.messages if message["t"] == "failure"]
    return [(one["source"], one["exceptions"][0]["type"] if one["exceptions"] else "", one["route"], one["status"]) for one in told]


def routes(bench: Bench, requests: int) -> dict[str, list[Any]]:
    """Wait until so many requests were counted, and return for each route how many, errors, client errors, and its latency buckets."""

    def rows() -> list[list[Any]]:
        return [row for message in bench.peer.messages if message["t"] == "routes" for row in message["routes"]]

    bench.peer.wait(lambda message: message["t"] == "routes" and sum(row[1] for row in rows()) >= requests)
    found: dict[str, list[Any]] = {}
    for route, count, errors, client, total_ms, max_ms, buckets in rows():
        assert sum(buckets) == count
        assert 0 < max_ms <= total_ms
        known = found.setdefault(route, [0, 0, 0])
        for index, value in enumerate((count, errors, client)):
            known[index] += value
    return found
