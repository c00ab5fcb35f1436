"""One request as the middleware sees it: failures that happen meanwhile carry its route, and it is counted once it is answered."""

from __future__ import annotations

import sys
import time
from _contextvars import ContextVar
from _thread import get_ident
from typing import Any

from nexoide.probe import reporting, routes, start, web
from nexoide.probe.guard import quietly

TOLD = frozenset({401, 403, 408, 413, 429})
"""Client errors that are failures without an exception, as every 5xx is."""

_current: ContextVar[Any | None] = ContextVar("nexoide_request", default=None)
_looked: list[bool] = []


def link() -> Any:
    """Return the probe's link, None where no probe runs in this process."""
    return start.current()


class Observed(reporting.Request):
    """A request from its beginning to the end of its answer."""

    __slots__ = ("_began", "_counted", "_ended", "_route", "django")

    def __init__(self) -> None:
        super().__init__()
        self._began, self._ended, self._counted = time.perf_counter(), 0.0, False
        self._route = ""
        self.django: Any = None

    def raw_route(self) -> str:
        """Return the route from what the request came with."""
        raise NotImplementedError

    def route(self) -> str:
        """Return the route as far as it is known by now."""
        if self.django is not None:
            return web.django_route(self.django)
        return self._route or self.raw_route()

    def routed(self) -> None:
        """Keep the route as it is: a framework may clear away what says it before the answer has been read."""
        self._route = self.raw_route()

    def raised(self, error: BaseException, *, sent: bool) -> None:
        """Report what left the application, unless it was reported inside; what was not `sent` becomes a 500."""
        found = link()
        if found is not None:
            if issubclass(type(error), Exception):  # else it was given up on, by a client that went or a server that ends
                self.status = self.status if sent and self.status else 500
            reporting.report(found, error, None, "request", get_ident(), status=self.status, route=self.route())

    def answered(self) -> None:
        """Note that the last of the answer was sent; work may go on behind it, and fail."""
        self._ended = time.perf_counter()

    def count(self) -> None:
        """Count the request as answered, once; a status that says failure is one where nothing was reported."""
        if not self._counted:
            self._counted = True
            quietly(self._count)

    def _count(self) -> None:
        took, status, route, found = (self._ended or time.perf_counter()) - self._began, self.status, self.route(), link()
        routes.count(route, status, took)
        if found is None or self.failed >= (reporting.FAILED if status >= 500 else reporting.WARNED) or (status < 500 and status not in TOLD):
            return
        severity = "error" if status >= 500 else "warning"
        reporting.report_plain(found, "request", get_ident(), "", f"{route} answered {status}", severity, route, status)


def enter(request: Observed) -> Any:
    """Make a request the current one of this context; returns what `leave` wants."""
    if not _looked:
        quietly(_hook_django)
    return _current.set(request)


def leave(token: Any) -> None:
    """Make the one before current again; another context than that of `enter` has none to give back."""
    try:
        _current.reset(token)
    except (ValueError, RuntimeError):
        _current.set(None)


def _hook_django() -> None:
    """Where Django answers, it alone knows the route: it says so on its own request, which no WSGI environment holds."""
    _looked.append(True)
    base: Any = sys.modules.get("django.core.handlers.base")
    if base is None:
        return
    before = base.BaseHandler.resolve_request

    def resolve_request(self: Any, request: Any) -> Any:
        current = _current.get()
        if current is not None:
            current.django = request
        return before(self, request)

    for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(resolve_request, attribute, getattr(before, attribute))
    base.BaseHandler.resolve_request = resolve_request


reporting.request_of = _current.get
