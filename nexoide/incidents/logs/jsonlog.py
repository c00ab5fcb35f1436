"""Log records in JSON, of any library: where each keeps its level, message, exception, request and the like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nexoide.incidents.logs.heads import SEVERE, WARNINGS
from nexoide.model.failure import Severity

MAX_KEYS = 400
MAX_DEPTH = 5
MAX_TEXT = 32 << 10
Flat = dict[str, Any]

_LEVEL = (
    "level", "severity", "levelname", "log.level", "lvl", "@l", "loglevel", "log_level", "level_name", "record.level.name", "severity_text",
    "severitytext", "level.name", "priority_name", "status",
)  # fmt: skip
_MESSAGE = (
    "message", "msg", "event", "@m", "textpayload", "short_message", "log", "jsonpayload.message", "record.message", "body", "@mt", "messagetemplate",
    "renderedmessage", "text", "fields.message",
)  # fmt: skip
_LOGGER = (
    "logger", "logger_name", "loggername", "log.logger", "name", "record.name", "category", "sourcecontext", "properties.sourcecontext", "channel",
    "caller", "target",
)  # fmt: skip
_THREAD = (
    "thread", "thread_name", "threadname", "process.thread.name", "record.thread.name", "process_name", "processname", "record.process.name",
)  # fmt: skip
_TIME = (
    "timestamp", "time", "@timestamp", "@t", "ts", "asctime", "datetime", "date", "record.time.repr", "record.time.timestamp", "eventtime", "created",
    "__realtime_timestamp",
)  # fmt: skip
_HOST = (
    "hostname", "host", "host.name", "host.hostname", "server", "_hostname", "machine",
)  # fmt: skip
_PID = (
    "pid", "process", "process_id", "process.pid", "processid", "record.process.id", "_pid", "process.id",
)  # fmt: skip
_STATUS = (
    "status", "status_code", "statuscode", "http.status_code", "http.response.status_code", "response.status", "response.status_code",
    "res.statuscode", "httprequest.status", "http_status", "response_status", "responsestatus", "code", "resp_status", "downstreamstatus",
)  # fmt: skip
_METHOD = (
    "method", "request_method", "http.method", "http.request.method", "req.method", "request.method", "httprequest.requestmethod", "verb",
    "http_method", "requestmethod",
)  # fmt: skip
_PATH = (
    "path", "url", "uri", "request_uri", "http.url", "url.path", "req.url", "request.uri", "request.path", "request_path", "http.target", "http.path",
    "httprequest.requesturl", "request.url", "route", "requestpath", "url.original",
)  # fmt: skip
_REQUEST = (
    "request", "http.request", "request_line", "requestline",
)  # fmt: skip
_STACK = (
    "exc_info", "exc_text", "exception", "stack_trace", "stacktrace", "error.stack_trace", "error.stack", "err.stack", "traceback",
    "exception.stacktrace", "stack", "exc", "@x", "jsonpayload.exception", "tb", "error.traceback", "exception_traceback",
    "thrown.extendedstacktrace",
)  # fmt: skip
_ERROR_TYPE = (
    "error.type", "err.type", "exception.type", "exc_type", "error.name", "err.name", "error.kind", "exception_class", "exception.class",
    "record.exception.type", "exception_type", "error_type", "exceptiontype", "errortype", "error_class",
)  # fmt: skip
_ERROR_MESSAGE = (
    "error.message", "err.message", "exception.message", "exc_value", "exc_message", "error", "err", "exception_message", "record.exception.value",
    "error_message", "errormessage",
)  # fmt: skip
_REQUEST_LINE = re.compile(r"([A-Z]{3,9}) (\S{1,4000})(?: HTTP/\d(?:\.\d)?)?$")


@dataclass(slots=True)
class JsonRecord:
    """What a record in JSON says; `stack` is text that may hold a traceback, `frames` the structured exceptions where it has such."""

    level: str = ""
    severity: Severity | None = None
    message: str = ""
    logger: str = ""
    thread: str = ""
    time: str = ""
    host: str = ""
    pid: int = 0
    status: int = 0
    method: str = ""
    path: str = ""
    stacks: list[str] = field(default_factory=list)
    structured: list[Any] = field(default_factory=list)
    error_type: str = ""
    error_message: str = ""


def loaded(line: str) -> dict[str, Any] | None:
    """Return the object that a line is, None where it is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def record_of(value: dict[str, Any]) -> JsonRecord:
    """Return what an object of a log says."""
    flat: Flat = {}
    lists: list[tuple[str, list[Any]]] = []
    for key, item in _walk(value, "", 0, lists):
        flat.setdefault(key, item)
        if len(flat) >= MAX_KEYS:
            break
    found = JsonRecord(
        message=_text(flat, _MESSAGE),
        logger=_text(flat, _LOGGER),
        thread=_text(flat, _THREAD),
        time=_text(flat, _TIME),
        host=_text(flat, _HOST),
        pid=_number(flat, _PID),
        status=_number(flat, _STATUS),
        method=_text(flat, _METHOD).upper()[:16],
        path=_text(flat, _PATH),
        error_type=_text(flat, _ERROR_TYPE),
        error_message=_text(flat, _ERROR_MESSAGE),
    )
    found.level, found.severity = _level(flat)
    if not (found.method and found.path):
        line = _REQUEST_LINE.match(_text(flat, _REQUEST))
        if line is not None:
            found.method, found.path = line[1], line[2]
    found.stacks = _stacks(flat)
    found.structured = [
        items
        for key, items in lists
        if key.rpartition(".")[2] in {"exception", "exc_info", "exceptions", "errors", "traceback"} or "exc_type" in str(items)[:40]
    ]
    return found


