"""Module-level containers that code takes as its own and changes: `options = DEFAULTS`, then `options[key] = ...`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index
from nexoide.repair.code.names import words
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import Module
from nexoide.repair.flow.shared_values import is_changed, is_mutable
from nexoide.repair.naming.importing import need

_SHARED_ON_PURPOSE = frozenset(["cache", "memo", "memory", "registry", "state", "store", "log", "stats", "handlers", "seen", "counts", "pool", "queue"])
_CONTAINERS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


@dataclass(frozen=True, slots=True)
class Alias:
    """A local name or an attribute that is given a module-level container itself and changed afterwards."""

    name: str
    node: ast.Name
    value: ast.expr


def container(project: Project, module: Module, node: ast.expr) -> ast.expr | None:
    """Return what a constant's name (all capitals) is given at the level of its module, where that is a container that can be changed."""
    if not isinstance(node, ast.Name) or not node.id.isupper() or set(words(node.id)) & _SHARED_ON_PURPOSE:
        return None
    wanted, home = node.id, module
    source = index(module).imports.get(node.id)
    if source is not None:
        wanted = source[1] or node.id
        homes = [item for item in project.containing(wanted) if item is not module and _given(item, wanted) is not None]
        if len(homes) != 1:
            return None
        home = homes[0]
    return _given(home, wanted)


def _given(module: Module, name: str) -> ast.expr | None:
    values = [
        statement.value
        for statement in module.tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name) and target.id == name
    ]
    return values[0] if len(values) == 1 and is_mutable(values[0]) else None


def is_nested(value: ast.expr) -> bool:
    """Say whether a container holds further containers, which a plain copy would share."""
    return any(isinstance(item, _CONTAINERS) for item in ast.walk(value) if item is not value)


def copied(project: Project, module: Module, text: str, value: ast.expr) -> tuple[str, list[Edit]]:
    """Return the expression that copies a container, containers inside it included, and the edits that import what it needs."""
    if not is_nested(value):
        return f"{text}.copy()", []
    name, edits = need(project, module, "copy", "deepcopy")
    return f"{name}({text})", edits


def aliases(project: Project, module: Module, nodes: list[ast.AST]) -> Iterator[Alias]:
    """Yield the names in a function's nodes that are a module-level container itself, and that the code changes."""
    for node in nodes:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        for part in _choices(node.value):
            value = container(project, module, part)
            if value is None or not isinstance(part, ast.Name):
                continue
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and is_changed(nodes, target.id):
                    yield Alias(target.id, part, value)
                elif isinstance(target, ast.Attribute) and (owner := module.owner(node)) is not None and is_changed(ast.walk(owner), ast.unparse(target)):
                    yield Alias(ast.unparse(target), part, value)


def _choices(value: ast.expr) -> list[ast.expr]:
    """Return the expressions whose value an expression may be itself: both sides of an `or`, both ends of an `if`."""
    if isinstance(value, ast.BoolOp):
        return value.values
    return [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
