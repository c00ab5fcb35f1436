"""Finds what runs: the modules of a file, the functions on the heap, and what a name of a module really leads to."""

from __future__ import annotations

import gc
import os
import sys
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, ModuleType

from ..values import _module_vars, _mro, _type_vars, instance_vars  # noqa: TID252

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

MAX_REACH = 400
_SUSPENDED = (GeneratorType, CoroutineType, AsyncGeneratorType)


def modules_of(path: str) -> list[ModuleType]:
    """Return every imported module, `__main__` included, whose file is `path`."""
    wanted = os.path.realpath(path)
    names = {os.path.basename(path), os.path.basename(wanted)}
    found: list[ModuleType] = []
    for module in list(sys.modules.values()):
        if not issubclass(type(module), ModuleType) or any(module is known for known in found):
            continue
        file = _module_vars(module).get("__file__")
        if type(file) is str and os.path.basename(file) in names and os.path.realpath(file) == wanted:
            found.append(module)
    return found


class Heap:
    """The functions and the suspended generators and coroutines that there are, in one pass over the heap."""

    def __init__(self, *, scan: bool = True) -> None:
        self.functions: dict[int, list[FunctionType]] = {}
        self.suspended: list[Any] = []
        for item in gc.get_objects() if scan else ():
            kind = type(item)
            if kind is FunctionType:
                self.functions.setdefault(id(item.__globals__), []).append(item)
            elif kind in _SUSPENDED:
                self.suspended.append(item)

    def of(self, module: ModuleType) -> list[FunctionType]:
        """Return the functions whose globals are a module's."""
        return self.functions.get(id(_module_vars(module)), [])


def reached(start: Any, globals_id: int, accept: Callable[[CodeType], bool]) -> list[FunctionType]:
    """Return the functions with an accepted code to which `start` leads: itself, or what it wraps, at any depth.

    Follows closures, `__wrapped__` and whatever an object of another kind refers to, never into modules, classes or the
    globals of a function.
    """
    found: list[FunctionType] = []
    seen: set[int] = set()
    waiting = [start]
    while waiting and len(seen) < MAX_REACH:
        item = waiting.pop(0)
        if id(item) in seen or issubclass(type(item), (type, ModuleType)):
            continue
        seen.add(id(item))
        if type(item) is FunctionType:
            if id(item.__globals__) == globals_id and accept(item.__code__):
                found.append(item)
            waiting += _held(item)
        elif gc.is_tracked(item) or type(item) in (property, staticmethod, classmethod):
            waiting += [other for other in gc.get_referents(item) if id(other) != globals_id]
    return found


def _held(function: FunctionType) -> list[Any]:
    held = list(instance_vars(function).values())
    for cell in function.__closure__ or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:
            continue
    return held


def attribute(owner: Any, name: str) -> tuple[bool, Any]:
    """Return whether a module or class has `name` of its own, and the raw object under it."""
    variables = _type_vars(owner) if issubclass(type(owner), type) else _module_vars(owner)
    return name in variables, variables.get(name)


def class_at(module: ModuleType, path: tuple[str, ...]) -> Any:
    """Return the live class at a path within a module, None where there is none that was made there."""
    owner: Any = module
    for name in path:
        there, owner = attribute(owner, name)
        if not there or not issubclass(type(owner), type):
            return None
    return owner if _type_vars(owner).get("__module__") == _module_vars(module).get("__name__") else None


def mangled(owner: tuple[str, ...], name: str) -> str:
    """Return the name under which a class stores a private name."""
    if owner and name.startswith("__") and not name.endswith("__"):
        return f"_{owner[-1].lstrip('_')}{name}"
    return name


def inherits(cls: Any, base: type) -> bool:
    """Tell whether a class has `base` among its bases, whatever its metaclass says."""
    return base in _mro(cls)
