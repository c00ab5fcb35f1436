"""What a program's modules are made of, as values that can be compared: names, identities, code, line tables, contents.

Standard library only, CPython 3.9 and later: it runs inside the programs.
"""

from __future__ import annotations

import sys
import types
from collections import deque

_SKIP = {
    "__builtins__", "__cached__", "__spec__", "__loader__", "__warningregistry__", "_abc_impl", "__weakref__", "__annotate__", "__annotate_func__",
    "__annotations_cache__", "__static_attributes__",
}  # fmt: skip
_CODE = ("co_name", "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags", "co_firstlineno", "co_filename", "co_argcount")
_SCALARS = (int, float, complex, str, bytes, bool, type(None), type(Ellipsis), range)
_DEFINED = (types.FunctionType, staticmethod, classmethod, property)
MAX_DEPTH = 8


class Snapshot:
    """The namespaces of all modules whose file is under `folder`; what they hold is kept alive, so that identities stay true.

    Without `contents` only names, functions and classes are looked at, not what the program computed.
    """

    def __init__(self, folder: str, *, contents: bool = True) -> None:
        self._contents = contents
        self._alive: list[object] = []
        self._seen: dict[int, str] = {}
        self.facts: dict[str, object] = {}
        for name, module in sorted(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if isinstance(module, types.ModuleType) and isinstance(file, str) and file.startswith(folder):
                self._names(name, vars(module))

    def differences(self, other: Snapshot) -> list[str]:
        """Return what is not the same in a later snapshot, a line each."""
        found = []
        for where in {**self.facts, **other.facts}:
            one, two = self.facts.get(where, "nothing"), other.facts.get(where, "nothing")
            if one != two:
                found.append(f"{where}: {str(one)[:100]} is now {str(two)[:100]}")
        return found

    def _names(self, where: str, names: types.MappingProxyType[str, object] | dict[str, object]) -> None:
        self.facts[f"{where} has"] = sorted(str(name) for name in names if name not in _SKIP)
        for name, value in list(names.items()):
            if name not in _SKIP:
                self._value(f"{where}.{name}", value, 0)

    def _value(self, where: str, value: object, depth: int) -> None:
        kind = type(value)
        if not self._contents and not one_of(kind, _DEFINED) and not issubclass(kind, type):
            return
        if one_of(kind, _SCALARS):
            self.facts[where] = repr(value)
            return
        self._alive.append(value)
        self.facts[where] = (kind.__name__, id(value))
        if id(value) in self._seen or depth > MAX_DEPTH:
            return
        self._seen[id(value)] = where
        if kind is types.FunctionType:
            self._function(where, value, depth)
        elif issubclass(kind, type):
            self._class(where, value)
        elif kind is staticmethod or kind is classmethod:
            self._value(f"{where}.__func__", value.__func__, depth + 1)
        elif kind is property:
            for part in ("fget", "fset", "fdel"):
                self._value(f"{where}.{part}", getattr(value, part), depth + 1)
        elif type.__getattribute__(kind, "__module__") != "weakref":  # what a cache of weak references holds comes and goes
            self._inside(where, value, depth)

    def _function(self, where: str, function: types.FunctionType, depth: int) -> None:
        self.facts[f"{where} code"] = code_facts(function.__code__)
        for part in ("__defaults__", "__kwdefaults__", "__doc__", "__qualname__", "__name__", "__dict__"):
            self._plain(f"{where}.{part}", getattr(function, part), depth)
        self.facts[f"{where}.__annotations__"] = {name: repr(value) for name, value in function.__annotations__.items()}
        for number, cell in enumerate(function.__closure__ or ()):
            try:
                self._value(f"{where} cell {number}", cell.cell_contents, depth + 1)
            except ValueError:
                self.facts[f"{where} cell {number}"] = "empty"

    def _plain(self, where: str, value: object, depth: int) -> None:
        if isinstance(value, dict):
            for name, item in value.items():
                self._value(f"{where}[{name!r}]", item, depth + 1)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                self._value(f"{where}[{number}]", item, depth + 1)
        else:
            self.facts[where] = repr(value)

    def _class(self, where: str, cls: type) -> None:
        file = getattr(sys.modules.get(cls.__module__), "__file__", None)
        if not isinstance(file, str) or "site-packages" in file or file.startswith((sys.prefix, sys.base_prefix)):
            return
        self.facts[f"{where}.__mro__"] = [id(base) for base in cls.__mro__]
        names = dict(vars(cls))
        if not names.get("__annotations__", True):
            del names["__annotations__"]  # made where anything looks for it
        self._names(where, names)

    def _inside(self, where: str, value: object, depth: int) -> None:
        kind = type(value)
        if issubclass(kind, (list, tuple, deque)):
            self.facts[f"{where} holds"] = [id(item) if not one_of(type(item), _SCALARS) else repr(item) for item in value]
            for number, item in enumerate(list(value)[:200]):
                self._value(f"{where}[{number}]", item, depth + 1)
        elif issubclass(kind, dict):
            self.facts[f"{where} holds"] = [repr(key) if one_of(type(key), _SCALARS) else id(key) for key in value]
            for key, item in list(value.items())[:200]:
                self._value(f"{where}[{key!r}]" if one_of(type(key), _SCALARS) else f"{where}[{type(key).__name__} {id(key)}]", item, depth + 1)
        elif issubclass(kind, (set, frozenset)):
            self.facts[f"{where} holds"] = sorted(str(id(item)) if not one_of(type(item), _SCALARS) else repr(item) for item in value)
        elif not issubclass(kind, types.ModuleType):
            self._plain(f"{where}.__dict__", _own(value), depth)


def one_of(kind: type, kinds: tuple[type, ...]) -> bool:
    """Tell whether a class is one of some, whatever its metaclass thinks of equality."""
    return any(kind is one for one in kinds)


def _own(value: object) -> dict[str, object]:
    """Return an instance's attributes without asking its class."""
    try:
        found = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return dict(found) if type(found) is dict else {}


def code_facts(code: types.CodeType) -> tuple[object, ...]:
    """Return everything of a code object that can be seen, its nested ones included, by value."""
    consts = tuple(code_facts(item) if isinstance(item, types.CodeType) else (type(item).__name__, repr(item)) for item in code.co_consts)
    lines = getattr(code, "co_linetable", None) or code.co_lnotab
    return (*(getattr(code, name) for name in _CODE), consts, lines)
