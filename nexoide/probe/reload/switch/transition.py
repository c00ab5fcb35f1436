"""Carries a transaction out so that no call sees half of it: each call under way stays with the version it began with.

Where several functions change together, each gets a code that chooses at every call, on the caller's own stack: where
old code of this transaction runs below it the old function is called, else the new one. When old code neither runs nor
waits anywhere, the codes proper take their place. The order makes each step harmless alone, also where an audit hook of
the program, which may let other threads run, is called between two assignments: the choosing codes act like the old
functions at first; then what is additive is bound and one assignment turns all of them over; and at the end each is
replaced by what it has come to do.

What it cannot know: work that old code hands to another thread or to the event loop as a plain function begins there
without old code below it, on the new version. Global values are one for all: old code under way sees the new ones.
"""

from __future__ import annotations

import gc
import sys
from functools import partial
from time import monotonic, sleep
from types import GeneratorType

from ..commit import MISSING, Operations
from .blockers import Blockers
from .choice import GATE_STEP_S, Choice
from .headroom import Headroom
from .stacks import Look, excused, own_greenlets
from .standing import Standing
from .swaps import Swap, arrange, back
from .trampoline import KINDS, choosing, quiet_kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CodeType, FrameType
    from typing import Any, Optional, TypeVar

    Removal = tuple[Any, str, str, str]  # owner, name, module, qualified name
    Result = TypeVar("Result")

BOUND_S = 10.0
GATE_S = 0.1  # how long new calls wait for old ones, where values change together with functions
DORMANT_S = 0.25  # a generator that nobody advances is not waited for longer, unless the patch demands it
HURRY_S = 0.05  # from then on new calls of threads wait a moment, so that old ones get the interpreter; longer after four times that
_SHORTEST_S, _LONGEST_S, _SECOND_LOOK_S, _BRAKES_S = 0.0002, 0.01, 0.005, (0.001, 0.004)
_GAPS = sys.version_info < (3, 11)  # before that a thread can stand between its choice and the call that it chose
_active: list[_Transition] = []
_ended = -60.0  # when the last transition did


class Carried:
    """How a transaction was carried out.

    `state` is "done", "mixed" (calls under way finish with old code beside the new) or "blocked" (all was put back);
    `blockers` are sentences; `kept` are the removals that were left out, because old code may still look their names up;
    `operations` are all assignments that were made, for the inverse.
    """

    __slots__ = ("blockers", "kept", "operations", "state", "swaps", "waited_ms")

    def __init__(self, state: str, begun: float, blockers: Sequence[str], kept: list[Removal], operations: Operations, swaps: Sequence[Swap]) -> None:
        self.state, self.waited_ms, self.blockers = state, round((monotonic() - begun) * 1000, 3), tuple(blockers)
        self.kept, self.operations, self.swaps = kept, operations, swaps


def carry_out(
    first: Operations,
    swaps: Sequence[Swap],
    last: Operations,
    when: str,
    bound_s: float,
    me: int,
    *,
    removals: Sequence[Removal] = (),
    replaced: Optional[Mapping[int, str]] = None,
    plain: Callable[[CodeType], CodeType] = lambda code: code,
) -> Carried:
    """Assign everything, at once or over a transition; raises what an assignment raised, with all of it put back.

    `first` holds what old code does not mind, `last` what has to wait until no old code runs. `when` is "auto", "now" or
    "quiescent". `replaced` names further live codes (by id) as old, such as those of removed functions. `plain` gives the
    code of which a watched one is the counting variant.
    """
    transition = _Transition(first, swaps, last, removals, me)
    transition.choice.learn(swaps, replaced or {}, plain)
    if when == "now" or (when == "auto" and transition.is_simple()):
        return transition.at_once()
    return transition.over_time(bound_s, give_up=when == "quiescent")


def carry_back(carried: Carried, bound_s: float, me: int) -> Carried:
    """Undo what was carried out, as far as it still stands, with the same care for the calls under way."""
    first, swaps, last = back(carried.swaps, carried.operations)
    return carry_out(first, swaps, last, "auto", bound_s, me)


def forked() -> None:
    """Put everything back in the child of a fork that came in the midst of a transition: nobody would end it there."""
    while _active:
        with quiet_kinds(True):
            _active.pop().undo()


