"""Reports one failure once: marked in the exception's own `__dict__` it is known to every hook that sees it after the first.

The first failure of a kind is told whole, with its frames and variables; those that follow are counted, and once in a while
one of them is told whole again.
"""

from __future__ import annotations

import os
import sys
import time

from .guard import quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, Optional, Union

    from .link import Link

MARK = "__nexoide_reported__"
MARK_S = 60.0  # a prebuilt exception that is raised again and again is a new failure after this long
NEW_PER_SECOND = 200
SAMPLES_PER_SECOND = 20
SAMPLE_S = 1.0
_vars = BaseException.__dict__["__dict__"].__get__
_quiet_kinds = (KeyboardInterrupt, SystemExit, GeneratorExit)


class Bucket:
    """Lets so many through each second; a storm must not turn the program into its own reporter."""

    def __init__(self, per_second: int) -> None:
        self.per_second = per_second
        self._left, self._second = per_second, 0

    def allow(self, now: float) -> bool:
        """Tell whether one more may pass at `now` (monotonic seconds)."""
        if int(now) != self._second:
            self._left, self._second = self.per_second, int(now)
        self._left -= 1
        return self._left >= 0


WARNED, FAILED = 1, 2


class Request:
    """The request of a web application that is being answered; `failed` is the worst that was reported meanwhile (0: nothing)."""

    __slots__ = ("failed", "status")

    def __init__(self) -> None:
        self.failed = self.status = 0

    def route(self) -> str:
        """Return the route as far as it is known by now."""
        return ""


def nothing() -> Any:
    """Say that no request is being answered; a middleware puts something better in its place."""
    return None


_new, _samples = Bucket(NEW_PER_SECOND), Bucket(SAMPLES_PER_SECOND)
request_of: Callable[[], Any] = nothing
_telling: Any = None


def report(
    link: Link,
    error: Any,
    traceback: Optional[TracebackType],
    source: str,
    thread: int,
    logger: str = "",
    log_message: Union[str, Callable[[], str]] = "",
    severity: str = "error",
    route: str = "",
    status: int = 0,
) -> None:
    """Tell or count one failure, unless it is none or was reported before; never raises. `log_message` is asked for only where it is told."""
    quietly(_report, link, error, traceback, source, thread, logger, log_message, severity, route, status)


def _report(link: Link, error: Any, traceback: Any, source: str, thread: int, logger: str, log_message: Any, severity: str, route: str, status: int) -> None:
    if _quiet(error) or (_telling is None and sys.is_finalizing()):
        return  # nothing can be imported any more; what the program prints tells it
    request, before = request_of(), 0
    if request is not None:
        before, request.failed = request.failed, max(request.failed, WARNED if severity == "warning" else FAILED)
        route, status = route or request.route(), status or request.status
    now = time.monotonic()
    if _reported(error, now) or (before == FAILED and _follows(error, now)):
        return
    entry = telling().find(link.table, error, traceback, (source, severity, route, status))
    if entry is None:
        link.drop()
    elif _known(link, entry, now):
        link.count(entry)
    else:
        text = log_message if type(log_message) is str else log_message()
        if _telling.holds:
            quietly(_telling.hold, error, traceback if traceback is not None else _telling.traceback_of(error), now)
        link.offer(entry, telling().told(error, traceback, source, _thread_name(thread), logger, text, severity, route, status))


def telling() -> Any:
    """Return the module that a program which never fails need not pay for; an import statement costs a microsecond each time."""
    global _telling  # noqa: PLW0603
    if _telling is None:
        from . import telling as _telling
    return _telling


def report_plain(link: Link, source: str, thread: int, logger: str, log_message: str, severity: str = "error", route: str = "", status: int = 0) -> None:
    """Tell or count a failure that no exception stands behind; never raises."""
    quietly(_report_plain, link, source, thread, logger, log_message, severity, route, status)


def _report_plain(link: Link, source: str, thread: int, logger: str, log_message: str, severity: str, route: str, status: int) -> None:
    now = time.monotonic()
    entry = telling().plain(link.table, (source, severity, logger, route, status), log_message)
    if entry is None:
        link.drop()
    elif _known(link, entry, now):
        link.count(entry)
    else:
        link.offer(entry, telling().told(None, None, source, _thread_name(thread), logger, log_message, severity, route, status))


def _known(link: Link, entry: Any, now: float) -> bool:
    """Tell whether counting is enough: a sample was sent or is about to be, and another is not due or cannot be afforded."""
    if entry.epoch == link.table.epoch:
        if now < entry.sample_due or not link.welcome or not _samples.allow(now):
            return True
    elif not _new.allow(now):
        return True
    entry.sample_due = now + SAMPLE_S
    return False


def _quiet(error: Any) -> bool:
    kind = type(error)
    if not issubclass(kind, BaseException) or issubclass(kind, _quiet_kinds):
        return True
    asyncio_errors = sys.modules.get("asyncio.exceptions")
    return asyncio_errors is not None and issubclass(kind, asyncio_errors.CancelledError)


def marked(error: Any) -> bool:
    """Tell whether an exception was ever reported, by whichever process."""
    return issubclass(type(error), BaseException) and MARK in _vars(error)


def _marked(error: BaseException, now: float) -> bool:
    last = _vars(error).get(MARK)
    if type(last) is not tuple or len(last) != 3 or not 0 <= now - last[2] < MARK_S:
        return False
    if last[:2] == (os.getpid(), id(error)):
        return True
    return bool(telling().is_remote(telling().cause_of(error)))  # it was reported in the worker that raised it, and the mark came along


def _reported(error: BaseException, now: float) -> bool:
    """Tell whether this very object was reported a short while ago, and mark it."""
    if _marked(error, now):
        return True
    _vars(error)[MARK] = (os.getpid(), id(error), now)
    return False


def _follows(error: BaseException, now: float) -> bool:
    """Tell whether an exception was raised over one that was reported in the same request: that is one failure, told already."""
    return any(_marked(item, now) for item, _ in telling().chain(error)[1:])


def _thread_name(ident: int) -> str:
    threading = sys.modules.get("threading")
    thread = threading._active.get(ident) if threading is not None else None  # noqa: SLF001
    if thread is None:
        return "MainThread" if threading is None else ""
    name = object.__getattribute__(thread, "__dict__").get("_name")
    return name if type(name) is str else ""
