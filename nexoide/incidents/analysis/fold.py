"""One pass over the events of a journal: what is counted of them, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from nexoide.incidents.analysis import bodies as b
from nexoide.incidents.analysis.changes import Changes
from nexoide.incidents.analysis.uptime import Uptime
from nexoide.model.event import RoutesMeasured
from nexoide.model.route import RouteCount, added

SPANS = 24
MAX_ROUTES = 5000
MAX_DURATIONS = 100_000


@dataclass(slots=True)
class Seen:
    """One incident: occurrences in the 24 spans of the window before and the 24 of the window, and what became of it in the window."""

    spans: list[int] = field(default_factory=lambda: [0] * (2 * SPANS))
    routes: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    opened_at: float = 0.0
    open_since: float = 0.0
    state: str = "open"
    regressed: bool = False

    @property
    def now(self) -> int:
        """Occurrences in the window."""
        return sum(self.spans[SPANS:])

    @property
    def before(self) -> int:
        """Occurrences in the window before."""
        return sum(self.spans[:SPANS])


class Fold:
    """Takes raw events, in order, and counts those of the window `began` to `ended` (wall seconds), and of the one before it."""

    def __init__(self, began: float, ended: float) -> None:
        self.began, self.ended = began, ended
        self.seconds = ended - began
        self.events = 0
        self.first_at = 0.0
        self.incidents: dict[str, Seen] = {}
        self.routes: dict[tuple[str, str], RouteCount] = {}
        self.routes_before: dict[tuple[str, str], RouteCount] = {}
        self.durations: list[tuple[str, float]] = []
        self.changes = Changes()
        self.uptime = Uptime(began, ended)
        self._envelopes = msgspec.json.Decoder(b.Envelope)
        self._bodies: dict[str, msgspec.json.Decoder[Any]] = {kind: msgspec.json.Decoder(body) for kind, body in b.BODIES.items()}
        self._handlers: dict[str, Callable[[float, Any], None]] = {
            "incident.opened": self._opened,
            "incident.occurred": self._occurred,
            "incident.moved": self._moved,
            "routes.measured": self._measured,
            "target.changed": lambda at, body: self.uptime.changed(
                body.target.name, at, body.target.state, body.target.health, body.target.restarts, body.target.exit_code
            ),
            "patch.proposed": lambda at, body: self.changes.proposed(body.patch.id, body.patch.title),
            "deployment.started": lambda at, body: self.changes.deploying(
                body.deployment.id, body.deployment.patch, body.deployment.target, body.deployment.action
            ),
            "deployment.live": lambda at, body: self.changes.live("deployment", body.deployment, at),
            "reload.started": lambda at, body: self.changes.reloading(body.reload.id, body.reload.target, [file.path for file in body.reload.files]),
            "reload.finished": lambda at, body: self.changes.live("reload", body.reload, at) if body.state == "live" else None,
            "supervisor.started": lambda at, body: self.uptime.started(at),
            "supervisor.stopped": lambda at, body: self.uptime.stopped(at),
        }

    def take(self, raw: bytes) -> None:
        """Count one event; what cannot be read (damaged, or of another version) counts as an event and as nothing else."""
        self.events += 1
        try:
            event = self._envelopes.decode(raw)
            handler = self._handlers.get(event.kind)
            body = self._bodies[event.kind].decode(event.body) if handler is not None else None
        except (msgspec.DecodeError, msgspec.ValidationError):
            return
        if event.ts > 0:
            self.first_at = self.first_at or event.ts
            if handler is not None:
                handler(event.ts, body)
            self.uptime.seen(event.ts)

    def _count(self, seen: Seen, at: float, count: int, routes: dict[str, int], requests: int) -> None:
        place = int((at - self.began) / self.seconds * SPANS + SPANS)  # both windows have 24 spans of one length
        if at == self.ended:
            place = 2 * SPANS - 1
        if not 0 <= place < 2 * SPANS or at > self.ended:
            return
        seen.spans[place] += count
        if place >= SPANS:
            seen.requests += requests
            for route, failed in routes.items():
                if route in seen.routes or len(seen.routes) < SPANS:
                    seen.routes[route] = seen.routes.get(route, 0) + failed

    def _opened(self, at: float, body: b.Opened) -> None:
        new = body.incident
        seen = self.incidents[new.id] = Seen(opened_at=at, open_since=at, state=new.state)
        self._count(seen, new.last_at, new.count, new.routes, new.requests)

    def _occurred(self, at: float, body: b.Occurred) -> None:
        seen = self.incidents.get(body.incident)
        if seen is not None:
            self._count(seen, body.at, body.added, body.routes, body.requests)

    def _moved(self, at: float, body: b.Moved) -> None:
        seen = self.incidents.get(body.incident)
        if seen is None:
            return
        if body.state == "open" and seen.state != "open":
            seen.regressed |= seen.state in {"resolved", "probation"} and self.began <= at <= self.ended
            seen.open_since = seen.open_since if seen.state == "probation" else at
        elif body.state == "resolved" and seen.state != "resolved" and self.began <= at <= self.ended and len(self.durations) < MAX_DURATIONS:
            self.durations.append((body.incident, max(0.0, at - seen.open_since)))
        seen.state = body.state

    def _measured(self, at: float, body: RoutesMeasured) -> None:
        if self.began < body.ended <= self.ended:
            totals = self.routes
        elif self.began - self.seconds < body.ended <= self.began:
            totals = self.routes_before
        else:
            return
        for count in body.routes:
            key = (body.target, count.route)
            if key in totals:
                totals[key] = added(totals[key], count)
            elif len(totals) < MAX_ROUTES:
                totals[key] = count
