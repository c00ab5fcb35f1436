"""Parameters of project functions, and what happens when a call is bound to them (the language's own binding rules)."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from nexoide.repair.code.index import Class, Function, find_classes, members
from nexoide.repair.code.project import Project

_STATIC = frozenset({"staticmethod"})
# Decorators that leave the signature as it is; with any other one the definition may not be what is called.
_TRANSPARENT = frozenset(
    [
        "staticmethod",
        "classmethod",
        "property",
        "cached_property",
        "abstractmethod",
        "lru_cache",
        "cache",
        "wraps",
        "override",
        "final",
        "contextmanager",
        "asynccontextmanager",
        "fixture",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter; `kind` says how it can be filled."""

    name: str
    kind: Literal["positional", "either", "keyword"]
    required: bool
    annotation: ast.expr | None = None
    default: str = ""  # the type of a default of a keyword-only parameter that is written out, as `int`


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a call may give, the bound first argument (`self`) left out."""

    parameters: tuple[Parameter, ...]
    star: bool = False
    star_star: bool = False
    implicit: int = 0  # 1 where a bound first argument was left out; messages count it

    @property
    def positional(self) -> tuple[Parameter, ...]:
        """Those that a positional argument can fill, in order."""
        return tuple(item for item in self.parameters if item.kind != "keyword")

    @property
    def by_name(self) -> dict[str, Parameter]:
        """Those that a keyword can fill."""
        return {item.name: item for item in self.parameters if item.kind != "positional"}


@dataclass(slots=True)
class Binding:
    """How a call's arguments meet a signature. Indices are those of the call's positional arguments."""

    filled: dict[str, int | str] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    extra: int = 0
    positional_only: list[str] = field(default_factory=list)
    unknown: bool = False

    @property
    def good(self) -> bool:
        """Whether the call succeeds."""
        return not (self.unexpected or self.missing or self.twice or self.extra or self.positional_only or self.unknown)


def of_arguments(arguments: ast.arguments, *, bound: bool) -> Signature:
    """Return the signature of a `def` or `lambda`; `bound` leaves the first positional parameter out."""
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = len(positional) - len(arguments.defaults)
    found = [
        Parameter(name=item.arg, kind="positional" if place < len(arguments.posonlyargs) else "either", required=place < needed, annotation=item.annotation)
        for place, item in enumerate(positional)
    ]
    implicit = 1 if bound and found else 0
    found = found[implicit:]
    for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        kind = type(default.value).__name__ if isinstance(default, ast.Constant) else ""
        found.append(Parameter(name=item.arg, kind="keyword", required=default is None, annotation=item.annotation, default=kind))
    return Signature(parameters=tuple(found), star=arguments.vararg is not None, star_star=arguments.kwarg is not None, implicit=implicit)


def of_function(function: Function, *, through_class: bool = False) -> Signature:
    """Return what a caller gives; `through_class` is a call on the class itself, where `self` is given by hand."""
    bound = function.owner is not None and not (_STATIC & set(function.decorators))
    if through_class and "classmethod" not in function.decorators and function.name not in ("__init__", "__new__"):
        bound = False
    return of_arguments(function.node.args, bound=bound)


def is_transparent(function: Function) -> bool:
    """Say whether the function's decorators leave its signature alone."""
    return set(function.decorators) <= _TRANSPARENT or any(name in ("setter", "getter") for name in function.decorators)


def constructor(project: Project, item: Class) -> Signature | None:
    """Return what constructing a class takes, or None where its source does not show it."""
    known = members(project, item)
    if "__init__" in known.methods:
        return of_function(known.methods["__init__"])
    if not known.complete:
        return None
    fields = _fields(project, item)
    if fields is None:
        return Signature(parameters=(), implicit=1)
    return Signature(parameters=tuple(fields.values()), implicit=1)


def _fields(project: Project, item: Class, depth: int = 0) -> dict[str, Parameter] | None:
    """Return the constructor's parameters of a dataclass or NamedTuple, inherited ones first; None where it is neither."""
    found: dict[str, Parameter] = {}
    inherited = False
    for base in item.bases:
        for parent in find_classes(project, base, item.module)[:1] if depth < 8 else []:
            fields = _fields(project, parent, depth + 1)
            inherited = inherited or fields is not None
            found |= fields or {}
    if not item.has_fields:
        return found if inherited else None
    keyword_only = _dataclass_flag(item, "kw_only")
    for node in item.node.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and "ClassVar" not in ast.dump(node.annotation):
            required, init = _field_default(node.value)
            if init:
                name = node.target.id
                found[name] = Parameter(name=name, kind="keyword" if keyword_only else "either", required=required, annotation=node.annotation)
    return found


def _field_default(value: ast.expr | None) -> tuple[bool, bool]:
    """Return (required, part of __init__) of a dataclass field's right-hand side."""
    if isinstance(value, ast.Call) and getattr(value.func, "id", getattr(value.func, "attr", "")) == "field":
        given = {item.arg: item.value for item in value.keywords}
        init = given.get("init")
        return not ({"default", "default_factory"} & given.keys()), not (isinstance(init, ast.Constant) and init.value is False)
    return value is None, True


def _dataclass_flag(item: Class, name: str) -> bool:
    for decorator in item.node.decorator_list:
        if isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if keyword.arg == name and isinstance(keyword.value, ast.Constant):
                    return bool(keyword.value.value)
    return False


def bind(signature: Signature, call: ast.Call) -> Binding:
    """Bind a call's arguments; a call with `*args` or `**kwargs` is `unknown`."""
    result = Binding()
    if any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords):
        result.unknown = True
        return result
    return bind_names(signature, len(call.args), [item.arg for item in call.keywords if item.arg is not None])


def bind_names(signature: Signature, positional: int, keywords: Sequence[str]) -> Binding:
    """Bind a number of positional arguments and some keywords."""
    result = Binding()
    slots = signature.positional
    for place in range(min(positional, len(slots))):
        result.filled[slots[place].name] = place
    if positional > len(slots) and not signature.star:
        result.extra = positional - len(slots)
    names = signature.by_name
    only = {item.name for item in signature.parameters if item.kind == "positional"}
    for name in keywords:
        if name in names:
            if name in result.filled:
                result.twice.append(name)
            else:
                result.filled[name] = name
        elif name in only and not signature.star_star:
            result.positional_only.append(name)
        elif not signature.star_star:
            result.unexpected.append(name)
    result.missing = [item.name for item in signature.parameters if item.required and item.name not in result.filled]
    return result
