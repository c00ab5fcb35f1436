"""Carries a prepared list of assignments out in one call of C code, and keeps the exact inverse.

One `deque(map(call, operations))` has no bytecode boundary in it: with the interpreter's lock, no other thread, signal
handler or finaliser sees a part of it done (measured: a loop in Python gave 9 % torn reads, this call none).
"""

from __future__ import annotations

import gc
import linecache
import operator
from collections import deque
from functools import partial
from types import ModuleType

from ..values import _module_vars
from .live import attribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

_call = operator.methodcaller("__call__")
MISSING: Any = type("Missing", (), {"__repr__": lambda _: "MISSING"})()
MISSING_ENTRY: Any = type("MissingEntry", (), {})()


class Operation:
    """One assignment: how to do it, how to undo it, and whether what it set still stands."""

    __slots__ = ("after", "backward", "before", "forward", "key", "now")

    def __init__(
        self,
        forward: Callable[[], Any],
        backward: Callable[[], Any],
        key: Optional[tuple[Any, ...]] = None,
        before: Any = MISSING,
        after: Any = MISSING,
        now: Optional[partial[Any]] = None,
    ) -> None:
        self.forward, self.backward, self.key = forward, backward, key
        self.before, self.after, self.now = before, after, now

    def stands(self) -> bool:
        """Tell whether what was set is still there; state made since is not undone."""
        return self.now is None or self.now() is self.after

    def untouched(self) -> bool:
        """Tell whether what was there when this was planned is still there."""
        return self.now is None or self.now() is self.before

    def inverse(self) -> Operation:
        """Return the operation that undoes this one."""
        return Operation(self.backward, self.forward, self.key, self.after, self.before, self.now)


class Operations:
    """Assignments to functions, classes, modules and containers, each with its inverse; what is replaced is kept alive by that.

    Planning the same place twice keeps the last value and the first inverse.
    """

    def __init__(self) -> None:
        self.entries: list[Operation] = []
        self._places: dict[tuple[Any, ...], int] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, entry: Operation) -> None:
        """Plan one operation."""
        if entry.key is not None:
            place = self._places.setdefault(entry.key, len(self.entries))
            if place < len(self.entries):
                first = self.entries[place]
                same = first.before is entry.after  # back where it began: nothing is left to do
                forward, backward = (_nothing, _nothing) if same else (entry.forward, first.backward)
                self.entries[place] = Operation(forward, backward, entry.key, first.before, entry.after, entry.now)
                return
        self.entries.append(entry)

    def after(self, key: tuple[Any, ...]) -> Any:
        """Return what a place is planned to hold, MISSING_ENTRY where nothing is planned for it."""
        place = self._places.get(key)
        return self.entries[place].after if place is not None else MISSING_ENTRY

    def function(self, function: Any, name: str, value: Any) -> None:
        """Set an attribute of a function."""
        before = getattr(function, name)
        self.add(
            Operation(
                partial(setattr, function, name, value),
                partial(setattr, function, name, before),
                ("function", id(function), name),
                before,
                value,
                partial(getattr, function, name),
            )
        )

    def bind(self, owner: Any, name: str, value: Any) -> None:
        """Bind a name in a module or class, past any `__setattr__` of theirs."""
        there, before = attribute(owner, name)
        set_, delete = _accessors(owner, name)
        backward = partial(set_, name, before) if there else delete
        self.add(Operation(partial(set_, name, value), backward, ("bind", id(owner), name), before if there else MISSING, value, partial(_bound, owner, name)))

    def unbind(self, owner: Any, name: str) -> None:
        """Take a name out of a module or class."""
        there, before = attribute(owner, name)
        if there:
            set_, delete = _accessors(owner, name)
            self.add(Operation(delete, partial(set_, name, before), ("bind", id(owner), name), before, MISSING, partial(_bound, owner, name)))

    def record(self, owner: Any, name: str, before: Any, after: Any) -> None:
        """Take over a binding that was made already."""
        if before is not after:
            set_, delete = _accessors(owner, name)
            steps = [delete if value is MISSING else partial(set_, name, value) for value in (after, before)]
            self.add(Operation(steps[0], steps[1], ("bind", id(owner), name), before, after, partial(_bound, owner, name)))

    def item(self, container: dict[Any, Any], key: Any, value: Any) -> None:
        """Set an item of a dict whose keys are strings, such as an instance's `__dict__`; MISSING as the value takes it out."""
        before = dict.get(container, key, MISSING)
        take, put = partial(dict.pop, container, key, None), partial(dict.__setitem__, container, key, value)
        self.add(
            Operation(
                take if value is MISSING else put,
                take if before is MISSING else partial(dict.__setitem__, container, key, before),
                ("item", id(container), key),
                before,
                value,
                partial(dict.get, container, key, MISSING),
            )
        )

    def do(self, forward: Callable[[], Any], backward: Callable[[], Any]) -> None:
        """Plan any other pair of calls; both should be calls of C code without arguments (`functools.partial`)."""
        self.add(Operation(forward, backward))

    def extend(self, other: Operations) -> None:
        """Plan what another list has."""
        for entry in other.entries:
            self.add(entry)

    def inverse(self) -> Operations:
        """Return the list that undoes this one, as far as what it set still stands."""
        made = Operations()
        for entry in reversed(self.entries):
            if entry.stands():
                made.add(entry.inverse())
        return made

    def current(self) -> bool:
        """Tell whether everything is still as it was when this was planned."""
        return all(entry.untouched() for entry in self.entries)

    def commit(self) -> None:
        """Do all of it; where one assignment fails all is put back and the error raised again."""
        collecting = gc.isenabled()
        gc.disable()
        finished: list[int] = []
        todo = iter([*(entry.forward for entry in self.entries), partial(finished.append, 1)])
        try:
            deque(map(_call, todo), maxlen=0)
        except BaseException:
            self._restore(len(self.entries) if finished else len(self.entries) - operator.length_hint(todo))
            raise
        finally:
            if collecting:
                gc.enable()

    def revert(self) -> None:
        """Undo all of it, in one call where nothing fails."""
        back = [entry.backward for entry in reversed(self.entries)]
        todo = iter(back)
        while operator.length_hint(todo):
            try:
                deque(map(_call, todo), maxlen=0)
            except Exception:  # nothing that fails here may keep the rest from being put back
                continue

    def _restore(self, done: int) -> None:
        for entry in reversed(self.entries[:done]):
            try:
                entry.backward()
            except Exception:  # nothing that fails here may keep the rest from being put back
                continue


def _nothing() -> None:
    """Do nothing."""


def _bound(owner: Any, name: str) -> Any:
    there, value = attribute(owner, name)
    return value if there else MISSING


def _accessors(owner: Any, name: str) -> tuple[Any, Any]:
    """Return how to set a name of a module or class, given name and value, and how to take this one out."""
    if issubclass(type(owner), type):
        return partial(type.__setattr__, owner), partial(type.__delattr__, owner, name)
    variables = _module_vars(owner)
    return partial(dict.__setitem__, variables), partial(dict.pop, variables, name, None)


def forget_source(module: ModuleType) -> None:
    """Let tracebacks read the file of a module again."""
    file = _module_vars(module).get("__file__")
    if type(file) is str:
        linecache.checkcache(file)
