"""Values that several calls or objects share though each was meant to have its own: defaults, class attributes, repeated rows."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nexoide.repair.code.index import Class, find_classes, index, last_name
from nexoide.repair.code.names import words
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FunctionNode, Module

_MAKERS = frozenset(["list", "dict", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray"])
_MOMENTS = frozenset(["now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "uuid1", "uuid4", "random", "randint", "next", "token_hex"])
_CHANGES = frozenset(
    [
        *("append", "extend", "insert", "add", "update", "pop", "popitem", "remove", "discard", "clear", "setdefault", "sort", "reverse"),
        *("appendleft", "popleft", "extendleft", "subtract", "difference_update", "intersection_update"),
    ]
)


_READERS = frozenset(
    ["len", "sorted", "list", "tuple", "set", "sum", "min", "max", "any", "all", "dict", "print", "enumerate", "join", "zip", "str", "isinstance"]
)


# Names of defaults that are shared on purpose, to remember results between calls.
_KEPT_ON_PURPOSE = frozenset(["cache", "memo", "memory", "registry"])


@dataclass(frozen=True, slots=True)
class Default:
    """A parameter's default that is made once; `how` says what is done with it, `strong` that it is surely changed or stale."""

    function: FunctionNode
    parameter: ast.arg
    value: ast.expr
    how: str
    strong: bool


