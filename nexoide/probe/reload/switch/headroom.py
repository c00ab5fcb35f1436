"""Room on the stacks: each call through a choosing code takes two frames, which must not overflow a deep recursion."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Optional

MOST = 5_000  # more might overflow the stack that C code has
_given: list[tuple[int, int]] = []  # limits that were raised: what it is, what it was


class Headroom:
    """Raises the recursion limit for a while."""

    def __init__(self) -> None:
        self._taken = False

    def take(self) -> None:
        """Raise the limit, to twice its value at most."""
        limit = sys.getrecursionlimit()
        raised = limit + min(limit, MOST)
        if not _given or _given[-1][0] != limit:
            sys.setrecursionlimit(raised)
            _given.append((raised, limit))
        self._taken = True

    def give_back(self) -> None:
        """Lower it again; where a thread is deep in calls that still take two frames each, the next transition does it."""
        if not self._taken:
            return
        self._taken = False
        raised, limit = _given.pop()
        if sys.getrecursionlimit() != raised:  # the program set its own since
            return
        if _deepest() > limit // 2:
            _given.append((raised, limit))
        else:
            sys.setrecursionlimit(limit)


def _deepest() -> int:
    found = 0
    for frame in sys._current_frames().values():  # noqa: SLF001
        depth = 0
        walk: Optional[FrameType] = frame
        while walk is not None:
            depth, walk = depth + 1, walk.f_back
        found = max(found, depth)
    return found
