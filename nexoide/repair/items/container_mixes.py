"""Containers of the wrong kind: joined, subscripted, iterated, hashed or assigned to as if they were another kind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of, operations, with_types
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short

CONCATENATE = re.compile(r"can only concatenate (list|tuple|deque) \(not \"(\w+)\"\) to \w+")
ITEM_TYPE = re.compile(r"sequence item \d+: expected str instance, (\w+) found")
NO_ASSIGNMENT = re.compile(r"'(str|tuple|range|bytes|dict_keys|dict_values)' object does not support item (assignment|deletion)")
_INTO = {"list": "list", "tuple": "tuple", "deque": "deque"}


def concatenations(context: Context, owner: str, other: str) -> Iterator[Idea]:
    """Yield the other side made into the same kind: `list(…)`, `tuple(…)`, or a list of one item."""
    operation = with_types(context, operations(context, "+"), owner, other)
    if operation is None:
        return
    module = context.module
    text = module.segment(operation.right)
    start, end = module.span(operation.right)
    if other in ("list", "tuple", "set", "frozenset", "dict_keys", "dict_values", "map", "filter", "range", "generator", "deque", "zip", "dict_items"):
        if isinstance(operation.right, ast.Tuple) and owner == "list":
            inner = text[1:-1] if text.startswith("(") else text
            edit = Edit(start, end, f"[{inner.rstrip().rstrip(',')}]")
        else:
            edit = Edit(start, end, f"{_INTO[owner]}({text})")
        yield Idea(
            title=f"make a {owner} of {short(text)}",
            why=f"{short(text)} is a {other} and is added to a {owner}; only two of a kind can be added. The edit makes a {owner} of it.",
            edits=[(module, edit)],
            prior=0.88,
            nature="call",
        )
    elif other in ("str", "int", "float", "dict", "bool", "Decimal", "date", "datetime") or other[:1].isupper():
        new = f"[{text}]" if owner == "list" else f"({text},)"
        yield Idea(
            title=f"add {short(text)} as one item",
            why=f"{short(text)} is one value and is added to a {owner}. The edit adds it as a {owner} of one item.",
            edits=[(module, Edit(start, end, new))],
            prior=0.84,
            nature="call",
            alternatives=("Calling append: the line makes a new list.",),
        )


def unlike(context: Context, symbol: str, left: str, right: str) -> Iterator[Idea]:
    """Yield the operator or conversion that two containers have where the one that is written is not theirs."""
    operation = with_types(context, operations(context, symbol), left, right)
    if operation is None:
        return
    module = context.module
    a, b = module.segment(operation.left), module.segment(operation.right)
    kinds = {left, right}
    views = {"dict_keys", "dict_values", "dict_items", "map", "filter", "zip", "range", "generator"}
    node = operation.node
    between = (module.span(operation.left)[1], module.span(operation.right)[0])
    if operation.symbol == "+" and kinds <= {"set", "frozenset"} and isinstance(node, ast.BinOp):
        yield plain_idea(module, [Edit(*between, " | ")], "unite the two sets with |", "Sets are united with |, not added.", 0.9)
    elif operation.symbol == "+" and kinds == {"dict"} and isinstance(node, ast.BinOp):
        yield plain_idea(
            module,
            [Edit(*module.span(node), f"{{**{a}, **{b}}}")],
            "merge the two dicts",
            "Dicts cannot be added. The edit makes a dict of both; where both have a key, the right one counts, as usual.",
            0.86,
        )
    elif operation.symbol == "+" and kinds == {"dict"} and isinstance(node, ast.AugAssign):
        yield plain_idea(
            module, [Edit(*module.span(node), f"{a}.update({b})")], "update the dict", "Dicts cannot be added. The edit takes the other one's items in.", 0.86
        )
    elif operation.symbol == "+" and kinds & views and kinds <= views | {"list", "tuple"}:
        edits = [
            Edit(*module.span(side), f"list({module.segment(side)})") for kind, side in ((left, operation.left), (right, operation.right)) if kind != "list"
        ]
        yield plain_idea(module, edits, "make lists of both sides", f"A {left} and a {right} cannot be added. The edit makes lists of them first.", 0.86)
    elif operation.symbol == "-" and kinds == {"list"} and isinstance(node, ast.BinOp):
        yield plain_idea(
            module,
            [Edit(*module.span(node), f"[item for item in {a} if item not in {b}]")],
            "keep the items that are not in the other list",
            "Lists cannot be subtracted. The edit keeps the items, in their order, that the other one has not.",
            0.8,
        )
    elif operation.symbol == "/" and kinds == {"str"} and isinstance(node, ast.BinOp):
        yield from _path(context, operation.left)
    elif operation.symbol == "+" and "str" in kinds and kinds & {"PosixPath", "WindowsPath", "PurePosixPath"}:
        side = operation.left if left != "str" else operation.right
        yield plain_idea(
            module,
            [Edit(*module.span(side), f"str({module.segment(side)})")],
            f"use the text of {short(module.segment(side))}",
            "A path and a text cannot be added. The edit uses the path's text.",
            0.8,
        )


def _path(context: Context, node: ast.expr) -> Iterator[Idea]:
    from nexoide.repair.naming.importing import need

    module = context.module
    inner = node.left if isinstance(node, ast.BinOp) else node
    name, extra = need(context.project, module, "pathlib", "Path")
    for spot in reversed(trace(context, inner)):
        if (
            spot.module is module
            and isinstance(spot.node, ast.Constant | ast.Call | ast.Name | ast.Attribute | ast.JoinedStr)
            and spot.how in ("use", "assigned", "global")
        ):
            text = module.segment(spot.node)
            yield Idea(
                title=f"make a path of {short(text)}",
                why=f"{short(text)} is text, and it is divided by text as paths are. The edit makes a path of it.",
                edits=[(module, Edit(*module.span(spot.node), f"{name}({text})")), *((module, edit) for edit in extra)],
                prior=0.86,
            )
            return


def plain_idea(module: Module, edits: list[Edit], title: str, why: str, prior: float) -> Idea:
    """Return an idea that edits one call or expression."""
    return Idea(title=title, why=why, edits=[(module, edit) for edit in edits], prior=prior, nature="call")


def joined(context: Context, kind: str) -> Iterator[Idea]:
    """Yield the text of each item that is joined."""
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == "join" and len(node.args) == 1):
        assert isinstance(call, ast.Call)
        given, module = call.args[0], context.module
        text = module.segment(given)
        if isinstance(given, ast.GeneratorExp | ast.ListComp):
            edit = Edit(*module.span(given.elt), f"str({module.segment(given.elt)})")
        elif isinstance(given, ast.List | ast.Tuple):
            numbers = [item for item in given.elts if kind_of(context, item) not in ("str", "")]
            edits = [(module, Edit(*module.span(item), f"str({module.segment(item)})")) for item in numbers]
            if edits:
                yield Idea(
                    title="join the text of the items",
                    why=f"Some items of {short(text)} are no text. The edit joins their text.",
                    edits=edits,
                    prior=0.92,
                    nature="call",
                )
                return
            edit = Edit(*module.span(given), f"map(str, {text})")
        else:
            edit = Edit(*module.span(given), f"map(str, {text})")
        value = f".value for item in {text}" if kind[:1].isupper() else ""
        yield Idea(
            title="join the text of the items",
            why=f"The items of {short(text)} are of type {kind}, and only texts can be joined. The edit joins the text of each.",
            edits=[(module, edit)],
            prior=0.92 if not value else 0.7,
            nature="call",
        )
        return


def assigned_item(context: Context, kind: str) -> Iterator[Idea]:
    """Yield a list, where it is built, for a tuple that is changed; for text, the text built anew."""
    module = context.module
    for node in context.nodes(lambda node: isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load)):
        assert isinstance(node, ast.Subscript)
        statement = module.statement(node)
        if kind == "tuple":
            for spot in reversed(trace(context, node.value)):
                if isinstance(spot.node, ast.Tuple) and spot.how != "use":
                    text = spot.module.segment(spot.node)
                    inner = text[1:-1].rstrip().rstrip(",") if text.startswith("(") else text
                    yield Idea(
                        title=f"build {short(module.segment(node.value))} as a list",
                        why=f"{short(module.segment(node.value))} is changed here, and it is built as a tuple, which cannot change. The edit builds a list.",
                        edits=[(spot.module, Edit(*spot.module.span(spot.node), f"[{inner}]"))],
                        prior=0.86,
                    )
                    return
                if isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "tuple" and spot.how != "use":
                    start = spot.module.span(spot.node.func)
                    yield Idea(
                        title="build a list",
                        why="What is changed here is built as a tuple, which cannot change. The edit builds a list.",
                        edits=[(spot.module, Edit(*start, "list"))],
                        prior=0.82,
                    )
                    return
            yield from _rows(context, node)
        elif kind == "str" and isinstance(statement, ast.Assign) and isinstance(node.value, ast.Name) and statement.targets == [node]:
            name, place, value = module.segment(node.value), module.segment(node.slice), module.segment(statement.value)
            if isinstance(node.slice, ast.Slice):
                return
            after = (
                str(node.slice.value + 1)
                if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int) and node.slice.value >= 0
                else f"{place} + 1"
            )
            yield plain_idea(
                module,
                [Edit(*module.span(statement), f"{name} = {name}[:{place}] + {value} + {name}[{after}:]")],
                f"build {name} anew with the one character changed",
                "Text cannot be changed in place. The edit builds the text anew.",
                0.8,
            )
            return


def _rows(context: Context, node: ast.Subscript) -> Iterator[Idea]:
    """Yield lists for the rows of a table that is built of tuples."""
    for spot in trace(context, node.value):
        inner = spot.node.value if isinstance(spot.node, ast.Subscript) else spot.node if spot.how == "element" else None
        if inner is None:
            continue
        for found in trace(context, inner, spot.module):
            edits = [(found.module, edit) for edit in _as_lists(found)]
            if edits:
                yield Idea(
                    title="build the rows as lists",
                    why="A row is changed here, and the rows are built as tuples, which cannot change. The edit builds lists.",
                    edits=edits,
                    prior=0.84,
                )
                return


def _as_lists(spot: Spot) -> list[Edit]:
    """Return the edits that build the rows of a table as lists where it builds tuples; none where it does not."""
    module, node = spot.module, spot.node
    if isinstance(node, ast.List) and node.elts and all(isinstance(item, ast.Tuple) for item in node.elts):
        rows: list[ast.expr] = list(node.elts)
    elif isinstance(node, ast.ListComp):
        rows = [node.elt.left if isinstance(node.elt, ast.BinOp) else node.elt]
    else:
        return []
    edits: list[Edit] = []
    for row in rows:
        if isinstance(row, ast.Tuple):
            edits.append(Edit(*module.span(row), "[" + module.segment(row)[1:-1].rstrip().rstrip(",").rstrip() + "]"))
        elif isinstance(row, ast.Call) and last_name(row.func) == "tuple":
            edits.append(Edit(*module.span(row.func), "list"))
    return edits
