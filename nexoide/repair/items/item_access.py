"""Items taken or gone through in a way that a container does not offer: by a text, by a whole item, by number of what has no order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import Mapping, Row, value_of
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short, suffixed
from nexoide.repair.items.container_mixes import plain_idea

NOT_SUBSCRIPTABLE = re.compile(r"'(set|frozenset)' object is not subscriptable")


NOT_ITERABLE = re.compile(r"'(int|float)' object is not iterable")


INDEX_TYPE = re.compile(r"(list|tuple|string|byte|bytearray|range object)? ?indices must be integers(?: or slices)?(?:, not '?([\w.]+)'?)?")


def ordered_set(context: Context, kind: str) -> Iterator[Idea]:
    """Yield the sorted list of a set of which an item is taken by number."""
    module = context.module
    for item in context.nodes(lambda node: isinstance(node, ast.Subscript)):
        node = item.value if isinstance(item, ast.Subscript) else None
        if node is None or kind_of(context, node) not in (kind, ""):
            continue
        text = short(module.segment(node))
        yield Idea(
            title=f"make a sorted list of {text} where it is used",
            why=f"{text} is a {kind}, which has no items by number. The edit makes a sorted list of it first.",
            edits=[(module, Edit(*module.span(node), f"sorted({module.segment(node)})"))],
            prior=0.6,
            nature="call",
            cautions=("A set has no order of its own; sorting gives it one.",),
        )
        return


def iterated_number(context: Context) -> Iterator[Idea]:
    """Yield `range(…)` for a loop over a number."""
    module = context.module
    for node in context.nodes(lambda node: isinstance(node, ast.For | ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp)):
        iterable = (
            node.iter
            if isinstance(node, ast.For)
            else node.generators[0].iter
            if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp)
            else None
        )
        if iterable is None or kind_of(context, iterable) not in ("int", ""):
            continue
        text = module.segment(iterable)
        is_length = isinstance(iterable, ast.Call) and last_name(iterable.func) == "len"
        yield Idea(
            title=f"count up to {short(text)} with range()",
            why=f"{short(text)} is a number, and a loop goes over items. The edit lets it count from 0 up to that number.",
            edits=[(module, Edit(*module.span(iterable), f"range({text})"))],
            prior=0.94 if is_length else 0.78,
            nature="call",
            cautions=() if is_length else ("That the loop counts from 0 is read from the number alone.",),
        )
        return
    for call in context.nodes(
        lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("sum", "list", "set", "tuple", "sorted", "max", "min", "extend")
    ):
        assert isinstance(call, ast.Call)
        if last_name(call.func) == "extend" and len(call.args) == 1 and isinstance(call.func, ast.Attribute):
            end = module.span(call.func)[1]
            yield plain_idea(
                module,
                [Edit(end - len("extend"), end, "append")],
                "append the one value",
                f"{short(module.segment(call.args[0]))} is one number, not many. The edit appends it.",
                0.84,
            )
        elif len(call.args) == 1 and last_name(call.func) in ("list", "set", "tuple"):
            text = module.segment(call.args[0])
            marks = {"list": "[]", "set": "{}", "tuple": "()"}[last_name(call.func)]
            inner = f"{text}," if marks == "()" else text
            yield plain_idea(
                module,
                [Edit(*module.span(call), f"{marks[0]}{inner}{marks[1]}")],
                "put the one value in",
                f"{short(text)} is one number, not many. The edit makes a {last_name(call.func)} that holds it.",
                0.66,
            )
        return


def wrong_index(context: Context, owner: str, index: str) -> Iterator[Idea]:
    """Yield the right way to take an item where the index is of a type that this container does not take."""
    module = context.module
    nodes = [
        node
        for node in context.nodes(lambda node: isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice))
        if isinstance(node, ast.Subscript)
    ]
    fitting = [node for node in nodes if kind_of(context, node.value) in (owner, "")] or nodes
    if not fitting:
        return
    node = fitting[0]
    text, inside = module.segment(node.value), module.segment(node.slice)
    if isinstance(node.slice, ast.Tuple) and owner == "list" and len(node.slice.elts) == 2:
        parts = [module.segment(item) for item in node.slice.elts]
        start = module.span(node.value)[1]
        yield plain_idea(
            module,
            [Edit(start, module.span(node)[1], f"[{parts[0]}][{parts[1]}]")],
            f"take {short(text)}[{parts[0]}][{parts[1]}]",
            "A list of lists takes one index after the other. The edit writes it so.",
            0.93,
        )
        return
    yield from _loop_variable(context, node, index)
    if owner in ("string", "str"):
        yield from _text_for_mapping(context, node)
    elif isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        yield from _list_for_mapping(context, node)
    elif isinstance(node.slice, ast.BinOp) and isinstance(node.slice.op, ast.Div):
        yield from ()
    elif inside:
        return


def _loop_variable(context: Context, node: ast.Subscript, index: str) -> Iterator[Idea]:
    """Yield the item itself where a loop over the items takes it for a number."""
    module = context.module
    if not isinstance(node.slice, ast.Name) or index in ("str", "float", ""):
        return
    for spot in trace(context, node.slice)[1:2]:
        if spot.how == "element" and spot.module.segment(spot.node) == module.segment(node.value):
            yield plain_idea(
                module,
                [Edit(*module.span(node), node.slice.id)],
                f"use {node.slice.id} itself",
                f"{node.slice.id} is an item of {short(module.segment(node.value))} already, not its number. The edit uses the item.",
                0.88,
            )
        elif spot.how == "element" and index == "tuple" and isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "enumerate":
            end = module.span(node.slice)[1]
            yield plain_idea(
                module,
                [Edit(end, end, "[0]")],
                f"use the number in {node.slice.id}",
                f"{node.slice.id} is a number together with an item. The edit uses the number.",
                0.8,
            )


def _text_for_mapping(context: Context, node: ast.Subscript) -> Iterator[Idea]:
    """Yield the values of a dict whose keys a loop went over, or the parsing of text that is still JSON."""
    module = context.module
    if not isinstance(node.slice, ast.Constant) or not isinstance(node.slice.value, str):
        return
    spots = trace(context, node.value)
    loop = next((spot for spot in spots if spot.how == "element"), None)
    if loop is not None and loop.module is module:
        held = value_of(context, loop.node)
        values = list(held.values()) if isinstance(held, Mapping) else []
        text = module.segment(loop.node)
        inner = [name for name, value in held.items() if isinstance(value, Row)] if isinstance(held, Mapping) else []
        if values and any(isinstance(item, Mapping) and node.slice.value in item for item in values):
            if _is_key_used(module, node, loop):
                own = module.segment(node.value)
                yield plain_idea(
                    module,
                    [Edit(*module.span(item), f"{text}[{own}]") for item in _item_reads(module, loop)],
                    f"look {own} up in {short(text)}",
                    f"{own} is a key of {short(text)}. The edit takes what it stands for.",
                    0.86,
                )
            else:
                yield plain_idea(
                    module,
                    [suffixed(module, loop.node, ".values()")],
                    f"go over the values of {short(text)}",
                    f"A loop over {short(text)} goes over its keys, and the line wants what they stand for. The edit goes over the values.",
                    0.9,
                )
            return
        if len(inner) == 1 and isinstance(inner[0], str):
            end = module.span(loop.node)[1]
            yield plain_idea(
                module,
                [Edit(end, end, f'["{inner[0]}"]')],
                f"go over the items of {inner[0]!r}",
                f"A loop over {short(text)} goes over its keys; its one list is {inner[0]!r}. The edit goes over that.",
                0.86,
            )
            return
        if isinstance(held, Mapping) and node.slice.value in held:
            yield plain_idea(
                module,
                [Edit(*module.span(loop.node), f"[{text}]")],
                f"go over {short(text)} as one item",
                f"{short(text)} is one mapping, not a list of them. The edit takes it as the one item.",
                0.6,
            )
            return


def _item_reads(module: Module, loop: Spot) -> list[ast.Name]:
    """Return the loop's variable wherever an item of it is taken."""
    around = module.parents.get(loop.node)
    nodes = [item.value for item in ast.walk(around) if isinstance(item, ast.Subscript)] if around is not None else []
    return [item for item in nodes if isinstance(item, ast.Name) and item.id == loop.name]


def _is_key_used(module: Module, node: ast.Subscript, loop: Spot) -> bool:
    """Say whether the loop uses its variable for something other than taking items of it."""
    around = module.parents.get(loop.node)
    for item in ast.walk(around) if around is not None else ():
        if isinstance(item, ast.Name) and item.id == loop.name and isinstance(item.ctx, ast.Load):
            parent = module.parents.get(item)
            if not (isinstance(parent, ast.Subscript) and parent.value is item):
                return True
    return False


def _list_for_mapping(context: Context, node: ast.Subscript) -> Iterator[Idea]:
    """Yield the one item of a list that is used as if it were that item."""
    module = context.module
    value = value_of(context, node.value)
    assert isinstance(node.slice, ast.Constant)
    if isinstance(value, Row) and value.whole and len(value) == 1 and isinstance(value[0], Mapping) and node.slice.value in value[0]:
        end = module.span(node.value)[1]
        yield plain_idea(
            module,
            [Edit(end, end, "[0]")],
            f"take the one item of {short(module.segment(node.value))}",
            f"{short(module.segment(node.value))} is a list with one item, and the item's {node.slice.value!r} is wanted. The edit takes the item.",
            0.6,
        )
