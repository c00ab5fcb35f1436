"""How an iterator is used: gone through as a whole, stepped through on purpose, and which uses come one after the other."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module

_CONSUMING = frozenset(
    [
        *("list", "tuple", "set", "frozenset", "dict", "sorted", "sum", "max", "min", "any", "all", "enumerate", "zip", "map", "filter", "reversed", "Counter"),
        *("deque", "OrderedDict", "fsum", "mean", "median", "mode", "stdev", "pstdev", "reduce", "join", "extend", "update", "writerows", "writelines"),
        *("array", "chain", "accumulate", "from_iterable", "defaultdict", "fmean", "variance", "nlargest", "nsmallest", "extendleft", "pairwise"),
    ]
)
_STEPWISE = frozenset(["next", "islice", "takewhile", "tee", "send", "__next__", "peekable"])
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def uses_of_name(project: Project, module: Module, scope: FunctionNode | None, name: str, made: ast.AST) -> tuple[tuple[ast.expr, ...], bool] | None:
    """Return the uses of a name that use it up, where a second one finds nothing; None where there is no second one."""
    inside: ast.AST = scope if scope is not None else module.tree
    loads = [node for node in ast.walk(inside) if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)]
    if scope is None:
        loads = [node for node in loads if not _is_local(module, node)]
    return twice(project, module, loads, made)


def _is_local(module: Module, node: ast.Name) -> bool:
    function = module.function(node)
    if function is None:
        return False
    names = {item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    return node.id in names or any(isinstance(item, ast.Name) and item.id == node.id and isinstance(item.ctx, ast.Store) for item in own_nodes(function))


def twice(project: Project, module: Module, loads: Sequence[ast.expr], made: ast.AST | None) -> tuple[tuple[ast.expr, ...], bool] | None:
    """Return the first two uses of which the second finds nothing, with whether it is one use in a loop; None where there are none."""
    uses: list[ast.expr] = []
    for node in sorted(loads, key=lambda item: (item.lineno, item.col_offset)):
        how = way_of_use(project, module, node)
        if how == "step":
            return None
        if how == "all":
            uses.append(node)
    if not uses:
        return None
    for node in uses:
        if made is not None and _repeats(module, node, made):
            return (node,), True
    for place, one in enumerate(uses):
        for other in uses[place + 1 :]:
            if not _exclusive(module, one, other):
                return (one, other), False
    return None


def way_of_use(project: Project, module: Module, node: ast.expr) -> str:
    """Return whether a use goes through all of an iterator ("all"), takes single items on purpose ("step"), or neither ("")."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.For | ast.AsyncFor) and parent.iter is node:
        return "step" if _breaks(parent) else "all"
    if isinstance(parent, ast.comprehension) and parent.iter is node:
        return "all"
    if isinstance(parent, ast.Starred | ast.YieldFrom):
        return "all"
    if isinstance(parent, ast.Compare) and node in parent.comparators and isinstance(parent.ops[0], ast.In | ast.NotIn):
        return "all"
    if isinstance(parent, ast.Assign) and parent.value is node and isinstance(parent.targets[0], ast.Tuple | ast.List):
        return "all"
    if isinstance(parent, ast.keyword):
        parent = module.parents.get(parent)
    if isinstance(parent, ast.Call) and node is not parent.func:
        name = last_name(parent.func)
        if name in _STEPWISE or (name == "zip" and sum(ast.dump(item) == ast.dump(node) for item in parent.args) > 1):
            return "step"
        made = callees(project, module, parent, guess=False)
        if len(made) == 1:
            return "all" if _consumes(made[0].node, parent, node, is_method=made[0].owner is not None) else ""
        return "all" if name in _CONSUMING else ""
    if isinstance(parent, ast.Attribute) and parent.attr in ("__next__", "send"):
        return "step"
    return ""


def _breaks(loop: ast.For | ast.AsyncFor) -> bool:
    stack: list[ast.AST] = list(loop.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Break):
            return True
        if not isinstance(node, (*_LOOPS, *FUNCTIONS)):
            stack.extend(ast.iter_child_nodes(node))
    return False


def _consumes(function: FunctionNode, call: ast.Call, node: ast.expr, *, is_method: bool) -> bool:
    """Say whether a function goes through the parameter that a call gives an iterator for."""
    names = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    shift = 1 if is_method and names[:1] in (["self"], ["cls"]) else 0
    keyword = next((item.arg for item in call.keywords if item.value is node), None)
    place = call.args.index(node) + shift if node in call.args else -1
    name = keyword or (names[place] if 0 <= place < len(names) else "")
    for item in own_nodes(function):
        if isinstance(item, ast.For | ast.comprehension) and isinstance(item.iter, ast.Name) and item.iter.id == name:
            return True
        if isinstance(item, ast.Call) and last_name(item.func) in _CONSUMING and any(isinstance(part, ast.Name) and part.id == name for part in item.args):
            return True
    return False


def _repeats(module: Module, node: ast.expr, made: ast.AST) -> bool:
    """Say whether a use stands in a loop around which the iterator was made only once."""
    child: ast.AST = node
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS) or parent is made:
            return False
        around = made in ast.walk(parent) if isinstance(parent, _LOOPS) else False
        if isinstance(parent, _LOOPS) and not around and child is not getattr(parent, "iter", None) and child in [*parent.body, getattr(parent, "test", None)]:
            return not isinstance(parent, ast.While) or not _leaves(module, parent, node)
        if isinstance(parent, _COMPREHENSIONS) and made not in ast.walk(parent):
            first = parent.generators[0]
            if child is not first:
                return True
        child = parent
    return False


def _leaves(module: Module, loop: ast.While, node: ast.expr) -> bool:
    """Say whether the loop is left right after the use."""
    statement = module.statement(node)
    block = _block(module, statement) if statement is not None else []
    return bool(block) and isinstance(block[-1], ast.Break | ast.Return | ast.Raise)


def _block(module: Module, statement: ast.stmt) -> list[ast.stmt]:
    parent = module.parents.get(statement)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return []


def _exclusive(module: Module, one: ast.expr, other: ast.expr) -> bool:
    """Say whether of two uses only one can ever run: in two arms of one test, or after the first one the function is left."""
    if module.function(one) is not module.function(other):
        return False
    outside = list(module.ancestors(other))
    child: ast.AST = one
    for parent in module.ancestors(one):
        if isinstance(child, ast.stmt):
            block = _block(module, child)
            if isinstance(child, ast.Return | ast.Raise):
                return True
            if parent not in outside and block and isinstance(block[-1], ast.Return | ast.Raise | ast.Continue | ast.Break):
                return True
        if parent in outside:
            if isinstance(parent, ast.If | ast.Match | ast.Try | ast.IfExp | ast.ExceptHandler):
                return _arm(parent, one) != _arm(parent, other)
            return False
        child = parent
    return False


def _arm(parent: ast.AST, node: ast.expr) -> int:
    parts = [getattr(parent, name, []) for name in ("body", "orelse")] + [getattr(parent, "cases", []), getattr(parent, "handlers", [])]
    for number, part in enumerate(parts):
        for item in part if isinstance(part, list) else [part]:
            if node in ast.walk(item):
                return number
    return -1
