"""A function that computes its result and forgets to return it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.edits import Edit
from nexoide.repair.index import Function, find_classes, last_name
from nexoide.repair.infer import callees, own_nodes
from nexoide.repair.project import Project
from nexoide.repair.source import FUNCTIONS, Module

_VALUES = (
    ast.BinOp,
    ast.BoolOp,
    ast.Compare,
    ast.UnaryOp,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Dict,
    ast.List,
    ast.Set,
    ast.Tuple,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.JoinedStr,
    ast.IfExp,
    ast.Lambda,
)
_PURE_CALLS = frozenset(
    [
        "sum",
        "len",
        "max",
        "min",
        "sorted",
        "round",
        "str",
        "int",
        "float",
        "bool",
        "list",
        "dict",
        "set",
        "tuple",
        "abs",
        "any",
        "all",
        "zip",
        "map",
        "filter",
        "reversed",
        "enumerate",
        "frozenset",
        "repr",
        "format",
        "divmod",
        "pow",
        "join",
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "title",
        "split",
        "replace",
        "encode",
        "decode",
        "copy",
        "items",
        "keys",
        "values",
        "get",
        "create_task",
        "ensure_future",
        "gather",
        "wait_for",
        "sleep",
        "Decimal",
        "datetime",
        "timedelta",
        "Path",
    ]
)


@dataclass(frozen=True, slots=True)
class MissingReturn:
    """The edits that return what was computed, what that is in words, and whether some path returns nothing on purpose."""

    edits: tuple[Edit, ...]
    what: str
    explicit_none: bool


def gives_nothing(function: Function) -> bool:
    """Say whether no path of a function returns a value (generators give one)."""
    nodes = own_nodes(function.node)
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes):
        return False
    return not any(isinstance(node, ast.Return) and not _is_none(node.value) for node in nodes)


def missing_return(project: Project, function: Function) -> MissingReturn | None:
    """Return the edits for a function whose every path ends in a value that it does not return; None where one does not."""
    node, module = function.node, function.module
    own = own_nodes(node)
    if any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own) or _is_stub(node.body):
        return None
    explicit = any(isinstance(item, ast.Return) and _is_none(item.value) for item in own)
    tails: list[ast.Expr] = []
    if _tails(project, module, node.body, tails) and tails:
        edits = tuple(Edit(module.span(item)[0], module.span(item)[0], "return ") for item in tails)
        return MissingReturn(edits, _short(module, tails[0]), explicit)
    name = _dangling(function)
    last = node.body[-1]
    indent = module.own_indent(last)
    if name is None or indent is None or explicit:
        return None
    end = module.line_start(last.end_lineno or last.lineno) + len(module.lines[(last.end_lineno or last.lineno) - 1])
    return MissingReturn((Edit(end, end, f"\n{indent}return {name}"),), name, explicit)


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _is_stub(body: list[ast.stmt]) -> bool:
    return all(isinstance(item, ast.Pass | ast.Raise) or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)) for item in body)


def _tails(project: Project, module: Module, body: list[ast.stmt], found: list[ast.Expr]) -> bool:
    """Collect the statements in which paths end without returning their value; False where a path has no value at its end."""
    last = body[-1]
    if isinstance(last, ast.Return):
        return not _is_none(last.value)
    if isinstance(last, ast.Raise):
        return True
    if isinstance(last, ast.Expr):
        if _has_value(project, module, last.value):
            found.append(last)
            return True
        return False
    if isinstance(last, ast.If):
        return bool(last.orelse) and _tails(project, module, last.body, found) and _tails(project, module, last.orelse, found)
    if isinstance(last, ast.With | ast.AsyncWith):
        return _tails(project, module, last.body, found)
    if isinstance(last, ast.Try) and not last.finalbody:
        return _tails(project, module, last.orelse or last.body, found) and all(_tails(project, module, item.body, found) for item in last.handlers)
    return False


def _has_value(project: Project, module: Module, node: ast.expr) -> bool:
    if isinstance(node, _VALUES):
        return True
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    functions = callees(project, module, node)
    if functions:
        return all(item.is_async or not gives_nothing(item) for item in functions)
    return name in _PURE_CALLS or (name[:1].isupper() and bool(find_classes(project, name, module)))


def _dangling(function: Function) -> str | None:
    """Return the one local that is built up to the end and never read: what the function forgot to return.

    It must be bound in the function's own block and be given its last part by the last statement.
    """
    node = function.node
    names = [
        target.id
        for item in node.body
        if isinstance(item, ast.Assign | ast.AnnAssign)
        for target in (item.targets if isinstance(item, ast.Assign) else [item.target])
        if isinstance(target, ast.Name)
    ]
    unread = [name for name in dict.fromkeys(names) if not _is_read(node, name)]
    if len(unread) != 1:
        return None
    last = node.body[-1]
    return unread[0] if any(isinstance(item, ast.Name) and item.id == unread[0] for item in ast.walk(last)) else None


def _is_read(function: ast.AST, name: str) -> bool:
    """Say whether a name is read other than to build itself up (`x += …`, `x = x + …`, `x.append(…)`, `x[k] = …`)."""
    building: set[ast.AST] = set()
    for item in ast.walk(function):
        if (isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in item.targets)) or (
            isinstance(item, ast.AugAssign) and isinstance(item.target, ast.Name) and item.target.id == name
        ):
            building |= set(ast.walk(item))
        elif isinstance(item, ast.Expr) and isinstance(item.value, ast.Call) and isinstance(item.value.func, ast.Attribute):
            if isinstance(item.value.func.value, ast.Name) and item.value.func.value.id == name:
                building.add(item.value.func.value)
        elif isinstance(item, ast.Subscript) and isinstance(item.ctx, ast.Store) and isinstance(item.value, ast.Name) and item.value.id == name:
            building.add(item.value)
        elif isinstance(item, (*FUNCTIONS, ast.Lambda)) and item is not function and any(isinstance(x, ast.Name) and x.id == name for x in ast.walk(item)):
            return True
    return any(isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load) and item not in building for item in ast.walk(function))


def _short(module: Module, node: ast.Expr) -> str:
    text = " ".join(module.segment(node).split())
    return text if len(text) <= 40 else text[:39] + "…"
