"""All expressions that give a name, an attribute or an item its value, as far as the source shows them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nexoide.model.failure import ValueView
from nexoide.repair.code.index import Class, find_classes, index, last_name
from nexoide.repair.code.infer import infer, own_nodes
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context

MAX_BEGINNINGS = 32
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Beginning:
    """One expression that gives a value; a `factory` is called for it, as the argument of `defaultdict` is."""

    module: Module
    node: ast.expr
    kind: Literal["value", "factory"] = "value"


def beginnings(project: Project, module: Module, node: ast.expr, depth: int = 0) -> list[Beginning]:
    """Return the expressions that `node` takes its value from in its own function, class or module; [] where none is shown."""
    if depth > _DEPTH:
        return []
    if isinstance(node, ast.Name):
        return _of_name(module, node)[:MAX_BEGINNINGS]
    if isinstance(node, ast.Attribute):
        return list(_of_attribute(project, module, node))[:MAX_BEGINNINGS]
    if isinstance(node, ast.Subscript):
        return list(_of_item(project, module, node, depth))[:MAX_BEGINNINGS]
    if isinstance(node, ast.Call) and last_name(node.func) in ("setdefault", "get") and isinstance(node.func, ast.Attribute) and len(node.args) == 2:
        return [Beginning(module, node.args[1])]
    return []


def parameter_of(module: Module, node: ast.expr) -> tuple[FunctionNode, str] | None:
    """Return the function and the name where `node` is a plain name that is one of the function's parameters."""
    function = module.function(node)
    if not isinstance(node, ast.Name) or function is None:
        return None
    names = [item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return (function, node.id) if node.id in names else None


def passed_argument(context: Context, function: FunctionNode, parameter: str) -> tuple[Context, ast.expr] | None:
    """Return the argument that the calling frame gave for a parameter, with that frame's context; None where it is not plain."""
    outer = context.outer()
    if outer is None:
        return None
    calls = [node for node in outer.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == function.name) if isinstance(node, ast.Call)]
    if len(calls) != 1 or any(isinstance(item, ast.Starred) for item in calls[0].args):
        return None
    positional = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    shift = 1 if isinstance(context.module.parents.get(function), ast.ClassDef) and positional[:1] in (["self"], ["cls"]) else 0
    given = next((item.value for item in calls[0].keywords if item.arg == parameter), None)
    if given is None and parameter in positional:
        place = positional.index(parameter) - shift
        given = calls[0].args[place] if 0 <= place < len(calls[0].args) else None
    return (outer, given) if given is not None else None


def view_of(context: Context, node: ast.expr) -> ValueView | None:
    """Return what is known of a plain name's value; a comprehension's own frame (before 3.12) is left for the one around it."""
    here: Context | None = context
    while here is not None:
        found = here.view(node)
        if found is not None or not here.frame.function.endswith(("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<lambda>")):
            return found
        here = here.outer()
    return None


def classes_of(project: Project, module: Module, node: ast.expr) -> list[Class]:
    """Return the project's classes that an object may be an instance of; `self` is that of the class around it."""
    function = module.function(node)
    owner = module.owner(node)
    if isinstance(node, ast.Name) and function is not None and owner is not None and function.args.args and function.args.args[0].arg == node.id:
        return [item for item in index(module).classes if item.node is owner]
    return [item for name in sorted(infer(project, module, node)) for item in find_classes(project, name, module)]


def _of_name(module: Module, node: ast.Name) -> list[Beginning]:
    function = module.function(node)
    while function is not None:
        found = [Beginning(module, value) for value in _assigned(own_nodes(function), node.id)]
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        if found or any(item.arg == node.id for item in arguments):
            return found
        function = module.function(function)
    outside = [item for item in module.nodes if isinstance(item, ast.Assign | ast.AnnAssign) and module.function(item) is None]
    return [Beginning(module, value) for value in _assigned(outside, node.id)]


def _assigned(nodes: Sequence[ast.AST], name: str) -> Iterator[ast.expr]:
    for item in nodes:
        if isinstance(item, ast.Assign):
            for target in item.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield item.value
                elif isinstance(target, ast.Tuple) and isinstance(item.value, ast.Tuple) and len(target.elts) == len(item.value.elts):
                    pairs = zip(target.elts, item.value.elts, strict=True)
                    yield from (value for part, value in pairs if isinstance(part, ast.Name) and part.id == name)
        elif isinstance(item, ast.AnnAssign | ast.NamedExpr) and isinstance(item.target, ast.Name) and item.target.id == name and item.value is not None:
            yield item.value


def _of_attribute(project: Project, module: Module, node: ast.Attribute) -> Iterator[Beginning]:
    for item in classes_of(project, module, node.value):
        for value in set_in(item, node.attr):
            if isinstance(value, ast.Call) and last_name(value.func) == "field":
                for keyword in value.keywords:
                    if keyword.arg in ("default", "default_factory"):
                        yield Beginning(item.module, keyword.value, "factory" if keyword.arg == "default_factory" else "value")
            else:
                yield Beginning(item.module, value)


def set_in(item: Class, attribute: str) -> Iterator[ast.expr]:
    """Yield the values that a class's body and its methods give an attribute."""
    for node in item.node.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == attribute for target in targets):
                yield node.value
        elif isinstance(node, FUNCTIONS) and node.args.args:
            yield from (value for statement, value in set_by(node, attribute) if value is not None and not isinstance(statement, ast.AugAssign))


def set_by(method: FunctionNode, attribute: str) -> Iterator[tuple[ast.stmt, ast.expr | None]]:
    """Yield the assignments of a method to an attribute of its first parameter, each with the value given."""
    first = method.args.args[0].arg
    for inner in ast.walk(method):
        if not isinstance(inner, ast.Assign | ast.AnnAssign | ast.AugAssign):
            continue
        for target in inner.targets if isinstance(inner, ast.Assign) else [inner.target]:
            if isinstance(target, ast.Attribute) and target.attr == attribute and isinstance(target.value, ast.Name) and target.value.id == first:
                yield inner, inner.value


def _of_item(project: Project, module: Module, node: ast.Subscript, depth: int) -> Iterator[Beginning]:
    for held in beginnings(project, module, node.value, depth + 1):
        value = held.node
        if isinstance(value, ast.Call) and last_name(value.func) == "defaultdict" and value.args:
            made = value.args[0]
            yield Beginning(held.module, made.body) if isinstance(made, ast.Lambda) else Beginning(held.module, made, "factory")
        elif isinstance(value, ast.Call) and last_name(value.func) == "fromkeys" and len(value.args) == 2:
            yield Beginning(held.module, value.args[1])
        elif isinstance(value, ast.DictComp):
            yield Beginning(held.module, value.value)
        elif isinstance(value, ast.Dict):
            wanted = node.slice.value if isinstance(node.slice, ast.Constant) else None
            for key, item in zip(value.keys, value.values, strict=True):
                if wanted is None or (isinstance(key, ast.Constant) and key.value == wanted):
                    yield Beginning(held.module, item)
    text = ast.dump(ast.Subscript(value=node.value, slice=node.slice, ctx=ast.Store()))
    around: ast.AST = module.owner(node) or module.function(node) or module.tree
    for inner in ast.walk(around):
        if isinstance(inner, ast.Assign) and any(isinstance(target, ast.Subscript) and ast.dump(target) == text for target in inner.targets):
            yield Beginning(module, inner.value)
