"""What a transaction changes, and whether a function uses some of it: by name and attribute, over the modules of the workspace."""

from __future__ import annotations

import functools
import gc
import sys
from functools import partial
from types import CellType, CodeType, FunctionType, MethodType, ModuleType

from .. import sources
from ..values import SEQUENCES, Kinds, _module_vars, _mro, _type_vars, instance_vars, type_module
from .live import class_at, closed_over, mangled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .plan import Shared

LRU: Any = type(functools.lru_cache(len))
_CALLED = Kinds(FunctionType, staticmethod, classmethod, property, LRU)
_WRAPPING = Kinds(LRU, staticmethod, classmethod, MethodType, partial, property)
_LEADING = Kinds(FunctionType, MethodType, LRU, partial, staticmethod, classmethod, CellType)
_DIRECT = Kinds(LRU, FunctionType)
MAX_VISITS = 2000
MAX_ITEMS = 200
_MAKERS = ("__init__", "__new__", "__post_init__", "__call__", "__init_subclass__", "__set_name__", "__get__")


class Touched:
    """What a transaction changes: codes of functions, names of modules, members of classes, containers; the latter by identity."""

    def __init__(self, shared: Shared) -> None:
        self._plain = shared.plain
        self.own = {id(_module_vars(module)) for module in shared.workspace()}
        self._material = {id(plan.variables): plan.material for plan in shared.plans}
        self.functions: set[int] = set(shared.material)
        self.names: set[tuple[int, str]] = set()  # (id of a module's variables, name)
        self.members: dict[int, set[str]] = {}  # id of a class -> names
        self.containers: set[int] = set()
        self.attributes: set[str] = set()
        self.classes: list[Any] = []
        for plan in shared.plans:
            for change in plan.comparison.every():
                if change.what == "class" and change.pair is not None:
                    if change.pair.header:
                        self._member(class_at(plan.module, change.pair.path), "__bases__")
                elif change.what not in ("doc", "statement"):
                    owner = class_at(plan.module, change.owner) if change.owner else plan.module
                    for name in change.names:
                        self._bound(owner, mangled(change.owner, name))
        self.methods: dict[str, list[Any]] = {}
        for _, owner, name, value in named_things(shared):
            if owner is not None and type(value) in _CALLED:
                self.methods.setdefault(name, []).append(value)
        for entry in shared.operations.entries:
            if entry.key is None:
                continue
            what, number, name = entry.key[0], entry.key[1], entry.key[2]
            if what == "function" and name in ("__defaults__", "__kwdefaults__"):
                self.functions.add(number)
            elif what == "item":
                self.containers.add(number)
            elif what == "bind":
                arguments = getattr(entry.now, "args", ())
                self._bound(arguments[0] if arguments and id(arguments[0]) == number else None, name)

    def _bound(self, owner: Any, name: str) -> None:
        if issubclass(type(owner), type):
            self._member(owner, name)
        elif issubclass(type(owner), ModuleType) and name != "__doc__":
            self.names.add((id(_module_vars(owner)), name))

    def _member(self, cls: Any, name: str) -> None:
        if cls is not None:
            if id(cls) not in self.members:
                self.classes.append(cls)
            self.members.setdefault(id(cls), set()).add(name)
            self.attributes.add(name)

    def __bool__(self) -> bool:
        return bool(self.functions or self.names or self.members or self.containers or any(self._material.values()))

    def direct(self, function: Any) -> bool:
        """Tell whether a function itself changes."""
        if type(function) is not FunctionType:
            return False
        material = self._material.get(id(function.__globals__))
        return id(function) in self.functions or bool(material and self._plain(function.__code__) in material)

    def uses(self, start: Any) -> bool:
        """Tell whether a function, or what it calls within the workspace, uses something that changes."""
        return _Search(self).reaches(start)


