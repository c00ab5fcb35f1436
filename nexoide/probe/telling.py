"""A failure as the wire has it. Everything that the telling of one needs is imported here, once: while the interpreter ends nothing can be."""

from __future__ import annotations

from .capture import cause_of, chain, failure, traceback_of
from .holding import hold, wanted
from .locations import find, plain
from .remote import is_remote
from .web import traceback_route
from .wire import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

__all__ = ["cause_of", "chain", "find", "hold", "holds", "is_remote", "plain", "told", "traceback_of"]

holds = wanted()
"""Whether the supervisor wants the calls that failed to be kept for a while."""


def told(
    error: Optional[BaseException],
    traceback: Any,
    source: str,
    thread: str,
    logger: str,
    log_message: str,
    severity: str,
    route: str,
    status: int,
) -> bytes:
    """Return a failure's JSON; where no route is known, that of the request in whose handling it was raised."""
    if not route and error is not None:
        route = traceback_route(traceback if traceback is not None else traceback_of(error))
    return dumps(failure(error, traceback, source, thread, logger, log_message, severity, route, status)).encode("ascii")
