"""Temporary files and folders that are deleted before they are used."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.reach import nodes_of, reached
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.resources.closed_blocks import after_block

_MAKERS = frozenset({"TemporaryDirectory", "NamedTemporaryFile"})


def gone_too_early(context: Context) -> Iterator[Idea]:
    """Yield a folder, or a file, that lives as long as it is used."""
    for item in reached(context):
        for node in nodes_of(item):
            if isinstance(node, ast.Attribute) and node.attr == "name" and isinstance(node.value, ast.Call) and last_name(node.value.func) in _MAKERS:
                idea = _kept(item.module, node, node.value)
                if idea is not None:
                    yield idea
                    return
            if isinstance(node, ast.With) and isinstance(node.items[0].context_expr, ast.Call):
                call = node.items[0].context_expr
                if last_name(call.func) == "NamedTemporaryFile" and _returns_name(node):
                    yield _undeleted(item.module, call)
                    return
    if any(isinstance(node, ast.Name | ast.Attribute) and last_name(node) in _MAKERS for item in reached(context) for node in nodes_of(item)):
        yield from after_block(context)


def _kept(module: Module, node: ast.Attribute, call: ast.Call) -> Idea | None:
    if last_name(call.func) == "NamedTemporaryFile":
        return _undeleted(module, call)
    if isinstance(call.func, ast.Attribute):
        maker = f"{module.segment(call.func.value)}.mkdtemp"
    elif "mkdtemp" in index(module).imports:
        maker = "mkdtemp"
    else:
        return None
    arguments = module.text[module.span(call.func)[1] : module.span(call)[1]]
    return Idea(
        title="make the temporary folder with mkdtemp()",
        why=f"{module.rel}:{node.lineno} keeps only the name of the TemporaryDirectory, which deletes its folder as soon as nothing holds it. "
        "The edit makes a folder that stays.",
        edits=[(module, Edit(*module.span(node), f"{maker}{arguments}"))],
        prior=0.93,
        cautions=("Somebody must delete the folder.",),
    )


def _returns_name(block: ast.With) -> bool:
    name = last_name(block.items[0].optional_vars)
    return any(isinstance(item, ast.Return) and item.value is not None and f"{name}.name" in ast.unparse(item.value) for item in ast.walk(block)) and bool(name)


def _undeleted(module: Module, call: ast.Call) -> Idea:
    rest = [*call.args, *(item.value for item in call.keywords)]
    at = max((module.span(item)[1] for item in rest), default=module.span(call)[1] - 1)
    return Idea(
        title="keep the temporary file: delete=False",
        why=f"{module.rel}:{call.lineno} hands out the name of a temporary file that is deleted when it is closed. The edit keeps it.",
        edits=[(module, Edit(at, at, f"{', ' if rest else ''}delete=False"))],
        prior=0.9,
        cautions=("Somebody must delete the file.",),
    )
