"""A variable that one way through the code leaves without a value: how it is bound, where it is read, and where its beginning belongs."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(slots=True)
class Variable:
    """One local (or, with `function` None, module-level) variable: what writes it, and what reads it, in source order."""

    module: Module
    function: FunctionNode | None
    name: str
    stores: list[ast.AST] = field(default_factory=list)
    loads: list[ast.Name] = field(default_factory=list)

    @property
    def values(self) -> list[ast.expr]:
        """The values that plain assignments give it."""
        return [item.value for item in self.stores if isinstance(item, ast.Assign | ast.AnnAssign) and item.value is not None]

    @property
    def body(self) -> list[ast.stmt]:
        """The statements of its scope."""
        return self.function.body if self.function is not None else self.module.tree.body


def variable(module: Module, function: FunctionNode | None, name: str) -> Variable:
    """Return what binds and reads a name in one scope."""
    found = Variable(module, function, name)
    nodes = own_nodes(function) if function is not None else _top(module)
    found.stores = [item for item in nodes if _binds(item, name)]
    scope: ast.AST = function if function is not None else module.tree
    found.loads = [item for item in ast.walk(scope) if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load)]
    found.loads.sort(key=lambda item: (item.lineno, item.col_offset))
    return found


def _binds(item: ast.AST, name: str) -> bool:
    """Say whether a node of the scope itself gives a name a value."""
    if isinstance(item, ast.Assign):
        return any(_names(target, name) for target in item.targets)
    if isinstance(item, ast.AnnAssign):
        return item.value is not None and _names(item.target, name)
    if isinstance(item, ast.AugAssign | ast.NamedExpr | ast.For | ast.AsyncFor):
        return _names(item.target, name)
    if isinstance(item, ast.With | ast.AsyncWith):
        return any(part.optional_vars is not None and _names(part.optional_vars, name) for part in item.items)
    if isinstance(item, (ast.ExceptHandler, *FUNCTIONS, ast.ClassDef)):
        return item.name == name
    if isinstance(item, ast.Import | ast.ImportFrom):
        return any((part.asname or part.name.split(".")[0]) == name for part in item.names)
    return False


def _top(module: Module) -> list[ast.AST]:
    found: list[ast.AST] = []
    stack: list[ast.AST] = [*module.tree.body]
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(node))
    return sorted(found, key=lambda item: getattr(item, "lineno", 0))


def _names(target: ast.expr, name: str) -> bool:
    return any(isinstance(item, ast.Name) and item.id == name for item in ast.walk(target) if not isinstance(getattr(item, "ctx", None), ast.Load))


def block_of(module: Module, statement: ast.stmt) -> list[ast.stmt] | None:
    """Return the list of statements that a statement stands in."""
    parent = module.parents.get(statement)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return None


def path_of(module: Module, node: ast.AST, end: ast.AST) -> list[ast.stmt]:
    """Return the statements around a node inside `end`, the outermost first; the node's own statement is the last."""
    found: list[ast.stmt] = [node] if isinstance(node, ast.stmt) else []
    for item in module.ancestors(node):
        if item is end:
            break
        if isinstance(item, ast.stmt):
            found.append(item)
    return found[::-1]


def beginning(found: Variable, *nodes: ast.AST) -> ast.stmt | None:
    """Return the statement before which a beginning value reaches all of some nodes, and is not given anew by a loop that adds to it."""
    module = found.module
    end: ast.AST = found.function if found.function is not None else module.tree
    paths = [path_of(module, node, end) for node in nodes]
    if not paths or not all(paths):
        return None
    place = 0
    for level in zip(*paths, strict=False):
        if any(item is not level[0] for item in level):
            break
        place += 1
    place = min(place, min(len(path) for path in paths) - 1)
    while place > 0 and (_parts(module, paths, place) or _adds_up(paths, place)):
        place -= 1
    first = min((path[place] for path in paths), key=lambda item: item.lineno)
    while _is_elif(module, first):
        parent = module.parents.get(first)
        if not isinstance(parent, ast.stmt):
            return None
        first = parent
    return first


def _parts(module: Module, paths: list[list[ast.stmt]], place: int) -> bool:
    """Say whether the ways go into different blocks of one statement, so that nothing inside it reaches them all."""
    blocks = {id(block_of(module, path[place])) for path in paths}
    return len(blocks) > 1


def _adds_up(paths: list[list[ast.stmt]], place: int) -> bool:
    """Say whether the statement around is a loop in which something is added turn by turn: it must begin outside."""
    around = paths[0][place - 1]
    if not isinstance(around, _LOOPS):
        return False
    return any(isinstance(path[-1], ast.AugAssign) and not any(isinstance(item, _LOOPS) for item in path[place:]) for path in paths)


def _is_elif(module: Module, statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and module.text.startswith("elif", module.span(statement)[0])


def is_ended(block: list[ast.stmt]) -> bool:
    """Say whether a block never goes on to what follows it."""
    last = block[-1]
    if isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and is_ended(last.body) and is_ended(last.orelse)
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and _is_exit(last.value)


def _is_exit(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    return name in ("exit", "_exit", "abort", "quit")
