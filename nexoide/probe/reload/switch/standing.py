"""Tells calls that end soon from those that do not: the loop of a program, a server's main coroutine."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType
    from typing import Any, Optional

THREADS_S = 0.5
COROUTINES_S = 2.0


class Standing:
    """What runs old code, looked at from time to time.

    Where for half a second none of the calls ended, and for two seconds where coroutines are among them (a busy event
    loop takes its time to come round), they are of the kind that does not.
    """

    def __init__(self, old: Mapping[int, str], me: int) -> None:
        self._old, self._me = old, me
        self._seen: Optional[set[tuple[int, int]]] = None
        self._since = 0.0

    def for_long(self, suspended: Sequence[Any], now: float) -> bool:
        """Tell whether the same calls as ever are left; `now` is a monotonic time in seconds."""
        found = {(0, id(item)) for item in suspended}
        limit = COROUTINES_S if found else THREADS_S
        for ident, frame in list(sys._current_frames().items()):  # noqa: SLF001
            outermost = self._outermost(frame) if ident != self._me else None
            if outermost is not None:
                found.add((ident, id(outermost)))
        if found != self._seen:
            self._seen, self._since = found, now
        return bool(found) and now - self._since >= limit

    def _outermost(self, frame: FrameType) -> Optional[FrameType]:
        found: Optional[FrameType] = None
        walk: Optional[FrameType] = frame
        while walk is not None:
            if id(walk.f_code) in self._old:
                found = walk
            walk = walk.f_back
        return found
