"""Other bases for a live class: tried on a mirror of the same layout first, so that what Python cannot do is known before."""

from __future__ import annotations

import ast
import sys
import types
import typing
from functools import partial

from ...values import _mro, _type_vars, type_module, type_name
from .common import RESTART, Task, below, evaluate, named, refused
from .same import plainly_equal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..plan import ModulePlan
    from ..text.compare import ClassPair

TABLE = "bases"
_HEAP_TYPE = 1 << 9
_ROOT = "derives from object alone, and Python cannot give such a class another base while it lives"
_set_bases = type.__dict__["__bases__"].__set__
_bases = type.__dict__["__bases__"].__get__
_QUIET = ("typing", "typing_extensions", "abc", "enum", "builtins", "collections.abc", "_collections_abc")


class Rootless:
    """Stands where a class had a base and has none any more; Python cannot put `object` there."""


def claim(plan: ModulePlan, pair: ClassPair, cls: Any) -> Task:
    """Return the change of a class's bases; refuses what Python cannot do whatever the new bases are."""
    plain = not pair.new_node.bases or (isinstance(pair.new_node.bases[0], ast.Name) and pair.new_node.bases[0].id == "object")
    if sys.version_info < (3, 15) and _bases(cls) == (object,) and not plain:
        raise refused(plan, pair, f"{_ROOT}: {RESTART}")
    return Task(plan, pair, cls, [], _carry)


def _carry(task: Task) -> None:
    cls = task.cls
    raw = tuple(evaluate(task.plan, task.pair, task.pair.new_node.bases))
    new = tuple(types.resolve_bases(raw)) or (object,)
    old = _bases(cls)
    if not all(issubclass(type(base), type) for base in new):
        raise task.refused(f"has a base that is no class: correct it, or {RESTART}")
    if new == (object,) and old != (object,):
        new = (Rootless,)
    differs = len(new) != len(old) or any(one is not other for one, other in zip(new, old))  # noqa: B905
    if differs:
        _check(task, new)
        task.state.table(TABLE).update(_tried(task, new))
        task.operations.do(partial(_set_bases, cls, new), partial(_set_bases, cls, old))
    if _generic(task, raw, new) or differs:
        task.tell(f"its bases are now {', '.join(named(base) for base in new)}" if differs else "its type arguments changed")


def _check(task: Task, new: tuple[Any, ...]) -> None:
    """Refuse what a new base would have done, or forbidden, when the class was made."""
    known = _mro(task.cls)
    for base in new:
        if type(base) not in _mro(type(task.cls)):
            raise task.refused(f"gets a base with another metaclass ({named(type(base))}), which takes effect only when the class is made: {RESTART}")
        for kind in _mro(base):
            if "__init_subclass__" in _type_vars(kind) and type_module(kind) not in _QUIET and not any(kind is item for item in known):
                raise task.refused(f"gets the base {named(base)}, whose __init_subclass__ runs only when a class is made: {RESTART}")
    for kind in _mro(type(task.cls)):
        if kind is not type and kind is not object and "mro" in _type_vars(kind):
            raise task.refused(f"has a metaclass that decides on the order of its bases: {RESTART}")


def _tried(task: Task, new: tuple[Any, ...]) -> dict[int, list[Any]]:
    """Try new bases on a mirror; returns the method resolution order of the class and of all below it, by their ids."""
    mirrors: dict[int, Any] = {}
    real: dict[int, Any] = {}
    mirror = _mirror(task.cls, mirrors, real)
    heirs = [(cls, _mirror(cls, mirrors, real)) for cls in below(task.cls)]
    try:
        _set_bases(mirror, tuple(_mirror(base, mirrors, real) for base in new))
    except TypeError as error:
        if _bases(task.cls) == (object,):
            why = _ROOT
        elif "layout" in str(error) or "deallocator" in str(error):
            why = "would have instances that are laid out in memory in another way"
        else:
            why = f"cannot have these bases ({str(error).strip().splitlines()[0]})"
        raise task.refused(f"{why}: {RESTART}") from error
    return {id(cls): [real.get(id(item), item) for item in _mro(made)] for cls, made in [(task.cls, mirror), *heirs]}


def _mirror(cls: Any, mirrors: dict[int, Any], real: dict[int, Any]) -> Any:
    """Return a class of the same layout whose bases are mirrors too, so that nothing of the program hears of it."""
    if not type.__dict__["__flags__"].__get__(cls) & _HEAP_TYPE:
        return cls
    if id(cls) in mirrors:
        return mirrors[id(cls)]
    names: dict[str, Any] = {}
    slots = _type_vars(cls).get("__slots__")
    if slots is not None:
        names["__slots__"] = (slots,) if type(slots) is str else tuple(slots)
    made = type(type_name(cls).rpartition(".")[2], tuple(_mirror(base, mirrors, real) for base in _bases(cls)), names)
    size = type.__dict__["__basicsize__"].__get__
    if size(made) != size(cls):
        made = cls  # a class of a C extension, which no statement of Python makes
    mirrors[id(cls)] = made
    real[id(made)] = cls
    return made


def _generic(task: Task, raw: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    """Plan what a generic class keeps about its bases; returns whether that differs."""
    cls, live = task.cls, _type_vars(task.cls)
    plain = len(raw) == len(new) and all(one is other for one, other in zip(raw, new))  # noqa: B905
    if plain and "__orig_bases__" not in live:
        return False
    before = live.get("__orig_bases__")
    if plain or new == (Rootless,):
        task.operations.unbind(cls, "__orig_bases__")
    elif type(before) is tuple and len(before) == len(raw) and all(_same_base(one, other) for one, other in zip(before, raw)):  # noqa: B905
        return False
    else:
        task.operations.bind(cls, "__orig_bases__", raw)
    if any(typing.Generic in _mro(base) for base in new):
        given = next((base for base in raw if getattr(base, "__origin__", None) is typing.Generic), None)
        parameters: list[Any] = []
        for base in (given,) if given is not None else raw:
            if not issubclass(type(base), type):
                parameters += [item for item in getattr(base, "__parameters__", ()) if not any(item is known for known in parameters)]
        task.operations.bind(cls, "__parameters__", tuple(parameters))
    return True


def _same_base(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if issubclass(type(one), type) or issubclass(type(other), type):
        return False
    origins = getattr(one, "__origin__", None), getattr(other, "__origin__", None)
    parts = tuple(getattr(one, "__args__", ())), tuple(getattr(other, "__args__", ()))
    return origins[0] is origins[1] and len(parts[0]) == len(parts[1]) and all(plainly_equal(a, b) for a, b in zip(*parts))  # noqa: B905