class _Search:
    """One walk from a function over what its code names; bounded."""

    def __init__(self, touched: Touched) -> None:
        self._touched = touched
        self._seen: set[int] = set()
        self._waiting: list[Any] = []
        self._names: set[str] = set()  # every name met so far: which members of a class matter

    def reaches(self, start: Any) -> bool:
        self._waiting.append(start)
        while self._waiting and len(self._seen) < MAX_VISITS:
            item = self._waiting.pop()
            if id(item) in self._seen:
                continue
            self._seen.add(id(item))
            if self._visit(item):
                return True
        return False

    def _visit(self, item: Any) -> bool:
        kind = type(item)
        if kind is FunctionType:
            return self._function(item)
        if kind in _WRAPPING:
            self._waiting += _behind(item)
            return False
        if issubclass(kind, type):
            return self._class(item)
        if id(item) in self._touched.containers:
            return True
        if kind is dict:
            self._waiting += list(item.values())[:MAX_ITEMS]
        elif kind in SEQUENCES:
            self._waiting += item[:MAX_ITEMS]
        elif self._own(kind):
            self._waiting.append(kind)
        return False

    def _function(self, function: FunctionType) -> bool:
        touched = self._touched
        if touched.direct(function):
            return True
        if id(function.__globals__) not in self._touched.own:
            return False
        variables = function.__globals__
        names = names_of(function.__code__)
        fresh = [name for name in names if name not in self._names]
        self._names.update(fresh)
        for name in names:
            if (id(variables), name) in touched.names:
                return True
            value = dict.get(variables, name, self)
            if value is self:
                if name in touched.attributes:  # of some object: which class it is cannot be known, and emptying is safe
                    return True
                self._waiting += touched.methods.get(name, ())
            elif issubclass(type(value), ModuleType):
                if self._module(_module_vars(value), names):
                    return True
            else:
                self._waiting.append(value)
        self._waiting += _behind(function)
        return False

    def _own(self, cls: Any) -> bool:
        module = sys.modules.get(type_module(cls))
        return issubclass(type(module), ModuleType) and id(_module_vars(module)) in self._touched.own

    def _module(self, variables: dict[str, Any], names: list[str]) -> bool:
        for name in names:
            if (id(variables), name) in self._touched.names:
                return True
            if name in variables and not issubclass(type(variables[name]), ModuleType):
                self._waiting.append(variables[name])
        return False

    def _class(self, cls: Any) -> bool:
        if not self._own(cls):
            return False
        for kind in _mro(cls):
            members = self._touched.members.get(id(kind), ())
            if any(name in self._names or name in _MAKERS for name in members):
                return True
            if self._own(kind):
                held = _type_vars(kind)
                self._waiting += [held[name] for name in list(held) if name in self._names or name in _MAKERS]
        return False


def names_of(code: CodeType) -> list[str]:
    """Return the global and attribute names that a code and what is nested in it use, each once."""
    found = dict.fromkeys(code.co_names)
    for constant in code.co_consts:
        if type(constant) is CodeType:
            found.update(dict.fromkeys(names_of(constant)))
    return list(found)


def _behind(item: Any) -> list[Any]:
    """Return what a function or wrapper was made from: closures, defaults, what it wraps."""
    if type(item) is FunctionType:
        return [*(item.__defaults__ or ()), *instance_vars(item).values(), *closed_over(item)]
    return [other for other in gc.get_referents(item) if type(other) in _LEADING]


def named_things(shared: Shared) -> Iterator[tuple[Any, Any, str, Any]]:
    """Yield (module, class or None, name, raw value) of everything at the top of the workspace's modules and in their classes."""
    seen: set[int] = set()
    for module in shared.workspace():
        variables = _module_vars(module)
        if not _may_cache(module, variables):
            continue
        for name, value in list(variables.items()):
            if id(value) in seen:
                continue
            if issubclass(type(value), type):
                seen.add(id(value))
                if type_module(value) == variables.get("__name__"):
                    for inner, member in list(_type_vars(value).items()):
                        yield module, value, inner, member
            elif type(value) in _DIRECT:
                seen.add(id(value))
                yield module, None, name, value


def _may_cache(module: ModuleType, variables: dict[str, Any]) -> bool:
    """Tell whether a module may hold caches: it has one at its top, or its text speaks of them; most do not, and are passed over."""
    if id(LRU) in map(id, map(type, list(variables.values()))):
        return True
    file = variables.get("__file__")
    entry = sources.executed.get(sources.key_of(file)) if type(file) is str else None
    return entry is None or b"cache" in entry.data or b"dispatch" in entry.data or b"memo" in entry.data
