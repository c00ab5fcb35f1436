"""Whether two values are the same through and through; no `__eq__` or `__hash__` of the program runs."""

from __future__ import annotations

import dis
import functools
from collections import Counter, OrderedDict, defaultdict, deque
from types import FunctionType, MappingProxyType, ModuleType, SimpleNamespace

from ...values import FROZEN, SETS, Kinds, _mro, _type_vars
from ..text.source import moved_only
from .known import SCALARS, immutable
from .lookups import raw_member, variables_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 16
_EMPTY = object()
MAX_ITEMS = 200_000
_IDENTITY = ("Logger", "RootLogger")
_ATTRIBUTES = {
    "Pattern": ("pattern", "flags"),
    "TypeVar": ("__name__",),
    "ParamSpec": ("__name__",),
    "NewType": ("__name__",),
    "Struct": ("format",),
    "Template": ("template",),
}
_GETTERS = ("itemgetter", "attrgetter", "methodcaller")
_ROWS = Kinds(list, tuple, deque)
_TABLES = Kinds(dict, OrderedDict, Counter, defaultdict, MappingProxyType)
_HASHABLE = Kinds(*SCALARS, FunctionType)


def same(one: Any, other: Any, *, loose: bool = False) -> bool:
    """Tell whether two values are the same; `loose` takes functions and classes for the same that were made by the same text."""
    return _Comparer(loose).same(one, other, 0)


class _Comparer:
    def __init__(self, loose: bool) -> None:
        self._loose = loose
        self._left = MAX_ITEMS

    def same(self, one: Any, other: Any, depth: int) -> bool:
        self._left -= 1
        if one is other:
            return True
        kind = type(one)
        if kind is not type(other) or depth > MAX_DEPTH or self._left < 0:
            return False
        if kind in SCALARS:
            return self._scalar(one, other)
        if kind in _ROWS:
            ends = kind is not deque or one.maxlen == other.maxlen
            return ends and self._items(list(one), list(other), depth)
        if kind in _TABLES:
            made = kind is not defaultdict or one.default_factory is other.default_factory
            return made and self._pairs(dict(one), dict(other), depth)
        if kind in SETS:
            return len(one) == len(other) and all(_hashable(item) for item in (*one, *other)) and bool(one == other)
        if kind is bytearray:
            return bool(one == other)
        if kind is FunctionType:
            return self._loose and _named_alike(one, other) and moved_only(one.__code__, other.__code__) and self._functions(one, other, depth)
        return self._objects(kind, one, other, depth)

    def _scalar(self, one: Any, other: Any) -> bool:
        return repr(one) == repr(other) if type(one) in (float, complex) else bool(one == other)

    def _items(self, one: list[Any], other: list[Any], depth: int) -> bool:
        return len(one) == len(other) and all(self.same(a, b, depth + 1) for a, b in zip(one, other))  # noqa: B905

    def _pairs(self, one: dict[Any, Any], other: dict[Any, Any], depth: int) -> bool:
        return self._items(list(one), list(other), depth) and self._items(list(one.values()), list(other.values()), depth)

    def _functions(self, one: FunctionType, other: FunctionType, depth: int) -> bool:
        return (
            one.__globals__ is other.__globals__
            and self._items(_cells(one), _cells(other), depth)
            and self.same(one.__defaults__, other.__defaults__, depth + 1)
            and self.same(one.__kwdefaults__, other.__kwdefaults__, depth + 1)
        )

    def _objects(self, kind: Any, one: Any, other: Any, depth: int) -> bool:
        if immutable(one) and kind.__name__ not in _IDENTITY:
            if kind.__name__ in _GETTERS:
                return self.same(one.__reduce__()[1], other.__reduce__()[1], depth + 1)
            names = _ATTRIBUTES.get(kind.__name__)
            if names is None:
                return bool(one == other)
            return (self._loose or kind.__name__ in ("Pattern", "Struct", "Template")) and all(getattr(one, name) == getattr(other, name) for name in names)
        if kind is functools.partial:
            return self.same((one.func, one.args, one.keywords), (other.func, other.args, other.keywords), depth + 1)
        if issubclass(kind, type):
            fields = raw_member(one, "_fields")
            made = tuple in _mro(one) and type(fields) is tuple and fields == raw_member(other, "_fields")
            return self._loose and made and type.__dict__["__qualname__"].__get__(one) == type.__dict__["__qualname__"].__get__(other)
        if tuple in _mro(kind):
            return self._items(list(tuple.__iter__(one)), list(tuple.__iter__(other)), depth) and self.same(variables_of(one), variables_of(other), depth + 1)
        if kind is SimpleNamespace or _record(kind):
            return self.same(variables_of(one), variables_of(other), depth + 1)
        return False


def _named_alike(one: FunctionType, other: FunctionType) -> bool:
    """Tell whether two functions have one name; a lambda that was made aside does not know the class that it stands in."""
    return one.__qualname__ == other.__qualname__ or one.__name__ == other.__name__ == "<lambda>"


def _cells(function: FunctionType) -> list[Any]:
    held = []
    for cell in function.__closure__ or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:  # it is empty yet
            held.append(_EMPTY)
    return held


def _record(kind: Any) -> bool:
    """Tell whether all that an instance holds is in its dict."""
    return "__dataclass_fields__" in _type_vars(kind) and not any("__slots__" in _type_vars(item) for item in _mro(kind)[:-1])


def _hashable(item: Any) -> bool:
    kind = type(item)
    return kind in _HASHABLE or kind is type or immutable(item) or (kind in FROZEN and all(_hashable(part) for part in item))


def stateless(value: Any, depth: int = 0) -> bool:
    """Tell whether a value holds no state that could change: immutable through and through, or a function or class."""
    if type(value) is FunctionType and value.__closure__:
        return depth < MAX_DEPTH and not _rebinds(value) and all(stateless(item, depth + 1) for item in _cells(value))
    if immutable(value) or type(value) is FunctionType or issubclass(type(value), (type, ModuleType)):
        return True
    if type(value) in FROZEN:
        return depth < MAX_DEPTH and all(stateless(item, depth + 1) for item in value)
    return type(type(value)).__name__ in ("EnumMeta", "EnumType")


def _rebinds(function: FunctionType) -> bool:
    """Tell whether a closure has a variable of its own that it gives other values, by `nonlocal`."""
    own = function.__code__.co_freevars
    return any(step.opname in ("STORE_DEREF", "DELETE_DEREF") and step.argval in own for step in dis.get_instructions(function.__code__))


def plain_keys(value: Any) -> bool:
    """Tell whether a dict or set can be filled without running code of the program: its keys are of builtin types."""
    return all(_hashable(item) for item in value)