class _Transition:
    """One transaction on its way from the old functions to the new ones."""

    def __init__(self, first: Operations, swaps: Sequence[Swap], last: Operations, removals: Sequence[Removal], me: int) -> None:
        self.choice = Choice()
        self._first, self._swaps, self._last, self._removals, self._me = first, swaps, last, removals, me
        self._opening = Operations()
        self._collecting = False
        self._headroom = Headroom()
        self._total = Operations()

    def is_simple(self) -> bool:
        """Tell whether versions cannot mix: at most one body changes, under the same parameters, and nothing goes."""
        if not self._swaps:
            return True
        if self._rebinds():
            return False
        alone = all(swap.before is self._swaps[0].before for swap in self._swaps)
        return alone and not self._removals and not len(self._last) and all(swap.is_simple() for swap in self._swaps)

    def at_once(self) -> Carried:
        """Assign everything without waiting for anyone."""
        begun = monotonic()
        look = self._look(0)
        if look.has_greenlets:
            look.clear()
        mine, others = self._mine(), Blockers(self.choice.names[0], look.suspended(), self._me, greenlets=look.greenlets())
        with quiet_kinds(self._changes_kind()):
            kept = self._settle(mine.names | others.names)
            if len(self._swaps) > 1:
                self._guarded(self._open_and_close)
            else:  # nothing that could be torn apart
                self._total.commit()
        notes = mine.notes + others.notes
        return Carried("mixed" if notes else "done", begun, notes, kept, self._total, self._swaps)

    def over_time(self, bound_s: float, *, give_up: bool) -> Carried:
        """Assign everything over a transition, which ends at the bound in any case: finished, or undone."""
        begun = monotonic()
        with quiet_kinds(self._changes_kind()):
            return self._guarded(lambda: self._over_time(begun, bound_s, give_up))

    def _over_time(self, begun: float, bound_s: float, give_up: bool) -> Carried:
        mine = self._mine()
        sure = not _GAPS or begun - _ended > 1.0
        shared = self._rebinds()
        seen = bool(shared) and not self._alone_at_the_gate()
        self._open()
        left = self._wait(0, begun + bound_s, sure=sure and not (_GAPS and self.choice.used), patient=give_up)
        if left is not None and give_up:
            reasons = left.reasons
            self.choice.new = False
            self._wait(1, monotonic() + max(bound_s, BOUND_S), sure=not _GAPS, patient=True)
            self.undo()
            return Carried("blocked", begun, reasons, [], Operations(), ())
        notes = mine.notes + (left.notes if left is not None else [])
        if seen:
            notes.append(f"Calls that were under way when it went live may have seen the new {', '.join(shared[:4])} beside old code.")
        kept = self._settle(mine.names | (left.names if left is not None else set()))
        self._close()
        return Carried("mixed" if notes else "done", begun, notes, kept, self._total, self._swaps)

    def undo(self) -> None:
        """Put everything back at once, if anything was done."""
        if self.choice.begun:
            self._opening.revert()
        self._end()

    # the steps

    def _guarded(self, run: Callable[[], Result]) -> Result:
        try:
            return run()
        except BaseException:  # an assignment failed, or someone interrupts the wait: nothing may stay half done
            self.undo()
            raise

    def _open_and_close(self) -> None:
        self._open()
        self._close()

    def _rebinds(self) -> list[str]:
        """Return the names of values that old and new code share, and that change with the functions."""
        if not self._swaps:
            return []
        binds = [entry for entry in self._first.entries if entry.key is not None and entry.key[0] in ("bind", "item")]
        return [str(entry.key[2]) for entry in binds if entry.key is not None and entry.before is not MISSING and entry.before is not entry.after]

    def _alone_at_the_gate(self) -> bool:
        """Let calls that begin now wait a moment, and tell whether those under way ended meanwhile: then nobody sees values change."""
        self.choice.gate = monotonic() + GATE_S
        self._choosing()
        look = self._look(0)
        while not look.clear():
            if monotonic() >= self.choice.gate - GATE_STEP_S:
                return False
            sleep(GATE_STEP_S)
        return True

    def _choosing(self) -> None:
        """Put the choosing codes in place, which go on with the old functions."""
        if self.choice.begun:
            return
        first = Operations()
        first.do(partial(setattr, self.choice, "begun", True), partial(setattr, self.choice, "begun", False))
        for swap in self._swaps:
            first.function(swap.function, "__code__", choosing(swap.function, self.choice.chooser(swap), swap.kind))
        self._opening.extend(first)
        self._headroom.take()
        _active.append(self)
        first.commit()

    def _open(self) -> None:
        """Bind what is additive, then turn all choosing codes to the new functions."""
        self._choosing()
        opening = Operations()
        for entry in sorted(self._first.entries, key=lambda entry: entry.key is None or entry.key[0] != "function"):
            opening.add(entry)
        opening.do(partial(setattr, self.choice, "new", True), partial(setattr, self.choice, "new", False))
        self._collecting = self.choice.suspends[0] and gc.isenabled()
        if self._collecting:  # what a look must find stays among the young objects then, which are few
            gc.disable()
        opening.commit()
        self._opening.extend(opening)
        self.choice.gate = 0.0

    def _close(self) -> None:
        """Put the codes proper in place, and do what had to wait."""
        closing = Operations()
        for swap in self._swaps:
            for name, value in swap.ordered()[: -1 if "__code__" in swap.values else None]:
                closing.function(swap.function, name, value)
        for swap in self._swaps:
            closing.function(swap.function, "__code__", swap.code)
        closing.extend(self._last)
        closing.do(partial(setattr, self.choice, "begun", False), partial(setattr, self.choice, "begun", True))
        closing.commit()
        self._end()

    def _end(self) -> None:
        self.choice.brake = self.choice.gate = 0.0
        if self._collecting:
            self._collecting = False
            gc.enable()
        global _ended  # noqa: PLW0603
        _ended = monotonic()
        if self in _active:
            _active.remove(self)
        self._headroom.give_back()

    def _settle(self, needed: set[str]) -> list[Removal]:
        """Decide which removals are done, those of names that no running old code may look up, and note all that is assigned."""
        self._total.extend(self._first)
        for swap in self._swaps:
            for name, value in swap.ordered():
                _function(self._total, swap, name, value)
        for owner, name, _, _ in self._removals:
            if name not in needed:
                self._last.unbind(owner, name)
        self._total.extend(self._last)
        return [removal for removal in self._removals if removal[1] in needed]

    # who is in the way

    def _mine(self) -> Blockers:
        """Return what the calling thread itself is in the midst of, which cannot end while it waits."""
        return Blockers(self.choice.names[0], excused() if self.choice.suspends[0] else (), self._me, mine=True, greenlets=own_greenlets())

    def _look(self, side: int) -> Look:
        return Look(
            set(self.choice.names[side]),
            self._me,
            suspends=self.choice.suspends[side],
            excused={id(item) for item in excused()} if self.choice.suspends[side] else (),
        )

    def _wait(self, side: int, until: float, *, sure: bool, patient: bool) -> Optional[Blockers]:
        """Wait until no code of a side runs or waits to go on; returns who is left where that does not come about."""
        look, pause, before = self._look(side), _SHORTEST_S, None
        standing = Standing(self.choice.names[side], self._me)
        hurry, stale = monotonic() + HURRY_S, monotonic() + DORMANT_S
        while True:
            clear = look.clear()
            if clear and sure:
                return None
            now = monotonic()
            if now >= until:
                break
            self.choice.brake = 0.0 if now < hurry else _BRAKES_S[now >= hurry + 3 * HURRY_S]
            if not clear and not patient and now >= stale:
                suspended = look.suspended()
                stale, dormant = now + DORMANT_S, self._dormant(suspended, look.greenlets())
                if (dormant is not None and dormant == before) or standing.for_long(suspended, now):
                    break
                before = dormant
            sleep(_SECOND_LOOK_S if clear else min(pause, until - now))
            sure, pause = clear or sure, min(pause * 2, _LONGEST_S)
        left = Blockers(self.choice.names[side], look.suspended(), self._me, greenlets=look.greenlets())
        left.nameless = not left and not look.clear()
        return left or None

    def _dormant(self, suspended: list[Any], greenlets: list[FrameType]) -> Optional[list[tuple[int, int]]]:
        """Return where the generators stand, if nothing but generators is in the way."""
        if Blockers(self.choice.names[0], (), self._me, greenlets=greenlets) or any(type(item) is not GeneratorType for item in suspended):
            return None
        frames = [(id(item), item.gi_frame) for item in suspended]
        return sorted((key, frame.f_lasti) for key, frame in frames if frame is not None)

    def _changes_kind(self) -> bool:
        return any(len({swap.before.co_flags & KINDS, swap.kind, swap.code.co_flags & KINDS}) > 1 for swap in self._swaps)


def _function(operations: Operations, swap: Swap, name: str, value: Any) -> None:
    """Note an assignment to a function whose code is a choosing one by now."""
    operations.function(swap.function, name, value)
    if name == "__code__":
        entry = operations.entries[-1]
        entry.before, entry.backward = swap.before, partial(setattr, swap.function, name, swap.before)


__all__ = ["BOUND_S", "Carried", "Swap", "arrange", "carry_back", "carry_out", "forked"]
