"""Looks at what runs in one instant: the stacks of all threads and greenlets, and suspended generators and coroutines.

A walk in Python would be outrun: between two of its steps a generator yields, and the frame below it is missed. So the
whole look is one call of C code, in which no other thread gets the interpreter's lock. Lists that grow while they are
read (`frames.extend(map(back, frames))`) follow all chains of frames to their ends.
"""

from __future__ import annotations

import gc
import operator
import sys
import weakref
from collections import deque
from functools import partial
from itertools import chain, compress
from types import AsyncGeneratorType, CoroutineType, GeneratorType

from ...values import Kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Set
    from types import CodeType, FrameType
    from typing import Any, Optional

CHUNK = 20_000  # objects looked at between two chances for other threads
FRAMES: dict[Any, str] = {GeneratorType: "gi_frame", CoroutineType: "cr_frame", AsyncGeneratorType: "ag_frame"}
SUSPENDED = Kinds(*FRAMES)
CODES: dict[Any, str] = {GeneratorType: "gi_code", CoroutineType: "cr_code", AsyncGeneratorType: "ag_code"}
AWAITED: dict[Any, str] = {GeneratorType: "gi_yieldfrom", CoroutineType: "cr_await", AsyncGeneratorType: "ag_await"}
_call = operator.methodcaller("__call__")
_back = operator.attrgetter("f_back")
_code = operator.attrgetter("f_code")
_YOUNG = (0, 1) if sys.version_info < (3, 14) else (None,)  # later collectors have other generations: all of the heap


class Look:
    """Tells whether one of `old` (ids of codes) runs, or waits to go on, anywhere but in the thread `me`.

    `suspends` says that one of the codes can be suspended; `excused` are generators and coroutines (ids) that are not waited for.
    Greenlets are those of other threads, or with `own` those of this one.
    """

    def __init__(self, old: Set[int], me: int, *, suspends: bool, excused: Iterable[int] = (), own: bool = False) -> None:
        self._old, self._me, self._suspends = old, me, suspends
        self._excused, self._own = set(excused), own
        self._waiting: dict[type, list[weakref.ref[Any]]] = {kind: [] for kind in FRAMES}
        self._greenlets: list[weakref.ref[Any]] = []
        self._gr_frame, self._greenlet_ids = _greenlet_kinds()
        self._passed: Optional[tuple[int, int]] = None
        self._found: set[int] = set()

    @property
    def has_greenlets(self) -> bool:
        """Whether the program uses greenlets."""
        return bool(self._greenlet_ids)

    def clear(self) -> bool:
        """Look, and tell whether nothing was found; the first look, and one after a collection, goes over the heap."""
        if (self._suspends or self._greenlet_ids) and self._passed != _collections():
            self._survey()
        steps = self._steps()
        collecting = gc.isenabled()
        gc.disable()
        try:
            deque(map(_call, steps), maxlen=0)
        finally:
            if collecting:
                gc.enable()
        return not self._found and (not self._suspends or self._passed == _collections())

    def suspended(self) -> list[Any]:
        """Go over the heap, and return the generators and coroutines that run old code and are not done."""
        found: list[Any] = []
        if not self._suspends:
            return found
        self._survey()
        for kind, refs in self._waiting.items():
            found += [item for item in (ref() for ref in refs) if item is not None and getattr(item, FRAMES[kind]) is not None]
        return found

    def greenlets(self) -> list[FrameType]:
        """Return the innermost frames of the suspended greenlets that were found."""
        items = [ref() for ref in self._greenlets]
        return [frame for frame in (self._gr_frame(item) for item in items if item is not None) if frame is not None]

    def _steps(self) -> list[Callable[[], Any]]:
        """Return the calls of C code that make one look; iterators among their arguments are read when they are made."""
        threads: dict[int, FrameType] = {}
        frames: list[FrameType] = []
        young: list[Any] = []
        fresh: list[Any] = []
        found = self._found = set()
        steps: list[Callable[[], Any]] = [
            partial(deque, map(threads.update, map(_call, (sys._current_frames,))), 0),  # noqa: SLF001
            partial(threads.pop, self._me, None),
            partial(frames.extend, threads.values()),
        ]
        if self._greenlets:
            steps.append(partial(frames.extend, filter(None, map(self._gr_frame, filter(None, map(_call, self._greenlets))))))
        steps.append(partial(frames.extend, filter(None, map(_back, frames))))
        if self._suspends:
            for kind, refs in self._waiting.items():
                if refs:
                    steps.append(partial(frames.extend, filter(None, map(operator.attrgetter(FRAMES[kind]), filter(None, map(_call, refs))))))
            steps += [
                partial(young.extend, chain.from_iterable(map(gc.get_objects, _YOUNG))),
                partial(fresh.extend, compress(young, _of_kinds(young, {id(kind) for kind in FRAMES}))),
                young.clear,
            ]
            steps += [partial(frames.extend, filter(None, map(operator.attrgetter(name), self._unexcused(fresh, kind)))) for kind, name in FRAMES.items()]
            steps.append(fresh.clear)
        # What was taken is let go within the call: nothing ran in between, so that nothing can die of it.
        steps += [
            partial(found.update, map(id, map(_code, frames))),
            partial(found.intersection_update, self._old),
            frames.clear,
            threads.clear,
        ]
        return steps

    def _unexcused(self, items: list[Any], kind: type) -> Iterable[Any]:
        mine = _of_kinds(items, {id(kind)})
        return compress(items, map(operator.and_, mine, map(operator.not_, map(self._excused.__contains__, map(id, items)))))

    def _survey(self) -> None:
        """Go over the whole heap once, in pieces; what is younger than this is found by every look."""
        self._passed = _collections()
        items = gc.get_objects()
        kinds = {id(kind) for kind in FRAMES} | self._greenlet_ids
        found: list[Any] = []
        for start in range(0, len(items), CHUNK):
            piece = items[start : start + CHUNK]
            found += compress(piece, _of_kinds(piece, kinds))
        self._waiting = {kind: [] for kind in FRAMES}
        self._greenlets = []
        for item in found:
            kind = type(item)
            if kind in SUSPENDED:
                if id(item) not in self._excused and id(getattr(item, CODES[kind])) in self._old:
                    self._waiting[kind].append(weakref.ref(item))
            elif _is_mine(item) is self._own:
                self._greenlets.append(weakref.ref(item))


