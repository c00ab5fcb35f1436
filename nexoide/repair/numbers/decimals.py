"""Decimals and floats in one calculation: the float is made a decimal by way of its text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of, operations, with_types
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need


def decimals(context: Context, symbol: str, left: str, right: str) -> Iterator[Idea]:
    """Yield the float as a decimal: where it is written, else where it is used."""
    operation = with_types(context, operations(context, symbol), left, right)
    if operation is None:
        return
    fraction = operation.left if left == "float" else operation.right
    for spot in reversed(trace(context, fraction)):
        if is_test(spot.module.rel):
            continue
        literal = isinstance(spot.node, ast.Constant) and isinstance(spot.node.value, float | int)
        made = isinstance(spot.node, ast.Call) and isinstance(spot.node.func, ast.Name) and spot.node.func.id == "float"
        if not (literal or made) or (spot.how != "use" and _is_used_as_float(context, spot)):
            continue
        yield _at(context, spot, literal=literal)
        return
    parts = [item for item in ast.walk(fraction) if isinstance(item, ast.Constant) and isinstance(item.value, float)]
    if (
        isinstance(fraction, ast.BinOp)
        and len(parts) == 1
        and all(kind_of(context, item) != "float" for item in ast.walk(fraction) if isinstance(item, ast.Name))
    ):
        yield _at(context, Spot(context.module, parts[0], "use"), literal=True)
        return
    module = context.module
    name, extra = need(context.project, module, "decimal", "Decimal")
    text = module.segment(fraction)
    yield Idea(
        title=f"calculate with {short(text)} as a Decimal",
        why=(
            f"{short(text)} is a float and the other side a Decimal; the two do not mix. The edit makes a Decimal of its "
            "text, which keeps the digits that it shows."
        ),
        edits=[(module, Edit(*module.span(fraction), f"{name}(str({text}))")), *((module, edit) for edit in extra)],
        prior=0.88,
        nature="call",
        alternatives=("Making a float of the Decimal: it would lose what decimals are for.",),
    )


def _at(context: Context, spot: Spot, *, literal: bool) -> Idea:
    module, node = spot.module, spot.node
    name, extra = need(context.project, module, "decimal", "Decimal")
    text = module.segment(node)
    if literal:
        edits = [Edit(*module.span(node), f'{name}("{text}")')]
        parent = module.parents.get(node)
        target = parent if isinstance(parent, ast.AnnAssign) else None
        if target is not None and module.segment(target.annotation) == "float":
            edits.append(Edit(*module.span(target.annotation), name))
    else:
        assert isinstance(node, ast.Call)
        edits = [Edit(*module.span(node.func), name)]
        if node.args and kind_of(context, node.args[0], module) not in ("str", "int", ""):
            inner = node.args[0]
            edits.append(Edit(*module.span(inner), f"str({module.segment(inner)})"))
    return Idea(
        title=f"write {short(text)} as a Decimal",
        why=f"{short(text)} at {module.rel}:{node.lineno} is a float and is used with a Decimal; the two do not mix. The edit makes it a Decimal there.",
        edits=[*((module, edit) for edit in edits), *((module, edit) for edit in extra)],
        prior=0.91,
        alternatives=("Making a float of the Decimal: it would lose what decimals are for.",),
    )


def _is_used_as_float(context: Context, spot: Spot) -> bool:
    """Say whether other code calculates with the same name and a float beside it."""
    if not spot.name:
        return False
    for module in context.project.containing(spot.name):
        for node in module.nodes:
            if isinstance(node, ast.BinOp) and spot.name in (last_name(node.left), last_name(node.right)):
                other = node.right if last_name(node.left) == spot.name else node.left
                if _shows_float(module, other):
                    return True
    return False


def _shows_float(module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and bool(module.rel)
