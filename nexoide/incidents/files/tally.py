"""Failures read from logs, grouped and counted without a journal: what `nexoide monitor` prints."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nexoide.incidents.classify import classify
from nexoide.incidents.expression import expression
from nexoide.incidents.fingerprint import fingerprint
from nexoide.incidents.places import plain
from nexoide.incidents.probe_source import clip
from nexoide.incidents.project import project_frame
from nexoide.model.failure import Failure, Frame

MAX_GROUPS = 2000
MAX_OCCURRENCES = 100
MAX_NAMES = 64
MAX_MESSAGE = 500
MAX_REMEMBERED = 10_000
SAME_SECONDS = 2.0
CATCH_ALL = "f" * 16


@dataclass(slots=True)
class Group:
    """Like failures: the fields of an incident, and its newest occurrences as they are printed."""

    fingerprint: str
    type: str
    function: str
    file: str
    line: int
    category: str
    severity: str
    message: str
    language: str
    expression: str
    first_at: float
    last_at: float
    count: int = 0
    routes: dict[str, int] = field(default_factory=dict)
    hosts: dict[str, None] = field(default_factory=dict)
    occurrences: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MAX_OCCURRENCES))

    def as_json(self, *, occurrences: bool = True) -> dict[str, Any]:
        """Return it as it is printed."""
        shown: dict[str, Any] = {
            "type": self.type,
            "function": self.function,
            "file": self.file,
            "line": self.line,
            "class": self.category,
            "severity": self.severity,
            "message": self.message,
            "count": self.count,
            "fingerprint": self.fingerprint,
            "first_at": self.first_at,
            "last_at": self.last_at,
            "routes": self.routes,
            "hosts": list(self.hosts),
            "language": self.language,
            "expression": self.expression,
        }
        return shown | {"occurrences": list(self.occurrences)} if occurrences else shown


class Tally:
    """Groups failures under their fingerprints; `root` is the project's folder, None where it is not known."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._groups: dict[str, Group] = {}
        self._seen = _Seen()

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups.values())

    def __len__(self) -> int:
        return len(self._groups)

    @property
    def count(self) -> int:
        """How many failures there were."""
        return sum(group.count for group in self)

    def take(self, failure: Failure, file: str, now: float) -> tuple[Group, bool] | None:
        """Count a failure that was read from `file`; `now` is the time it has where the log says none.

        Returns its group and whether that is new; None where another file held the very same record.
        """
        if self._seen.before(failure, file, now):
            return None
        key = fingerprint(failure, self._root)
        group = self._groups.get(key)
        new = group is None
        if group is None:
            if len(self._groups) >= MAX_GROUPS:
                key = CATCH_ALL
            new = key not in self._groups
            group = self._groups.setdefault(key, self._group(key, failure))
        group.count += 1
        group.first_at, group.last_at = min(group.first_at, failure.at), max(group.last_at, failure.at)
        if failure.route and (failure.route in group.routes or len(group.routes) < MAX_NAMES):
            group.routes[failure.route] = group.routes.get(failure.route, 0) + 1
        if failure.host and len(group.hosts) < MAX_NAMES:
            group.hosts[failure.host] = None
        group.occurrences.append(_occurrence(failure, file))
        return group, new

    def _group(self, key: str, failure: Failure) -> Group:
        category, severity = classify(failure)
        frame, path = self._frame(failure)
        raised = failure.exceptions[0] if failure.exceptions else None
        catch_all = key == CATCH_ALL
        return Group(
            fingerprint=key,
            type="(further kinds)" if catch_all else clip(raised.type, MAX_MESSAGE) if raised else _name(failure),
            function="" if catch_all else plain(frame.function) if frame else failure.logger or failure.route,
            file="" if catch_all else path,
            line=frame.line if frame and not catch_all else 0,
            category=category,
            severity=severity,
            message=_message(failure),
            language=failure.language,
            expression=expression(failure, frame) if frame and not catch_all else "",
            first_at=failure.at,
            last_at=failure.at,
        )

    def _frame(self, failure: Failure) -> tuple[Frame | None, str]:
        """Return the frame that names the failure: the project's deepest, else the deepest of all."""
        found = project_frame(failure, self._root)
        if found is not None:
            return found
        frame = next((raised.frames[-1] for raised in failure.exceptions if raised.frames), None)
        return (frame, frame.file) if frame is not None else (None, "")


class _Seen:
    """Tells the records that a program wrote into two files: the same time, message and process, once in each."""

    def __init__(self) -> None:
        self._records: OrderedDict[tuple[Any, ...], list[tuple[Failure, str, set[str]]]] = OrderedDict()

    def before(self, failure: Failure, file: str, now: float) -> bool:
        """Whether another file held this record; it must say when it was, and by whom as far as both say so."""
        if failure.at == now:
            return False  # the log says no time
        for second in (0, -1, 1, -2, 2):
            for known, of, copies in self._records.get((int(failure.at) + second, *_what(failure)), ()):
                if file != of and file not in copies and _same(known, failure):
                    copies.add(file)
                    return True
        self._records.setdefault((int(failure.at), *_what(failure)), []).append((failure, file, set()))
        while len(self._records) > MAX_REMEMBERED:
            self._records.popitem(last=False)
        return False


def _what(failure: Failure) -> tuple[str, str]:
    return (failure.exceptions[0].type if failure.exceptions else f"{failure.status}", _message(failure))


def _same(one: Failure, other: Failure) -> bool:
    """Whether two records from two files are one: written within two seconds by one process, or at the very same moment."""
    if abs(one.at - other.at) > SAME_SECONDS or one.status != other.status or (one.route and other.route and one.route != other.route):
        return False
    for left, right in ((one.pid, other.pid), (one.thread, other.thread), (one.host, other.host)):
        if left and right and left != right:
            return False
    if [(frame.line, frame.function) for raised in one.exceptions for frame in raised.frames] != [
        (frame.line, frame.function) for raised in other.exceptions for frame in raised.frames
    ]:
        return False
    return bool(one.pid and one.pid == other.pid) or (one.at == other.at and one.at != int(one.at))


def _message(failure: Failure) -> str:
    return clip(failure.exceptions[0].message if failure.exceptions else failure.log_message, MAX_MESSAGE)


def _name(failure: Failure) -> str:
    return f"HTTP {failure.status}" if failure.status else clip(failure.logger, MAX_MESSAGE) or "log"


def _occurrence(failure: Failure, file: str) -> dict[str, Any]:
    _, _, line = failure.origin.rpartition(":")
    known = {"line": int(line)} if line.isascii() and line.isdigit() and len(line) < 16 else {}
    return {
        "at": failure.at,
        "origin": file,
        **known,
        "pid": failure.pid,
        "thread": failure.thread,
        "host": failure.host,
        "route": failure.route,
        "message": _message(failure),
    }
