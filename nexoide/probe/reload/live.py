"""Finds what runs: the modules of a file, the functions on the heap, and what a name of a module really leads to."""

from __future__ import annotations

import gc
import os
import sys
from functools import lru_cache
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, ModuleType

from ..values import _module_vars, _mro, _type_vars, instance_vars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType
    from typing import Any, Optional

MAX_REACH = 400
_SUSPENDED = {id(kind) for kind in (GeneratorType, CoroutineType, AsyncGeneratorType)}
_CACHE = type(lru_cache(lambda: None))
_real_paths: dict[str, str] = {}
_file_places: dict[str, tuple[str, ...]] = {}


def real(path: str) -> str:
    """Return the real path of a file, remembered: modules do not move."""
    known = _real_paths.get(path)
    if known is None:
        if len(_real_paths) > 20000:
            _real_paths.clear()
        known = _real_paths[path] = os.path.realpath(path)
    return known


def module_file(module: ModuleType) -> str:
    """Return the source file of a module as it says itself, "" where it has none."""
    file = _module_vars(module).get("__file__")
    if type(file) is not str:
        return ""
    return file[:-1] if file.endswith(".pyc") else file


def _places(file: str) -> tuple[str, ...]:
    known = _file_places.get(file)
    if known is None:
        if len(_file_places) > 20000:
            _file_places.clear()
        known = _file_places[file] = tuple({os.path.abspath(file), real(file)})
    return known


class Modules:
    """The imported modules by the real path of their file."""

    def __init__(self) -> None:
        self._by_path: dict[str, list[ModuleType]] = {}
        seen: set[int] = set()
        for module in list(sys.modules.values()):
            if not issubclass(type(module), ModuleType) or id(module) in seen:
                continue
            seen.add(id(module))
            file = module_file(module)
            for path in _places(file) if file else ():
                self._by_path.setdefault(path, []).append(module)

    def of(self, path: str) -> list[ModuleType]:
        """Return every imported module, `__main__` included, whose file is `path`."""
        found = self._by_path.get(os.path.abspath(path), [])
        return found or self._by_path.get(os.path.realpath(path), [])


def modules_of(path: str) -> list[ModuleType]:
    """Return every imported module, `__main__` included, whose file is `path`."""
    wanted = os.path.realpath(path)
    names = {os.path.basename(path), os.path.basename(wanted)}
    found: list[ModuleType] = []
    for module in list(sys.modules.values()):
        if not issubclass(type(module), ModuleType) or any(module is known for known in found):
            continue
        file = module_file(module)
        if file and os.path.basename(file) in names and os.path.realpath(file) == wanted:
            found.append(module)
    return found


class Heap:
    """The functions and the suspended generators and coroutines that there are, in one pass over the heap, made when first needed."""

    def __init__(self) -> None:
        self._functions: Optional[dict[int, list[FunctionType]]] = None
        self._suspended: list[Any] = []
        self.caches: list[Any] = []  # the `lru_cache` wrappers, once the pass was made

    def scan(self) -> None:
        """Look at the heap anew."""
        functions: dict[int, list[FunctionType]] = {}
        suspended, caches = [], []
        for item in gc.get_objects():
            kind = type(item)
            if kind is FunctionType:
                functions.setdefault(id(item.__globals__), []).append(item)
            elif id(kind) in _SUSPENDED:
                suspended.append(item)
            elif kind is _CACHE:
                caches.append(item)
        self.caches = caches
        self._functions, self._suspended = functions, suspended

    @property
    def scanned(self) -> bool:
        """Whether the pass was made."""
        return self._functions is not None

    @property
    def suspended(self) -> list[Any]:
        """The suspended generators and coroutines."""
        if self._functions is None:
            self.scan()
        return self._suspended

    def of(self, module: ModuleType) -> list[FunctionType]:
        """Return the functions whose globals are a module's."""
        if self._functions is None:
            self.scan()
        assert self._functions is not None
        return self._functions.get(id(_module_vars(module)), [])

    def instances(self, cls: type) -> list[Any]:
        """Return the live instances of a class and of its subclasses that the garbage collector knows."""
        return instances_of([cls])


def instances_of(classes: Sequence[type]) -> list[Any]:
    """Return the live instances of classes and of their subclasses that the garbage collector knows."""
    kinds = {id(kind) for cls in classes for kind in (cls, *_below(cls))}
    return [item for item in gc.get_objects() if id(type(item)) in kinds] if kinds else []


def _below(cls: type) -> list[type]:
    found: list[type] = []
    kind: type
    for kind in type.__subclasses__(cls):
        found += [kind, *_below(kind)]
    return found


def reached(start: Any, globals_id: int, accept: Callable[[CodeType], bool]) -> list[FunctionType]:
    """Return the functions with an accepted code to which `start` leads: itself, or what it wraps, at any depth.

    Follows closures, `__wrapped__` and whatever an object of another kind refers to, never into modules, classes or the
    globals of a function.
    """
    if type(start) is FunctionType and id(start.__globals__) == globals_id and accept(start.__code__):
        return [start]
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
    return [*instance_vars(function).values(), *closed_over(function)]


def closed_over(function: FunctionType) -> list[Any]:
    """Return what the variables hold that a function closes over; those that are empty yet are left out."""
    held = []
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
    if owner and name.startswith("__") and not name.endswith("__") and owner[-1].lstrip("_"):
        return f"_{owner[-1].lstrip('_')}{name}"
    return name


def inherits(cls: Any, base: type) -> bool:
    """Tell whether a class has `base` among its bases, whatever its metaclass says."""
    return base in _mro(cls)
