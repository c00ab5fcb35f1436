"""For how long targets ran, of the time in which a supervisor was there to see it."""

from __future__ import annotations

from dataclasses import dataclass

from nexoide.model.analysis import TargetPattern

MAX_TARGETS = 1000
UP = frozenset({"running", "attached"})


@dataclass(slots=True)
class _Target:
    state: str = ""
    health: str = ""
    since: float = 0.0
    watched: float = 0.0
    up: float = 0.0
    unhealthy: float = 0.0
    restarts_seen: int = 0
    restarts: int = 0
    failures: int = 0
    given_up: int = 0


class Uptime:
    """Folds what was observed of targets into times within a window (wall seconds)."""

    def __init__(self, began: float, ended: float) -> None:
        self._began, self._ended = began, ended
        self._targets: dict[str, _Target] = {}
        self._watching = True
        self._last = 0.0

    def seen(self, at: float) -> None:
        """Note that the supervisor was there at a moment."""
        self._last = at

    def started(self, at: float) -> None:
        """A supervisor begins to watch; where the one before did not say that it ended, it was there until its last event."""
        if self._watching:
            self._advance_all(self._last)
        for target in self._targets.values():
            target.since = at
        self._watching = True

    def stopped(self, at: float) -> None:
        """The supervisor ends: what becomes of its targets is not seen."""
        self._advance_all(at)
        self._watching = False

    def changed(self, name: str, at: float, state: str, health: str, restarts: int, exit_code: int | None) -> None:
        """Take what was observed of a target."""
        target = self._targets.get(name)
        if target is None:
            if len(self._targets) >= MAX_TARGETS:
                return
            target = self._targets[name] = _Target(since=at, restarts_seen=restarts)
        self._advance(target, at)
        inside = self._began <= at <= self._ended
        if inside:
            target.restarts += restarts - target.restarts_seen if restarts >= target.restarts_seen else restarts
            target.failures += state == "exited" != target.state and exit_code not in {0, None}
            target.given_up += state == "given_up" != target.state
        target.restarts_seen, target.state, target.health = restarts, state, health

    def patterns(self) -> list[TargetPattern]:
        """Return how each target did, those that were up least first."""
        if self._watching:
            self._advance_all(self._ended)
        found = [
            TargetPattern(
                name=name,
                state=target.state,
                watched=target.watched,
                up=target.up,
                uptime=target.up / target.watched if target.watched > 0 else None,
                restarts=target.restarts,
                failures=target.failures,
                given_up=target.given_up,
                unhealthy=target.unhealthy,
            )
            for name, target in self._targets.items()
        ]
        return sorted(found, key=lambda one: (one.uptime if one.uptime is not None else 2.0, -one.restarts, one.name))

    def _advance_all(self, at: float) -> None:
        for target in self._targets.values():
            self._advance(target, at)

    def _advance(self, target: _Target, at: float) -> None:
        seconds = min(at, self._ended) - max(target.since, self._began)
        target.since = max(target.since, at)
        if seconds <= 0 or not self._watching:
            return
        target.watched += seconds
        if target.state in UP:
            target.up += seconds
            target.unhealthy += seconds if target.health == "unwell" else 0.0