def _of_kinds(items: list[Any], kinds: set[int]) -> Iterable[bool]:
    """Tell of each item, in C code and without its class's help, whether its type is one of `kinds` (ids)."""
    return map(kinds.__contains__, map(id, map(type, items)))


def _collections() -> tuple[int, int]:
    """Return how often young objects were moved to where a look does not go; it then surveys anew."""
    stats = gc.get_stats()
    return (stats[1]["collections"], stats[2]["collections"]) if _YOUNG != (None,) else (0, 0)


def _greenlet_kinds() -> tuple[Any, set[int]]:
    kind = getattr(sys.modules.get("greenlet"), "greenlet", None)
    if type(kind) is not type:
        return None, set()
    ids: set[int] = set()
    waiting = [kind]
    while waiting:
        item = waiting.pop()
        if id(item) not in ids:
            ids.add(id(item))
            waiting += type.__subclasses__(item)
    return type.__dict__["__dict__"].__get__(kind)["gr_frame"].__get__, ids


def _is_mine(item: Any) -> bool:
    """Tell whether a greenlet belongs to this thread, where it cannot go on while this thread waits."""
    module: Any = sys.modules["greenlet"]
    parent = type.__dict__["__dict__"].__get__(module.greenlet)["parent"].__get__

    def root(one: Any) -> Any:
        while parent(one) is not None:
            one = parent(one)
        return one

    return root(item) is root(module.getcurrent())


def excused() -> list[Any]:
    """Return the coroutines that hang on this thread's own event loop, which does not turn while this thread waits."""
    asyncio: Any = sys.modules.get("asyncio")
    loop = asyncio._get_running_loop() if asyncio is not None else None  # noqa: SLF001
    found: dict[int, Any] = {}
    for task in asyncio.all_tasks(loop) if loop is not None else ():
        item = task.get_coro()
        while type(item) in SUSPENDED and id(item) not in found:
            found[id(item)] = item
            item = getattr(item, AWAITED[type(item)])
    return list(found.values())


def own_greenlets() -> list[FrameType]:
    """Return the innermost frames of this thread's suspended greenlets."""
    look = Look(set(), 0, suspends=False, own=True)
    if look.has_greenlets:
        look.clear()
    return look.greenlets()


def can_suspend(code: CodeType) -> bool:
    """Tell whether a call of a code can be suspended."""
    return bool(code.co_flags & (0x20 | 0x80 | 0x200))
