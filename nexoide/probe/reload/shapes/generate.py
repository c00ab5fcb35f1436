"""Lets `dataclass`, `total_ordering` and `final` make their methods on a hollow class, from which a live one gets them."""

from __future__ import annotations

import dataclasses
import functools
import sys
import typing
from types import FunctionType, MemberDescriptorType

from ...values import _mro, _type_vars, type_name
from .common import adopt, is_library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Optional

GENERATED = (
    "__init__", "__repr__", "__eq__", "__hash__", "__lt__", "__le__", "__gt__", "__ge__", "__setattr__", "__delattr__", "__match_args__",
    "__getstate__", "__setstate__", "__replace__", "__dataclass_fields__", "__dataclass_params__", "__final__", "__doc__",
)  # fmt: skip
_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")
_LEFT_OUT = ("__dict__", "__weakref__", "__slots__", "__module__", "__qualname__", "__annotations__", "__firstlineno__", "__static_attributes__")
KNOWN = (("dataclasses", "dataclass"), ("functools", "total_ordering"), ("typing", "final"), ("typing_extensions", "final"))


class Spec:
    """What a generated class is made from: its annotations, its defaults, what its body defines, and its decorators, innermost first."""

    def __init__(self, cls: Any, annotations: dict[str, Any], values: dict[str, Any], decorators: list[Callable[[Any], Any]]) -> None:
        self.cls, self.annotations, self.values, self.decorators = cls, annotations, values, decorators
        self.defined: set[str] = set()
        self.changed: set[str] = set()
        self.doc: Optional[str] = None
        self.mro: list[Any] = list(_mro(cls))


class Made:
    """What the decorators made: `names` to bind, the `defaults` that the class keeps as attributes, `fields` by name."""

    def __init__(self, names: dict[str, Any], after: Mapping[str, Any], spec: Spec) -> None:
        self.names = names
        self.fields: dict[str, Any] = dict(after.get("__dataclass_fields__", {}))
        self.params = after.get("__dataclass_params__")
        self.defaults = {name: after[name] for name in spec.annotations if name in after and type(after[name]) is not MemberDescriptorType}


def generate(spec: Spec, made: Mapping[int, Made]) -> Made:
    """Make what the decorators of a class make; `made` has what its bases will be, by id. Raises what the decorators raise."""
    hollow = type(type_name(spec.cls).rpartition(".")[2], (_chain(spec, made),), _namespace(spec))
    before = dict(_type_vars(hollow))
    result: Any = hollow
    for decorator in spec.decorators:
        result = decorator(result)
    after = _type_vars(result)
    names = {
        name: value
        for name, value in after.items()
        if name not in _LEFT_OUT
        and name not in spec.annotations
        and (name not in before or before[name] is not value)
        and type(value) is not MemberDescriptorType
    }
    adopt(names.values(), (hollow, result), spec.cls)
    return Made(names, after, spec)


def _chain(spec: Spec, made: Mapping[int, Made]) -> Any:
    """Return a class with hollow bases that have what the decorators look for in the real ones."""
    chain: Any = type("Hollow", (), {})
    for base in reversed(spec.mro[1:]):
        variables = _type_vars(base)
        names: dict[str, Any] = {}
        if id(base) in made:
            names = {"__dataclass_fields__": made[id(base)].fields, "__dataclass_params__": made[id(base)].params}
        elif "__dataclass_fields__" in variables:
            names = {name: variables[name] for name in ("__dataclass_fields__", "__dataclass_params__") if name in variables}
        if base is not object:
            names.update({name: _placeholder(name) for name in (*_ORDER, "__eq__", "__post_init__") if type(variables.get(name)) is FunctionType})
        if names:
            chain = type("Hollow", (chain,), names)
    return chain


def _namespace(spec: Spec) -> dict[str, Any]:
    names = {
        "__module__": type.__dict__["__module__"].__get__(spec.cls),
        "__qualname__": type_name(spec.cls),
        "__annotations__": dict(spec.annotations),
        **spec.values,
        **{name: _placeholder(name) for name in spec.defined if name not in spec.annotations},
    }
    if spec.doc is not None:
        names["__doc__"] = spec.doc
    if "__match_args__" in spec.defined:
        names["__match_args__"] = ()
    return names


def _placeholder(name: str) -> Any:
    def placeholder(self: Any, *_: Any) -> None:
        """Stand in for a method of the program, whose presence alone is asked for."""

    placeholder.__name__ = name
    return placeholder


def is_generated(name: str, value: Any) -> bool:
    """Tell whether an attribute of a class was made by one of the known decorators."""
    if name in ("__dataclass_fields__", "__dataclass_params__", "__final__", "__match_args__"):
        return True
    if name == "__doc__":
        return False
    if value is None:
        return name == "__hash__"
    if type(value) is not FunctionType:
        return False
    home = value.__globals__.get("__name__")
    return value.__code__.co_filename == "<string>" or home in ("dataclasses", "functools", "reprlib")


def clone(field: Any, *, kw_only: bool) -> Any:
    """Return an unbound dataclass field like one of a class; `kw_only` says whether it keeps whether it is one."""
    named: dict[str, Any] = {"init": field.init, "repr": field.repr, "hash": field.hash, "compare": field.compare}
    if len(field.metadata):
        named["metadata"] = field.metadata
    if field.default is not dataclasses.MISSING:
        named["default"] = field.default
    if field.default_factory is not dataclasses.MISSING:
        named["default_factory"] = field.default_factory
    if kw_only and sys.version_info >= (3, 10) and field.kw_only is not dataclasses.MISSING:
        named["kw_only"] = field.kw_only
    return dataclasses.field(**named)


def decorator_of(cls: Any) -> Callable[[Any], Any]:
    """Return a dataclass decorator with the parameters with which a live class was made."""
    variables = _type_vars(cls)
    params = variables["__dataclass_params__"]
    named = {name: getattr(params, name) for name in ("init", "repr", "eq", "order", "unsafe_hash", "frozen")}
    if sys.version_info >= (3, 10):
        named["match_args"] = getattr(params, "match_args", "__match_args__" in variables)
    return dataclasses.dataclass(**named)


def known_decorator(value: Any) -> bool:
    """Tell whether a class decorator is one whose work can be done again on a hollow class."""
    return is_library(value, KNOWN) or value is functools.total_ordering or value is dataclasses.dataclass or value is typing.final
