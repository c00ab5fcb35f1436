"""What cannot be pickled: factories and functions that have no name to be found by again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short

PICKLE = re.compile(r"Can't pickle |Can't get local object |cannot pickle |Can't pickle local object ")
_FACTORIES = {
    "0": "int",
    "[]": "list",
    "{}": "dict",
    '""': "str",
    "''": "str",
    "set()": "set",
    "0.0": "float",
    "False": "bool",
    "list()": "list",
    "dict()": "dict",
    "Counter()": "Counter",
}


def pickle_ideas(context: Context) -> Iterator[Idea]:
    """Yield a named factory in the place of an unnamed one, and the function itself in the place of one that only calls it."""
    if "lambda" not in context.raised.message:
        context.refuse("What was to be pickled holds something that cannot be: a lock, a connection, a generator or an inner function.")
        return
    edits: list[tuple[Module, Edit]] = []
    names: list[str] = []
    for module in context.project.containing("lambda"):
        if is_test(module.rel):
            continue
        for node in module.nodes:
            if isinstance(node, ast.Lambda) and not (node.args.args or node.args.kwonlyargs or node.args.vararg or node.args.kwarg):
                parent = module.parents.get(node)
                name = _FACTORIES.get(module.segment(node.body))
                holder = parent if isinstance(parent, ast.Call) else module.parents.get(parent) if isinstance(parent, ast.keyword) else None
                if name and isinstance(holder, ast.Call) and last_name(holder.func) in ("defaultdict", "field"):
                    edits.append((module, Edit(*module.span(node), name)))
                    names.append(name)
    if edits:
        yield Idea(
            title=f"name the factory: {names[0]}",
            why="A lambda has no name under which it is found again, so that what holds one cannot be pickled. The edit names the type that gives the same.",
            edits=edits,
            prior=0.93,
        )
        return
    for node in context.nodes(lambda item: isinstance(item, ast.Lambda)):
        assert isinstance(node, ast.Lambda)
        body = node.body
        arguments = [item.arg for item in node.args.args]
        if isinstance(body, ast.Call) and isinstance(body.func, ast.Name) and [last_name(item) for item in body.args] == arguments and not body.keywords:
            text = short(context.module.segment(body.func))
            yield Idea(
                title=f"give {text} itself",
                why=f"A lambda cannot be pickled, and this one only calls {text}. The edit gives {text}.",
                edits=[(context.module, Edit(*context.module.span(node), context.module.segment(body.func)))],
                prior=0.93,
            )
            return
