"""The functions that a transaction makes do something else, sorted out of its list of assignments."""

from __future__ import annotations

from types import CodeType, FunctionType

from ...values import BOUND_KINDS
from ..commit import MISSING, Operations
from .trampoline import KINDS, forwarder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Optional

ATTRIBUTES = ("__defaults__", "__kwdefaults__", "__annotations__", "__annotate__", "__type_params__", "__doc__")
_STARS = 0x4 | 0x8


class Swap:
    """One function that comes to do something else: new values of its attributes, or a callable that takes its place.

    A `passing` one leads there only while the transition lasts and then gets its own code back: a name of it is bound
    to the other one by then.
    """

    __slots__ = ("before", "function", "name", "passing", "target", "values")

    def __init__(self, function: FunctionType, name: str, values: Optional[dict[str, Any]] = None, target: Any = None, *, passing: bool = False) -> None:
        self.function, self.name, self.target, self.passing = function, name, target, passing
        self.before = function.__code__
        self.values = dict(values or {})
        if target is not None:
            self.values = {} if passing else {"__code__": forwarder(function, target)}

    @property
    def code(self) -> CodeType:
        """The code that the function has at the end."""
        found: CodeType = self.values.get("__code__", self.before)
        return found

    @property
    def kind(self) -> int:
        """The flags that say what a call will give: a generator, a coroutine."""
        return (self.target.__code__ if type(self.target) is FunctionType else self.code).co_flags & KINDS

    @property
    def wraps(self) -> bool:
        """Whether another callable takes the place of a closure, whose code other functions run as well."""
        return self.target is not None and bool(set(self.before.co_freevars) - {"__class__"})

    def old(self) -> FunctionType:
        """Return a function that does what this one did so far."""
        return self._clone({})

    def new(self) -> Any:
        """Return a callable that does what this one will do."""
        return self._clone(self.values) if self.target is None else self.target

    def _clone(self, values: Mapping[str, Any]) -> FunctionType:
        one = self.function
        code = values.get("__code__", self.before)
        made = FunctionType(code, one.__globals__, one.__name__, values.get("__defaults__", one.__defaults__), one.__closure__)
        made.__kwdefaults__ = values.get("__kwdefaults__", one.__kwdefaults__)
        made.__qualname__, made.__module__ = one.__qualname__, one.__module__
        return made

    def ordered(self) -> list[tuple[str, Any]]:
        """Return the final values, the code last: a choosing code has no use for defaults, the code proper has."""
        return sorted(self.values.items(), key=lambda item: item[0] == "__code__")

    def is_simple(self) -> bool:
        """Tell whether an old and a new call of this function alone cannot meet: same parameters, no call of itself."""
        old, new = self.before, self.code
        fields = ("co_argcount", "co_posonlyargcount", "co_kwonlyargcount")
        same = all(getattr(old, field) == getattr(new, field) for field in fields) and _parameters(old) == _parameters(new)
        same = same and old.co_flags & (KINDS | _STARS) == new.co_flags & (KINDS | _STARS)
        recursive = any(code.co_name in _names(code) for code in (old, new))
        return same and not recursive and self.target is None and not {"__defaults__", "__kwdefaults__"} & set(self.values)


def arrange(
    operations: Operations, material: Mapping[int, tuple[FunctionType, str]], forwards: Sequence[tuple[FunctionType, Any, str]]
) -> tuple[Operations, list[Swap], Operations]:
    """Sort a plain list into what may come first, the functions that change, and the bindings that must come last.

    `material` has the functions (by id) whose code changes, with their names, `forwards` those whose place is taken. A
    name whose old function comes to lead to the new one is bound last: until then both get there through the old one.
    """
    swaps = {id(function): Swap(function, name, None, target) for function, target, name in forwards}
    for key, (function, name) in material.items():
        swaps.setdefault(key, Swap(function, name))
    first, last = Operations(), Operations()
    for entry in operations.entries:
        kind, owner, name = entry.key if entry.key is not None and len(entry.key) == 3 else ("", 0, "")
        if kind == "function" and owner in swaps and (name == "__code__" or name in ATTRIBUTES):
            if swaps[owner].target is None:
                swaps[owner].values[name] = entry.after
        elif kind == "bind" and _redirected(entry.before, entry.after, swaps):
            last.add(entry)
        elif kind == "bind" and id(entry.before) not in swaps and _generated(entry.before, entry.after, name):
            swaps[id(entry.before)] = Swap(entry.before, f"{entry.before.__module__}.{entry.before.__qualname__}", None, entry.after, passing=True)
            last.add(entry)
        else:
            first.add(entry)
    return first, [swap for swap in swaps.values() if swap.values or swap.target is not None], last


def back(swaps: Sequence[Swap], done: Operations) -> tuple[Operations, list[Swap], Operations]:
    """Return what undoes `done`, in the same three parts: names that come back first, those that go again last."""
    known = {id(swap.function) for swap in swaps}
    values: dict[int, dict[str, Any]] = {key: {} for key in known}
    first, last = Operations(), Operations()
    for entry in done.inverse().entries:
        if entry.key is not None and entry.key[0] == "function" and entry.key[1] in known:
            values[entry.key[1]][entry.key[2]] = entry.after
        else:
            (first if entry.before is MISSING and entry.now is not None else last).add(entry)
    found = [Swap(swap.function, swap.name, values[id(swap.function)]) for swap in swaps if values[id(swap.function)]]
    # Names lead to what took the place: until they are bound back, old code gets to the old function through that.
    found += [Swap(swap.target, swap.name, None, swap.function, passing=True) for swap in swaps if type(swap.target) is FunctionType]
    return first, found, last


def _redirected(before: Any, after: Any, swaps: Mapping[int, Swap]) -> bool:
    inner = before.__func__ if type(before) in BOUND_KINDS else before
    return before is not after and id(inner) in swaps and swaps[id(inner)].target is not None


def _generated(before: Any, after: Any, name: str) -> bool:
    """Tell whether a generated method (a dataclass's `__init__`) takes the place of the one generated before."""
    if type(before) is not FunctionType or type(after) is not FunctionType or before is after:
        return False
    return before.__code__.co_filename == after.__code__.co_filename == "<string>" and before.__name__ == after.__name__ == name


def _parameters(code: CodeType) -> tuple[str, ...]:
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)
    return code.co_varnames[:count]


def _names(code: CodeType) -> set[str]:
    found = {*code.co_names, *code.co_freevars}
    for constant in code.co_consts:
        if type(constant) is CodeType:
            found |= _names(constant)
    return found
