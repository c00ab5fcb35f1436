"""Indexes that run past the end: loops that count too far, positions that count from one, walks without a bound."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.contracts import innermost_loop
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.accesses import Access, is_end, is_length, minus_one, stop_of
from nexoide.repair.items.tables import built_with


def counted_too_far(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the loop's right end, or the right index, where a `for` counts past the end of what it takes items of."""
    module = context.module
    owner = module.segment(access.owner)
    names = [item for item in ast.walk(access.index) if isinstance(item, ast.Name)]
    for name in names[:1]:
        for spot in trace(context, name)[1:2]:
            call = spot.node
            if spot.how in ("element", "unpacked") and isinstance(call, ast.Call) and last_name(call.func) == "enumerate":
                yield from _enumerated(context, access, call, name)
            if spot.how == "element" and isinstance(call, ast.Call) and last_name(call.func) == "range" and spot.module is module:
                yield from _ranged(context, access, call, name, owner)


def _enumerated(context: Context, access: Access, call: ast.Call, name: ast.Name) -> Iterator[Idea]:
    module = context.module
    start = next((item.value for item in call.keywords if item.arg == "start"), call.args[1] if len(call.args) > 1 else None)
    if isinstance(start, ast.Constant) and start.value == 1 and access.index is name:
        yield from minus_one(module, access, f"{name.id} counts from 1, and items are counted from 0", 0.88)
    elif (
        isinstance(access.index, ast.BinOp)
        and isinstance(access.index.op, ast.Add)
        and call.args
        and module.segment(call.args[0]) == module.segment(access.owner)
    ):
        yield from bounded(context, access, 0.8)


def _ranged(context: Context, access: Access, call: ast.Call, name: ast.Name, owner: str) -> Iterator[Idea]:
    module = context.module
    stop = call.args[1] if len(call.args) > 1 else call.args[0] if call.args else None
    start = call.args[0] if len(call.args) > 1 else None
    if stop is None or len(call.args) == 3:
        return
    yield from _removing(context, access, call, name, owner)
    swapped = list(_swapped(context, access, call, name))
    if swapped:
        yield from swapped
        return
    is_plus_one = isinstance(stop, ast.BinOp) and isinstance(stop.op, ast.Add) and isinstance(stop.right, ast.Constant) and stop.right.value == 1
    if is_plus_one and access.index is name:
        assert isinstance(stop, ast.BinOp)
        from_one = isinstance(start, ast.Constant) and start.value == 1 and not _looks_back(module, access, name)
        if from_one and (is_length(module, stop.left, owner) or access.number == access.length):
            yield from minus_one(module, access, f"{name.id} counts from 1 to the number of items, and items are counted from 0", 0.84)
        if not built_with(context, access, stop.left):
            yield Idea(
                title=f"count up to {short(module.segment(stop.left))}",
                why=f"The loop counts one further than {short(owner)} has items: range() leaves its end out already. The edit takes the + 1 away.",
                edits=[(module, Edit(*module.span(stop), module.segment(stop.left)))],
                prior=0.5 if from_one else 0.92,
            )
    elif isinstance(access.index, ast.BinOp) and isinstance(access.index.op, ast.Add):
        shorter = isinstance(stop, ast.BinOp) and isinstance(stop.op, ast.Sub) and is_end(context, stop.left, owner)
        if is_end(context, stop, owner) or (shorter and isinstance(access.index.right, ast.Constant)):
            yield from _neighbour(context, access, stop)
    elif access.index is name and isinstance(access.owner, ast.Subscript) and is_length(module, stop, module.segment(access.owner.value)):
        table = module.segment(access.owner.value)
        yield Idea(
            title=f"count the columns of {short(table)}",
            why=f"{name.id} counts the rows of {short(table)} and is used for its columns. The edit counts the columns.",
            edits=[(module, Edit(*module.span(stop), f"len({table}[0])"))],
            prior=0.9,
        )


def _looks_back(module: Module, access: Access, name: ast.Name) -> bool:
    """Say whether the loop takes the item before as well: then it goes over neighbours, and begins at the second on purpose."""
    loop = innermost_loop(module, access.node)
    owner = module.segment(access.owner)
    return any(
        isinstance(item, ast.Subscript)
        and module.segment(item.value) == owner
        and isinstance(item.slice, ast.BinOp)
        and isinstance(item.slice.op, ast.Sub)
        and isinstance(item.slice.left, ast.Name)
        and item.slice.left.id == name.id
        for item in (ast.walk(loop) if loop is not None else ())
    )


