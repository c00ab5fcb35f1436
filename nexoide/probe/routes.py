"""What the program's HTTP routes do, counted as nexoide.model.route has it, and sent once a second while there is traffic."""

from __future__ import annotations

import _thread
import time
from _bisect import bisect_left

from . import start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

BOUNDS_MS = (1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0)
MAX_ROUTES = 500
OTHERS = "*"
EACH_S = 1.0


class Counts:
    """The counts of one span of time: for each route how many, errors, client errors, total and longest milliseconds, and buckets."""

    def __init__(self) -> None:
        self.began = time.time()
        self.due = time.monotonic() + EACH_S
        self.routes: dict[str, list[Any]] = {}


_counts: Optional[Counts] = None
_ending = False
_lock = _thread.RLock()  # the same thread may come twice: a finaliser ends a response in the middle of anything


def count(route: str, status: int, seconds: float) -> None:
    """Count one request that was answered with `status` after `seconds`."""
    global _counts  # noqa: PLW0603
    took = seconds * 1000
    with _lock:
        counts, first = _counts, _counts is None
        if counts is None:
            counts = _counts = Counts()
        found = counts.routes.get(route)
        if found is None:
            route = route if len(counts.routes) < MAX_ROUTES else OTHERS
            found = counts.routes.setdefault(route, [0, 0, 0, 0.0, 0.0, [0] * (len(BOUNDS_MS) + 1)])
        found[0] += 1
        if status >= 500:
            found[1] += 1
        elif status >= 400:
            found[2] += 1
        found[3] += took
        if took > found[4]:
            found[4] = took
        found[5][bisect_left(BOUNDS_MS, took)] += 1
    if first:
        link = start.current()
        if link is not None:
            link.ring()


def tick(send: Callable[[dict[str, Any]], bool]) -> Optional[float]:
    """Send what a second has brought; returns in how many seconds to be called again, None where there is no traffic."""
    global _counts  # noqa: PLW0603
    with _lock:
        counts = _counts
        if counts is None:
            return None
        left = counts.due - time.monotonic()
        if left > 0 and not _ending:
            return left
        _counts = None
    rows = [[route, *row] for route, row in counts.routes.items()]
    if send({"t": "routes", "began": counts.began, "ended": time.time(), "routes": rows}):
        return None
    with _lock:
        _counts = counts if _counts is None else _added(counts, _counts)
        _counts.due = time.monotonic() + EACH_S
    return EACH_S


def _added(older: Counts, newer: Counts) -> Counts:
    for route, row in newer.routes.items():
        name = route if route in older.routes or len(older.routes) < MAX_ROUTES else OTHERS
        known = older.routes.setdefault(name, [0, 0, 0, 0.0, 0.0, [0] * (len(BOUNDS_MS) + 1)])
        known[:4] = [known[index] + row[index] for index in range(4)]
        known[4] = max(known[4], row[4])
        known[5] = [one + other for one, other in zip(known[5], row[5])]  # noqa: B905 - Python 3.9
    return older


def finish() -> bool:
    """Have what is left sent at the next opportunity; returns whether there is anything."""
    global _ending  # noqa: PLW0603
    _ending = True
    return _counts is not None


def forked() -> None:
    """Begin afresh: what was counted is the parent's to tell."""
    global _counts, _lock
    _counts, _lock = None, _thread.RLock()
