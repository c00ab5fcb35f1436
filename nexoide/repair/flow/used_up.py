"""Iterators that are gone through twice: the second time there is nothing left. Where they are made, and where they are used up."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import find_classes, index, last_name, members
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.code.wayback import argument
from nexoide.repair.flow.iterator_uses import twice, uses_of_name, way_of_use

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


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked through: some files, the names of their functions that give iterators, and the parameters that are given one."""

    project: Project
    modules: tuple[Module, ...]
    makers: frozenset[str]
    kept: dict[Module, list[tuple[ast.AST, ast.expr, ast.expr]]] = field(default_factory=dict)

    def is_lazy(self, module: Module, node: ast.expr) -> bool:
        """Say whether an expression gives an iterator that can be gone through once; names first, for they cost nothing."""
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
            return not callees(self.project, module, node, guess=False)
        if name in _LAZY_ATTRIBUTES and not callees(self.project, module, node, guess=False):
            return True
        if name not in self.makers:
            return False
        made = callees(self.project, module, node, guess=False)
        return len(made) == 1 and not made[0].decorators and gives_iterator(made[0].node)

    def given(self) -> list[tuple[Module, FunctionNode, str]]:
        """Return the parameters for which a call in these files gives an iterator, each with its function."""
        found: list[tuple[Module, FunctionNode, str]] = []
        for module in self.modules:
            names = {target.id for _, target, _ in self.assigned(module) if isinstance(target, ast.Name)}
            for call in module.nodes:
                if not isinstance(call, ast.Call):
                    continue
                values = [item for item in (*call.args, *(part.value for part in call.keywords)) if self._may_be_lazy(module, item, names)]
                for function, where in self._run(module, call) if values else []:
                    found += [(where, function, name) for name in parameter_names(function) if argument(where, function, call, name) in values]
        return found

    def _may_be_lazy(self, module: Module, node: ast.expr, names: set[str]) -> bool:
        if isinstance(node, ast.Name):
            return node.id in names and any(self.is_lazy(module, value) for value in _values(module, node))
        return self.is_lazy(module, node)

    def assigned(self, module: Module) -> list[tuple[ast.AST, ast.expr, ast.expr]]:
        """Return the assignments of a file that keep an iterator: (statement, target, value)."""
        if module not in self.kept:
            found: list[tuple[ast.AST, ast.expr, ast.expr]] = []
            for node in module.nodes:
                if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.GeneratorExp | ast.Call):
                    target = _target(node)
                    if target is not None and self.is_lazy(module, node.value):
                        found.append((node, target, node.value))
            self.kept[module] = found
        return self.kept[module]

    def _run(self, module: Module, call: ast.Call) -> list[tuple[FunctionNode, Module]]:
        name = last_name(call.func)
        if name[:1].isupper() or name == "cls":
            owner = module.owner(call)
            wanted = owner.name if name == "cls" and owner is not None else name
            classes = find_classes(self.project, wanted, module)
            return [(method.node, method.module) for item in classes[:1] if (method := members(self.project, item).methods.get("__init__")) is not None]
        return [(item.node, item.module) for item in callees(self.project, module, call, guess=False)[:1]]


def parameter_names(function: FunctionNode) -> list[str]:
    """Return the names of the parameters that one value is given for."""
    return [item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


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


_known: WeakKeyDictionary[Module, frozenset[str]] = WeakKeyDictionary()


def _makers(module: Module) -> frozenset[str]:
    """Return the names of a file's functions that give iterators, found once."""
    found = _known.get(module)
    if found is None:
        found = _known[module] = frozenset(item.name for item in index(module).functions if gives_iterator(item.node))
    return found


def used_up(project: Project, modules: Sequence[Module]) -> Iterator[UsedUp]:
    """Yield the iterators in some files that are surely gone through more than once: local names, then parameters, then attributes."""
    makers = frozenset(name for module in modules for name in _makers(module))
    search = _Search(project, tuple(modules), makers)
    given = search.given()
    for module in modules:
        yield from _names(search, module)
    for module, function, name in given:
        if module in modules and not any(isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) for node in own_nodes(function)):
            loads = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)]
            found = twice(project, module, loads, function.args)
            if found is not None:
                yield UsedUp(module, name, None, function, *found)
    for module in modules:
        kept = {node for node, target, _ in search.assigned(module) if isinstance(target, ast.Attribute)}
        methods = {function for where, function, _ in given if where is module}
        for item in index(module).classes:
            if kept or methods & {method.node for method in item.methods.values()}:
                yield from _attributes(search, module, item.node, given)


def _names(search: _Search, module: Module) -> Iterator[UsedUp]:
    for node, target, value in search.assigned(module):
        if not isinstance(target, ast.Name):
            continue
        scope = module.function(node)
        stores = [item for item in _nodes(module, scope) if isinstance(item, ast.Name) and item.id == target.id and isinstance(item.ctx, ast.Store | ast.Del)]
        found = uses_of_name(search.project, module, scope, target.id, node) if len(stores) == 1 else None
        if found is not None:
            yield UsedUp(module, target.id, value, scope, *found)


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


def _values(module: Module, node: ast.Name) -> Iterator[ast.expr]:
    scope = module.function(node)
    for item in _nodes(module, scope):
        target = _target(item)
        if isinstance(target, ast.Name) and target.id == node.id and isinstance(getattr(item, "value", None), ast.expr):
            yield item.value  # type: ignore[attr-defined]


def _attributes(search: _Search, module: Module, item: ast.ClassDef, given: list[tuple[Module, FunctionNode, str]]) -> Iterator[UsedUp]:
    """Yield the iterators that an object keeps and that its methods go through more than once."""
    for method in [node for node in item.body if isinstance(node, FUNCTIONS) and node.args.args]:
        me = method.args.args[0].arg
        for node in own_nodes(method):
            target = _target(node)
            value = getattr(node, "value", None)
            if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name) or target.value.id != me or not isinstance(value, ast.expr):
                continue
            passed = isinstance(value, ast.Name) and any(function is method and name == value.id for _, function, name in given)
            if not passed and not search.is_lazy(module, value):
                continue
            loads = [
                one
                for one in ast.walk(item)
                if isinstance(one, ast.Attribute) and one.attr == target.attr and isinstance(one.ctx, ast.Load)
                and isinstance(one.value, ast.Name) and one.value.id == me
            ]  # fmt: skip
            found = _of_object(search, module, loads, node)
            if found is not None:
                yield UsedUp(module, f"{me}.{target.attr}", value, method, *found)


def _of_object(search: _Search, module: Module, loads: list[ast.Attribute], made: ast.AST) -> tuple[tuple[ast.expr, ...], bool] | None:
    found = twice(search.project, module, loads, made)
    if found is not None:
        return found
    uses = [node for node in loads if way_of_use(search.project, module, node) == "all"]
    if len(uses) != 1 or any(way_of_use(search.project, module, node) == "step" for node in loads):
        return None
    method = module.function(uses[0])
    if method is None:
        return None
    calls = [
        node
        for other in search.modules
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
