"""Numbers as keys that came back from JSON as text: they are made numbers again where the mapping is read back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, last_name
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import argument, constructions, owner_classes, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.lookups import Lookup


def restored(context: Context, lookup: Lookup, key: Any) -> Iterator[Idea]:
    """Yield the mappings of an object with their keys as numbers, where the object is made from JSON."""
    if type(key) is not int or not isinstance(lookup.owner, ast.Attribute):
        return
    classes = owner_classes(context, context.module, lookup.owner.value)
    if len(classes) != 1:
        return
    for module, call in constructions(context.project, classes[0]):
        whole = _whole_document(context, lookup, classes[0], module, call)
        if whole is not None:
            yield whole
            return
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


def _whole_document(context: Context, lookup: Lookup, item: Class, module: Module, call: ast.Call) -> Idea | None:
    """Return the edit that restores the keys where the whole document is what the object keeps as its mapping."""
    assert isinstance(lookup.owner, ast.Attribute)
    maker = item.methods.get("__init__")
    if maker is None or is_test(module.rel):
        return None
    for node in ast.walk(maker.node):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        if not any(isinstance(target, ast.Attribute) and target.attr == lookup.owner.attr for target in targets) or node.value is None:  # type: ignore[attr-defined]
            continue
        names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in [given.arg for given in maker.node.args.args[1:]]]
        value = argument(maker.module, maker.node, call, names[0]) if len(set(names)) == 1 else None
        if value is None or not isinstance(value, ast.Call) or not is_json_call(module, value):
            continue
        return Idea(
            title=f"read the keys of {lookup.owner.attr} back as numbers",
            why=f"{item.name}.{lookup.owner.attr} has numbers as keys, and JSON keeps keys as text. The edit makes numbers of them where "
            f"{short(module.segment(value))} reads them back.",
            edits=[(module, Edit(*module.span(value), f"{{int(number): value for number, value in {module.segment(value)}.items()}}"))],
            prior=0.9,
            alternatives=("Asking for the key as text: the rest of the program uses numbers.",),
        )
    return None


def is_json_call(module: Module, node: ast.Call) -> bool:
    """Say whether a call is json.load or json.loads."""
    return last_name(node.func) in ("load", "loads") and isinstance(node.func, ast.Attribute) and last_name(node.func.value) == "json" and "json" in module.text


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