def _neighbour(context: Context, access: Access, stop: ast.expr) -> Iterator[Idea]:
    """Yield an end that leaves room for the neighbour, or the test for it where the other branch handles the last item."""
    module = context.module
    assert isinstance(access.index, ast.BinOp)
    ahead = _ahead(context, access)
    loop = innermost_loop(module, access.node)
    condition = _condition_around(module, access.node)
    others = loop is not None and (len(loop.body) > 1 or (condition is not None and bool(condition.orelse)))
    tests = list(bounded(context, access, 0.84 if others else 0.5))
    yield Idea(
        title=f"end the loop {ahead} before the end",
        why=(
            f"The loop takes the item {ahead} further on, which the last {'one' if ahead == '1' else ahead} of "
            f"{short(module.segment(access.owner))} has not. The edit ends the loop there."
        ),
        edits=[(module, Edit(*module.span(stop), f"{module.segment(stop)} - {ahead}"))],
        prior=0.55 if others and tests else 0.9,
        unchecked=("What the loop should do with the last item.",) if others else (),
    )
    yield from tests


def _ahead(context: Context, access: Access) -> str:
    """Return how far before the end a loop must end so that all items ahead are there, as text to be subtracted."""
    module = context.module
    assert isinstance(access.index, ast.BinOp)
    right = access.index.right
    stop = stop_of(context, right) if isinstance(right, ast.Name) else ""
    return f"{stop} + 1" if stop else module.segment(right)


def _condition_around(module: Module, node: ast.expr) -> ast.If | None:
    for item in module.ancestors(node):
        if isinstance(item, ast.If):
            return item if node in ast.walk(item.test) else None
        if isinstance(item, ast.stmt):
            return None
    return None


def bounded(context: Context, access: Access, prior: float) -> Iterator[Idea]:
    """Yield a test of the index before the test that uses it."""
    module = context.module
    condition = _condition_around(module, access.node)
    if condition is None:
        return
    test = condition.test
    first = test.values[0] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else test
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return
    start = module.span(first)[0]
    text = f"{module.segment(access.index)} < len({module.segment(access.owner)}) and "
    yield Idea(
        title=f"test {short(module.segment(access.index))} before it is used",
        why=f"For the last item there is no {short(module.segment(access.node))}. The edit tests for that first, so that the last item goes the other way.",
        edits=[(module, Edit(start, start, text))],
        prior=prior,
        nature="guard",
    )


def _removing(context: Context, access: Access, call: ast.Call, name: ast.Name, owner: str) -> Iterator[Idea]:
    """Yield the loop from the end where it removes items of what it counts."""
    module = context.module
    loop = innermost_loop(module, access.node)
    if not isinstance(loop, ast.For) or len(call.args) != 1 or not is_length(module, call.args[0], owner):
        return
    for item in ast.walk(loop):
        removes = (
            isinstance(item, ast.Call)
            and isinstance(item.func, ast.Attribute)
            and item.func.attr in ("pop", "remove")
            and module.segment(item.func.value) == owner
        )
        deletes = isinstance(item, ast.Delete) and any(isinstance(target, ast.Subscript) and module.segment(target.value) == owner for target in item.targets)
        if removes or deletes:
            yield Idea(
                title="go from the end to the beginning",
                why=(
                    f"The loop removes items of {short(owner)} while it counts them, so it runs past the end and skips what slides "
                    "forward. The edit lets it go backwards."
                ),
                edits=[(module, Edit(*module.span(call), f"range(len({owner}) - 1, -1, -1)"))],
                prior=0.93,
                alternatives=("A test of the index: items after a removed one would still be skipped.",),
            )
            return
    _ = name, context


def _swapped(context: Context, access: Access, call: ast.Call, name: ast.Name) -> Iterator[Idea]:
    """Yield a table's indexes in their right order: the row first."""
    module = context.module
    inner = access.node if isinstance(access.owner, ast.Subscript) else module.parents.get(access.node)
    if not isinstance(inner, ast.Subscript) or not isinstance(inner.value, ast.Subscript):
        return
    table, first, second = module.segment(inner.value.value), inner.value.slice, inner.slice
    if not (isinstance(first, ast.Name) and isinstance(second, ast.Name)):
        return
    ends = {item.id: _range_end(context, item) for item in (first, second)}
    rows, columns = ends[first.id], ends[second.id]
    if rows is None or columns is None:
        return
    if re.fullmatch(rf"len\({re.escape(table)}\[[^\]]+\]\)", rows) and columns == f"len({table})":
        yield Idea(
            title=f"take {table}[{second.id}][{first.id}]",
            why=(
                f"{second.id} counts the rows of {table} and {first.id} its columns, and the line takes them the other way round. The edit takes the row first."
            ),
            edits=[(module, Edit(*module.span(first), second.id)), (module, Edit(*module.span(second), first.id))],
            prior=0.9,
        )
    _ = call, name


def _range_end(context: Context, name: ast.Name) -> str | None:
    for spot in trace(context, name)[1:2]:
        if spot.how == "element" and isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "range" and spot.node.args:
            stop = spot.node.args[1] if len(spot.node.args) > 1 else spot.node.args[0]
            for inner in trace(context, stop, spot.module):
                if isinstance(inner.node, ast.Call) and last_name(inner.node.func) == "len":
                    return inner.module.segment(inner.node)
    return None
