"""Constructors that a class lacks: an `__init__` under a misspelt name, or annotated names that ask for `@dataclass`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, last_name
from nexoide.repair.code.placing import joined
from nexoide.repair.code.signatures import bind, of_arguments, of_function
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.naming.importing import need

_INIT = frozenset({"init", "int", "inti", "intit", "inint", "iinit", "initt", "nit", "initialize", "initialise", "__init"})
_OTHERWISE = ("Changing the call: what it gives is what the definition itself asks for elsewhere.",)


def constructors(context: Context, name: str) -> Iterator[Idea]:
    """Yield the constructor that the class of the failing call lacks; `name` is that of the message, "" where it says none."""
    nodes = context.nodes(lambda node: isinstance(node, ast.Call) and (last_name(node.func) == name or not name))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    found = [item for call in calls for item in find_classes(context.project, last_name(call.func), context.module)]
    if len({item.node for item in found}) != 1:
        return
    item, call = found[0], calls[0]
    for method in item.methods.values():
        if method.name.strip("_").lower() in _INIT and bind(of_function(method), call).good:
            start = item.module.text.index(method.name, item.module.span(method.node)[0] + 3)
            yield Idea(
                title=f"name the constructor of {item.name} __init__",
                why=(
                    f"{item.name} has no __init__(); {method.name}() takes what the class is called with, and nothing calls it by that name. "
                    "The edit gives it the name under which Python calls it."
                ),
                edits=[(item.module, Edit(start, start + len(method.name), "__init__"))],
                prior=0.95,
                alternatives=_OTHERWISE,
            )
            return
    yield from _dataclass(context, item, call)


def _dataclass(context: Context, item: Class, call: ast.Call) -> Iterator[Idea]:
    fields = [node for node in item.node.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
    if not fields or item.node.decorator_list or item.bases or "__init__" in item.methods:
        return
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(arg="self"), *(ast.arg(arg=node.target.id) for node in fields if isinstance(node.target, ast.Name))],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[node.value for node in fields if node.value is not None],
    )
    binding = bind(of_arguments(arguments, bound=True), call)
    mutable = any(isinstance(node.value, ast.List | ast.Dict | ast.Set) for node in fields)
    if not (binding.good or binding.unknown) or mutable:
        return
    text, edits = need(context.project, item.module, "dataclasses", "dataclass")
    at = item.module.line_start(item.node.lineno)
    indent = item.module.own_indent(item.node) or ""
    yield Idea(
        title=f"make {item.name} a dataclass: it lists its fields and has no constructor",
        why=(
            f"{item.name} lists {', '.join(ast.unparse(node.target) for node in fields[:5])} with their types and defines no __init__(), "
            "and it is called with values for them. The edit makes it a dataclass, which has that constructor."
        ),
        edits=[(item.module, edit) for edit in joined(edits, Edit(at, at, f"{indent}@{text}\n"))],
        prior=0.92,
        alternatives=_OTHERWISE,
    )
