"""Keeps, for a little while, what the calls that failed were given, so that they can be made again in a copy of the process.

Only for programs of a supervisor that wants it, only the newest failure of a kind, few kinds, and not for long: what is kept
alive here is not freed by the program.
"""

from __future__ import annotations

import _thread
import os
import time

from .frames import place
from .guard import quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Optional

MAX_HELD = 8
HELD_S = 30.0
MAX_CALLS = 3
MAX_WALK = 1000
VARARGS, VARKEYWORDS = 0x4, 0x8


class Call:
    """One call on the way to a failure: its code, the globals of it, and its parameters as they were when it failed."""

    __slots__ = ("code", "given", "globals", "line")

    def __init__(self, code: CodeType, scope: dict[str, Any], given: dict[str, Any], line: int) -> None:
        self.code, self.globals, self.given, self.line = code, scope, given, line


class Held:
    """The own calls of one failure, the innermost first, and the error that ended them."""

    __slots__ = ("baseline", "calls", "file", "kind", "line", "until")

    def __init__(self, kind: str, file: str, line: int, calls: list[Call], until: float) -> None:
        self.kind, self.file, self.line, self.calls, self.until = kind, file, line, calls, until
        self.baseline: dict[int, dict[str, Any]] = {}


_warm: list[Any] = []
_readying = _thread.allocate_lock()
_held: dict[tuple[str, str, int], Held] = {}


def wanted() -> bool:
    """Tell whether the supervisor wants calls to be kept."""
    return os.environ.get("NEXOIDE_PROBE_REPLAY") == "1"


def hold(error: Optional[BaseException], traceback: Any, now: float) -> None:
    """Keep the own calls that led to a failure, in place of an earlier one of the same kind and place."""
    calls = []
    for _ in range(MAX_WALK):
        if traceback is None:
            break
        frame = traceback.tb_frame
        if place(frame.f_code.co_filename)[1] and not frame.f_code.co_name.startswith("<"):
            calls.append((frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    if error is None or not calls:
        return
    if not _warm:
        _warm.append(True)
        _thread.start_new_thread(quietly, (ready,))
    innermost = [Call(frame.f_code, frame.f_globals, _given(frame), line) for frame, line in reversed(calls[-MAX_CALLS:])]
    kind, file, line = type(error).__name__, place(innermost[0].code.co_filename)[0], innermost[0].line
    _held.pop((kind, file, line), None)
    _held[kind, file, line] = Held(kind, file, line, innermost, now + HELD_S)
    while len(_held) > MAX_HELD:
        del _held[next(iter(_held))]


def ready() -> None:
    """Import what a replay needs, while the patch is being thought of; nobody may fork for one meanwhile, for a copy would wait for ever."""
    with _readying:
        import dis

        from . import commands, replay, replayed
        from .reload import transaction

        _warm[:] = [dis, commands, replay, replayed, transaction]


def _given(frame: Any) -> dict[str, Any]:
    code, values = frame.f_code, frame.f_locals
    names = parameters(code)
    return {name: values[name] for name in names if name in values}


def parameters(code: CodeType) -> tuple[str, ...]:
    """Return the names of a code object's parameters, those for the rest included, in the order of its variables."""
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & VARARGS) + bool(code.co_flags & VARKEYWORDS)
    return code.co_varnames[:count]


def find(kind: str, file: str, line: int) -> Optional[Held]:
    """Return what is kept of a failure, None where it was let go or never kept; a line of 0 is any."""
    release(time.monotonic())
    found = [item for item in _held.values() if item.kind == kind and item.file == file and line in (0, item.line)]
    return found[-1] if found else None


def release(now: float) -> Optional[float]:
    """Let go of what was kept long enough; returns in how many seconds there is more to let go, None for never."""
    for key in [key for key, item in _held.items() if item.until <= now]:
        del _held[key]
    return max(0.05, min(item.until for item in _held.values()) - now) if _held else None


def forget() -> None:
    """Let go of everything: a forked child keeps nothing of its parent's."""
    _held.clear()
