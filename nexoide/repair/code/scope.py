"""Names at a place: which are visible, which are free to use, and where a line can be put before a statement."""

from __future__ import annotations

import ast
import builtins
import itertools
import keyword
from collections.abc import Iterable

from nexoide.repair.code.index import index
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.source import FunctionNode, Module

# Contexts that take any expression without parentheses around it.
_OPEN_PARENTS = (ast.Return, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.keyword, ast.List, ast.Dict)


def parameters(function: FunctionNode) -> list[str]:
    """Return the names of a function's parameters, `*args` and `**kwargs` included."""
    arguments = function.args
    found = [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return found + [item.arg for item in (arguments.vararg, arguments.kwarg) if item is not None]


def visible(module: Module, node: ast.AST, before: int) -> list[str]:
    """Return the local names that are surely bound when `node` runs: parameters, and plain assignments on earlier lines.

    An assignment counts only where its block also holds the node, so a name bound in one branch alone does not.
    """
    function = module.function(node)
    if function is None:
        return [name for statement in module.tree.body if statement.lineno < before for name in _targets(statement)]
    found = parameters(function)
    around = set(module.ancestors(node))
    for item in own_nodes(function):
        if (isinstance(item, ast.For | ast.AsyncFor | ast.With | ast.AsyncWith) and item in around) or (
            isinstance(item, ast.Assign | ast.AnnAssign) and item.lineno < before and module.parents.get(item) in around
        ):
            found += _targets(item)
        elif isinstance(item, ast.comprehension) and module.parents.get(item) in around:
            found += [name.id for name in ast.walk(item.target) if isinstance(name, ast.Name)]
    return list(dict.fromkeys(found))


def _targets(statement: ast.stmt) -> list[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif (isinstance(statement, ast.AnnAssign) and statement.value is not None) or isinstance(statement, ast.For | ast.AsyncFor):
        targets = [statement.target]
    elif isinstance(statement, ast.With | ast.AsyncWith):
        targets = [item.optional_vars for item in statement.items if item.optional_vars is not None]
    return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def known_anywhere(module: Module, name: str) -> bool:
    """Say whether a name is bound at module level, or built in."""
    return name in index(module).globals or hasattr(builtins, name)


def free_name(module: Module, node: ast.AST, wanted: Iterable[str]) -> str | None:
    """Return the first of some names that means nothing in the function around `node` yet."""
    function = module.function(node)
    where: ast.AST = function if function is not None else module.tree
    taken = {item.id for item in ast.walk(where) if isinstance(item, ast.Name)} | {item.arg for item in ast.walk(where) if isinstance(item, ast.arg)}
    return next(
        (name for name in wanted if name.isidentifier() and not keyword.iskeyword(name) and name not in taken and not known_anywhere(module, name)), None
    )


def is_pure(node: ast.expr) -> bool:
    """Say whether evaluating an expression has no effect and costs nothing: names, attributes, literals and their like."""
    return all(
        isinstance(
            item,
            ast.Name
            | ast.Attribute
            | ast.Constant
            | ast.Tuple
            | ast.List
            | ast.Dict
            | ast.Set
            | ast.UnaryOp
            | ast.BinOp
            | ast.Compare
            | ast.BoolOp
            | ast.IfExp,
        )
        or not isinstance(item, ast.expr)
        for item in ast.walk(node)
    )


def is_path(node: ast.expr) -> bool:
    """Say whether an expression is a name or a dotted path of attributes."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def needs_parentheses(module: Module, node: ast.expr) -> bool:
    """Say whether a conditional or boolean expression put in the place of `node` must be parenthesised."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.Call):
        return node is parent.func
    if isinstance(parent, ast.Subscript):
        return node is parent.value
    start, end = module.span(node)
    enclosed = module.text[:start].rstrip()[-1:] == "(" and module.text[end:].lstrip()[:1] == ")"
    return not (isinstance(parent, _OPEN_PARENTS) or enclosed)


def is_first_evaluated(statement: ast.stmt, node: ast.expr) -> bool:
    """Say whether `node` always runs, and before anything else in its statement that could have an effect.

    Then a line put before the statement that evaluates it changes no order.
    """
    if isinstance(statement, ast.While | ast.With | ast.AsyncWith | ast.Try | ast.Match | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assert):
        return False
    inner = set(ast.walk(node))
    path = _path(statement, node)
    if path is None:
        return False
    for parent, child in itertools.pairwise(path):
        if isinstance(parent, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.JoinedStr):
            return isinstance(parent, ast.JoinedStr) and not _effects_before(statement, node, inner)
        if isinstance(parent, ast.BoolOp) and parent.values[0] is not child:
            return False
        if isinstance(parent, ast.IfExp) and parent.test is not child:
            return False
        if isinstance(parent, ast.Compare) and child not in (parent.left, parent.comparators[0]):
            return False
        if isinstance(parent, ast.If | ast.For | ast.AsyncFor) and child is not getattr(parent, "test", getattr(parent, "iter", None)):
            return False
    return not _effects_before(statement, node, inner)


def _effects_before(statement: ast.stmt, node: ast.expr, inner: set[ast.AST]) -> bool:
    start = (node.lineno, node.col_offset)
    for item in ast.walk(statement):
        if item in inner or not isinstance(item, ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.Subscript):
            continue
        if isinstance(item, ast.Subscript) and isinstance(item.ctx, ast.Store):
            continue
        holds = node in ast.walk(item)
        if not holds and (item.end_lineno or 0, item.end_col_offset or 0) <= start:
            return True
    return False


def _path(statement: ast.stmt, node: ast.expr) -> list[ast.AST] | None:
    stack: list[list[ast.AST]] = [[statement]]
    while stack:
        path = stack.pop()
        if path[-1] is node:
            return path
        stack.extend([*path, child] for child in ast.iter_child_nodes(path[-1]))
    return None


def is_elif(module: Module, statement: ast.stmt) -> bool:
    """Say whether an `if` statement is written as `elif`."""
    start, _ = module.span(statement)
    return isinstance(statement, ast.If) and module.text.startswith("elif", start)
