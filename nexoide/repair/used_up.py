"""Iterators that are gone through twice: the second time there is nothing left. Where they are made, and where they are used up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.edits import Edit
from nexoide.repair.index import index, last_name
from nexoide.repair.infer import callees, own_nodes
from nexoide.repair.iterator_uses import twice, uses_of_name, way_of_use
from nexoide.repair.origins import argument
from nexoide.repair.project import Project
from nexoide.repair.source import FUNCTIONS, FunctionNode, Module

_LAZY = frozenset(["map", "filter", "zip", "enumerate", "reversed", "iter"])
_LAZY_ATTRIBUTES = frozenset(["reader", "DictReader", "finditer", "scandir", "iterdir", "rglob", "iglob", "from_iterable", "iter_lines", "iter_content"])
_ITERTOOLS = frozenset(
    [
        *("chain", "starmap", "accumulate", "groupby", "islice", "takewhile", "dropwhile", "filterfalse", "compress", "pairwise", "zip_longest", "product"),
        *("combinations", "permutations", "batched"),
    ]
)


@dataclass(frozen=True, slots=True)
class UsedUp:
    """An iterator that is gone through again: what carries it, the expression that makes it (None: a parameter), the first two uses."""

    module: Module
    name: str
    origin: ast.expr | None
    function: FunctionNode | None
    uses: tuple[ast.expr, ...]
    in_loop: bool = False


def is_lazy(project: Project, module: Module, node: ast.expr) -> bool:
    """Say whether an expression gives an iterator that can be gone through once."""
    if isinstance(node, ast.GeneratorExp):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    if isinstance(node.func, ast.Name) and name in _LAZY:
        return bool(node.args)
    if name in _ITERTOOLS:
        source = index(module).imports.get(name if isinstance(node.func, ast.Name) else getattr(getattr(node.func, "value", None), "id", ""), ("", ""))
        return source[0] == "itertools"
    if name == "glob" and isinstance(node.func, ast.Attribute) and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "glob"):
        return not callees(project, module, node, guess=False)
    if name in _LAZY_ATTRIBUTES and not callees(project, module, node, guess=False):
        return True
    made = callees(project, module, node, guess=False)
    return len(made) == 1 and not made[0].decorators and gives_iterator(made[0].node)


def gives_iterator(function: FunctionNode) -> bool:
    """Say whether a function is a generator, or returns a generator expression, map, filter or zip."""
    if isinstance(function, ast.AsyncFunctionDef):
        return False
    nodes = own_nodes(function)
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes):
        return not any(isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and not _ends(node) for node in nodes)
    values = [node.value for node in nodes if isinstance(node, ast.Return)]
    return bool(values) and all(
        isinstance(value, ast.GeneratorExp) or (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _LAZY) for value in values
    )


def _ends(loop: ast.While) -> bool:
    return any(isinstance(node, ast.Break | ast.Return | ast.Raise) for node in ast.walk(loop))


def used_up(project: Project, module: Module) -> Iterator[UsedUp]:
    """Yield the iterators of a file that are surely gone through more than once: local names, then parameters, then attributes."""
    scopes: list[FunctionNode | None] = [None, *(node for node in module.nodes if isinstance(node, FUNCTIONS))]
    for scope in scopes:
        nodes = _nodes(module, scope)
        stores: dict[str, list[ast.AST]] = {}
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
                stores.setdefault(node.id, []).append(node)
        for node in nodes:
            target = _target(node)
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and len(stores.get(target.id, [])) == 1 and isinstance(value, ast.expr) and is_lazy(project, module, value):
                found = uses_of_name(project, module, scope, target.id, node)
                if found is not None:
                    yield UsedUp(module, target.id, value, scope, *found)
        if scope is not None:
            yield from _parameters(project, module, scope, stores)
    for item in [node for node in module.nodes if isinstance(node, ast.ClassDef)]:
        yield from _attributes(project, module, item)


def _nodes(module: Module, scope: FunctionNode | None) -> list[ast.AST]:
    if scope is not None:
        return own_nodes(scope)
    found: list[ast.AST] = []
    stack: list[ast.AST] = list(reversed(module.tree.body))
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return found


def _target(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        return node.targets[0]
    return node.target if isinstance(node, ast.AnnAssign) and node.value is not None else None


def _parameters(project: Project, module: Module, function: FunctionNode, stores: dict[str, list[ast.AST]]) -> Iterator[UsedUp]:
    """Yield the parameters that a function goes through twice, and that a call of the project gives an iterator for."""
    for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        if item.arg in stores or item.arg in ("self", "cls"):
            continue
        loads = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == item.arg and isinstance(node.ctx, ast.Load)]
        found = twice(project, module, loads, function.args)
        if found is not None and _gets_iterator(project, module, function, item.arg):
            yield UsedUp(module, item.arg, None, function, *found)


def _gets_iterator(project: Project, module: Module, function: FunctionNode, name: str) -> bool:
    owner = module.parents.get(function)
    called = owner.name if function.name == "__init__" and isinstance(owner, ast.ClassDef) else function.name
    for other in project.containing(called + "("):
        for call in other.nodes:
            if isinstance(call, ast.Call) and last_name(call.func) in (called, "cls"):
                given = argument(module, function, call, name)
                if given is None:
                    continue
                if is_lazy(project, other, given):
                    return True
                if isinstance(given, ast.Name) and any(is_lazy(project, other, value) for value in _values(other, given)):
                    return True
    return False


def _values(module: Module, node: ast.Name) -> Iterator[ast.expr]:
    scope = module.function(node)
    for item in _nodes(module, scope):
        target = _target(item)
        if isinstance(target, ast.Name) and target.id == node.id and isinstance(getattr(item, "value", None), ast.expr):
            yield item.value  # type: ignore[attr-defined]


def _attributes(project: Project, module: Module, item: ast.ClassDef) -> Iterator[UsedUp]:
    """Yield the iterators that an object keeps and that its methods go through more than once."""
    for method in [node for node in item.body if isinstance(node, FUNCTIONS) and node.args.args]:
        me = method.args.args[0].arg
        for node in own_nodes(method):
            target = _target(node)
            value = getattr(node, "value", None)
            if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name) or target.value.id != me or not isinstance(value, ast.expr):
                continue
            given = isinstance(value, ast.Name) and value.id in {one.arg for one in method.args.args} and _gets_iterator(project, module, method, value.id)
            if not given and not is_lazy(project, module, value):
                continue
            loads = [
                one
                for one in ast.walk(item)
                if isinstance(one, ast.Attribute) and one.attr == target.attr and isinstance(one.value, ast.Name) and one.value.id == me
                and isinstance(one.ctx, ast.Load)
            ]  # fmt: skip
            found = _of_object(project, module, loads, node)
            if found is not None:
                yield UsedUp(module, f"{me}.{target.attr}", value, method, *found)


def _of_object(project: Project, module: Module, loads: list[ast.Attribute], made: ast.AST) -> tuple[tuple[ast.expr, ...], bool] | None:
    found = twice(project, module, list(loads), made)
    if found is not None:
        return found
    uses = [node for node in loads if way_of_use(project, module, node) == "all"]
    if len(uses) != 1 or any(way_of_use(project, module, node) == "step" for node in loads):
        return None
    method = module.function(uses[0])
    if method is None:
        return None
    calls = [
        node
        for other in project.containing("." + method.name)
        for node in other.nodes
        if isinstance(node, ast.Attribute) and node.attr == method.name and isinstance(node.ctx, ast.Load)
    ]
    if method.name == "__iter__":
        return None
    return ((uses[0], uses[0]), False) if len(calls) > 1 else None


def listed(module: Module, node: ast.expr) -> list[Edit]:
    """Return the edits that make a list of an iterator where it is made: brackets for a generator expression, else `list(...)`."""
    start, end = module.span(node)
    if isinstance(node, ast.GeneratorExp) and module.text[start] == "(" and not isinstance(module.parents.get(node), ast.Call):
        return [Edit(start, start + 1, "["), Edit(end - 1, end, "]")]
    return [Edit(start, end, f"list({module.segment(node)})")]
