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

from ..values import _module_vars  # noqa: TID252
from .live import attribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_call = operator.methodcaller("__call__")


class Operations:
    """Assignments to functions, classes and modules, each with its inverse; what is replaced is kept alive by that."""

    def __init__(self) -> None:
        self._forward: list[partial[Any]] = []
        self._backward: list[partial[Any]] = []

    def __len__(self) -> int:
        return len(self._forward)

    def function(self, function: Any, name: str, value: Any) -> None:
        """Set an attribute of a function."""
        self._forward.append(partial(setattr, function, name, value))
        self._backward.append(partial(setattr, function, name, getattr(function, name)))

    def bind(self, owner: Any, name: str, value: Any) -> None:
        """Bind a name in a module or class, past any `__setattr__` of theirs."""
        there, before = attribute(owner, name)
        set_, delete = _accessors(owner)
        self._forward.append(partial(set_, owner, name, value))
        self._backward.append(partial(set_, owner, name, before) if there else partial(delete, owner, name))

    def unbind(self, owner: Any, name: str) -> None:
        """Take a name out of a module or class."""
        there, before = attribute(owner, name)
        if there:
            set_, delete = _accessors(owner)
            self._forward.append(partial(delete, owner, name))
            self._backward.append(partial(set_, owner, name, before))

    def commit(self) -> None:
        """Do all of it; where one assignment fails all is put back and the error raised again."""
        collecting = gc.isenabled()
        gc.disable()
        todo = iter(self._forward)
        try:
            deque(map(_call, todo), maxlen=0)
        except BaseException:
            self._restore(len(self._forward) - operator.length_hint(todo) - 1)
            raise
        finally:
            if collecting:
                gc.enable()

    def _restore(self, done: int) -> None:
        for undo in reversed(self._backward[:done]):
            try:
                undo()
            except Exception:  # nothing that fails here may keep the rest from being put back
                continue


def _accessors(owner: Any) -> tuple[Any, Any]:
    if issubclass(type(owner), type):
        return type.__setattr__, type.__delattr__
    return ModuleType.__setattr__, ModuleType.__delattr__


def forget_source(module: ModuleType) -> None:
    """Let tracebacks read the file of a module again."""
    file = _module_vars(module).get("__file__")
    if type(file) is str:
        linecache.checkcache(file)
