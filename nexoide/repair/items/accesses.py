"""The access that ran past the end: which expression, how long what it takes of is, and what the index was."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import MISSING, Mapping, Row, value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short


@dataclass(frozen=True, slots=True)
class Access:
    """One failing `owner[index]`; `length` is the owner's as it was seen, -1 where it was not; `number` the index, where it was seen."""

    node: ast.Subscript
    owner: ast.expr
    index: ast.expr
    length: int
    number: int | None


def find_access(context: Context) -> Access | None:
    """Return the access of the failing line that ran past the end, or None where several could have."""
    found: list[Access] = []
    for node in context.nodes(lambda node: isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice)):
        assert isinstance(node, ast.Subscript)
        if isinstance(node.slice, ast.Constant) and not isinstance(node.slice.value, int):
            continue
        value = value_of(context, node.value)
        if isinstance(value, Mapping):
            continue
        number = value_of(context, node.slice)
        found.append(Access(node, node.value, node.slice, _length(context, node.value), number if type(number) is int else _sum(context, node.slice)))
    past = [item for item in found if item.length >= 0 and item.number is not None and not -item.length <= item.number < item.length]
    within = [item for item in found if item.length >= 0 and item.number is not None and item not in past]
    fitting = past or [item for item in found if item not in within]
    texts = {context.module.segment(item.node) for item in fitting}
    return fitting[0] if len(texts) == 1 or (fitting and past) else None


def _sum(context: Context, node: ast.expr) -> int | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, right = value_of(context, node.left), value_of(context, node.right)
        if type(left) is int and type(right) is int:
            return left + right if isinstance(node.op, ast.Add) else left - right
    if isinstance(node, ast.Call) and last_name(node.func) == "len" and node.args:
        length = _length(context, node.args[0])
        return length if length >= 0 else None
    return None


def _length(context: Context, node: ast.expr) -> int:
    view = context.view(node)
    if view is not None and view.length >= 0:
        return view.length
    value = value_of(context, node)
    if isinstance(value, Row) and value.whole:
        return len(value)
    if isinstance(value, str):
        return len(value)
    if value is MISSING:
        for spot in trace(context, node)[1:]:
            if (
                isinstance(spot.node, ast.List | ast.Tuple)
                and spot.how in ("global", "assigned", "field", "argument")
                and not any(isinstance(item, ast.Starred) for item in spot.node.elts)
            ):
                return len(spot.node.elts) if spot.node.elts else -1
    return -1


def is_length(module: Module, node: ast.expr, owner: str) -> bool:
    """Say whether an expression is the length of something, by its text."""
    return isinstance(node, ast.Call) and last_name(node.func) == "len" and len(node.args) == 1 and module.segment(node.args[0]) == owner


def minus_one(module: Module, access: Access, why: str, prior: float) -> Iterator[Idea]:
    """Yield the item before, at all places that take this one."""
    uses = like_accesses(module, access)
    text = module.segment(access.index)
    yield Idea(
        title=f"take the item at {short(text)} - 1",
        why=f"{why}. The edit takes the item before{f' at {len(uses)} places' if len(uses) > 1 else ''}.",
        edits=[(module, Edit(*module.span(item), f"{module.segment(item)} - 1")) for item in uses],
        prior=prior,
    )


def like_accesses(module: Module, access: Access) -> list[ast.expr]:
    """Return the same index of the same owner in the function, the failing one first."""
    function = module.function(access.node)
    wanted = module.segment(access.node)
    nodes = own_nodes(function) if function is not None else list(module.nodes)
    others = [item.slice for item in nodes if isinstance(item, ast.Subscript) and item is not access.node and module.segment(item) == wanted]
    return [access.index, *others]


def is_end(context: Context, stop: ast.expr, owner: str) -> bool:
    """Say whether an expression is, or was given, the length of something."""
    module = context.module
    if is_length(module, stop, owner):
        return True
    return any(is_length(spot.module, spot.node, owner) for spot in trace(context, stop)[1:] if spot.module is module)


def stop_of(context: Context, name: ast.Name) -> str:
    """Return the end of the range that a loop's variable counts in, as text; "" where it is none."""
    for spot in trace(context, name)[1:2]:
        if spot.how == "element" and isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "range" and spot.node.args:
            return spot.module.segment(spot.node.args[1] if len(spot.node.args) > 1 else spot.node.args[0])
    return ""
