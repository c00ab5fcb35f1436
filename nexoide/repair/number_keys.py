"""Numbers as keys that came back from JSON as text: they are made numbers again where the mapping is read back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nexoide.repair.context import Context
from nexoide.repair.edits import Edit
from nexoide.repair.ideas import Idea, short
from nexoide.repair.index import Class, last_name
from nexoide.repair.lookups import Lookup
from nexoide.repair.project import is_test
from nexoide.repair.source import Module
from nexoide.repair.wayback import constructions, owner_classes, trace


def restored(context: Context, lookup: Lookup, key: Any) -> Iterator[Idea]:
    """Yield the mappings of an object with their keys as numbers, where the object is made from JSON."""
    if type(key) is not int or not isinstance(lookup.owner, ast.Attribute):
        return
    classes = owner_classes(context, context.module, lookup.owner.value)
    if len(classes) != 1:
        return
    for module, call in constructions(context.project, classes[0]):
        given = [*call.args, *(item.value for item in call.keywords)]
        read = [item for item in given if _is_part_of_json(context, module, item)]
        wanted = [item for item in read if _name(item) in _indexed(classes[0])]
        if is_test(module.rel) or lookup.owner.attr not in [_name(item) for item in wanted]:
            continue
        names = ", ".join(_name(item) for item in wanted)
        yield Idea(
            title=f"read the keys of {names} back as numbers",
            why=f"{names} of {classes[0].name} {'has' if len(wanted) == 1 else 'have'} numbers as keys, and JSON keeps keys as text. "
            f"The edit makes numbers of them where {short(module.segment(call))} reads them back.",
            edits=[(module, Edit(*module.span(item), f"{{int(number): value for number, value in {module.segment(item)}.items()}}")) for item in wanted],
            prior=0.9,
            alternatives=("Asking for the key as text: the rest of the program uses numbers.",),
        )
        return


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        return str(node.args[0].value)
    return ""


def _is_part_of_json(context: Context, module: Module, node: ast.expr) -> bool:
    """Say whether an expression is one part of a parsed JSON document."""
    owner = node.value if isinstance(node, ast.Subscript) else node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
    if owner is None or not _name(node):
        return False
    return any(
        isinstance(spot.node, ast.Call) and last_name(spot.node.func) in ("load", "loads") and "json" in spot.text for spot in trace(context, owner, module)
    )


def _indexed(item: Class) -> set[str]:
    """Return the attributes of a class of which items are taken by something other than a text."""
    return {
        node.value.attr
        for node in ast.walk(item.node)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and not isinstance(node.slice, ast.Slice)
        and not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str))
    }
