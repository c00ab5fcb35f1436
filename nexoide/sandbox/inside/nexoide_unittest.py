"""Runs inside the sandbox: unittest with every test's outcome written as one JSON line, for projects without pytest.

Standard library only, Python 3.9 and later.
"""

# ruff: noqa: N802  (unittest's own names)
from __future__ import annotations

import functools
import json
import os
import unittest
from typing import Any

_MAX_ID = 1000
_MAX_MESSAGE = 1500


def run(words: list[str]) -> int:
    """Run `python -m unittest` with these words; returns its exit code."""
    descriptor = os.open(os.environ.pop("NEXOIDE_OUTCOMES"), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    result: Any = functools.partial(_Result, descriptor)
    program = unittest.main(module=None, argv=["python -m unittest", *words], testRunner=unittest.TextTestRunner(resultclass=result), exit=False)
    code = 0 if program.result.wasSuccessful() else 1
    _write(descriptor, t="finished", exit=code)
    return code


def _write(descriptor: int, **row: Any) -> None:
    os.write(descriptor, json.dumps(row).encode() + b"\n")


class _Result(unittest.TextTestResult):
    def __init__(self, descriptor: int, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self._report = descriptor

    def addSuccess(self, test: Any) -> None:
        super().addSuccess(test)
        self._outcome(test, "passed")

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self._outcome(test, "failed", err)

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        self._outcome(test, "error", err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._outcome(test, "failed", err)

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        self._outcome(test, "skipped")

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self._outcome(test, "skipped")

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self._outcome(test, "failed")

    def _outcome(self, test: Any, outcome: str, err: Any = None) -> None:
        message = f"{err[0].__name__}: {err[1]}" if err else ""
        _write(self._report, t="test", id=str(test.id())[:_MAX_ID], outcome=outcome, message=message[:_MAX_MESSAGE])
