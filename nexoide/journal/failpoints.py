"""Named points at which a test makes the process die or a call fail; nothing happens unless NEXOIDE_FAIL is set."""

from __future__ import annotations

import errno
import os
import signal
import threading
from dataclasses import dataclass

from nexoide.errors import UsageError

VARIABLE = "NEXOIDE_FAIL"
_ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}


@dataclass(slots=True)
class _Point:
    action: str
    remaining: int


_lock = threading.Lock()
_points: dict[str, _Point] = {}


def arm(spec: str) -> None:
    """Replace what is armed by `spec`: `name:ACTION[@N]`, several separated by commas; an empty one disarms.

    ACTION is SIGKILL, EIO or ENOSPC; it happens once, the N-th time (default: the first) that the point is hit.
    Raises UsageError where the text says anything else.
    """
    points = dict(_parse(item.strip()) for item in spec.split(",") if item.strip())
    with _lock:
        _points.clear()
        _points.update(points)


def _parse(item: str) -> tuple[str, _Point]:
    name, _, rest = item.partition(":")
    action, _, number = rest.partition("@")
    if not name or (action != "SIGKILL" and action not in _ERRORS) or not (number or "1").isdecimal() or int(number or 1) < 1:
        raise UsageError(f"{VARIABLE}: '{item}' is not name:SIGKILL|EIO|ENOSPC[@N]; mend or unset the variable.")
    return name, _Point(action, int(number or 1))


def hit(name: str) -> None:
    """Do what is armed for `name`: end this process at once, or raise OSError; usually nothing."""
    if not _points:
        return
    with _lock:
        point = _points.get(name)
        if point is None:
            return
        point.remaining -= 1
        if point.remaining:
            return
        del _points[name]
    if point.action == "SIGKILL":
        os.kill(os.getpid(), signal.SIGKILL)
    number = _ERRORS[point.action]
    raise OSError(number, f"{os.strerror(number)} (injected at {name})")


arm(os.environ.get(VARIABLE, ""))
