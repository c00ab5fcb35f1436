"""Which rows of a table an error is about, and the edits that follow from them in the failing file and in its like."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nexoide.repair.code.bindings import unbound_uses
from nexoide.repair.code.edits import Edit, EditError, checked
from nexoide.repair.code.index import index
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.moved.alike import also, gone_by
from nexoide.repair.moved.rewrite import Rewriter
from nexoide.repair.moved.table import Move, Table
from nexoide.repair.moved.uses import from_imports, plain_imports, uses
from nexoide.repair.naming.imports import joined
from nexoide.repair.naming.packages import Layout
from nexoide.repair.rules.base import MissingAttribute, missing_attribute

_CANNOT_IMPORT = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'(?: \((.*?)\))?")
_NO_MODULE = re.compile(r"No module named '([\w.]+)'")
_REMOVED = re.compile(r"`np\.(\w+)` was removed|`(?:pydantic[\w.]*:)?(\w+)` has been (?:moved|removed)|^(\w+)$")
_NO_NAME = re.compile(r"name '(\w+)' is not defined")
MAX_FILES = 40


@dataclass(slots=True)
class Plan:
    """The rows that an error is about, and what rewriting by them changes; `lost`: a row knows no replacement."""

    rows: list[Move] = field(default_factory=list)
    edits: list[tuple[Module, Edit]] = field(default_factory=list)
    places: int = 0
    lost: list[Move] = field(default_factory=list)


def import_error(context: Context) -> tuple[str, str] | None:
    """Return (module, name) of a failed import; the name is "" where the module itself is not there."""
    raised = context.raised
    match = _CANNOT_IMPORT.match(raised.message) if raised.type in ("ImportError", "ModuleNotFoundError") else None
    if match:
        return match[2], match[1]
    match = _NO_MODULE.match(raised.message) if raised.type == "ModuleNotFoundError" else None
    return (match[1], "") if match else None


def imported_file(context: Context) -> str:
    """Return the file that a failed import's message names, "" where it names none."""
    match = _CANNOT_IMPORT.match(context.raised.message)
    return (match[3] or "") if match else ""


def plan(context: Context, layout: Layout, table: Table) -> Plan | None:
    """Return what a table says of an error, or None where no row is about it."""
    raised = context.raised
    failed = import_error(context)
    if failed is not None:
        return _of_import(context, layout, table, *failed)
    if raised.type == "NameError" and (match := _NO_NAME.match(raised.message)):
        rows = [row for row in table.of_kind("builtin") if row.old == match[1]]
        return _of_builtin(context, layout, rows) if rows else None
    told = _REMOVED.search(raised.message) if raised.type in ("AttributeError", "PydanticImportError") else None
    if told is not None:
        found = _of_removed(context, layout, table, told[1] or told[2] or told[3])
        if found is not None:
            return found
    missing = missing_attribute(raised)
    if missing is not None:
        found = _of_attribute(context, layout, table, missing)
        if found is not None:
            return found
    return _of_call(context, layout, table)


def _of_import(context: Context, layout: Layout, table: Table, module: str, name: str) -> Plan | None:
    file = imported_file(context)
    if file and context.project.relative(file) is not None:
        return None  # a file of the project's own in the place of the library's
    if name:
        rows = _plain(table.named(f"{module}.{name}"))
        if rows:
            return _named(context, layout, table, rows)
        whole = [row for row in table.of_kind("module") if row.old == f"{module}.{name}"]
        return _moved_modules(context, layout, table, whole) if whole else None
    if layout.is_own(context.module, module):
        return None
    modules = [row for row in table.of_kind("module") if module == row.old or module.startswith(row.old + ".")]
    below = [row for row in _plain(table.of_kind("name")) if row.old.startswith(module + ".") or module.startswith(row.old + ".")]
    if not modules and not below:
        return None
    return _moved_modules(context, layout, table, modules, below, module)


def _of_removed(context: Context, layout: Layout, table: Table, name: str) -> Plan | None:
    """Read a package's own message about one of its names."""
    held = {use.dotted for use in uses(context.module)} | {dotted for _, _, dotted in from_imports(context.module)}
    rows = [row for row in _plain(table.of_kind("name")) if row.old.rpartition(".")[2] == name and row.old in held]
    return _named(context, layout, table, rows) if rows else None


def _plain(rows: Iterable[Move]) -> list[Move]:
    """Leave out the rows that a message decides about."""
    return [row for row in rows if not row.message]


def _files(context: Context, rows: Iterable[Move]) -> list[Module]:
    """Return the failing file and the project's others, tests left out, that may use what the rows are about."""
    found = [context.module]
    for row in rows:
        owner, _, name = row.old.rpartition(".")
        for module in context.project.containing(owner.split(".")[0] or name):
            if module not in found and not is_test(module.rel):
                found.append(module)
    return found[:MAX_FILES]


