"""Grouping: the stream of failures becomes incidents with exact counts, told at a pace that a journal and a person can follow."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nexoide.config import IncidentRule
from nexoide.incidents.fingerprint import fingerprint
from nexoide.incidents.opening import catch_all, incident_of
from nexoide.incidents.project import project_frame, project_frames
from nexoide.incidents.rules import first_match
from nexoide.model.event import Body, IncidentOccurred, IncidentOpened
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.projection import State

PACES = ((0.1, 1200), (0.25, 2400), (1.0, 5000), (5.0, 0))
"""Seconds between two tellings of one incident, and how many of them until the next, slower pace: a night-long failure must not fill the disk."""
CALM_SECONDS = 30.0
SAMPLE_SECONDS = 60.0
MAX_FINGERPRINTS = 2000
MAX_NAMES = 64
CATCH_ALL = "f" * 16
"""The fingerprint of the one incident that takes every failure of a new kind once there are too many kinds."""
FUTURE_SECONDS = 5.0
MAX_VALUE = 500
_DIGITS = re.compile(r"\d+")


class Cancellable(Protocol):
    """A timer that was set."""

    def cancel(self) -> object:
        """Unset it."""


class Timers(Protocol):
    """What a grouper needs of an event loop: its time in seconds, and timers."""

    def time(self) -> float:
        """Return monotonic seconds."""

    def call_later(self, delay: float, callback: Callable[[], Any], /) -> Cancellable:
        """Call back after `delay` seconds."""


@dataclass(slots=True)
class _News:
    """What was counted and not told yet."""

    added: int = 0
    at: float = 0.0
    latest: Failure | None = None
    requests: int = 0
    routes: dict[str, int] = field(default_factory=dict)
    targets: dict[str, None] = field(default_factory=dict)
    hosts: dict[str, None] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Group:
    id: str
    count: int
    told_at: float
    sampled_at: float
    tellings: int = 0
    news: _News = field(default_factory=_News)
    known: set[tuple[str, str]] = field(default_factory=set)
    timer: Cancellable | None = None
    joined: list[_Group] = field(default_factory=list)
    into: _Group | None = None

    def last(self) -> _Group:
        """Return the group that counts for this one, after all merges."""
        group = self
        while group.into is not None:
            group = group.into
        return group


@dataclass(slots=True)
class _Split:
    by: str
    own: str  # the value that stays with the incident


class Grouper:
    """Turns failures into IncidentOpened and IncidentOccurred, in the order in which `emit` is called.

    An incident is told of at once when it is new, then ten times a second with exact counts, less often the longer it goes
    on; a sample of the latest failure goes along at most once a minute. All methods belong to the event loop's thread.
    """

    def __init__(
        self,
        root: Path,
        next_id: Callable[[], str],
        emit: Callable[[Body], None],
        loop: Timers,
        *,
        rules: Sequence[IncidentRule] = (),
        now: Callable[[], float] | None = None,
    ) -> None:
        self._root = root
        self._next_id = next_id
        self._emit = emit
        self._loop = loop
        self._rules = rules
        self._now = now
        self._groups: dict[str, _Group] = {}
        self._by_id: dict[str, _Group] = {}
        self._splits: dict[str, _Split] = {}
        self._closed = False

    def restore(self, state: State) -> None:
        """Go on from the incidents of a state: counts continue, and known fingerprints open no second incident."""
        for incident in state.incidents.values():
            self._know(incident)
        for incident in state.incidents.values():
            into = self._by_id.get(incident.into) if incident.state == "merged" else None
            if into is not None:
                self._join(self._by_id[incident.id], into)  # the state's count of the other one holds it already

    def _know(self, incident: Incident) -> _Group:
        now = self._loop.time()
        group = _Group(incident.id, incident.count, now - CALM_SECONDS, now - SAMPLE_SECONDS)
        group.known = {("target", name) for name in incident.targets or (incident.target,)}
        group.known |= {("host", name) for name in incident.hosts} | {("source", name) for name in incident.sources}
        if incident.sample.route:
            group.known.add(("routed", ""))
        self._by_id[incident.id] = self._groups[incident.fingerprint] = group
        if incident.split_by:
            self._splits[incident.fingerprint] = _Split(incident.split_by, self._value(incident.split_by, incident.sample))
        return group

    def key_of(self, failure: Failure) -> tuple[str, IncidentRule | None]:
        """Return the fingerprint that a failure counts under, after rules and splits, and the rule that matched."""
        key = fingerprint(failure, self._root)
        rule = None
        if self._rules:
            found = project_frame(failure, self._root)
            rule = first_match(self._rules, failure, found[1] if found else "", found[0].function if found else "")
        if rule is not None and rule.group:
            key = _derived("rule", rule.group)
        if rule is not None and rule.by:
            key = _derived(key, self._value(rule.by, failure))
        parted = self._splits.get(key)
        if parted is not None:
            value = self._value(parted.by, failure)
            key = key if value == parted.own else _derived(key, parted.by, value)
        return key, rule

    def feed(self, failure: Failure, count: int = 1) -> tuple[str, bool]:
        """Count one failure, or `count` like it; return the incident and whether it is new."""
        key, rule = self.key_of(failure)
        group = self._groups.get(key)
        if group is None and len(self._groups) >= MAX_FINGERPRINTS:
            key = CATCH_ALL
            group = self._groups.get(key)
        if group is None:
            return self._open(key, failure, count, rule), True
        group = group.last()
        self._count(group, failure, count, failure.at)
        group.news.latest = failure
        self._pace(group)
        return group.id, False

    def more(self, incident: str, failure: Failure, count: int, at: float) -> str:
        """Count `count` more failures like one that was fed before; return the incident that they count for now."""
        group = self._by_id[incident].last()
        self._count(group, failure, count, at)
        self._pace(group)
        return group.id

    def seen_on(self, incident: str, route: str) -> None:
        """Note the route of a failure that was counted before its route was known."""
        group = self._by_id[incident].last()
        if ("routed", "") not in group.known:  # else each failure names its own
            _route(group.news, route, 1)
            self._pace(group)

    def _count(self, group: _Group, failure: Failure, count: int, at: float) -> None:
        news = group.news
        news.added += count
        news.at = max(news.at, self._possible(at))
        if failure.route:
            group.known.add(("routed", ""))
            _route(news, failure.route, count)
        for kind, name, into in (("target", failure.target, news.targets), ("host", failure.host, news.hosts), ("source", failure.source, news.sources)):
            if name and (kind, name) not in group.known and len(group.known) < 4 * MAX_NAMES:
                group.known.add((kind, name))
                into[name] = None

    def _possible(self, at: float) -> float:
        """Return a time that is not in the future: another host's clock may be ahead."""
        now = self._now() if self._now is not None else at
        return now if at > now + FUTURE_SECONDS else at

    def flush(self) -> None:
        """Tell everything that was counted and not told yet."""
        for group in self._by_id.values():
            self._tell(group)

    def close(self) -> None:
        """Tell what is left and set no more timers; what is fed later is told at once."""
        self._closed = True
        self.flush()

    # What operators say.

    def tell(self, incident: str) -> None:
        """Tell now what was counted of an incident, so that the events which follow find exact counts."""
        self._tell(self._by_id[incident])

    def merge(self, incident: str, into: str) -> None:
        """Count an incident with another one from now on; tell both before."""
        group, whole = self._by_id[incident], self._by_id[into].last()
        self._join(group, whole)
        whole.count += group.count

    def _join(self, group: _Group, into: _Group) -> None:
        into = into.last()
        if into is group:
            return
        group.into = into
        into.joined.append(group)

    def part(self, incident: str) -> tuple[str, ...]:
        """Let what was merged into an incident count on its own again; return those incidents."""
        whole = self._by_id[incident]
        parted, whole.joined = whole.joined, []
        for group in parted:
            group.into = None
            whole.count -= group.count
        return tuple(group.id for group in parted)

    def split(self, incident: Incident, by: str) -> None:
        """Tell further occurrences of an incident apart by what differs from its sample."""
        self._splits[incident.fingerprint] = _Split(by, self._value(by, incident.sample))

    def _value(self, by: str, failure: Failure) -> str:
        if by == "message":
            return _DIGITS.sub("#", failure.exceptions[0].message if failure.exceptions else failure.log_message)[:MAX_VALUE]
        if by == "route":
            return failure.route
        if by == "target":
            return failure.target
        frames = [frame for raised in failure.exceptions[:1] for frame, _ in project_frames(raised, self._root)]
        return "\n".join(f"{frame.function} {frame.source}" for frame in frames[-2:-1])

    # How it is told.

    def _open(self, key: str, failure: Failure, count: int, rule: IncidentRule | None) -> str:
        now = self._loop.time()
        at = self._possible(failure.at)
        make = catch_all if key == CATCH_ALL else incident_of
        incident = make(self._next_id(), key, failure, count, at, self._root, rule)
        group = self._know(incident)
        group.told_at = group.sampled_at = now
        self._emit(IncidentOpened(incident=incident))
        return incident.id

    def _pace(self, group: _Group) -> None:
        if self._closed:
            self._tell(group)
            return
        if group.timer is not None:
            return
        now = self._loop.time()
        if now - group.told_at > CALM_SECONDS:
            group.tellings = 0
        wait = group.told_at + _seconds(group.tellings) - now
        if wait <= 0:
            self._tell(group)
        else:
            group.timer = self._loop.call_later(wait, lambda: self._tell(group))

    def _tell(self, group: _Group) -> None:
        if group.timer is not None:
            group.timer.cancel()
            group.timer = None
        news = group.news
        if not news.added and not news.requests:
            return
        now = self._loop.time()
        sample = news.latest if now - group.sampled_at >= SAMPLE_SECONDS else None
        group.count += news.added
        body = IncidentOccurred(
            incident=group.id,
            count=group.count,
            added=news.added,
            at=news.at,
            latest=sample,
            targets=tuple(news.targets),
            hosts=tuple(news.hosts),
            sources=tuple(news.sources),
            routes=news.routes,
            requests=news.requests,
        )
        group.news, group.told_at, group.tellings = _News(), now, group.tellings + 1
        if sample is not None:
            group.sampled_at = now
        self._emit(body)


def _seconds(tellings: int) -> float:
    left = tellings
    for seconds, times in PACES:
        if left < times or not times:
            return seconds
        left -= times
    return PACES[-1][0]


def _route(news: _News, route: str, count: int) -> None:
    news.requests += count
    if route in news.routes or len(news.routes) < MAX_NAMES:
        news.routes[route] = news.routes.get(route, 0) + count


def _derived(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