def _walk(value: dict[str, Any], prefix: str, depth: int, lists: list[tuple[str, list[Any]]]) -> Iterator[tuple[str, Any]]:
    for name, item in list(value.items())[:MAX_KEYS]:
        key = f"{prefix}{name[:100].lower()}"
        if isinstance(item, dict):
            if depth < MAX_DEPTH:
                yield from _walk(item, f"{key}.", depth + 1, lists)
        elif isinstance(item, list):
            if item and isinstance(item[0], str) and len(item) <= 400:
                yield key, "\n".join(entry.rstrip("\n") for entry in item if isinstance(entry, str))
            elif item and isinstance(item[0], dict) and len(lists) < 8:
                lists.append((key, item))
        elif item is not None and item != "":
            yield key, item


def _text(flat: Flat, keys: tuple[str, ...]) -> str:
    for key in keys:
        value = flat.get(key)
        if value is None:
            continue
        if isinstance(value, str) and value:
            return value[:MAX_TEXT]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)[:40]
    return ""


def _number(flat: Flat, keys: tuple[str, ...]) -> int:
    for key in keys:
        value = flat.get(key)
        if value is None:
            continue
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9:
            return int(value)
    return 0


def _level(flat: Flat) -> tuple[str, Severity | None]:
    """Return the level as a word, and how bad it is (None: it is no failure)."""
    for key in _LEVEL:
        value = flat.get(key)
        if isinstance(value, str) and value and not value.isdigit():
            word = value.strip().upper()[:20]
            if word in SEVERE or word in {"EMERGENCY", "ERRO"}:
                return word, SEVERE.get(word, "critical" if word == "EMERGENCY" else "error")
            if key != "status":
                return word, "warning" if word in WARNINGS else None
    number = _number(flat, ("level", "levelno", "level_value", "log.levelno", "record.level.no", "level_number", "levelnumber"))
    severity = _number(flat, ("severity_number", "severitynumber"))
    priority = flat.get("priority", flat.get("syslog_level"))
    if severity:
        return ("FATAL", "critical") if severity >= 21 else ("ERROR", "error") if severity >= 17 else ("INFO", None)
    if number >= 1000:
        return ("ERROR", "error") if number >= 40000 else ("INFO", None)
    if number:
        pino = "level" in flat and ("v" in flat or ("time" in flat and not isinstance(flat["time"], str))) and "levelno" not in flat
        bounds = (50, 60) if pino or number == 60 else (40, 50)
        gelf = "version" in flat and "short_message" in flat and number <= 7
        if gelf:
            return ("CRITICAL", "critical") if number <= 2 else ("ERROR", "error") if number == 3 else ("INFO", None)
        return ("CRITICAL", "critical") if number >= bounds[1] else ("ERROR", "error") if number >= bounds[0] else ("INFO", None)
    if str(priority) in {"0", "1", "2", "3"} and "__realtime_timestamp" in flat:
        return ("ERROR", "error") if str(priority) == "3" else ("CRITICAL", "critical")
    return "", None


def _stacks(flat: Flat) -> list[str]:
    """Return texts that may hold a stack trace, the likeliest first."""
    named = [flat[key] for key in _STACK if isinstance(flat.get(key), str)]
    others = [value for value in flat.values() if isinstance(value, str) and ("\n" in value or "Traceback (" in value)]
    found = dict.fromkeys(value[: MAX_TEXT * 4] for value in (*named, *others) if "\n" in value or "Traceback (" in value)
    return list(found)[:8]
