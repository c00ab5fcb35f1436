"""Runs inside the sandbox, in the target's own pytest: writes one JSON line for every test as it ends.

Loaded by name (PYTEST_PLUGINS). It reports for the first session of the first process alone: nested sessions and
xdist's workers find NEXOIDE_OUTCOMES gone. Standard library only, Python 3.8 and later.
"""

from __future__ import annotations

import json
import os
from typing import Any

_MAX_ID = 1000
_MAX_MESSAGE = 1500
_path = os.environ.pop("NEXOIDE_OUTCOMES", "")
_others = os.environ.pop("NEXOIDE_OTHER_PLUGINS", "")
if _path:
    os.environ.pop("PYTEST_PLUGINS", None)
    if _others:
        os.environ["PYTEST_PLUGINS"] = _others


class _Outcomes:
    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def _write(self, **row: Any) -> None:
        os.write(self._descriptor, json.dumps(row).encode() + b"\n")

    def pytest_collection_finish(self, session: Any) -> None:
        self._write(t="collected", count=len(session.items))

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._outcome(report, "error")

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._outcome(report, "failed" if report.when == "call" else "error")
        elif report.skipped:
            self._outcome(report, "skipped")
        elif report.passed and report.when == "call":
            self._outcome(report, "passed")

    def _outcome(self, report: Any, outcome: str) -> None:
        message = ""
        if outcome in ("failed", "error"):
            crash = getattr(report.longrepr, "reprcrash", None)
            message = str(getattr(crash, "message", None) or report.longreprtext or "")[:_MAX_MESSAGE]
        self._write(t="test", id=report.nodeid[:_MAX_ID], outcome=outcome, message=message)

    def pytest_sessionfinish(self, exitstatus: Any) -> None:
        self._write(t="finished", exit=int(exitstatus))


def pytest_configure(config: Any) -> None:
    """Register the reporter for this session."""
    global _path
    path, _path = _path, ""
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Outcomes(path), "nexoide-outcomes-reporter")
