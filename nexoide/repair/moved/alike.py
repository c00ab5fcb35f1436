"""What else in a file the interpreter surely lacks, so that one repair does not uncover the next of its kind."""

from __future__ import annotations

import ast

from nexoide.repair.code.bindings import unbound_uses
from nexoide.repair.code.index import index
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.moved.rewrite import Rewriter
from nexoide.repair.moved.table import Move, packages, stdlib
from nexoide.repair.moved.uses import plain_imports, uses

_VERSION_WORDS = ("version_info", "PY2", "PY3", "hexversion", "python_version")


def is_gone(context: Context, row: Move) -> bool:
    """Say whether the interpreter that ran the program surely lacks what a row is about."""
    return not row.package and context.surroundings.version != (0, 0) and gone_by(row, context.surroundings.python)


def gone_by(row: Move, version: str) -> bool:
    """Say whether a version surely lacks what a row is about."""
    return row.gone not in ("", "0") and _numbers(version) >= _numbers(row.gone)


def _numbers(version: str) -> tuple[int, int]:
    parts = [part for part in version.split(".")[:2] if part.isdigit()]
    return (int(parts[0]), int(parts[1]) if len(parts) > 1 else 0) if parts else (0, 0)


def also(context: Context, rewriter: Rewriter, rows: list[Move]) -> None:
    """Rewrite in a file that is edited anyway what would fail next; code that asks for the version is left alone."""
    if rows[0].package:
        _of_package(context, rewriter, rows[0])
        return
    module, done = rewriter.module, set(rows)
    if any(word in module.text for word in _VERSION_WORDS) or "ImportError" in module.text or "ModuleNotFoundError" in module.text:
        return
    gone = [row for row in stdlib().rows if row not in done and is_gone(context, row)]
    by_name: dict[str, list[Move]] = {}
    for row in gone:
        if row.kind == "name" and not row.message and (row.new or row.call):
            by_name.setdefault(row.old, []).append(row)
    old = {row.old for row in rows}
    rewriter.names(lambda dotted: by_name.get(dotted, []) if dotted not in old else [])
    for row in gone:
        if row.kind == "builtin":
            rewriter.builtins(unbound_uses(module, row.old), row)
        elif row.kind == "name" and row.keywords:
            _keywords(rewriter, row)
        elif row.kind == "method" and row.wide and not row.message and f".{row.old}" in module.text and not _is_own(context, row.old):
            found = [item for item in module.nodes if isinstance(item, ast.Attribute) and item.attr == row.old and isinstance(item.ctx, ast.Load)]
            rewriter.methods([item for item in found if module.segment(item).endswith(row.old)], [row])
    imported = {item.name for _, item in plain_imports(module)} | {
        node.module for node in module.nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    modules = [row for row in gone if row.kind == "module" and row.old in imported and not _is_file(context, module, row.old)]
    if modules:
        rewriter.modules([row for row in modules if row.new or row.members])


def _of_package(context: Context, rewriter: Rewriter, row: Move) -> None:
    """Rewrite the names that went from a package together with, or before, what an error is about."""
    installed = context.surroundings.packages.get(row.package, "")
    by_name: dict[str, list[Move]] = {}
    for table in packages():
        for item in table.rows if any(held.package == row.package for held in table.rows[:1]) else ():
            if item.kind == "name" and item.old != row.old and not item.message and (gone_by(item, row.gone) or (installed and gone_by(item, installed))):
                by_name.setdefault(item.old, []).append(item)
    rewriter.names(lambda dotted: by_name.get(dotted, []))


def _keywords(rewriter: Rewriter, row: Move) -> None:
    for use in uses(rewriter.module):
        parent = rewriter.module.parents.get(use.node)
        if use.dotted == row.old and isinstance(parent, ast.Call) and parent.func is use.node and rewriter.fits(parent, row):
            rewriter.keywords(parent, row)


def _is_own(context: Context, name: str) -> bool:
    return any(item.name == name for module in context.project.containing(f"def {name}") for item in index(module).functions)


def _is_file(context: Context, module: Module, name: str) -> bool:
    folder = module.rel.rpartition("/")[0]
    path = name.replace(".", "/")
    return any(rel in context.project.files for base in ("", folder) for rel in ("/".join(filter(None, (base, path))) + ".py",))
