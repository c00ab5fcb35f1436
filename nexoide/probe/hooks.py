"""Hooks the places where a Python program gives up on an exception, each chained to what was there before.

Modules that the program has not imported yet are hooked when it does, so nothing is imported for it. Hooks that the program
replaces later are found again: the one of threads lies below what can be replaced, the others are looked after in `again`.
"""

from __future__ import annotations

import _thread
import os
import sys

from . import reporting
from .guard import attempt, quietly
from .reporting import report, report_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

    from .imports import Finder
    from .link import Link

WARNING, ERROR, CRITICAL = 30, 40, 50  # levels of the logging module
EXIT_S = 0.25


def install(link: Link, finder: Finder) -> None:
    """Hook this interpreter and, when they come, the modules in which programs give up on exceptions."""
    _hook_excepthook(link)
    _hook_unraisable(link)
    _hook_exit(link)
    for name, hook in _MODULES.items():
        finder.when_imported(name, lambda module, hook=hook: hook(link, module))  # type: ignore[misc]


def again(link: Link) -> None:
    """Hook once more what the program has replaced since; whoever is called twice sees by the mark that it is."""
    if getattr(sys.unraisablehook, "__module__", "") != __name__:
        _hook_unraisable(link)
    if getattr(sys.excepthook, "__module__", "") != __name__:
        _hook_excepthook(link)


def ready() -> None:
    """Import what the first failure needs, so that it does not wait for that, and one while the interpreter ends is told at all."""
    reporting.telling()


def _hook_excepthook(link: Link) -> None:
    before = sys.excepthook

    def excepthook(kind: Any, error: Any, traceback: Any) -> None:
        report(link, error, traceback, "main", _thread.get_ident())
        before(kind, error, traceback)

    sys.excepthook = excepthook


def _hook_unraisable(link: Link) -> None:
    before = sys.unraisablehook

    def unraisablehook(unraisable: Any, attempt: Any = attempt, report: Any = report, here: Any = _thread.get_ident) -> None:
        # All that it needs is its own: while the interpreter ends, the names of this module are gone.
        attempt(report, link, unraisable.exc_value, unraisable.exc_traceback, "unraisable", here())
        before(unraisable)

    sys.unraisablehook = unraisablehook


def _hook_exit(link: Link) -> None:
    """`os._exit` runs nothing that was registered for the end, and may be called in place of `sys.excepthook`."""
    before = os._exit

    def _exit(status: int) -> Any:
        quietly(last, link)
        quietly(link.flush, EXIT_S)
        return before(status)

    _replace(os, "_exit", _exit)


def last(link: Link) -> None:
    """Report what ended the program, where no hook saw it because the program replaced it."""
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    if error is not None and not reporting.marked(error):
        report(link, error, None, "main", _thread.get_ident())


def _hook_threading(link: Link, threading: Any) -> None:
    """Whatever hook the program sets, a thread calls what `_make_invoke_excepthook` gave it, and that calls the hook."""
    before = threading.excepthook

    def excepthook(args: Any) -> None:
        report(link, args.exc_value, args.exc_traceback, "thread", _thread.get_ident())
        before(args)

    threading.excepthook = excepthook
    make = getattr(threading, "_make_invoke_excepthook", None)
    if make is None:
        return

    def _make_invoke_excepthook() -> Any:
        invoke = make()

        def invoke_excepthook(thread: Any) -> Any:
            report(link, sys.exc_info()[1], None, "thread", _thread.get_ident())
            return invoke(thread)

        return invoke_excepthook

    threading._make_invoke_excepthook = _make_invoke_excepthook  # noqa: SLF001


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
    information, level = record.exc_info, record.levelno
    if type(information) is not tuple or len(information) != 3 or type(level) is not int or level < WARNING:
        return
    name = record.name if type(record.name) is str else ""
    source = "task" if name == "asyncio" else "log"
    severity = "warning" if level < ERROR else "error" if level < CRITICAL else "critical"
    own = record.__dict__
    route, status = "", own.get("status_code")
    if "request" in own and reporting.request_of() is None:
        from .web import django_route

        route = django_route(own["request"])
    traceback = information[2] if type(information[2]) is type(sys.exc_info()[2]) else None
    text = _Text(record)
    report(link, information[1], traceback, source, _thread.get_ident(), name, text, severity, route, status if type(status) is int else 0)


