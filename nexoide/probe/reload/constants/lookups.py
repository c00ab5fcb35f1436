"""What names and attributes lead to, found without running any code of the program."""

from __future__ import annotations

import builtins
import enum
from types import BuiltinFunctionType, FunctionType, MemberDescriptorType, ModuleType, SimpleNamespace

from ...values import Kinds, _module_vars, _mro, _type_vars, instance_vars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

METAS = ("type", "ABCMeta", "EnumMeta", "EnumType")

_FUNCTIONS = Kinds(FunctionType, BuiltinFunctionType)


class Unknown(Exception):  # noqa: N818
    """A name or attribute does not lead to a value without running code of the program."""


def global_value(variables: dict[str, Any], name: str) -> Any:
    """Return what a global name means to code with these globals, None where it means nothing."""
    return variables[name] if name in variables else vars(builtins).get(name)


def member(owner: Any, name: str) -> Any:
    """Return an attribute of a module, class or object without running code of the program; raises Unknown."""
    if issubclass(type(owner), ModuleType):
        variables = _module_vars(owner)
        if name not in variables:
            raise Unknown
        return variables[name]
    if issubclass(type(owner), type):
        raw = raw_member(owner, name) if type(owner).__name__ in METAS else None
        return _unwrapped(raw)
    if home_of(type(owner), "__getattribute__") not in ("builtins", "enum"):
        raise Unknown
    held = variables_of(owner)
    if issubclass(type(owner), enum.Enum) and name in ("value", "name"):
        return held[f"_{name}_"]
    raw = raw_member(type(owner), name)
    if name in held and (raw is None or not any("__set__" in _type_vars(kind) for kind in _mro(type(raw)))):
        return held[name]
    if type(raw) is MemberDescriptorType or type(raw).__name__ == "_tuplegetter":
        try:
            return raw.__get__(owner)
        except AttributeError:
            raise Unknown from None
    return _unwrapped(None if type(raw) is FunctionType else raw)


def _unwrapped(raw: Any) -> Any:
    if type(raw) is staticmethod:
        return raw.__func__
    if raw is None or (
        type(raw) not in _FUNCTIONS and type(raw).__name__ != "method_descriptor" and any("__get__" in _type_vars(kind) for kind in _mro(type(raw)))
    ):
        raise Unknown
    return raw


def raw_member(cls: Any, name: str) -> Any:
    """Return what a class or one of its bases stores under a name, None where none does."""
    for kind in _mro(cls):
        if name in _type_vars(kind):
            return _type_vars(kind)[name]
    return None


def home_of(cls: Any, name: str) -> str:
    """Return the module of the class that gives `cls` an attribute."""
    for kind in _mro(cls):
        if name in _type_vars(kind):
            return str(_type_vars(kind).get("__module__", "builtins"))
    return ""


def variables_of(value: Any) -> dict[str, Any]:
    """Return the instance's own dict, that of a simple namespace included."""
    return vars(value) if type(value) is SimpleNamespace else instance_vars(value)


def named(value: Any) -> tuple[str, str]:
    """Return the module and the name at its top under which a function or class was made; empty where it says none."""
    if type(value) is FunctionType:
        return str(value.__globals__.get("__name__")), value.__qualname__.partition(".")[0]
    if issubclass(type(value), type):
        module, qualname = named_class(value)
        return module, qualname.partition(".")[0]
    return "", ""


def named_class(cls: Any) -> tuple[str, str]:
    """Return the module and the qualified name of a class."""
    return str(_type_vars(cls).get("__module__")), str(type.__dict__["__qualname__"].__get__(cls))
