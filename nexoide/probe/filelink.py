"""Failures into a file instead of over a socket: for one run of a program in a sandbox, where there is no supervisor.

Each failure is one line of JSON, appended at once by the thread it happened in; nothing waits and nothing is kept back, so that a
program that is killed the moment after has told it. Tests that fail end in their runner and reach no hook of the
interpreter: the runners are hooked as well.
"""

from __future__ import annotations

import _thread
import os
import sys

from .guard import quietly
from .imports import Finder
from .link import Link
from .reporting import report, telling
from .table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .caught import Caught
    from .table import Entry

WANTED = "NEXOIDE_PROBE_CAUGHT"
MAX_LINES = 64
MAX_BYTES = 8 << 20


class FileLink(Link):
    """Stands where a Link does, without its thread; what a kind of failure's first sample does not tell is not told at all."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.table = Table()
        self._lines = self._bytes = 0
        self._caught: Optional[Caught] = None

    @property
    def welcome(self) -> bool:
        """There is always somebody who takes what is written."""
        return True

    def start(self) -> None:
        """Hook the test runners, as they are imported, and look at what the program catches where that is wanted; there is no thread."""
        finder = Finder()
        finder.when_imported("unittest.result", lambda module: _hook_unittest(self, module))
        finder.when_imported("_pytest.runner", lambda module: _hook_pytest(self, module))
        if os.environ.get(WANTED):
            from .caught import Caught

            self._caught = Caught()
            self._caught.watch()

    def offer(self, entry: Entry, failure: bytes) -> None:
        """Append one failure, given as JSON; from a bound on, no more."""
        entry.epoch = self.table.epoch
        self._lines += 1
        self._bytes += len(failure) + 1
        if self._lines > MAX_LINES or self._bytes > MAX_BYTES:
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            os.write(descriptor, failure + b"\n")
        finally:
            os.close(descriptor)

    def count(self, entry: Entry) -> None:
        """Do nothing: one of a kind is enough."""

    def drop(self) -> None:
        """Do nothing: nobody counts."""

    def ring(self) -> None:
        """Do nothing: nobody waits."""

    def flush(self, seconds: float, always: bool = False) -> None:
        """Have what the telling needs imported while that is still possible; all else is written already."""
        quietly(telling)
        caught, self._caught = self._caught, None
        if caught is None:
            return
        if caught.is_own:
            quietly(self._tell_end, caught, "main")
        for error in reversed(caught.kept):
            report(self, error, None, "log", _thread.get_ident(), "", "the program caught it")
        if caught.ending is not None and not caught.is_own:
            quietly(self._tell_end, caught, "log")

    def _tell_end(self, caught: Caught, source: str) -> None:
        """Tell where a program ended itself, which is no failure as long as anything else is."""
        entry = telling().find(self.table, caught.ending, caught.traceback, (source, "error", "", 0))
        if entry is not None:
            self.offer(entry, telling().told(caught.ending, caught.traceback, source, "", "", "the program ended itself", "error", "", 0))

    def before_fork(self) -> None:
        """Do nothing: there is no thread to stop."""

    def after_fork_parent(self) -> None:
        """Do nothing."""

    def after_fork_child(self) -> None:
        """Tell in the child what the parent has told: it is another process's failure."""
        self.table = Table()


def _hook_unittest(link: FileLink, module: Any) -> None:
    kind = module.TestResult
    for name, position in (("addError", 1), ("addFailure", 1), ("addSubTest", 2)):
        _hook_result(link, kind, name, position)


def _hook_result(link: FileLink, kind: Any, name: str, position: int) -> None:
    before = getattr(kind, name)

    def method(self: Any, *arguments: Any, **named: Any) -> Any:
        information = arguments[position] if len(arguments) > position else named.get("err")
        if type(information) is tuple and len(information) == 3:
            report(link, information[1], None, "pytest", _thread.get_ident())
        return before(self, *arguments, **named)

    method.__name__ = method.__qualname__ = name
    setattr(kind, name, method)


def _hook_pytest(link: FileLink, module: Any) -> None:
    """The runner's own hooks see each exception before anything is made of it; pluggy calls them by the names of their arguments."""
    before_test, before_collect = module.pytest_runtest_makereport, module.pytest_make_collect_report

    def pytest_runtest_makereport(item: Any, call: Any) -> Any:
        quietly(_failed, link, call, item)
        return before_test(item, call)

    def pytest_make_collect_report(collector: Any) -> Any:
        made = before_collect(collector)
        quietly(_failed, link, getattr(made, "call", None), None)
        return made

    module.pytest_runtest_makereport = pytest_runtest_makereport
    module.pytest_make_collect_report = pytest_make_collect_report


def _failed(link: FileLink, call: Any, item: Any) -> None:
    excinfo = getattr(call, "excinfo", None)
    if excinfo is None or (item is not None and item.get_closest_marker("xfail") is not None):
        return
    error = excinfo.value
    outcomes = sys.modules.get("_pytest.outcomes")
    if outcomes is not None and isinstance(error, (outcomes.Skipped, outcomes.Exit, getattr(outcomes, "XFailed", outcomes.Skipped))):
        return
    cause = error.__cause__
    if type(error).__name__ == "CollectError" and cause is not None:
        error = cause  # pytest's own words for what the module raised
    report(link, error, None, "pytest", _thread.get_ident())