def _named(context: Context, layout: Layout, table: Table, rows: list[Move]) -> Plan:
    """Rewrite a moved name and its siblings of the same module, wherever they are used."""
    owner = rows[0].old.rpartition(".")[0]
    limit = rows[0].gone
    if rows[0].package:
        installed = context.surroundings.packages.get(rows[0].package, "")
        siblings = [row for row in _plain(table.of_kind("name")) if gone_by(row, limit) or (installed and gone_by(row, installed))]
    else:
        siblings = [row for row in _plain(table.of_kind("name")) if row.gone == limit and row.old.rpartition(".")[0] == owner]
    by_name: dict[str, list[Move]] = {}
    for row in [*rows, *siblings]:
        if row not in by_name.setdefault(row.old, []):
            by_name[row.old].append(row)
    for group in by_name.values():
        group.sort(key=lambda row: row.positional < 0 and not row.needs and not row.lacks)
    return _rewritten(context, layout, rows, lambda rewriter: rewriter.names(lambda dotted: by_name.get(dotted, [])))


def _moved_modules(context: Context, layout: Layout, table: Table, modules: list[Move], below: list[Move] | None = None, gone: str = "") -> Plan:
    by_name: dict[str, list[Move]] = {}
    for row in below or []:
        by_name.setdefault(row.old, []).append(row)

    def rewrite(rewriter: Rewriter) -> None:
        if by_name:
            rewriter.names(lambda dotted: by_name.get(dotted, []))
        rewriter.modules(modules)

    found = _rewritten(context, layout, [*modules, *(below or [])], rewrite)
    held = {row.old for row in modules} | ({gone} if gone else set())
    if found.edits and _still_imports(context.module, layout, found, held):
        found.edits = []
    if not found.edits:
        found.lost = modules[:1] or (below or [])[:1]
    return found


def _still_imports(module: Module, layout: Layout, found: Plan, gone: set[str]) -> bool:
    """Say whether the failing file would go on importing what is not there."""
    try:
        new = Module(module.rel, checked(module, [edit for item, edit in found.edits if item is module]))
    except EditError:
        return True
    left = [item.name for _, item in plain_imports(new)] + [f"{dotted}" for _, _, dotted in from_imports(new)]
    return any(name == old or name.startswith(old + ".") for name in left for old in gone if not layout.is_own(module, old))


def _of_builtin(context: Context, layout: Layout, rows: list[Move]) -> Plan:
    siblings = {row.old: row for row in rows}

    def rewrite(rewriter: Rewriter) -> None:
        for name, row in siblings.items():
            rewriter.builtins(unbound_uses(rewriter.module, name), row)

    return _rewritten(context, layout, rows, rewrite)


def _of_attribute(context: Context, layout: Layout, table: Table, missing: MissingAttribute) -> Plan | None:
    nodes = context.nodes(lambda node: isinstance(node, ast.Attribute) and node.attr == missing.attribute)
    if missing.kind in ("module", "type"):
        dotted = {use.dotted for use in uses(context.module) if use.node in nodes} or {f"{missing.owner}.{missing.attribute}"}
        rows = [row for name in sorted(dotted) for row in _plain(table.named(name))]
        if rows:
            return _named(context, layout, table, rows)
        whole = [row for row in table.of_kind("module") if row.old in dotted]
        return _moved_modules(context, layout, table, whole) if whole else None
    owner = missing.owner.rsplit(".", 1)[-1]
    rows = [row for row in table.of_kind("method") if row.old == missing.attribute and (owner in row.types or "*" in row.types)]
    rows = [row for row in rows if not row.message]
    if not rows or not nodes or not (context.is_raising or rows[0].package):
        return None
    return _of_methods(context, layout, rows, [node for node in nodes if isinstance(node, ast.Attribute)])


def _of_methods(context: Context, layout: Layout, rows: list[Move], nodes: list[ast.Attribute]) -> Plan:
    name = rows[0].old
    own = [module for module in context.project.containing(f"def {name}") if any(item.name == name for item in index(module).functions)]
    wide = rows[0].wide and not own

    def rewrite(rewriter: Rewriter) -> None:
        module = rewriter.module
        receivers = {context.module.segment(node.value) for node in nodes}
        found = [item for item in module.nodes if isinstance(item, ast.Attribute) and item.attr == name and isinstance(item.ctx, ast.Load)]
        if not wide:
            function = context.module.function(nodes[0])
            found = [
                item
                for item in found
                if module is context.module and (item in nodes[:1] or (module.segment(item.value) in receivers and module.function(item) is function))
            ]
        rewriter.methods([item for item in found if module.segment(item).endswith(name)], rows)

    return _rewritten(context, layout, rows, rewrite)


