"""Positions that are no index: a length, a number that counts from one, a place that moves on past the end."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.contracts import innermost_loop
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.accesses import Access, is_length, minus_one

_FROM_ONE = frozenset(
    {"month", "day", "rank", "position", "pos", "number", "num", "nr", "page", "level", "floor", "row", "line", "weekday", "choice", "option", "place", "lap"}
)


_ENDLESS = r"round.?robin|rotat|cycl|circular|wrap|\bring\b|around|endless|forever|first (?:one )?again|starts? over|begins? again|over and over|repeatedly"


_BASED = re.compile(
    r"(?:counted|counting|numbered|starts?|starting|begins?|beginning) (?:from|at|with) (?:1|one)\b|\b(?:1|one)-based|first (?:one )?is (?:number )?1\b",
    re.IGNORECASE,
)


def wrong_position(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the last index for the length, the one before for what counts from one, the remainder for what goes round."""
    module = context.module
    owner, index = module.segment(access.owner), module.segment(access.index)
    if is_length(module, access.index, owner):
        yield Idea(
            title=f"take the last item of {short(owner)}",
            why=f"The last index of {short(owner)} is one less than its length. The edit takes the last item.",
            edits=[(module, Edit(*module.span(access.index), "-1"))],
            prior=0.94,
        )
        return
    for spot in trace(context, access.index)[1:3]:
        if spot.module is module and spot.how == "assigned" and is_length(module, spot.node, owner) and not _changes(module, access.index):
            end = module.span(spot.node)[1]
            yield Idea(
                title=f"let {spot.name} be the last index",
                why=f"{spot.name} is the length of {short(owner)}, and its last index is one less. The edit makes it so.",
                edits=[(module, Edit(end, end, " - 1"))],
                prior=0.86,
            )
            return
    rounds = list(_going_round(context, access))
    yield from rounds
    if not rounds and access.number in (access.length, None) and not isinstance(access.index, ast.Constant) and innermost_loop(module, access.node) is None:
        words = {part for text in (index, *(spot.name for spot in trace(context, access.index))) for part in re.split(r"[\W_]+", text.lower())}
        said = _counts_from_one(module, access)
        if said or (access.number is not None and (words & _FROM_ONE or _is_table(context, access))):
            yield from minus_one(
                module, access, f"{short(index)} counts from 1, and the items of {short(owner)} from 0", 0.9 if said else 0.86 if words & _FROM_ONE else 0.6
            )


def swapped_indexes(context: Context, access: Access) -> Iterator[Idea]:
    """Yield `rows[y][x]` for `rows[x][y]` where the rest of the file takes the row first by the same names."""
    module = context.module
    inner: ast.AST | None = access.node
    if isinstance(access.owner, ast.Subscript):
        inner = access.owner
    outer = module.parents.get(inner) if inner is not None else None
    mine = _two(module, outer)
    if mine is None or not (isinstance(outer, ast.Subscript) and isinstance(inner, ast.Subscript)):
        return
    base, first, second = mine
    others = [found for node in module.nodes if node is not outer and (found := _two(module, node)) is not None and found[0] == base]
    if first == second or (base, second, first) not in others or (base, first, second) in others:
        return
    new = f"{base}[{second}][{first}]"
    yield Idea(
        title=f"take {short(new)}",
        why=f"The other places of {module.rel} take {short(new)}, with {second} first, and this line has the two the other way round. The edit swaps them.",
        edits=[(module, Edit(*module.span(inner.slice), second)), (module, Edit(*module.span(outer.slice), first))],
        prior=0.92,
        alternatives=("A test of the two numbers before: the wrong item would still be taken wherever both fit.",),
    )


def _two(module: Module, node: ast.AST | None) -> tuple[str, str, str] | None:
    """Return what `base[a][b]` takes, where both are plain names."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Subscript)):
        return None
    first, second = node.value.slice, node.slice
    if not (isinstance(first, ast.Name) and isinstance(second, ast.Name)):
        return None
    return module.segment(node.value.value), first.id, second.id


def _counts_from_one(module: Module, access: Access) -> bool:
    """Say whether a docstring says that the index, a parameter, counts from 1."""
    function, owner = module.function(access.node), module.owner(access.node)
    if function is None or not isinstance(access.index, ast.Name) or access.index.id not in [item.arg for item in function.args.args]:
        return False
    texts = [ast.get_docstring(function) or "", ast.get_docstring(module.tree) or "", (ast.get_docstring(owner) or "") if owner is not None else ""]
    return any(_BASED.search(" ".join(text.split())) for text in texts)


def _changes(module: Module, node: ast.expr) -> bool:
    function = module.function(node)
    if not isinstance(node, ast.Name) or function is None:
        return True
    return any(isinstance(item, ast.AugAssign) and isinstance(item.target, ast.Name) and item.target.id == node.id for item in own_nodes(function))


def _is_table(context: Context, access: Access) -> bool:
    for spot in trace(context, access.owner):
        if spot.how == "global" and (isinstance(spot.node, ast.List | ast.Tuple) or (isinstance(spot.node, ast.Constant) and isinstance(spot.node.value, str))):
            return True
        if isinstance(spot.node, ast.Attribute) and spot.node.attr in ("ascii_lowercase", "ascii_uppercase", "ascii_letters", "digits"):
            return True
    return False


def _going_round(context: Context, access: Access) -> Iterator[Idea]:
    module = context.module
    function = module.function(access.node)
    owner_class = module.owner(access.node)
    said = [function.name, ast.get_docstring(function) or ""] if function is not None else []
    said += [owner_class.name, ast.get_docstring(owner_class) or ""] if owner_class is not None else []
    text = " ".join(said)
    moves = isinstance(access.index, ast.BinOp) and isinstance(access.index.op, ast.Add)
    looked_up = moves and any(isinstance(item, ast.Call) and last_name(item.func) in ("index", "find", "ord") for item in ast.walk(access.index))
    if not (moves or isinstance(access.index, ast.Attribute)) or (looked_up and not _is_table(context, access)):
        return
    if not looked_up and not re.search(_ENDLESS, text, re.IGNORECASE) and not ("next" in text.lower() and _is_table(context, access)):
        return
    index = module.segment(access.index)
    inner = f"({index})" if moves else index
    yield Idea(
        title=f"go round at the end of {short(module.segment(access.owner))}",
        why=f"{short(index)} moves on from item to item, and after the last one the first is next. The edit lets it go round.",
        edits=[(module, Edit(*module.span(access.index), f"{inner} % len({module.segment(access.owner)})"))],
        prior=0.86 if looked_up else 0.82,
        cautions=("After the last item comes the first again.",),
    )
