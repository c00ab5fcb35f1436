"""Where a file uses a dotted name of another module, under whatever name it imported it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.bindings import owner, scopes
from nexoide.repair.code.source import Module
from nexoide.repair.naming.imports import source_of


@dataclass(frozen=True, slots=True)
class Use:
    """One use: the expression, its dotted name, and the import that its first part comes from."""

    node: ast.Name | ast.Attribute
    dotted: str
    alias: ast.alias


def uses(module: Module) -> list[Use]:
    """Return all uses of imported names in a file, each dotted prefix by itself: `a.b.c` is a, a.b and a.b.c."""
    found: list[Use] = []
    for name, scope in scopes(module).names:
        if not isinstance(name.ctx, ast.Load):
            continue
        where = owner(scope, name.id)
        for item in where.bound[name.id] if where is not None else []:
            if isinstance(item, ast.alias) and (dotted := imported(module, item)):
                found += _prefixes(module, name, dotted, item)
    return found


def _prefixes(module: Module, name: ast.Name, dotted: str, alias: ast.alias) -> Iterator[Use]:
    node: ast.Name | ast.Attribute = name
    yield Use(node, dotted, alias)
    parent = module.parents.get(node)
    while isinstance(parent, ast.Attribute) and parent.value is node:
        node, dotted = parent, f"{dotted}.{parent.attr}"
        yield Use(node, dotted, alias)
        parent = module.parents.get(node)


def imported(module: Module, item: ast.alias) -> str:
    """Return the dotted name that an import binds its name to, "" for a relative one."""
    node = module.parents.get(item)
    if isinstance(node, ast.ImportFrom):
        return "" if node.level or item.name == "*" else f"{source_of(node)}.{item.name}"
    return item.name if item.asname else item.name.split(".")[0]


def from_imports(module: Module) -> Iterator[tuple[ast.ImportFrom, ast.alias, str]]:
    """Yield the names that a file imports from other modules, absolute ones, with their dotted names."""
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node, item, f"{node.module}.{item.name}") for item in node.names)


def plain_imports(module: Module) -> Iterator[tuple[ast.Import, ast.alias]]:
    """Yield the modules that a file imports by `import`."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node, item) for item in node.names)
