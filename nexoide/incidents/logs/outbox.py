"""Failures on their way out: a failed request and the traceback that it came from are one, whichever a server writes first."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import lru_cache

from nexoide.incidents.logs.access import Request
from nexoide.model.failure import Failure

PAIR_SECONDS = 0.15
SETTLE_SECONDS = 0.02
NEAR_LINES = 32
NEAR_SECONDS = 2.0
NEXT_LINES = 1
UNCAUGHT = 500
"""What servers answer where an exception got through to them."""
_REMEMBERED = 64

_WEB = (
    "uvicorn", "starlette", "fastapi", "flask", "werkzeug", "django", "aiohttp", "tornado", "sanic", "gunicorn", "bottle", "pyramid", "falcon", "waitress",
    "cherrypy", "wsgiref", "http/server", "litestar", "quart", "hypercorn", "granian", "daphne", "channels", "asgi", "wsgi", "webob", "socketserver",
)  # fmt: skip
_SERVERS = ("uvicorn", "django", "werkzeug", "gunicorn", "aiohttp", "tornado", "hypercorn", "waitress", "sanic", "flask", "wsgi", "asgi", "web")


@dataclass(slots=True)
class Entry:
    """A failure with the lines (1-based) that it was read from; `open` where a failed request may still be one with it."""

    failure: Failure
    line: int
    last: int
    held: float
    seconds: float
    request: Request | None = None
    web: bool = False
    open: bool = False
    gone: bool = False
    told: bool = False


class Outbox:
    """Holds failures back until it is known whether they are two sides of one; in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: list[Entry] = []
        self._traces: deque[Entry] = deque(maxlen=_REMEMBERED)
        self._requests: deque[Entry] = deque(maxlen=_REMEMBERED)
        self._seen_requests = False

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, failure: Failure, line: int, last: int, now: float, request: Request | None = None) -> Entry:
        """Take a failure with frames or a record; `request` is what its message names. A failed request just before becomes one with it."""
        web = request is not None or _of_server(failure)
        entry = Entry(failure, line, last, now, SETTLE_SECONDS, request, web)
        self._waiting.append(entry)
        if not failure.exceptions and not web:
            return entry
        for other in self._requests:
            if not (other.gone or other.told) and self._one(entry, other):
                other.gone = True
                entry.failure = replace(failure, route=other.failure.route, status=other.failure.status)
                return entry
        if request is not None:
            entry.failure = replace(failure, route=request.route)
        entry.open = True
        entry.seconds = PAIR_SECONDS if web or self._seen_requests else SETTLE_SECONDS
        self._traces.append(entry)
        return entry

    def add_request(self, failure: Failure, request: Request, line: int, now: float) -> None:
        """Take a failed request; one that belongs to a traceback shortly before is not a failure of its own."""
        self._seen_requests = True
        entry = Entry(failure, line, line, now, 0.0, request)
        if request.status >= 500:
            entry.seconds = PAIR_SECONDS
            for other in self._traces:
                if other.open and not other.gone and self._one(other, entry):
                    other.open = False
                    other.failure = replace(other.failure, route=request.route, status=request.status)
                    return
            self._requests.append(entry)
        self._waiting.append(entry)

    @staticmethod
    def _one(trace: Entry, request: Entry) -> bool:
        named = trace.request.path if trace.request is not None else ""
        if request.request is not None and (named != request.request.path if named else request.request.status != UNCAUGHT):
            return False
        if abs(trace.held - request.held) > NEAR_SECONDS:
            return False
        apart = min(abs(request.line - trace.last), abs(trace.line - request.line))
        return apart <= (NEAR_LINES if trace.web else NEXT_LINES)

    def latest(self, line: int) -> list[Entry]:
        """Return the records without frames that wait here and begin at `line` or later; to let go of one, mark it as gone."""
        found: list[Entry] = []
        for entry in reversed(self._waiting):
            if entry.line < line:
                break
            if not entry.failure.exceptions and entry.request is None and not entry.gone:
                found.append(entry)
        return found

    def release(self, now: float, line: int, *, everything: bool = False) -> list[Entry]:
        """Return what waits no longer: its time is over, or its neighbourhood is."""
        found: list[Entry] = []
        for index, entry in enumerate(self._waiting):
            over = now - entry.held + 1e-6 >= entry.seconds or now < entry.held or line - entry.last > NEAR_LINES
            if not (entry.gone or over or everything):
                self._waiting = self._waiting[index:]
                return found
            if not entry.gone:
                entry.told = True
                found.append(entry)
        self._waiting = []
        return found

    def due(self, now: float) -> float | None:
        """Return the seconds until something here waits no longer, None where nothing does."""
        waiting = [entry.held + entry.seconds - now for entry in self._waiting if not entry.gone]
        return max(0.0, min(waiting)) if waiting else None


def _of_server(failure: Failure) -> bool:
    if failure.logger and any(word in failure.logger.lower() for word in _SERVERS):
        return True
    if "ASGI application" in failure.log_message or "Internal Server Error" in failure.log_message:
        return True
    return any(_in_server(frame.file) for raised in failure.exceptions for frame in raised.frames)


@lru_cache(maxsize=1024)
def _in_server(file: str) -> bool:
    return any(word in file for word in _WEB)