def _of_call(context: Context, layout: Layout, table: Table) -> Plan | None:
    """Rewrite the call at the failing line that a row's message is about."""
    message = context.raised.message
    warned = context.raised.type.endswith("Warning")
    nodes = context.nodes(lambda node: isinstance(node, ast.Call))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    dotted = {use.node: use.dotted for use in uses(context.module)}
    for row in table.rows:
        if row.message and re.search(row.message, message) is None:
            continue
        if row.anywhere and any(use.dotted == row.old for module in context.project.containing(row.old.rpartition(".")[2]) for use in uses(module)):
            return _rewritten(context, layout, [row], _calls_of(row))
        if not row.message and not (warned and row.kind == "name" and row.gone != "0" and row.old.rpartition(".")[2] in message):
            continue
        for call in calls:
            found = _called(context, layout, row, call, dotted)
            if found is not None:
                return found
    return None


def _called(context: Context, layout: Layout, row: Move, call: ast.Call, dotted: dict[ast.Name | ast.Attribute, str]) -> Plan | None:
    func = call.func
    if row.kind == "method" or row.old.startswith("."):
        name = row.old.lstrip(".")
        if not isinstance(func, ast.Attribute) or func.attr != name or (row.kind == "method" and "*" not in row.types and "warning" not in row.types):
            return None
        if row.kind == "method":
            return _rewritten(context, layout, [row], lambda rewriter: rewriter.methods([func], [row]), only=True)
        if not rewrites(call, row):
            return None
        return _rewritten(context, layout, [row], lambda rewriter: _alike_calls(rewriter, row, call), only=True)
    if row.kind == "builtin" or not isinstance(func, ast.Name | ast.Attribute):
        return None
    is_builtin = row.kind == "call" and "." not in row.old and isinstance(func, ast.Name) and func.id == row.old and func not in dotted
    if dotted.get(func) != row.old and not is_builtin:
        return None
    if not rewrites(call, row):
        return None
    if row.keywords:
        return _rewritten(context, layout, [row], _calls_of(row))
    if row.call:
        return _rewritten(context, layout, [row], lambda rewriter: rewriter.fitting(call, None, row), only=True)
    by_name = {row.old: [row]}
    return _rewritten(context, layout, [row], lambda rewriter: rewriter.names(lambda name: by_name.get(name, [])))


def _alike_calls(rewriter: Rewriter, row: Move, failing: ast.Call) -> None:
    """Rewrite the failing call of a method, and the others of its file that are surely of the same kind."""
    name = row.old.lstrip(".")
    found = [node for node in ast.walk(rewriter.module.tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name]
    for call in sorted(found, key=lambda node: rewriter.module.span(node)[1] - rewriter.module.span(node)[0]):
        text = row.package == "sqlalchemy" and call.args and failing.args and _is_text(call.args[0]) and _is_text(failing.args[0])
        if call is not failing and not ((row.needs or text) and rewrites(call, row)):
            continue
        assert isinstance(call.func, ast.Attribute)
        if row.keywords:
            rewriter.keywords(call, row)
        else:
            rewriter.fitting(call, call.func, row)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def rewrites(call: ast.Call, row: Move) -> bool:
    """Say whether a call is one that a row is for."""
    return Rewriter.fits(call, row)


def _calls_of(row: Move) -> Callable[[Rewriter], None]:
    """Return what rewrites the keywords of every call that a row is for."""

    def rewrite(rewriter: Rewriter) -> None:
        for use in uses(rewriter.module):
            parent = rewriter.module.parents.get(use.node)
            if use.dotted == row.old and isinstance(parent, ast.Call) and parent.func is use.node and rewriter.fits(parent, row):
                rewriter.keywords(parent, row)

    return rewrite


def _rewritten(context: Context, layout: Layout, rows: list[Move], rewrite: Callable[[Rewriter], None], *, only: bool = False) -> Plan:
    found = Plan(rows=list(rows))
    for module in [context.module] if only else _files(context, rows):
        rewriter = Rewriter(module, layout)
        rewrite(rewriter)
        if rewriter.changed:
            also(context, rewriter, rows)
        edits = rewriter.edits()
        found.edits += [(module, edit) for edit in edits]
        found.places += rewriter.changed if edits else 0
    found.edits = joined(found.edits)
    if found.edits and not rows[0].anywhere and not any(module is context.module for module, _ in found.edits):
        found.edits = []
    if not found.edits:
        found.lost = rows[:1]
    return found
