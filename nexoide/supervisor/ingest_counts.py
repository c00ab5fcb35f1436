"""What came in from programs that nexoide did not start: counted by kind and target, and told no more often than it can be read."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from nexoide.incidents.sentry.reports import Served
from nexoide.model.commands import SourceStatus
from nexoide.model.route import BOUNDS_MS, RouteCount, added

MAX_SOURCES = 64
MAX_NAMES = 40
MAX_ROUTES = 500
OTHER_ROUTES = "*"
SPAN_SECONDS = 1.0
NOTICE_SECONDS = 60.0


class OnRoutes(Protocol):
    """Takes what the routes of a target did between two times (wall seconds)."""

    def __call__(self, target: str, began: float, ended: float, routes: tuple[RouteCount, ...], /) -> object:
        """Take them."""


@dataclass(slots=True)
class Tally:
    """What one kind of source sent of one target."""

    kind: str
    target: str
    failures: int = 0
    dropped: int = 0
    note: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, counts: Counter[str]) -> None:
        """Count further things by their names, at most 40 names."""
        for name, count in counts.items():
            self.counts[name if name in self.counts or len(self.counts) < MAX_NAMES else "further kinds"] += count

    def status(self) -> SourceStatus:
        """Return what an operator is shown."""
        counts = dict(sorted(self.counts.items()))
        return SourceStatus(name=self.kind, kind=self.kind, target=self.target, failures=self.failures, dropped=self.dropped, note=self.note, counts=counts)


class Tallies:
    """All of them, by kind and target."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str], Tally] = {}

    def of(self, kind: str, target: str) -> Tally:
        """Return the tally of a source; beyond 64 sources those of one kind share one."""
        key = (kind, target) if (kind, target) in self._all or len(self._all) < MAX_SOURCES else (kind, "")
        return self._all.setdefault(key, Tally(*key))

    def statuses(self) -> tuple[SourceStatus, ...]:
        """Return all, in order of kind and target."""
        return tuple(self._all[key].status() for key in sorted(self._all))


class Traffic:
    """Requests that transactions told of, passed on once a second while there are any."""

    def __init__(self, on_routes: OnRoutes | None, wall: Callable[[], float]) -> None:
        self._on_routes, self._wall = on_routes, wall
        self._routes: dict[str, dict[str, RouteCount]] = {}
        self._began = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def take(self, target: str, served: Served) -> None:
        """Count one request."""
        if self._on_routes is None:
            return
        known = self._routes.setdefault(target, {})
        name = served.route if served.route in known or len(known) < MAX_ROUTES else OTHER_ROUTES
        one = _counted(name, served)
        known[name] = added(known[name], one) if name in known else one
        if self._timer is None:
            self._began = self._wall()
            self._timer = asyncio.get_running_loop().call_later(SPAN_SECONDS, self.flush)

    def flush(self) -> None:
        """Pass on what was counted."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        found, self._routes = self._routes, {}
        for target, routes in found.items():
            if self._on_routes is not None:
                self._on_routes(target, self._began, max(self._began, self._wall()), tuple(routes.values()))


def _counted(name: str, served: Served) -> RouteCount:
    buckets = [0] * (len(BOUNDS_MS) + 1)
    buckets[bisect_left(BOUNDS_MS, served.milliseconds)] = 1
    return RouteCount(
        route=name,
        count=1,
        errors=int(served.failed),
        client_errors=int(400 <= served.status < 500),
        total_ms=served.milliseconds,
        max_ms=served.milliseconds,
        buckets=tuple(buckets),
    )


class Notices:
    """Says each kind of thing at most once a minute, with how often it happened since it was last said."""

    def __init__(self, on_notice: Callable[[str], None] | None) -> None:
        self._on_notice = on_notice
        self._said: dict[str, float] = {}
        self._since: Counter[str] = Counter()

    def say(self, kind: str, sentence: str) -> None:
        """Say a sentence, or only count it; `kind` is one of a few fixed words."""
        self._since[kind] += 1
        now = asyncio.get_running_loop().time()
        if self._on_notice is None or now - self._said.get(kind, -NOTICE_SECONDS) < NOTICE_SECONDS:
            return
        count = self._since.pop(kind)
        self._said[kind] = now
        self._on_notice(sentence if count == 1 else f"{sentence} ({count} such since it was last said)")
