"""Lists, dicts and sets that are used as keys or members, which only what cannot change may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.container_mixes import plain_idea

UNHASHABLE = re.compile(r"(?:cannot use '\w+' as a (?:dict key|set element) \()?unhashable type: '(list|dict|set|bytearray|slice|defaultdict|Counter)'\)?")


def unhashable(context: Context, kind: str) -> Iterator[Idea]:
    """Yield the tuple or frozenset that can be a key where a list or a set was used as one."""
    module = context.module
    maker = {"list": "tuple", "set": "frozenset", "bytearray": "bytes"}.get(kind, "")
    if not maker:
        yield from _unhashable_dict(context)
        return
    for node in _hashed(context):
        if kind_of(context, node) not in (kind, ""):
            continue
        edit = Edit(*module.span(node), f"{maker}({module.segment(node)})")
        if isinstance(node, ast.List) and node.elts:
            inner = module.segment(node)[1:-1].rstrip().rstrip(",")
            edit = Edit(*module.span(node), f"({inner},)" if len(node.elts) == 1 else f"({inner})")
        text = short(module.segment(node))
        origin = _origin_of_list(context, node, maker)
        if origin is not None and _uses(module, node) > 1:
            yield origin
        uses = _same_keys(module, node)
        edits = [(module, edit), *((module, Edit(*module.span(item), f"{maker}({module.segment(item)})")) for item in uses)]
        yield Idea(
            title=f"use {text} as a {maker}",
            why=f"{text} is a {kind}, which can change and so is no key. The edit uses a {maker} of it{f' at {len(edits)} places' if len(edits) > 1 else ''}.",
            edits=list(dict.fromkeys(edits)),
            prior=0.87,
            nature="call",
            alternatives=("Its text as the key: two equal lists of other types would differ.",),
            unchecked=("Code that reads the keys back and expects lists.",),
        )
        return


def _hashed(context: Context) -> Iterator[ast.expr]:
    """Yield the expressions of the line that are used as keys or members."""
    for node in context.nodes(
        lambda node: isinstance(node, ast.Subscript | ast.Call | ast.Compare | ast.Dict | ast.Set | ast.DictComp | ast.SetComp | ast.Assign)
    ):
        if isinstance(node, ast.Assign):
            yield from (target.slice for target in node.targets if isinstance(target, ast.Subscript))
        elif isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
            yield node.slice
        elif isinstance(node, ast.Call):
            yield from _hashed_by_call(context, node)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            yield node.left
        elif isinstance(node, ast.Dict):
            yield from (key for key in node.keys if key is not None)
        elif isinstance(node, ast.Set):
            yield from node.elts
        elif isinstance(node, ast.DictComp):
            yield node.key
        elif isinstance(node, ast.SetComp):
            yield node.elt


def _hashed_by_call(context: Context, node: ast.Call) -> Iterator[ast.expr]:
    name = last_name(node.func)
    if name in ("add", "get", "setdefault", "pop", "discard", "remove", "hash", "index", "count") and node.args:
        yield node.args[0]
    elif name in ("set", "frozenset", "Counter", "fromkeys") and node.args and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp):
        yield node.args[0].elt
    elif name in ("set", "frozenset", "Counter") and node.args:
        text = node.args[0]
        yield from (item.elt for spot in trace(context, text) if isinstance(item := spot.node, ast.ListComp | ast.GeneratorExp))
    elif isinstance(node.func, ast.Name):
        yield from node.args  # a cached function


def _uses(module: Module, node: ast.expr) -> int:
    function = module.function(node)
    text = module.segment(node)
    return (
        sum(1 for item in own_nodes(function) if isinstance(item, ast.Name) and item.id == text) if function is not None and isinstance(node, ast.Name) else 0
    )


def _same_keys(module: Module, node: ast.expr) -> list[ast.expr]:
    """Return the other places of the function where the same name is a key or a member."""
    function = module.function(node)
    if function is None or not isinstance(node, ast.Name):
        return []
    found: list[ast.expr] = []
    for item in own_nodes(function):
        place: ast.expr | None = None
        if isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Name):
            place = item.slice
        elif (
            isinstance(item, ast.Call)
            and isinstance(item.func, ast.Attribute)
            and item.func.attr in ("add", "get", "setdefault", "discard", "pop")
            and item.args
        ):
            place = item.args[0]
        elif isinstance(item, ast.Compare) and isinstance(item.ops[0], ast.In | ast.NotIn) and isinstance(item.left, ast.Name):
            place = item.left
        if isinstance(place, ast.Name) and place.id == node.id and place is not node:
            found.append(place)
    return found


def _origin_of_list(context: Context, node: ast.expr, maker: str) -> Idea | None:
    """Return the tuple at the one assignment of a name that only serves as a key."""
    spots = trace(context, node)
    if len(spots) < 2 or spots[1].how != "assigned" or spots[1].module is not context.module:
        return None
    value = spots[1].node
    module = context.module
    text = module.segment(value)
    if isinstance(value, ast.List) and value.elts:
        inner = text[1:-1].rstrip().rstrip(",")
        new = f"({inner},)" if len(value.elts) == 1 else f"({inner})"
    elif isinstance(value, ast.ListComp):
        new = f"tuple({text[1:-1]})"
    elif isinstance(value, ast.Call) and last_name(value.func) in ("sorted", "list", "split"):
        new = f"{maker}({text})" if last_name(value.func) != "list" else text.replace("list(", "tuple(", 1)
    else:
        return None
    name = node.id if isinstance(node, ast.Name) else ""
    function = module.function(node)
    changed = any(
        isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Name)
        and item.value.id == name
        and item.attr in ("append", "extend", "sort", "insert", "remove", "pop")
        for item in (own_nodes(function) if function is not None else ())
    )
    if changed:
        return None
    return Idea(
        title=f"make {name} a tuple where it is built",
        why=f"{name} serves as a key, and it is built as a list, which is no key. The edit builds a tuple.",
        edits=[(module, Edit(*module.span(value), new))],
        prior=0.89,
        unchecked=("Code that reads the keys back and expects lists.",),
    )


def _unhashable_dict(context: Context) -> Iterator[Idea]:
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("set", "frozenset") and len(node.args) == 1):
        assert isinstance(call, ast.Call)
        module = context.module
        parent = module.parents.get(call)
        outer = parent if isinstance(parent, ast.Call) and last_name(parent.func) == "list" else None
        if outer is None:
            continue
        text = module.segment(call.args[0])
        new = f"[item for place, item in enumerate({text}) if item not in {text}[:place]]"
        yield plain_idea(
            module,
            [Edit(*module.span(outer), new)],
            "keep each dict once, in order",
            "Dicts can be no members of a set. The edit keeps the first of equal ones, in their order.",
            0.7,
        )
        return
