"""What one envelope, or one event of the older protocol, says: failures, requests, counts, and what of it could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from nexoide.errors import UsageError
from nexoide.incidents import bounded
from nexoide.incidents.documents import document, entries, table
from nexoide.incidents.sentry.envelope import MAX_PAYLOAD, MAX_PROBLEMS, Envelope, Item
from nexoide.incidents.sentry.event import failure
from nexoide.incidents.sentry.reports import LeftOut, Served, left_out, served, sessions
from nexoide.model.failure import Failure

IGNORED = {
    "attachment": "attachments",
    "check_in": "check-ins",
    "profile": "profiles",
    "profile_chunk": "profiles",
    "replay_event": "replays",
    "replay_recording": "replays",
    "replay_video": "replays",
    "log": "logs",
    "otel_log": "logs",
    "trace_metric": "metrics",
    "metric_buckets": "metrics",
    "metric_meta": "metrics",
    "statsd": "metrics",
    "span": "spans",
    "feedback": "feedback",
    "user_report": "feedback",
    "raw_security": "security reports",
}  # fmt: skip
"""Items that are counted under a name and not looked into; what is not among them either is counted as `other items`."""


@dataclass(slots=True)
class Reading:
    """What was found so far; `dropped` are items that should have been failures and could not be read."""

    target: str
    now: float
    failures: list[Failure] = field(default_factory=list)
    served: list[Served] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    dropped: int = 0

    def take(self, item: Item) -> None:
        """Read one item; what cannot be is counted and said, whatever it is."""
        kind = item.kind
        if kind not in {"event", "transaction", "session", "sessions", "client_report"}:
            self.counts[IGNORED.get(kind, "other items")] += 1
            return
        problem = f"it is longer than {MAX_PAYLOAD >> 20} MiB" if len(item.payload) > MAX_PAYLOAD else ""
        if not problem:
            try:
                payload = document(item.payload)
                if isinstance(payload, dict):
                    self._payload(kind, payload)
                    return
                problem = "it is no JSON object"
            except UsageError as error:
                problem = error.sentence
        self.dropped += kind == "event"
        self.counts[f"unreadable {kind}s"] += 1
        self.problem(f"one {kind} could not be read: {problem}")

    def event(self, payload: dict[str, object]) -> None:
        """Take an event that is decoded; one that says it is a transaction is counted as such."""
        self._payload("transaction" if payload.get("type") == "transaction" else "event", payload)

    def problem(self, clause: str) -> None:
        """Note what could not be read, a few of them."""
        if len(self.problems) < MAX_PROBLEMS and clause not in self.problems:
            self.problems.append(clause)

    def _payload(self, kind: str, payload: dict[str, object]) -> None:
        if kind == "event" and payload.get("type") in {"transaction", "feedback"}:
            kind = "transaction" if payload["type"] == "transaction" else "feedback"
        if kind == "event":
            self._event(payload)
        elif kind == "transaction":
            self.counts["transactions"] += 1
            request = served(payload)
            if request is not None:
                self.served.append(request)
        elif kind == "client_report":
            self.left_out += left_out(payload)
        elif kind == "feedback":
            self.counts["feedback"] += 1
        else:
            self.counts.update(sessions(kind, payload))

    def _event(self, payload: dict[str, object]) -> None:
        found = failure(payload, target=self.target, now=self.now)
        crumbs = len(entries(payload.get("breadcrumbs")))
        if crumbs:
            self.counts["breadcrumbs"] += crumbs
        if table(payload.get("user")):
            self.counts["events with a user"] += 1
        environment = bounded.line(payload.get("environment"), 40)
        if environment:
            self.counts[f"environment {environment}"] += 1
        if found is not None:
            self.failures.append(found)
        else:
            self.counts["messages below error"] += 1


def steps(envelope: Envelope, reading: Reading) -> Iterator[None]:
    """Read an envelope item by item, so that a caller can let others have their turn in between."""
    for item in envelope.items():
        reading.take(item)
        yield
    for clause in envelope.problems:
        reading.problem(clause)
    if envelope.lost:
        reading.counts["broken items"] += envelope.lost


def read(raw: bytes, *, target: str, now: float) -> Reading:
    """Return what a whole envelope says; raises UsageError where its first line is no envelope header."""
    reading = Reading(target, now)
    for _ in steps(Envelope(raw), reading):
        pass
    return reading
