"""The failures of one run: as the probe wrote them into its file, else as they stand in what was printed."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nexoide.errors import NexoideError
from nexoide.incidents.pytest_text import without_machinery
from nexoide.model.codec import decode
from nexoide.model.failure import Failure, Frame, Raised

MAX_FILE = 16 << 20
MAX_FAILURES = 64
ENDING = frozenset({"main", "thread", "task", "server", "request", "pytest", "output"})
"""Sources of failures that people see; the others are told beside them."""


def failures(file: Path, output: str, exit_code: int | None) -> tuple[Failure, ...]:
    """Return what a run showed, in the order in which it happened; `file` was written by untrusted code, and is read as such."""
    found = list(_told(file))
    if exit_code and not any(item.source in ENDING for item in found):
        known = {_key(item) for item in found}
        found += [item for item in printed(output) if _key(item) not in known]
    return tuple(found[:MAX_FAILURES])


def printed(output: str) -> tuple[Failure, ...]:
    """Return the tracebacks in what a program printed."""
    from nexoide.incidents.logs.reader import LogReader  # takes as long to load as all of healing, and is seldom needed

    reader = LogReader(origin="", log_errors=False, source="output")
    now = time.time()
    data = output.encode("utf-8", "surrogatepass")
    found = [*reader.feed(data, now), *reader.close(now)]
    return tuple(item for item in found if item.exceptions and item.language == "python")


def _told(path: Path) -> Iterator[Failure]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return
        data = stream.read(MAX_FILE)
    for line in data.split(b"\n")[:MAX_FAILURES]:
        try:
            found = decode(line, Failure) if line else None
        except NexoideError:
            continue  # cut off by the program's end, or written by something else
        if found is not None:
            yield _plain(found)


def _plain(found: Failure) -> Failure:
    """Return a failure of a test without the frames of the runner."""
    if found.source != "pytest":
        return found
    chain = tuple(replace(raised, frames=_own(raised.frames)) for raised in without_machinery(found.exceptions))
    return replace(found, exceptions=chain)


def _own(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """Return frames without those of unittest before the test and of its assertions after it."""
    kept = [frame for frame in frames if "/unittest/" not in frame.file]
    return tuple(kept) or frames[-1:]


def _key(found: Failure) -> tuple[str, str]:
    raised: Raised | None = found.exceptions[0] if found.exceptions else None
    return (raised.type, raised.message) if raised is not None else ("", found.log_message)
