"""Failures from what was read: bounded, redacted, with what their record said of them."""

from __future__ import annotations

from dataclasses import dataclass

from nexoide.incidents.logs import access, text, times
from nexoide.incidents.logs.chain import CUT_TYPES, EXCEPTION, Node, flattened
from nexoide.incidents.logs.foreign.stack import Stack
from nexoide.incidents.logs.heads import SEVERE, WARNINGS
from nexoide.incidents.logs.jsonlog import JsonRecord
from nexoide.incidents.logs.openings import opens
from nexoide.incidents.logs.outbox import Entry, Outbox
from nexoide.incidents.logs.traceback import CONNECTORS
from nexoide.incidents.logs.transports import Carried
from nexoide.incidents.logs.writer import Open, Record
from nexoide.model.failure import Failure, Raised, Severity, Source


@dataclass(slots=True)
class Emission:
    """Puts failures of one stream into its outbox; `now` is wall seconds, used where a log has no time."""

    outbox: Outbox
    origin: str
    target: str = ""
    source: Source = "file"
    log_errors: bool = True
    now: float = 0.0

    def traceback(self, item: Open, node: Node) -> Entry:
        """Tell of a traceback with the record that it came in."""
        raised = flattened(node)
        message = _message(item.record) if item.record is not None else item.intro
        whole = "\n".join(frame.source for frame in raised[0].frames[-3:]) if raised[0].type in CUT_TYPES else ""
        return self._failure(raised, item.number, item.last, item.carried, item.record, message, thread=item.thread, kept=whole)

    def stack(self, stack: Stack, number: int, last: int, carried: Carried, record: Record | None) -> Entry:
        """Tell of a stack trace of another language."""
        message = _message(record) if record is not None else ""
        severity = stack.severity if record is None or record.severity is None else record.severity
        return self._failure(
            stack.exceptions(), number, last, carried, record, message,
            thread=stack.thread, pid=stack.pid, language=stack.language, severity=severity, kept="\n".join(stack.lines),
        )  # fmt: skip

    def record(self, record: Record) -> None:
        """Tell of a record without a traceback, where such are failures."""
        if self.log_errors and record.severity in {"error", "critical"}:
            self._failure((), record.number, record.number + len(record.lines), record.carried, record, _message(record))

    def absorb(self, record: Record, number: int) -> None:
        """Take back the records just before line `number` that were written one line each and are the begin of `record`."""
        for entry in self.outbox.latest(number - 4):
            said = entry.failure.log_message
            linking = said.strip() in CONNECTORS or (entry.line < number - 1 and EXCEPTION.match(said) is not None)
            if entry.failure.logger == text.name(record.head.logger) and (not said.strip() or linking or opens(said)):
                entry.gone = True
                record.head.message = record.head.message if linking else said or record.head.message

    def json(self, record: JsonRecord, raised: tuple[Raised, ...], language: str, number: int, carried: Carried) -> None:
        """Tell of a record in JSON: an exception, a failed request, or an error in words."""
        request = None
        if record.method and record.path and (access.fails(record.status) or raised):
            request = access.Request(access.route_of(record.method, record.path), record.status)
        if not raised and request is not None:
            self.request(request, number, carried, record.time, record.pid, record.host)
            return
        if not raised and not (self.log_errors and record.severity in {"error", "critical"}):
            return
        message = text.message("" if raised and record.message.startswith("Traceback (") else record.message.partition("\nTraceback (")[0])
        failure = Failure(
            target=self.target,
            pid=record.pid or carried.pid,
            source=self.source,
            at=times.seconds(record.time or carried.time, self.now),
            thread=text.name(record.thread),
            exceptions=raised,
            logger=text.name(record.logger),
            log_message=message,
            severity=record.severity or ("warning" if record.level in WARNINGS else "error"),
            language=language,
            host=text.name(record.host or carried.host),
            origin=self.origin,
            route=request.route if request is not None else "",
            status=record.status if request is not None and access.fails(record.status) else 0,
        )
        self.outbox.add(failure, number, number, self.now, request or access.told(message))

    def request(self, request: access.Request, number: int, carried: Carried, time: str = "", pid: int = 0, host: str = "", line: str = "") -> None:
        """Tell of a failed request of an access log."""
        failure = Failure(
            target=self.target,
            pid=pid or carried.pid,
            source="http",
            at=times.seconds(time or carried.time, self.now),
            log_message=access.sentence(request),
            severity="error" if request.status >= 500 else "warning",
            host=text.name(host or carried.host),
            origin=self.origin,
            route=request.route,
            status=request.status,
            text=text.kept(line),
        )
        self.outbox.add_request(failure, request, number, self.now)

    def _failure(
        self, raised: tuple[Raised, ...], number: int, last: int, carried: Carried, record: Record | None, message: str,
        *, thread: str = "", pid: int = 0, language: str = "python", severity: Severity | None = None, kept: str = "",
    ) -> Entry:  # fmt: skip
        head = record.head if record is not None else None
        failure = Failure(
            target=self.target,
            pid=(head.pid if head is not None else 0) or carried.pid or pid,
            source=self.source,
            at=times.seconds((head.time if head is not None else "") or carried.time, self.now),
            thread=text.name((head.thread if head is not None else "") or thread),
            exceptions=raised,
            logger=text.name(head.logger) if head is not None else "",
            log_message=text.message(message),
            severity=severity or (record.severity if record is not None and record.severity is not None else "error"),
            language=language,
            host=text.name(carried.host),
            origin=self.origin,
            text=text.kept(kept) if kept else "",
        )
        return self.outbox.add(failure, number, last, self.now, access.told(failure.log_message) if message else None)


def severity_of(level: str) -> Severity | None:
    """Return how bad a level is, None where it is no failure."""
    return SEVERE.get(level) or ("warning" if level in WARNINGS else None)


def _message(record: Record) -> str:
    return "\n".join((record.head.message, *record.lines))
