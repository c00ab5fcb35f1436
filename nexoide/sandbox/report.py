"""The outcome of a test run, read from a file that untrusted code wrote: bounded, and believed as evidence, not as proof."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

from nexoide.sandbox.confinement import Confinement

Outcome = Literal["passed", "failed", "error", "skipped"]

MAX_REPORT = 32 * 1024 * 1024
_MAX_LINE = 64 * 1024
_MAX_TESTS = 100_000
_MAX_MESSAGES = 200
_MAX_ID = 1000
_MAX_MESSAGE = 1500
_WORSE: dict[Outcome, int] = {"skipped": 0, "passed": 1, "failed": 2, "error": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class TestReport:
    """What came out of one run.

    `outcomes` maps every test's id to its outcome; without `has_ids` there is only the exit code, which is weak
    evidence. `finished`: the session came to its own end. `problem` is a sentence where something of the run is
    missing or was prevented, else empty. `seconds` is wall time, start-up included; `output_tail` at most 8 KiB.
    """

    __test__: ClassVar[bool] = False  # pytest must not take it for a test

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    exit_code: int | None
    seconds: float
    timed_out: bool = False
    confinement: Confinement
    output_tail: str = ""
    has_ids: bool = False
    messages: dict[str, str] = field(default_factory=dict)
    finished: bool = False
    problem: str = ""

    @property
    def failing(self) -> tuple[str, ...]:
        """The ids that failed or could not run, sorted."""
        return tuple(sorted(name for name, outcome in self.outcomes.items() if outcome in ("failed", "error")))


@dataclass(frozen=True, slots=True)
class Read:
    """What a report file says; `problem` is a sentence where it cannot be believed as a whole."""

    outcomes: dict[str, Outcome]
    messages: dict[str, str]
    finished: bool
    seen: bool
    problem: str = ""


def read_report(path: Path) -> Read:
    """Return what `path` says. Lines that are not ours are skipped and said; a link, a device or a huge file is refused."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return Read({}, {}, finished=False, seen=False)
    except OSError as error:
        return Read({}, {}, finished=False, seen=False, problem=f"The test report was replaced by something else ({error.strerror}).")
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return Read({}, {}, finished=False, seen=False, problem="The test report was replaced by something that is not a file.")
        data = stream.read(MAX_REPORT + 1)
    return _parse(data)


def _parse(data: bytes) -> Read:
    outcomes: dict[str, Outcome] = {}
    messages: dict[str, str] = {}
    finished, wrong, seen = False, 0, False
    problem = f"The test report is longer than {MAX_REPORT // 1024 // 1024} MiB; the rest was not read." if len(data) > MAX_REPORT else ""
    for line in data[:MAX_REPORT].split(b"\n"):
        if not line:
            continue
        row = _row(line)
        kind = row.get("t")
        if kind == "test" and len(outcomes) < _MAX_TESTS and _take(row, outcomes, messages):
            seen = True
        elif kind in ("collected", "finished"):
            seen = True
            finished = finished or kind == "finished"
        else:
            wrong += 1
    if wrong and not problem:
        problem = f"{wrong} lines of the test report are not what the reporter writes; they were not counted."
    return Read(outcomes, messages, finished=finished, seen=seen, problem=problem)


def _row(line: bytes) -> dict[str, Any]:
    if len(line) > _MAX_LINE:
        return {}
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _take(row: dict[str, Any], outcomes: dict[str, Outcome], messages: dict[str, str]) -> bool:
    name, message = row.get("id"), row.get("message", "")
    outcome = next((known for known in get_args(Outcome) if known == row.get("outcome")), None)
    if not isinstance(name, str) or not isinstance(message, str) or len(name) > _MAX_ID or outcome is None:
        return False
    known = outcomes.get(name)
    # a test that fails in its call and in its teardown is reported twice: the worse one counts
    if known is None or _WORSE[outcome] > _WORSE[known]:
        outcomes[name] = outcome
    if message and len(messages) < _MAX_MESSAGES:
        messages.setdefault(name, message[:_MAX_MESSAGE])
    return True
