"""Which version of a function a call gets while several change together."""

from __future__ import annotations

import sys
from time import monotonic, sleep
from types import CodeType

from ..text.source import moved_only
from .stacks import can_suspend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType
    from typing import Any, Optional

    from .swaps import Swap

GATE_STEP_S = 0.0005


class Choice:
    """What the choosing codes of one transition go by: the codes below a call, and what is the rule where there are none."""

    def __init__(self) -> None:
        self.begun = False  # the choosing codes are in place
        self.new = False  # what a call gets with no code of this transition below it
        self.used = False  # a call was given an old function because of that
        self.gate = 0.0  # until when (monotonic) such a call waits, so that what is shared changes while none is under way
        self.brake = 0.0  # seconds that such a call waits first, so that calls under way get the interpreter
        self.names: tuple[dict[int, str], dict[int, str]] = ({}, {})  # ids of old codes, of new ones: whose they are
        self.suspends = [False, False]  # whether one of them can be suspended
        self._sides: dict[int, bool] = {}
        self._codes: list[CodeType] = []  # kept alive for their ids

    def learn(self, swaps: Sequence[Swap], replaced: Mapping[int, str], plain: Callable[[CodeType], CodeType]) -> None:
        """Find out which codes tell that a call is an old or a new one."""
        neither = {id(swap.before) for swap in swaps if swap.wraps}
        for swap in swaps:
            if id(swap.before) in neither or (swap.before is swap.code and swap.target is None):
                continue
            old = _nested(swap.before)
            if plain(swap.before) is not swap.before:
                old += _nested(plain(swap.before))
            new = _nested(swap.code) if swap.target is None else []
            moved = _moved(old, new)
            for side, codes in enumerate((old, new)):
                self._note([code for code in codes if id(code) not in moved], swap.name, side)
            neither |= moved
        for key, name in replaced.items():
            if key not in neither and key not in self._sides:
                self._sides[key] = False
                self.names[0][key] = name

    def _note(self, codes: list[CodeType], name: str, side: int) -> None:
        for code in codes:
            self._codes.append(code)
            self._sides.setdefault(id(code), bool(side))
            self.names[side][id(code)] = name
            self.suspends[side] = self.suspends[side] or can_suspend(code)

    def chooser(self, swap: Swap) -> Callable[[], Any]:
        """Return what the choosing code of a function asks at each call: which function the caller, by its own stack, is to get."""
        sides, getframe, ident = self._sides, sys._getframe, id  # noqa: SLF001
        function, old, new = swap.function, swap.old(), swap.new()

        def choose() -> Any:
            frame: Optional[FrameType] = getframe(1)
            side: Optional[bool] = None
            while frame is not None:  # the innermost call decides
                side = sides.get(ident(frame.f_code))
                if side is not None:
                    break
                frame = frame.f_back
            if side is None:
                if (self.gate or self.brake) and _may_sleep():
                    while monotonic() < self.gate:
                        sleep(GATE_STEP_S)
                    sleep(self.brake)
                side = self.new
                self.used = self.used or not side
            if not self.begun:  # it ended in the meantime, and the next one may be under way: the function knows
                return function
            return new if side else old

        return choose


def _may_sleep() -> bool:
    """Tell whether this thread runs one thing alone: an event loop, or greenlets, would be held up as a whole."""
    asyncio = sys.modules.get("asyncio.events")
    return "greenlet" not in sys.modules and (asyncio is None or asyncio._get_running_loop() is None)  # noqa: SLF001


def _moved(old: list[CodeType], new: list[CodeType]) -> set[int]:
    """Return the nested codes (ids) that do the same in both versions: they tell nothing."""
    found: set[int] = set()
    for one in old[1:]:
        for other in new[1:]:
            if one.co_name == other.co_name and moved_only(one, other):
                found |= {id(one), id(other)}
    return found


def _nested(code: CodeType) -> list[CodeType]:
    found = [code]
    for constant in code.co_consts:
        if type(constant) is CodeType:
            found += _nested(constant)
    return found
