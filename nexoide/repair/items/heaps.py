"""Heaps whose entries are alike in their rank: a running number between rank and item, so that two items are never compared."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need_module


def numbered(context: Context) -> Iterator[Idea]:
    """Yield the running number for every push and every pop of the module's heap; nothing where a use of it is not clear."""
    module = context.module
    pushes = [node for node in module.nodes if isinstance(node, ast.Call) and last_name(node.func) in ("heappush", "heappushpop") and len(node.args) == 2]
    pops = [node for node in module.nodes if isinstance(node, ast.Call) and last_name(node.func) == "heappop"]
    entries = [node.args[1] for node in pushes]
    if not entries or not all(isinstance(entry, ast.Tuple) and len(entry.elts) == 2 for entry in entries):
        return
    names = {module.segment(node.args[0]) for node in (*pushes, *pops) if node.args}
    if len({name.rsplit(".", 1)[-1] for name in names}) != 1 or "_sequence" in index(module).globals:
        return
    popped = [edit for node in pops if (edit := _popped(module, node)) is not None]
    first = _first_definition(module)
    if len(popped) != len(pops) or first is None:
        return
    whole, extra = need_module(context.project, module, "itertools")
    inserted = [Edit(at, at, "next(_sequence), ") for entry in entries if isinstance(entry, ast.Tuple) for at in [module.span(entry.elts[1])[0]]]
    at = module.line_start(first)
    before = "".join(f"{edit.text}\n" for edit in extra if edit.start == at)
    counter = Edit(at, at, f"{before}_sequence = {whole}.count()\n\n\n")
    extra = [edit for edit in extra if edit.start != at]
    yield Idea(
        title=f"number the entries of {short(next(iter(names)))}",
        why=(
            "Two entries have the same rank, and then their items are compared, which have no order. The edit puts a "
            "running number between, so that what came first comes out first."
        ),
        edits=[(module, edit) for edit in (*inserted, *popped, counter, *extra)],
        prior=0.84,
        alternatives=("Giving the items an order of their own: nothing says which.",),
    )


def _popped(module: Module, call: ast.Call) -> Edit | None:
    """Return the edit that unpacks one part more where an entry is taken; None where it is used in another way."""
    parent = module.parents.get(call)
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Tuple) and len(parent.targets[0].elts) == 2:
        at = module.span(parent.targets[0].elts[1])[0]
        return Edit(at, at, "_, ")
    if isinstance(parent, ast.Subscript) and isinstance(parent.slice, ast.Constant) and parent.slice.value in (0, 1, -1):
        return Edit(*module.span(parent.slice), "2" if parent.slice.value == 1 else module.segment(parent.slice))
    return None


def _first_definition(module: Module) -> int | None:
    """Return the line of the first function or class at the top of a file, decorators included."""
    for node in module.tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            return min([node.lineno, *(item.lineno for item in node.decorator_list)])
    return None
