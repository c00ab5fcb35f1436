"""Walks with while: bounds that are tested too late, one too far, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.accesses import Access, is_end, is_length
from nexoide.repair.items.bounds import bounded


def walked_too_far(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the bound of a `while` that walks along: `<` for `<=`, the test of the bound first, or a bound where there is none."""
    module = context.module
    owner, index = module.segment(access.owner), module.segment(access.index)
    loop = next((item for item in module.ancestors(access.node) if isinstance(item, ast.While)), None)
    if loop is None:
        return
    for test in ast.walk(loop.test):
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and is_end(context, test.comparators[0], owner):
            limit = test.comparators[0]
            between = (module.span(test.left)[1], module.span(limit)[0])
            if isinstance(test.ops[0], ast.LtE) and module.segment(test.left) == index:
                yield Idea(
                    title=f"walk while {index} < {module.segment(limit)}",
                    why=f"The last index of {short(owner)} is one less than its length. The edit ends the walk there.",
                    edits=[(module, Edit(*between, " < "))],
                    prior=0.93,
                )
                return
            if isinstance(access.index, ast.BinOp) and isinstance(access.index.op, ast.Add) and module.segment(access.index.left) == module.segment(test.left):
                yield from bounded(context, access, 0.82)
                ahead = module.segment(access.index.right)
                yield Idea(
                    title=f"end the walk {ahead} before the end",
                    why=f"The walk takes the item {ahead} further on, which the last one has not. The edit ends it before.",
                    edits=[(module, Edit(*module.span(limit), f"{module.segment(limit)} - {ahead}"))],
                    prior=0.7,
                )
                return
            if isinstance(loop.test, ast.BoolOp) and isinstance(loop.test.op, ast.And) and access.node in ast.walk(loop.test) and test in loop.test.values:
                yield from _bound_first(module, loop.test, test)
                return
    yield from _last_index(module, loop, owner)
    yield from _both_bounds(module, loop, owner)
    if (
        access.node in ast.walk(loop.test)
        and isinstance(access.index, ast.Name)
        and not (isinstance(loop.test, ast.BoolOp) and isinstance(loop.test.op, ast.Or))
    ):
        start = module.span(loop.test)[0]
        yield Idea(
            title=f"walk only up to the end of {short(owner)}",
            why=f"The walk has no bound and ran past the end of {short(owner)}. The edit ends it there.",
            edits=[(module, Edit(start, start, f"{index} < len({owner}) and "))],
            prior=0.82,
            nature="guard",
        )


def _last_index(module: Module, loop: ast.While, owner: str) -> Iterator[Idea]:
    """Yield the last index for the length as the upper end of a search that includes its upper end."""
    test = loop.test
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.LtE) and isinstance(test.comparators[0], ast.Name)):
        return
    name = test.comparators[0].id
    function = module.function(loop)
    nodes = own_nodes(function) if function is not None else list(module.nodes)
    for item in nodes:
        for target, value in _pairs(item) if isinstance(item, ast.Assign) and item.lineno < loop.lineno else []:
            if isinstance(target, ast.Name) and target.id == name and is_length(module, value, owner):
                end = module.span(value)[1]
                yield Idea(
                    title=f"let {name} begin at the last index",
                    why=(
                        f"The search includes {name}, which begins at the length of {short(owner)}, one more than its last index. The "
                        "edit begins at the last index."
                    ),
                    edits=[(module, Edit(end, end, " - 1"))],
                    prior=0.93,
                )


def _pairs(item: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    target = item.targets[0]
    if isinstance(target, ast.Tuple) and isinstance(item.value, ast.Tuple) and len(target.elts) == len(item.value.elts):
        return list(zip(target.elts, item.value.elts, strict=True))
    return [(target, item.value)]


def _both_bounds(module: Module, loop: ast.While, owner: str) -> Iterator[Idea]:
    """Yield `and` for `or` between the bounds of two walks that are taken side by side."""
    test = loop.test
    if not (isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) and len(test.values) == 2):
        return
    limits = [module.segment(item.comparators[0]) for item in test.values if isinstance(item, ast.Compare)]
    if len(limits) != 2 or f"len({owner})" not in limits:
        return
    start, end = module.span(test.values[0])[1], module.span(test.values[1])[0]
    yield Idea(
        title="walk while both have items",
        why="The loop takes an item of both, and goes on while only one of them has any. The edit lets it go on while both have.",
        edits=[(module, Edit(start, end, module.text[start:end].replace("or", "and", 1)))],
        prior=0.82,
        unchecked=("What is done with the items that are left over.",),
    )


def _bound_first(module: Module, test: ast.BoolOp, bound: ast.expr) -> Iterator[Idea]:
    place = test.values.index(bound)
    if place == 0:
        return
    order = [bound, *(item for item in test.values if item is not bound)]
    text = " and ".join(module.segment(item) for item in order)
    start, end = module.span(test.values[0])[0], module.span(test.values[-1])[1]
    if "(" in module.text[start:end].replace(text, "") and module.text[start:end].count("(") != text.count("("):
        return
    yield Idea(
        title="test the bound first",
        why="The bound is tested after the item is taken, which is too late for the last one. The edit tests it first.",
        edits=[(module, Edit(start, end, text))],
        prior=0.93,
    )
