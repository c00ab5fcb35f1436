"""A file with failures from elsewhere: JUnit XML, a Sentry envelope or event, or plain JSON errors, told by what it begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from nexoide.errors import UsageError
from nexoide.incidents import junit, posted
from nexoide.incidents.documents import document, table
from nexoide.incidents.sentry.envelope import Envelope
from nexoide.incidents.sentry.reading import Reading, steps
from nexoide.model.failure import Failure

MAX_BYTES = 256 << 20
_EVENT_KEYS = frozenset({"event_id", "exception", "logentry", "platform", "breadcrumbs", "contexts"})
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file says: its kind in words, its failures, and sentences about what could not be read."""

    kind: str
    failures: Sequence[Failure]
    notes: tuple[str, ...] = ()


def imported(data: bytes, *, name: str, target: str, now: float) -> Imported:
    """Return the failures in the bytes of a file; raises UsageError where they are none of the formats. `target` "" leaves what the file says."""
    data = data.removeprefix(_BOM)
    start = data[:4096].lstrip()
    if not start:
        raise UsageError(f"{name} is empty: name a JUnit XML file, a Sentry envelope or a file of JSON errors.")
    if start.startswith(b"<"):
        report = junit.read(data, target=target, origin=name, now=now)
        if report.note and not report.failures and not report.tests:
            raise UsageError(report.note)
        return Imported("JUnit XML", report.failures, (report.note,) if report.note else ())
    reading = Reading(target or "sentry", now)
    if _is_envelope(data):
        for _ in steps(Envelope(data), reading):
            pass
        return Imported("Sentry envelope", reading.failures, tuple(reading.problems))
    return _json(data, reading, name, target, now)


def _json(data: bytes, reading: Reading, name: str, target: str, now: float) -> Imported:
    try:
        found: Any = document(data)
    except UsageError as error:
        if b"\n" not in data.strip():
            raise UsageError(f"{name} cannot be read: {error.sentence}.") from None
        return _posted(data, name, target, now, lines=True)
    events = [item for item in (found if isinstance(found, list) else [found]) if len(_EVENT_KEYS & table(item).keys()) >= 2]
    if not events:
        return _posted(data, name, target, now, lines=False)
    for event in events:
        reading.event(event)
    return Imported("Sentry event", reading.failures, tuple(reading.problems))


def _posted(data: bytes, name: str, target: str, now: float, *, lines: bool) -> Imported:
    try:
        batch = posted.read(data, lines=lines, now=now)
    except UsageError as error:
        raise UsageError(f"{name} cannot be read: {error.sentence}") from None
    failures: list[Failure] = []
    for item in batch.items:
        failure = replace(item.failure, target=item.failure.target or target, origin=name)
        failures += [failure] * min(item.count, posted.MAX_ITEMS)
    return Imported("JSON errors", failures, tuple(batch.refused.values())[:8])


def _is_envelope(data: bytes) -> bool:
    """Whether the first line is an object and the second names the type of an item."""
    lines = data[: 128 << 10].split(b"\n", 2)
    if len(lines) < 2:
        return False
    try:
        first, second = document(lines[0]), document(lines[1])
    except UsageError:
        return False
    plain = {*posted.NEEDED, "exception"}
    return isinstance(first, dict) and not plain & first.keys() and isinstance(table(second).get("type"), str) and not (plain - {"type"}) & table(second).keys()
