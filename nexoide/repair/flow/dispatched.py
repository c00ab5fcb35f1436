"""Asynchronous functions that a program keeps in a table and calls from there without waiting for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.reach import reached
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.coroutines import awaited
from nexoide.repair.ideas import Idea, short


def dispatched(context: Context) -> Iterator[Idea]:
    """Yield the await of the one call, in the asynchronous functions that ran, of what was looked up in a table of functions."""
    found = [
        (item.module, item.node, call)
        for item in reached(context)
        if isinstance(item.node, ast.AsyncFunctionDef)
        for call in own_nodes(item.node)
        if isinstance(call, ast.Call) and not isinstance(item.module.parents.get(call), ast.Await) and _is_looked_up(item.node, call)
    ]
    kept, plain = _kept(context)
    if len(found) != 1 or not kept:
        return
    module, function, call = found[0]
    text = short(module.segment(call))
    yield Idea(
        title=f"await {text}",
        why=f"{function.name}() calls a function that it looked up, and the functions kept for that ({', '.join(kept[:3])}) are asynchronous: "
        "the call gives a coroutine, which was used as its result. The edit awaits it.",
        edits=[(module, edit) for edit in awaited(module, call)],
        prior=0.62 if plain else 0.84,
        cautions=(f"{plain[0]}() is a plain function: awaiting its result fails.",) if plain else (),
        unchecked=("That all functions kept there are asynchronous.",),
    )


def _is_looked_up(function: FunctionNode, call: ast.Call) -> bool:
    """Say whether a call runs what was taken out of a container: `view = self.routes[path]`, `view()`; `HANDLERS.get(kind)(...)`."""
    func: ast.expr | None = call.func
    if isinstance(func, ast.Name):
        values = [
            item.value
            for item in own_nodes(function)
            if isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == func.id for target in item.targets)
        ]
        func = values[0] if len(values) == 1 else None
    return isinstance(func, ast.Subscript) or (isinstance(func, ast.Call) and last_name(func.func) == "get" and bool(func.args))


def _kept(context: Context) -> tuple[list[str], list[str]]:
    """Return the names of the functions that the program keeps by a decorator or as a value: the asynchronous ones, and the plain ones."""
    kept: list[str] = []
    plain: list[str] = []
    for module in context.project.containing("async def"):
        if is_test(module.rel):
            continue
        values = {node.id for node in module.nodes if isinstance(node, ast.Name) and _is_value(module, node)}
        for item in index(module).functions:
            if item.owner is None and (values & {item.name} or any(isinstance(one, ast.Call) for one in item.node.decorator_list)):
                (kept if item.is_async else plain).append(item.name)
    return kept, plain


def _is_value(module: Module, node: ast.Name) -> bool:
    """Say whether a name is put into a container, and not called."""
    parent = module.parents.get(node)
    return isinstance(node.ctx, ast.Load) and isinstance(parent, ast.Dict | ast.List | ast.Tuple)
