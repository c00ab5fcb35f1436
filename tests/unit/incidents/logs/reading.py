"""How the tests read: whole texts or any chunks of them, to the end."""

from __future__ import annotations

from nexoide.incidents.logs import LogReader
from nexoide.model.failure import Failure

NOW = 1_800_000_000.0


def read(log: str | bytes, *, step: int = 0, log_errors: bool = True) -> list[Failure]:
    """Return every failure of a log, fed in chunks of `step` bytes (0: at once)."""
    data = log.encode() if isinstance(log, str) else log
    reader = LogReader(origin="app.log", target="shop", log_errors=log_errors)
    found: list[Failure] = []
    for at in range(0, len(data), step or max(len(data), 1)):
        found += reader.feed(data[at : at + (step or len(data))], NOW)
    return found + reader.close(NOW)


def told(failure: Failure) -> tuple[str, str]:
    """Return type and deepest function of what was raised last, or status and route, or logger and message."""
    if failure.exceptions:
        raised = failure.exceptions[0]
        return raised.type, raised.frames[-1].function if raised.frames else ""
    return (str(failure.status), failure.route) if failure.status else (failure.logger, failure.log_message)
