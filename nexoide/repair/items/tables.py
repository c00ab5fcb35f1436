"""Tables that are built too short for what is put into them, or with their sides swapped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.accesses import Access, stop_of


def built_with(context: Context, access: Access, size: ast.expr) -> bool:
    """Say whether the owner was built as so many equal items: then it is too short, and the loop is right."""
    return _repeated(context, access, context.module.segment(size)) is not None


def _repeated(context: Context, access: Access, size: str) -> tuple[Spot, ast.expr] | None:
    for spot in trace(context, access.owner)[1:]:
        if isinstance(spot.node, ast.BinOp) and isinstance(spot.node.op, ast.Mult) and isinstance(spot.node.left, ast.List):
            count = spot.node.right
        elif (
            isinstance(spot.node, ast.ListComp)
            and isinstance(spot.node.generators[0].iter, ast.Call)
            and last_name(spot.node.generators[0].iter.func) == "range"
        ):
            arguments = spot.node.generators[0].iter.args
            count = arguments[0] if len(arguments) == 1 else ast.Constant(value=None)
        else:
            continue
        if not isinstance(count, ast.Constant) and (not size or spot.module.segment(count) == size):
            return spot, count
    return None


def built_too_short(context: Context, access: Access) -> Iterator[Idea]:
    """Yield one item more for a table that is built with as many items as its last index; its sides, where they are swapped."""
    module = context.module
    sides = list(_sides(context, access))
    if sides:
        yield from sides
        return
    found = _repeated(context, access, "")
    if found is None:
        return
    spot, count = found
    size = spot.module.segment(count)
    index = module.segment(access.index)
    ends = [item for name in ast.walk(access.index) if isinstance(name, ast.Name) if (item := stop_of(context, name))]
    if (
        index == size
        or any(end.replace(" ", "") == f"{size}+1".replace(" ", "") for end in ends)
        or (access.number is not None and access.number == access.length)
    ):
        simple = isinstance(count, ast.Name | ast.Attribute)
        new = f"({size} + 1)" if isinstance(spot.node, ast.BinOp) else f"{size} + 1"
        yield Idea(
            title=f"build {short(module.segment(access.owner))} with one item more",
            why=(
                f"{short(module.segment(access.owner))} is built with {size} items, so its last index is {size} - 1, and "
                f"{short(index)} goes up to {size}. The edit builds one item more."
            ),
            edits=[(spot.module, Edit(*spot.module.span(count), new))],
            prior=0.88 if simple else 0.8,
        )


def _sides(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the right numbers of rows and columns of a table that is built of rows of equal items."""
    module = context.module
    whole = access.node if isinstance(access.owner, ast.Subscript) else module.parents.get(access.node)
    if not isinstance(whole, ast.Subscript) or not isinstance(whole.value, ast.Subscript):
        return
    spot = next((item for item in trace(context, whole.value.value)[1:] if isinstance(item.node, ast.ListComp)), None)
    if spot is None or not isinstance(spot.node, ast.ListComp):
        return
    turn = spot.node.generators[0].iter
    inner = spot.node.elt
    across = inner.right if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Mult) and isinstance(inner.left, ast.List) else None
    down = turn.args[0] if isinstance(turn, ast.Call) and last_name(turn.func) == "range" and len(turn.args) == 1 else None
    if across is None or down is None:
        return
    ends = [_end_of(context, item) for item in (whole.value.slice, whole.slice)]
    sizes = [spot.module.segment(down), spot.module.segment(across)]
    edits: list[Edit] = []
    if ends == [sizes[1], sizes[0]] and sizes[0] != sizes[1]:
        edits = [Edit(*spot.module.span(down), sizes[1]), Edit(*spot.module.span(across), sizes[0])]
        title, why = (
            "swap the sides of the table",
            "The table is built with its rows and columns the other way round than it is used. The edit swaps its sides.",
        )
    else:
        for side, size, end in ((down, sizes[0], ends[0]), (across, sizes[1], ends[1])):
            if end.replace(" ", "") == f"{size}+1".replace(" ", ""):
                edits.append(Edit(*spot.module.span(side), f"({size} + 1)" if side is across else f"{size} + 1"))
        title, why = (
            "build the table one larger",
            "The table is built with as many rows or columns as its last index, which is one too few. The edit builds one more.",
        )
    if edits:
        yield Idea(title=title, why=why, edits=[(spot.module, edit) for edit in edits], prior=0.92)


def _end_of(context: Context, index: ast.expr) -> str:
    """Return the end of the range that an index counts in, or for the end itself that end and one, as text."""
    if isinstance(index, ast.Name):
        return stop_of(context, index) or f"{index.id} + 1"
    names = [item for item in ast.walk(index) if isinstance(item, ast.Name)]
    if isinstance(index, ast.BinOp) and len(names) == 1:
        return stop_of(context, names[0])
    return f"{context.module.segment(index)} + 1"
