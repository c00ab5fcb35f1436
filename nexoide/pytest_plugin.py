"""A pytest plugin: each test that fails becomes an incident of the workspace's feed.

    pytest -p nexoide.pytest_plugin [--nexoide FOLDER]

It is loaded only where it is named, costs nothing while tests pass, and never makes a run fail: where no supervisor
listens, the summary says so in one line. The workspace is FOLDER, $NEXOIDE_WORKSPACE, or found from pytest's root upwards.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

NAME = "nexoide-reporter"
TARGET = "pytest"
MAX_FAILURES = 2000
BATCH = 20
BATCH_SECONDS = 1.0
MAX_ORIGIN = 500
_KEY = "nexoide_failure"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer --nexoide."""
    parser.getgroup("nexoide").addoption("--nexoide", metavar="FOLDER", default=None, help="the nexoide workspace that failing tests are reported to")


def pytest_configure(config: pytest.Config) -> None:
    """Collect what fails wherever tests run, and report it from the one process that sees them all."""
    config.pluginmanager.register(Captures(), f"{NAME}-captures")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reporter(config), NAME)


class Captures:
    """Notes on each report of a failure what was raised where, while the exception is still there; xdist carries it to the controller."""

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
        """Look at a test's setup, call or teardown that raised."""
        outcome = yield
        if call.excinfo is not None:
            _note(outcome.get_result(), call.excinfo)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, None]:
        """Look at a module that could not be imported."""
        outcome = yield
        report = outcome.get_result()
        call = getattr(report, "call", None)
        if call is not None and call.excinfo is not None:
            _note(report, call.excinfo)


def _note(report: Any, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    if not report.failed:
        return
    from nexoide.incidents.pytest_text import machinery
    from nexoide.probe.capture import failure

    error, traceback = excinfo.value, excinfo.tb
    if isinstance(error, pytest.Collector.CollectError) and error.__cause__ is not None:
        error = error.__cause__  # pytest's own words for what the module raised
        traceback = error.__traceback__ or traceback
    found = failure(error, traceback, "pytest", "", log_message="")
    for raised in found["exceptions"]:
        own = [frame for frame in raised["frames"] if not machinery(frame["file"])]
        raised["frames"] = own or raised["frames"][-1:]
    setattr(report, _KEY, found)


class Reporter:
    """Sends failures to the supervisor: the first at once, further ones together, at most once a second."""

    def __init__(self, config: pytest.Config) -> None:
        self._folder = config.getoption("nexoide") or os.environ.get("NEXOIDE_WORKSPACE") or str(config.rootpath)
        self._waiting: list[dict[str, Any]] = []
        self._sent_at = -BATCH_SECONDS
        self._seen = self._sent = self._left_out = 0
        self._incidents: dict[str, None] = {}
        self._problem = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the failure of a test's phase."""
        if report.failed:
            self._take(report, "" if report.when == "call" else f" ({report.when})")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Take a module that could not be collected."""
        if report.failed:
            self._take(report, " (collection)")

    def pytest_sessionfinish(self) -> None:
        """Send what is left."""
        self._send()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say in one line what became of it."""
        if not self._seen:
            return
        some = f"{self._sent} of {self._seen}" if self._problem or self._left_out else f"{self._sent}"
        line = f"nexoide: {some} failure{'s' * (self._seen != 1)} reported"
        if self._incidents:
            names = list(self._incidents)
            line += f" ({', '.join(names[:5])}{', …' if len(names) > 5 else ''})"
        terminalreporter.write_line(f"{line}{'; ' + self._problem if self._problem else ''}")

    def _take(self, report: Any, where: str) -> None:
        self._seen += 1
        if self._seen > MAX_FAILURES:
            self._left_out += 1
            return
        if self._problem:
            return
        found = getattr(report, _KEY, None)
        if not isinstance(found, dict):
            found = {"pid": 0, "at": time.time(), "exceptions": [], "log_message": str(report.longreprtext or "it failed")[:2000]}
        self._waiting.append({**found, "target": TARGET, "source": "pytest", "thread": "", "origin": f"{report.nodeid}{where}"[:MAX_ORIGIN]})
        if len(self._waiting) >= BATCH or time.monotonic() - self._sent_at >= BATCH_SECONDS:
            self._send()

    def _send(self) -> None:
        if not self._waiting or self._problem:
            return
        from nexoide.client.control import Control
        from nexoide.client.reporting import report_all
        from nexoide.errors import NexoideError
        from nexoide.workspace import require_workspace

        batch, self._waiting = self._waiting, []
        self._sent_at = time.monotonic()
        try:
            answer = report_all(Control(require_workspace(Path(self._folder)).socket), batch)
        except NexoideError as error:
            self._problem = error.sentence
        except OSError as error:
            self._problem = f"the supervisor could not be reached ({error.strerror})"
        else:
            self._sent += answer.accepted
            self._incidents.update(dict.fromkeys(answer.incidents))
