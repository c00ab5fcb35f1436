"""What the HTTP routes of targets do, gathered and journaled at a pace that a disk can bear."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from nexoide.errors import UsageError
from nexoide.incidents.probe_source import clip
from nexoide.model import event as e
from nexoide.model.route import BOUNDS_MS, RouteCount, added

TELL_SECONDS = 10.0
MAX_ROUTES = 500
MAX_NAME = 200
OTHERS = "*"
"""Stands for all further routes, once a target has too many."""
_PARTS = 7
_MAX_COUNT = 1 << 40


class RouteCounts:
    """Sums up what middleware and error trackers say of routes, and tells it at most every ten seconds for each target."""

    def __init__(self, emit: Callable[[e.Body], None]) -> None:
        self._emit = emit
        self._loop = asyncio.get_running_loop()
        self._gathered: dict[str, dict[str, RouteCount]] = {}
        self._began: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._told_at: dict[str, float] = {}

    def measured(self, target: str, message: dict[str, Any]) -> None:
        """Take a probe's `routes` message; raises UsageError where it is none."""
        counts = [_count_of(row) for row in message["routes"][: MAX_ROUTES + 1]]
        self.add(target, _time(message["began"]), _time(message["ended"]), counts)

    def add(self, target: str, began: float, ended: float, counts: Iterable[RouteCount]) -> None:
        """Add what routes did between two times (wall seconds)."""
        gathered = self._gathered.setdefault(target, {})
        for count in counts:
            name = count.route if count.route in gathered or len(gathered) < MAX_ROUTES else OTHERS
            gathered[name] = added(gathered[name], count) if name in gathered else replace(count, route=name)
        if not gathered:
            return
        self._began[target] = min(began, self._began.get(target, began))
        self._ended[target] = max(ended, self._ended.get(target, ended))
        if target not in self._timers:
            wait = max(0.0, self._told_at.get(target, -TELL_SECONDS) + TELL_SECONDS - self._loop.time())
            self._timers[target] = self._loop.call_later(wait, self._tell, target)

    def known(self, told: Mapping[str, Mapping[str, RouteCount]]) -> dict[str, tuple[RouteCount, ...]]:
        """Return what was told with what is gathered since, by target: what is asked for now is to be as of now."""
        whole = {target: dict(routes) for target, routes in told.items()}
        for target, gathered in self._gathered.items():
            routes = whole.setdefault(target, {})
            for name, count in gathered.items():
                routes[name] = added(routes[name], count) if name in routes else count
        return {target: tuple(routes.values()) for target, routes in whole.items()}

    def _tell(self, target: str) -> None:
        self._timers.pop(target).cancel()
        self._told_at[target] = self._loop.time()
        routes = self._gathered.pop(target)
        self._emit(e.RoutesMeasured(target=target, began=self._began.pop(target), ended=self._ended.pop(target), routes=tuple(routes.values())))

    def close(self) -> None:
        """Tell what is left."""
        for target in list(self._timers):
            self._tell(target)


def _count_of(row: Any) -> RouteCount:
    if not isinstance(row, list) or len(row) != _PARTS or not isinstance(row[0], str) or not isinstance(row[6], list):
        raise UsageError("A count of a route is not what a middleware sends.")
    count, errors, client = (_whole(item) for item in row[1:4])
    buckets = tuple(_whole(item) for item in row[6][: len(BOUNDS_MS) + 1])
    return RouteCount(
        route=clip(row[0], MAX_NAME), count=count, errors=errors, client_errors=client, total_ms=_time(row[4]), max_ms=_time(row[5]), buckets=buckets
    )


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MAX_COUNT:
        raise UsageError("A count of a route is no number that it can be.")
    return value


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise UsageError("A time of a route is no number that it can be.")
    return float(value)