def is_mutable(node: ast.expr | None) -> bool:
    """Say whether an expression makes a container that can be changed."""
    if isinstance(node, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
        return True
    return isinstance(node, ast.Call) and last_name(node.func) in _MAKERS


def is_changed(nodes: Iterable[ast.AST], path: str) -> bool:
    """Say whether some nodes change the container that a dotted path names."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
            target: ast.AST = node.func.value
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            target = node.value
        elif isinstance(node, ast.AugAssign):
            target = node.target
        else:
            continue
        while isinstance(target, ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name | ast.Attribute) and ast.unparse(target) == path:
            return True
    return False


def shared_defaults(project: Project, module: Module, function: FunctionNode) -> Iterator[Default]:
    """Yield the defaults of a function that its calls share, and that one call leaves changed for the next."""
    for item, value in defaults_of(function):
        if is_mutable(value):
            if set(words(item.arg)) & _KEPT_ON_PURPOSE:
                continue
            how = _use(project, module, function, item.arg)
            if how:
                yield Default(function, item, value, *how)
        elif _is_moment(module, value):
            yield Default(function, item, value, "is worked out once, when the function is defined", True)


def default_use(project: Project, module: Module, function: FunctionNode, name: str) -> str:
    """Return what a function surely does with a parameter that leaves its value changed, in words; "" where it does nothing of the kind."""
    how = _use(project, module, function, name) if not set(words(name)) & _KEPT_ON_PURPOSE else None
    return how[0] if how is not None and how[1] else ""


def defaults_of(function: FunctionNode) -> list[tuple[ast.arg, ast.expr]]:
    """Return the parameters that have a default, each with it."""
    given = function.args
    named = [*given.posonlyargs, *given.args]
    pairs = [*zip(named[len(named) - len(given.defaults) :], given.defaults, strict=True)]
    return pairs + [(item, value) for item, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None]


def _is_moment(module: Module, value: ast.expr) -> bool:
    """Say whether a default is a moment, a number or an object that each call should make anew."""
    if not isinstance(value, ast.Call):
        return False
    name = last_name(value.func)
    if name in _MOMENTS:
        return True
    if name[:1].isupper() or not isinstance(value.func, ast.Name):
        return False
    functions = [item for item in index(module).functions if item.qualname == name]
    return any(
        isinstance(node, ast.Global) or (isinstance(node, ast.Call) and last_name(node.func) == "next") for item in functions for node in ast.walk(item.node)
    )


def _use(project: Project, module: Module, function: FunctionNode, name: str) -> tuple[str, bool] | None:
    """Return what a function does with a parameter that leaves it changed, in words, and whether that is sure."""
    nodes = [item for part in function.body for item in ast.walk(part)]
    if any(isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Store) and _is_replaced(module, item) for item in nodes):
        return None
    if is_changed(nodes, name):
        return "is changed by the call", True
    aliases = [
        target.id for item in nodes if isinstance(item, ast.Assign) and _is_name(item.value, name) for target in item.targets if isinstance(target, ast.Name)
    ]
    if any(is_changed(nodes, alias) for alias in aliases):
        return "is changed by the call", True
    for item in nodes:
        if isinstance(item, ast.Assign) and _is_name(item.value, name):
            for target in item.targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    return f"is kept as {ast.unparse(target)}", _is_changed_in_project(project, target.attr)
    for item in nodes:
        given = [*item.args, *(keyword.value for keyword in item.keywords)] if isinstance(item, ast.Call) and last_name(item.func) not in _READERS else []
        if any(_is_name(part, name) for part in given):
            return "is handed on to what may change it", False
    if any(isinstance(item, ast.Return) and _is_name(item.value, name) for item in nodes):
        return "is given to the caller, who may change it", False
    return None


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_replaced(module: Module, node: ast.Name) -> bool:
    """Say whether an assignment gives the name another object (`items = list(items)`), so that the default is never changed."""
    parent = module.parents.get(node)
    return isinstance(parent, ast.Assign | ast.AnnAssign)


def _is_changed_in_project(project: Project, attribute: str) -> bool:
    for module in project.containing("." + attribute):
        if not is_test(module.rel):
            for node in module.nodes:
                if (
                    isinstance(node, ast.Attribute)
                    and node.attr == attribute
                    and is_changed(ast.walk(module.parents.get(module.parents.get(node, node), node)), ast.unparse(node))
                ):
                    return True
    return False


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A container in a class body that objects change as if it were their own."""

    item: Class
    statement: ast.Assign | ast.AnnAssign
    name: str
    value: ast.expr


def shared_in_class(project: Project, item: Class) -> Iterator[ClassValue]:
    """Yield the containers of a class body that its methods change through `self` and never give to the object."""
    for statement in item.node.body:
        target = (
            statement.targets[0]
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1
            else statement.target
            if isinstance(statement, ast.AnnAssign)
            else None
        )
        if (
            not isinstance(target, ast.Name)
            or not isinstance(statement, ast.Assign | ast.AnnAssign)
            or not is_mutable(statement.value)
            or statement.value is None
        ):
            continue
        name = target.id
        if item.has_fields and isinstance(statement, ast.AnnAssign):
            continue
        own = [node for method in item.methods.values() for node in ast.walk(method.node)]
        given = any(isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store) and _is_name(node.value, "self") for node in own)
        through_class = any(isinstance(node, ast.Attribute) and node.attr == name and _is_name(node.value, "cls") for node in own) or _is_read_on_class(
            project, item, name
        )
        if not given and not through_class and is_changed(own, f"self.{name}"):
            yield ClassValue(item, statement, name, statement.value)


def _is_read_on_class(project: Project, item: Class, name: str) -> bool:
    """Say whether the project uses the attribute through the class: then it is meant to be shared."""
    for module in project.containing(f"{item.name}.{name}"):
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and node.attr == name and _is_name(node.value, item.name):
                return True
    return False


def classes_of(project: Project, module: Module, node: ast.AST) -> list[Class]:
    """Return the project's classes that a node's calls construct, and the one that it stands in."""
    found = [item for item in index(module).classes if item.node in set(module.ancestors(node))]
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and last_name(call.func)[:1].isupper():
            found += find_classes(project, last_name(call.func), module)[:1]
    return found


def repeated(nodes: Iterable[ast.AST]) -> Iterator[ast.BinOp | ast.Call]:
    """Yield `[[0] * n] * m` and `dict.fromkeys(keys, [])`: one container in every place."""
    for node in nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List) and len(node.left.elts) == 1:
            inner = node.left.elts[0]
            row = isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Mult) and isinstance(inner.left, ast.List)
            if row or is_mutable(inner):
                yield node
        elif isinstance(node, ast.Call) and last_name(node.func) == "fromkeys" and len(node.args) == 2 and is_mutable(node.args[1]):
            yield node
