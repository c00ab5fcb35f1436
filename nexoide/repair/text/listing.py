"""Names out of a folder's listing that reach their use through a function of the project: which folder they are in."""

from __future__ import annotations

import ast

from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.code.wayback import argument
from nexoide.repair.context import Context


def listed_folder(context: Context, module: Module, call: ast.expr) -> ast.expr | None:
    """Return the argument of a call that is the folder whose bare names (of `os.listdir`) the called function gives; None where it does not."""
    if not isinstance(call, ast.Call):
        return None
    found = callees(context.project, module, call, guess=False)
    if len(found) != 1:
        return None
    function = found[0]
    names = _listing_names(function.node)
    given = _given(function.node)
    if len(names) != 1 or not given or not all(isinstance(item, ast.Name) and item.id in names for item in given):
        return None
    folder = next(iter(names.values()))
    value = argument(function.module, function.node, call, folder.id) if isinstance(folder, ast.Name) else None
    return value if isinstance(value, ast.Name | ast.Attribute) else None


def _listing_names(function: FunctionNode) -> dict[str, ast.expr]:
    """Return the loop variables that are bare names of a listing, each with its folder."""
    found: dict[str, ast.expr] = {}
    for node in own_nodes(function):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            source = node.iter
            if isinstance(source, ast.Call) and last_name(source.func) in ("sorted", "reversed", "list") and source.args:
                source = source.args[0]
            if isinstance(source, ast.Call) and last_name(source.func) == "listdir" and source.args:
                found[node.target.id] = source.args[0]
    return found


def _given(function: FunctionNode) -> list[ast.expr]:
    """Return what a function yields, or the items of the lists that it returns."""
    found: list[ast.expr] = []
    for node in own_nodes(function):
        if isinstance(node, ast.Yield) and node.value is not None:
            found.append(node.value)
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.ListComp | ast.GeneratorExp):
            found.append(node.value.elt)
    return found
