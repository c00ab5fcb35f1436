"""What envelopes carry beside errors: transactions as requests to routes, sessions and what a program left out as counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nexoide.incidents import bounded
from nexoide.incidents.documents import entries, table
from nexoide.incidents.routing import route
from nexoide.incidents.sentry.event import status_of, tags_of

MAX_COUNT = 1 << 40
MAX_ROWS = 1000
_FAILED = {"internal_error", "unavailable", "unknown", "unimplemented", "data_loss", "deadline_exceeded", "resource_exhausted", "aborted"}
_SESSIONS = {"sessions": ("exited", "errored", "crashed", "abnormal"), "sessions crashed": ("crashed", "abnormal"), "sessions errored": ("errored",)}
_UNSENT = {"sample_rate", "before_send", "event_processor", "ignored", "insufficient_data"}
"""Why a program leaves something out on purpose; every other reason is a loss."""


@dataclass(frozen=True, slots=True)
class Served:
    """One request that a program served: its route, how long it took in milliseconds, and its status (0: not said)."""

    route: str
    milliseconds: float
    status: int
    failed: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Error events that a program did not send, and why in the SDK's words; `meant` where its settings want it so."""

    quantity: int
    reason: str
    meant: bool


def served(event: dict[str, Any]) -> Served | None:
    """Return the request that a transaction tells of, None where it is some other piece of work."""
    contexts, request = table(event.get("contexts")), table(event.get("request"))
    trace = table(contexts.get("trace"))
    if trace.get("op") != "http.server" and not request.get("url"):
        return None
    name = event.get("transaction")
    source = table(event.get("transaction_info")).get("source")
    shown = route(request.get("method"), name if source != "url" else None, request.get("url") or name)
    if not shown and isinstance(name, str) and name:
        shown = route(request.get("method"), "/" + name, None)
    status = status_of(contexts, tags_of(event))
    began, ended = bounded.moment(event.get("start_timestamp"), 0.0), bounded.moment(event.get("timestamp"), 0.0)
    milliseconds = min(max(0.0, (ended - began) * 1000), 86_400_000.0) if began and ended else 0.0
    failed = status >= 500 or (not status and trace.get("status") in _FAILED)
    return Served(bounded.line(shown) or "(unnamed)", milliseconds, status, failed)


def sessions(kind: str, payload: dict[str, Any]) -> dict[str, int]:
    """Return how many sessions ended in which way, from a `session` (one) or `sessions` (many)."""
    if kind == "session":
        status = payload.get("status")
        counts = {"sessions": 1 if payload.get("init") or status != "ok" else 0}
        if status in {"crashed", "abnormal", "unhandled"}:
            counts["sessions crashed"] = 1
        elif bounded.integer(payload.get("errors")):
            counts["sessions errored"] = 1
        return {name: count for name, count in counts.items() if count}
    counts = {"sessions": 0, "sessions crashed": 0, "sessions errored": 0}
    for row in entries(payload.get("aggregates"))[:MAX_ROWS]:
        for name, keys in _SESSIONS.items():
            counts[name] += sum(bounded.integer(table(row).get(key)) for key in keys)
    return {name: min(count, MAX_COUNT) for name, count in counts.items() if count}


def left_out(payload: dict[str, Any]) -> list[LeftOut]:
    """Return what a client report says of error events that were not sent."""
    found = []
    for row in entries(payload.get("discarded_events"))[:MAX_ROWS]:
        item = table(row)
        quantity = bounded.integer(item.get("quantity"))
        if item.get("category") in {"error", "default", "security"} and quantity:
            reason = bounded.line(item.get("reason"), 64) or "no reason"
            found.append(LeftOut(quantity, reason, reason in _UNSENT))
    return found
