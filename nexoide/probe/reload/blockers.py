"""Who still runs old code after a commit: calls under way, and suspended generators and coroutines."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Optional

MAX_NOTES = 16


class Blockers:
    """What runs one of the replaced codes (by id) right now."""

    def __init__(self, replaced: dict[int, str], suspended: list[Any], me: int) -> None:
        self.notes: list[str] = []
        self.names: set[str] = set()  # global names and attributes that the running old code may still look up
        inside: dict[tuple[int, str], None] = {}
        for ident, frame in list(sys._current_frames().items()):  # noqa: SLF001
            if ident == me:
                continue
            walk: Optional[FrameType] = frame
            while walk is not None:
                if id(walk.f_code) in replaced:
                    inside[(ident, replaced[id(walk.f_code)])] = None
                    self._needs(walk.f_code)
                walk = walk.f_back
        for ident, name in inside:
            self.notes.append(f"{_thread_name(ident)} is inside {name} and finishes that call with the old code.")
        waiting: dict[str, int] = {}
        for item in suspended:
            code = _code_of(item)
            if code is not None and id(code) in replaced:
                waiting[replaced[id(code)]] = waiting.get(replaced[id(code)], 0) + 1
                self._needs(code)
        for name, count in waiting.items():
            self.notes.append(f"{count} suspended {'call' if count == 1 else 'calls'} of {name} will finish with the old code.")
        if len(self.notes) > MAX_NOTES:
            self.notes[MAX_NOTES:] = [f"{len(self.notes) - MAX_NOTES} more calls finish with the old code."]

    def _needs(self, code: CodeType) -> None:
        self.names.update(code.co_names)
        for constant in code.co_consts:
            if type(constant) is type(code):
                self._needs(constant)


def _code_of(item: Any) -> Optional[CodeType]:
    for prefix in ("gi", "cr", "ag"):
        frame = getattr(item, f"{prefix}_frame", None)
        if frame is not None:
            code: CodeType = frame.f_code
            return code
    return None


def _thread_name(ident: int) -> str:
    threading = sys.modules.get("threading")
    thread = threading._active.get(ident) if threading is not None else None  # noqa: SLF001
    if thread is None:
        return "The main thread" if threading is None else f"Thread {ident}"
    name = object.__getattribute__(thread, "__dict__").get("_name")
    return f"Thread {name}" if type(name) is str else f"Thread {ident}"
