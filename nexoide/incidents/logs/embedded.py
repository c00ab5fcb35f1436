"""Failures inside one line: a record in JSON, or a traceback whose line breaks were escaped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nexoide.incidents.logs import text
from nexoide.incidents.logs.chain import CUT_TYPES, EXCEPTION, split_type
from nexoide.incidents.logs.emission import Emission, severity_of
from nexoide.incidents.logs.heads import Head, head_of
from nexoide.incidents.logs.jsonlog import JsonRecord
from nexoide.incidents.logs.openings import unescaped
from nexoide.incidents.logs.structured import exceptions_of
from nexoide.incidents.logs.transports import Carried
from nexoide.model.failure import Raised

Parse = Callable[[str], tuple[str, tuple[Raised, ...]]]


def tell_json(emission: Emission, parse: Parse, record: JsonRecord, number: int, said: Carried) -> None:
    """Tell of what a record in JSON says; `parse` reads the stack traces in its texts."""
    raised: tuple[Raised, ...] = ()
    language = "python"
    for items in record.structured:
        raised = raised or exceptions_of(items)
    for whole in record.stacks:
        if not raised:
            language, raised = parse(whole if "\n" in whole else unescaped(whole) or whole)
    if raised and raised[0].type in CUT_TYPES and EXCEPTION.match(record.error_type):
        module, kind = split_type(record.error_type)
        raised = (replace(raised[0], type=kind, module=module, message=text.message(record.error_message)), *raised[1:])
    if not raised:
        language = "python"
        if record.error_type and record.severity in {"error", "critical"} and EXCEPTION.match(record.error_type):
            raised = exceptions_of([{"exc_type": record.error_type, "exc_value": record.error_message}])
    emission.json(record, raised, language, number, said)


def tell_escaped(emission: Emission, parse: Parse, line: str, inside: str, number: int, said: Carried) -> None:
    """Tell of a traceback whose lines were written as one."""
    language, raised = parse(inside)
    head = head_of(line) or Head(message="")
    message = head.message.partition("Traceback (most")[0].strip(" \\n:\"'")
    record = JsonRecord(
        level=head.level, severity=severity_of(head.level), message=message, logger=head.logger, thread=head.thread, time=head.time, pid=head.pid
    )
    emission.json(record, raised, language, number, said)