class _Text:
    """The message of a log record, made only where it is wanted."""

    __slots__ = ("_record",)

    def __init__(self, record: Any) -> None:
        self._record = record

    def __call__(self) -> str:
        from .capture import log_text

        return log_text(self._record.msg, self._record.args)


def _hook_asyncio(link: Link, base_events: Any) -> None:
    _hook_loop(link, base_events.BaseEventLoop)


def _hook_uvloop(link: Link, uvloop: Any) -> None:
    _hook_loop(link, uvloop.Loop)


def _hook_loop(link: Link, kind: Any) -> None:
    before = kind.call_exception_handler

    def call_exception_handler(self: Any, context: Any) -> Any:
        if type(context) is dict:
            message = context.get("message")
            text = message if type(message) is str else ""
            if context.get("exception") is not None:
                report(link, context["exception"], None, "task", _thread.get_ident(), "asyncio", text)
            elif text:
                report_plain(link, "task", _thread.get_ident(), "asyncio", text)
        return before(self, context)

    _replace(kind, "call_exception_handler", call_exception_handler)


def _hook_method(source: str, *path: str) -> Callable[[Any, Any], None]:
    """Return what hooks a method that is called while an exception that it will print is being handled."""

    def hook(link: Link, module: Any) -> None:
        owner = module
        for name in path[:-1]:
            owner = getattr(owner, name)
        before = getattr(owner, path[-1])

        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            report(link, _error_of(arguments), None, source, _thread.get_ident())
            return before(self, *arguments, **named)

        _replace(owner, path[-1], method)

    return hook


def _error_of(arguments: tuple[Any, ...]) -> Optional[BaseException]:
    for item in arguments:
        if issubclass(type(item), BaseException):
            return item  # type: ignore[no-any-return]
        if type(item) is tuple and len(item) == 3 and issubclass(type(item[1]), BaseException):
            return item[1]  # type: ignore[no-any-return]
    return sys.exc_info()[1]


def _hook_process(link: Link, process: Any) -> None:
    """A child process prints what its target raised and ends by os._exit: no hook of the interpreter sees either."""
    before = process.BaseProcess._bootstrap  # noqa: SLF001
    code = before.__code__

    def _bootstrap(self: Any, *arguments: Any, **named: Any) -> Any:
        import traceback

        printed = traceback.print_exc

        def print_exc(*parts: Any, **options: Any) -> Any:
            if sys._getframe(1).f_code is code:  # noqa: SLF001
                report(link, sys.exc_info()[1], None, "main", _thread.get_ident())
            return printed(*parts, **options)

        traceback.print_exc = print_exc
        try:
            return before(self, *arguments, **named)
        finally:
            traceback.print_exc = printed
            quietly(link.flush, 1.0)

    _replace(process.BaseProcess, "_bootstrap", _bootstrap)


def _hook_warnings(link: Link, warnings: Any) -> None:
    from .warned import hook

    hook(link, warnings)


_MODULES: dict[str, Callable[[Any, Any], None]] = {
    "warnings": _hook_warnings,
    "threading": _hook_threading,
    "logging": _hook_logging,
    "asyncio.base_events": _hook_asyncio,
    "uvloop": _hook_uvloop,
    "socketserver": _hook_method("server", "BaseServer", "handle_error"),
    "wsgiref.handlers": _hook_method("server", "BaseHandler", "log_exception"),
    "tkinter": _hook_method("task", "Tk", "report_callback_exception"),
    "gevent.hub": _hook_method("task", "Hub", "handle_error"),
    "multiprocessing.process": _hook_process,
    "billiard.process": _hook_process,
}
