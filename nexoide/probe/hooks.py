"""Hooks the places where a Python program gives up on an exception, each chained to what was there before.

One failure is reported once, though several hooks see the same exception: what was reported is marked in its `__dict__`.
Modules that the program has not imported yet are hooked when it does, so nothing is imported for it.
"""

from __future__ import annotations

import _thread
import os
import sys
import time

from .guard import quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Optional

    from .imports import Finder
    from .link import Link

MARK = "__nexoide_reported__"
MARK_S = 60.0  # a prebuilt exception that is raised again and again is a new failure after this long
PER_SECOND = 200
ERROR = 40  # logging.ERROR
_vars = BaseException.__dict__["__dict__"].__get__
_quiet_kinds = (KeyboardInterrupt, SystemExit, GeneratorExit)


class Bucket:
    """Lets `PER_SECOND` failures through each second; a storm must not turn the program into its own reporter."""

    def __init__(self) -> None:
        self._left, self._second = PER_SECOND, 0

    def allow(self) -> bool:
        """Tell whether one more failure may be captured now."""
        second = int(time.monotonic())
        if second != self._second:
            self._left, self._second = PER_SECOND, second
        self._left -= 1
        return self._left >= 0


_bucket = Bucket()


def report(link: Link, error: Any, traceback: Optional[TracebackType], source: str, thread: int, logger: str = "", log_message: str = "") -> None:
    """Capture and queue one failure, unless it is none or was reported before; never raises."""
    quietly(_report, link, error, traceback, source, thread, logger, log_message)


def _report(link: Link, error: Any, traceback: Any, source: str, thread: int, logger: str, log_message: str) -> None:
    if not issubclass(type(error), BaseException) or issubclass(type(error), _quiet_kinds):
        return
    asyncio_errors = sys.modules.get("asyncio.exceptions")
    if asyncio_errors is not None and issubclass(type(error), asyncio_errors.CancelledError):
        return
    if _reported(error):
        return
    if not _bucket.allow():
        link.drop()
        return
    from .capture import failure
    from .wire import dumps

    found = failure(error, traceback, source, _thread_name(thread), logger, log_message)
    link.offer(dumps(found).encode("ascii"))


def _reported(error: BaseException) -> bool:
    """Tell whether this very object was reported a short while ago, and mark it."""
    marks, now = _vars(error), time.monotonic()
    last = marks.get(MARK)
    if type(last) is tuple and last[:2] == (os.getpid(), id(error)) and now - last[2] < MARK_S:
        return True
    marks[MARK] = (os.getpid(), id(error), now)
    return False


def _thread_name(ident: int) -> str:
    threading = sys.modules.get("threading")
    thread = threading._active.get(ident) if threading is not None else None  # noqa: SLF001
    if thread is None:
        return "MainThread" if threading is None else ""
    name = object.__getattribute__(thread, "__dict__").get("_name")
    return name if type(name) is str else ""


def install(link: Link, finder: Finder) -> None:
    """Hook this interpreter and, when they come, the modules in which programs give up on exceptions."""
    _hook_interpreter(link)
    finder.when_imported("threading", lambda module: _hook_threading(link, module))
    finder.when_imported("logging", lambda module: _hook_logging(link, module))
    finder.when_imported("asyncio.base_events", lambda module: _hook_asyncio(link, module))
    finder.when_imported("socketserver", lambda module: _hook_socketserver(link, module))
    finder.when_imported("multiprocessing.process", lambda module: _hook_multiprocessing(link, module))


def _hook_interpreter(link: Link) -> None:
    before_except, before_unraisable = sys.excepthook, sys.unraisablehook

    def excepthook(kind: Any, error: Any, traceback: Any) -> None:
        report(link, error, traceback, "main", _thread.get_ident())
        before_except(kind, error, traceback)

    def unraisablehook(unraisable: Any) -> None:
        report(link, unraisable.exc_value, unraisable.exc_traceback, "unraisable", _thread.get_ident())
        before_unraisable(unraisable)

    sys.excepthook = excepthook
    sys.unraisablehook = unraisablehook


def _hook_threading(link: Link, threading: Any) -> None:
    before = threading.excepthook

    def excepthook(args: Any) -> None:
        report(link, args.exc_value, args.exc_traceback, "thread", _thread.get_ident())
        before(args)

    threading.excepthook = excepthook


def _replace(owner: Any, name: str, replacement: Any) -> None:
    before = getattr(owner, name)
    for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(replacement, attribute, getattr(before, attribute))
    setattr(owner, name, replacement)


def _hook_logging(link: Link, logging: Any) -> None:
    before = logging.Logger.handle

    def handle(self: Any, record: Any) -> Any:
        if getattr(record, "exc_info", None):
            quietly(_logged, link, record)
        return before(self, record)

    _replace(logging.Logger, "handle", handle)


def _logged(link: Link, record: Any) -> None:
    information = record.exc_info
    if type(information) is not tuple or len(information) != 3 or record.levelno < ERROR:
        return
    from .capture import log_text

    name = record.name if type(record.name) is str else ""
    source = "task" if name == "asyncio" else "log"
    report(link, information[1], information[2], source, _thread.get_ident(), name, log_text(record.msg, record.args))


def _hook_asyncio(link: Link, base_events: Any) -> None:
    before = base_events.BaseEventLoop.call_exception_handler

    def call_exception_handler(self: Any, context: Any) -> Any:
        if type(context) is dict and context.get("exception") is not None:
            message = context.get("message")
            text = message if type(message) is str else ""
            report(link, context["exception"], None, "task", _thread.get_ident(), "asyncio", text)
        return before(self, context)

    _replace(base_events.BaseEventLoop, "call_exception_handler", call_exception_handler)


def _hook_socketserver(link: Link, socketserver: Any) -> None:
    before = socketserver.BaseServer.handle_error

    def handle_error(self: Any, request: Any, client_address: Any) -> Any:
        report(link, sys.exc_info()[1], None, "server", _thread.get_ident())
        return before(self, request, client_address)

    _replace(socketserver.BaseServer, "handle_error", handle_error)


def _hook_multiprocessing(link: Link, process: Any) -> None:
    """A child process prints what its target raised and ends by os._exit: no hook of the interpreter sees either."""
    before = process.BaseProcess._bootstrap  # noqa: SLF001

    def _bootstrap(self: Any, *arguments: Any, **named: Any) -> Any:
        import traceback

        printed = traceback.print_exc

        def print_exc(*parts: Any, **options: Any) -> Any:
            report(link, sys.exc_info()[1], None, "main", _thread.get_ident())
            return printed(*parts, **options)

        traceback.print_exc = print_exc
        try:
            return before(self, *arguments, **named)
        finally:
            traceback.print_exc = printed
            quietly(link.flush, 1.0)

    _replace(process.BaseProcess, "_bootstrap", _bootstrap)
