"""Who still runs old code: calls under way, and suspended generators and coroutines, in words."""

from __future__ import annotations

import sys

from .stacks import CODES, FRAMES, SUSPENDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import CodeType, FrameType
    from typing import Any, Optional

MAX_NOTES = 16
_WORDS = {"generator": "generator", "coroutine": "coroutine", "async_generator": "asynchronous generator"}


class Blockers:
    """What runs one of the replaced codes (by id, with the name of whose it is) right now.

    The thread `me` is passed over, unless `mine` asks for it alone. `greenlets` are the innermost frames of suspended ones.
    """

    def __init__(self, replaced: Mapping[int, str], suspended: Iterable[Any], me: int, *, mine: bool = False, greenlets: Iterable[FrameType] = ()) -> None:
        self.names: set[str] = set()  # global names and attributes that the running old code may still look up
        self._inside: dict[tuple[str, str], None] = {}
        self._waiting: dict[tuple[str, str], int] = {}
        self.nameless = False  # something is there that was gone before it could be named, and came again
        self._where = ", on the event loop of the calling thread," if mine else ""
        for ident, frame in list(sys._current_frames().items()):  # noqa: SLF001
            if (ident == me) is mine:
                self._walk(frame, "The calling thread" if mine else thread_name(ident), replaced)
        for frame in greenlets:
            self._walk(frame, "A suspended greenlet of the calling thread" if mine else "A suspended greenlet", replaced)
        for item in suspended:
            kind = type(item)
            if kind in SUSPENDED and getattr(item, FRAMES[kind]) is not None:
                code = getattr(item, CODES[kind])
                if id(code) in replaced:
                    key = (replaced[id(code)], _WORDS[kind.__name__])
                    self._waiting[key] = self._waiting.get(key, 0) + 1
                    self._needs(code)

    def __bool__(self) -> bool:
        return bool(self._inside or self._waiting or self.nameless)

    @property
    def notes(self) -> list[str]:
        """Say that they finish with the old code; at most 17 sentences."""
        found = [f"{thread} is inside {name} and finishes that call with the old code." for thread, name in self._inside]
        found += ["A call that could not be named finishes with the old code."] * self.nameless
        for (name, _), count in self._waiting.items():
            found.append(f"{count} suspended {'call' if count == 1 else 'calls'} of {name}{self._where} will finish with the old code.")
        return _shortened(found, "more calls finish with the old code.")

    @property
    def reasons(self) -> list[str]:
        """Say that they stand in the way; at most 17 sentences."""
        found = [f"{thread} is inside {name}." for thread, name in self._inside]
        found += ["A call that could not be named is under way."] * self.nameless
        for (name, kind), count in self._waiting.items():
            found.append(f"{count} {kind}{'s of' if count > 1 else ' of'} {name} {'are' if count > 1 else 'is'} suspended.")
        return _shortened(found, "more calls are under way.")

    def _walk(self, frame: FrameType, thread: str, replaced: Mapping[int, str]) -> None:
        walk: Optional[FrameType] = frame
        while walk is not None:
            name = replaced.get(id(walk.f_code))
            if name is not None:
                self._inside[(thread, name)] = None
                self._needs(walk.f_code)
            walk = walk.f_back

    def _needs(self, code: CodeType) -> None:
        self.names.update(code.co_names)
        for constant in code.co_consts:
            if type(constant) is type(code):
                self._needs(constant)


def _shortened(sentences: list[str], rest: str) -> list[str]:
    if len(sentences) > MAX_NOTES:
        return [*sentences[:MAX_NOTES], f"{len(sentences) - MAX_NOTES} {rest}"]
    return sentences


def thread_name(ident: int) -> str:
    """Return what to call a thread at the beginning of a sentence."""
    threading = sys.modules.get("threading")
    thread = threading._active.get(ident) if threading is not None else None  # noqa: SLF001
    if thread is None:
        return "The main thread" if threading is None else f"Thread {ident}"
    name = object.__getattribute__(thread, "__dict__").get("_name")
    if name == "MainThread":
        return "The main thread"
    return f"Thread {name}" if type(name) is str else f"Thread {ident}"
