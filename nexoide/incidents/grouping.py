"""Grouping: the stream of failures becomes incidents with exact counts, told at a pace that a journal and a person can follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from nexoide.incidents.fingerprint import fingerprint, relative_path, workspace_frame
from nexoide.incidents.probe_source import clip
from nexoide.model.event import Body, IncidentOccurred, IncidentOpened
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.projection import State

MIN_SECONDS = 0.25
SAMPLE_SECONDS = 60.0
MAX_FINGERPRINTS = 2000
CATCH_ALL = "f" * 16
"""The fingerprint of the one incident that takes every failure of a new kind once there are too many kinds."""
_MAX_MESSAGE = 500


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
class _Group:
    id: str
    count: int
    told_at: float
    sampled_at: float
    added: int = 0
    latest: Failure | None = None
    timer: Cancellable | None = None


class Grouper:
    """Turns failures into IncidentOpened and IncidentOccurred, in the order in which `emit` is called.

    An incident is told of at once when it is new, then at most four times a second with exact counts; a sample of
    the latest failure goes along at most once a minute. All methods belong to the event loop's thread.
    """

    def __init__(self, root: Path, next_id: Callable[[], str], emit: Callable[[Body], None], loop: Timers) -> None:
        self._root = root
        self._next_id = next_id
        self._emit = emit
        self._loop = loop
        self._groups: dict[str, _Group] = {}
        self._closed = False

    def restore(self, state: State) -> None:
        """Go on from the incidents of a state: counts continue, and known fingerprints open no second incident."""
        now = self._loop.time()
        for incident in state.incidents.values():
            self._groups[incident.fingerprint] = _Group(incident.id, incident.count, now - MIN_SECONDS, now - SAMPLE_SECONDS)

    def feed(self, failure: Failure, dropped: int = 0) -> tuple[str, bool]:
        """Count one failure, and `dropped` more of its kind that its source left out; return the incident and whether it is new."""
        key = fingerprint(failure, self._root)
        group = self._groups.get(key)
        if group is None and len(self._groups) >= MAX_FINGERPRINTS:
            key = CATCH_ALL
            group = self._groups.get(key)
        if group is None:
            return self._open(key, failure, 1 + dropped), True
        group.added += 1 + dropped
        group.latest = failure
        self._pace(group)
        return group.id, False

    def flush(self) -> None:
        """Tell everything that was counted and not told yet."""
        for group in self._groups.values():
            self._tell(group)

    def close(self) -> None:
        """Tell what is left and set no more timers; what is fed later is told at once."""
        self._closed = True
        self.flush()

    def _open(self, key: str, failure: Failure, count: int) -> str:
        now = self._loop.time()
        incident = _catch_all(self._next_id(), failure, count) if key == CATCH_ALL else _incident(self._next_id(), key, failure, count, self._root)
        self._groups[key] = _Group(incident.id, count, told_at=now, sampled_at=now)
        self._emit(IncidentOpened(incident=incident))
        return incident.id

    def _pace(self, group: _Group) -> None:
        wait = group.told_at + MIN_SECONDS - self._loop.time()
        if wait <= 0 or self._closed:
            self._tell(group)
        elif group.timer is None:
            group.timer = self._loop.call_later(wait, lambda: self._tell(group))

    def _tell(self, group: _Group) -> None:
        if group.timer is not None:
            group.timer.cancel()
            group.timer = None
        if not group.added or group.latest is None:
            return
        now = self._loop.time()
        sample = group.latest if now - group.sampled_at >= SAMPLE_SECONDS else None
        group.count += group.added
        body = IncidentOccurred(incident=group.id, count=group.count, added=group.added, at=group.latest.at, latest=sample)
        group.added, group.latest, group.told_at = 0, None, now
        if sample is not None:
            group.sampled_at = now
        self._emit(body)


def _incident(identity: str, key: str, failure: Failure, count: int, root: Path) -> Incident:
    frame = workspace_frame(failure, root)
    raised = failure.exceptions[0] if failure.exceptions else None
    return Incident(
        id=identity,
        fingerprint=key,
        target=failure.target,
        error_class=raised.type if raised else (failure.logger or "log"),
        message=clip(raised.message if raised else failure.log_message, _MAX_MESSAGE),
        file=(relative_path(frame.file, root) or "") if frame else "",
        line=frame.line if frame else 0,
        function=frame.function if frame else "",
        first_at=failure.at,
        last_at=failure.at,
        count=count,
        sample=failure,
    )


def _catch_all(identity: str, failure: Failure, count: int) -> Incident:
    return Incident(
        id=identity,
        fingerprint=CATCH_ALL,
        target=failure.target,
        error_class="(further kinds)",
        message=f"More than {MAX_FINGERPRINTS} kinds of failures: all further kinds are counted here, together.",
        file="",
        line=0,
        function="",
        first_at=failure.at,
        last_at=failure.at,
        count=count,
        sample=failure,
        note="No patch is proposed for this group: its failures have nothing in common.",
    )
