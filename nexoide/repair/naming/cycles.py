"""How an import that closes a circle can wait: into the functions that use it, behind TYPE_CHECKING, or as the module itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from nexoide.repair.code.bindings import Scope, scopes
from nexoide.repair.code.bindings import uses as uses_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.naming.imports import ImportNode, Imports, is_type_checking, joined, local_import, source_of
from nexoide.repair.naming.packages import Layout, own_globals

MAX_FUNCTIONS = 4


@dataclass(slots=True)
class Waiting:
    """What each name of one import statement is used for: when functions run, in annotations, or while the file is read."""

    functions: dict[FunctionNode, list[ast.alias]] = field(default_factory=dict)
    annotations: list[ast.alias] = field(default_factory=list)
    at_once: list[ast.alias] = field(default_factory=list)
    exported: list[ast.alias] = field(default_factory=list)

    @property
    def can(self) -> bool:
        """Whether the import can wait at all."""
        return not self.at_once and not self.exported and bool(self.functions or self.annotations)


def waiting(layout: Layout, module: Module, node: ImportNode, names: list[ast.alias]) -> Waiting:
    """Return what the names of an import at a file's top level are used for."""
    found = Waiting()
    top = scopes(module).top
    for item in names:
        local = item.asname or item.name.split(".")[0]
        if item.name == "*":
            found.at_once.append(item)
            continue
        if _is_exported(layout, module, local):
            found.exported.append(item)
        for use in uses_of(module, top, local):
            if not isinstance(use.ctx, ast.Load):
                found.at_once.append(item)
                continue
            if _is_annotation(module, use):
                if item not in found.annotations:
                    found.annotations.append(item)
                if _annotation_is_read(module, use):
                    found.at_once.append(item)
                continue
            function = _function_of(_scope(module, use))
            if function is None:
                found.at_once.append(item)
            elif item not in found.functions.setdefault(function, []):
                found.functions[function].append(item)
    return found


def _scope(module: Module, use: ast.Name) -> Scope:
    return next(scope for name, scope in scopes(module).names if name is use)


def _function_of(scope: Scope | None) -> FunctionNode | None:
    """Return the function whose run evaluates a scope; None where that is the reading of the file itself."""
    while scope is not None:
        if isinstance(scope.node, FUNCTIONS):
            return scope.node
        if isinstance(scope.node, ast.Lambda) and _function_of(scope.parent) is None:
            return None
        scope = scope.parent
    return None


def _is_annotation(module: Module, node: ast.AST) -> bool:
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.arg) or (isinstance(parent, FUNCTIONS) and parent.returns is child):
            return True
        if isinstance(parent, ast.AnnAssign):
            return parent.annotation is child
        if isinstance(parent, ast.stmt):
            return False
        child = parent
    return False


def _annotation_is_read(module: Module, node: ast.AST) -> bool:
    """Say whether the class around an annotation reads it while the program runs, as pydantic's models do."""
    owner = module.owner(node)
    return (
        owner is not None
        and module.function(node) is None
        and any(last_name(base).endswith(("Model", "Schema", "Struct", "TypedDict")) for base in owner.bases)
    )


def _is_exported(layout: Layout, module: Module, local: str) -> bool:
    """Say whether another file imports a name from here that this file only passes on."""
    if module.rel.endswith("__init__.py"):
        return True
    stem = module.rel.rsplit("/", 1)[-1].removesuffix(".py")
    for other in layout.project.containing(local, stem):
        if other is module:
            continue
        for node in other.nodes:
            if isinstance(node, ast.ImportFrom) and any(item.name == local for item in node.names) and layout.file(other, source_of(node)) == module.rel:
                return True
            if isinstance(node, ast.Attribute) and node.attr == local and last_name(node.value) == stem:
                return True
    return False


def deferred(layout: Layout, module: Module, node: ImportNode, names: list[ast.alias], how: Waiting, *, closing: bool) -> list[tuple[Module, Edit]] | None:
    """Return the edits that let an import wait, or None where a function has no room for it.

    `closing`: it is the import that came round to where it began; there the module itself, incomplete as it is, will do.
    """
    if closing and len(how.functions) > MAX_FUNCTIONS:
        return _as_module(layout, module, node, names, how)
    edits: list[Edit] = []
    imports = Imports(module, layout)
    for item in names:
        imports.drop(item)
    for function, items in how.functions.items():
        edit = local_import(module, function, _text(node, items))
        if edit is None:
            return None
        edits.append(edit)
    if how.annotations:
        edits += _behind_type_checking(module, imports, node, how.annotations)
    return joined((module, edit) for edit in [*imports.edits(), *edits])


def _text(node: ImportNode, items: list[ast.alias]) -> str:
    written = ", ".join(f"{item.name} as {item.asname}" if item.asname else item.name for item in items)
    return f"from {source_of(node)} import {written}" if isinstance(node, ast.ImportFrom) else f"import {written}"


def _behind_type_checking(module: Module, imports: Imports, node: ImportNode, items: list[ast.alias]) -> list[Edit]:
    """Return the edits that keep names for annotations alone."""
    text = _text(node, items)
    edits: list[Edit] = []
    if "from __future__ import annotations" not in module.text:
        edits.append(imports.future("annotations"))
    block = next((item for item in module.tree.body if isinstance(item, ast.If) and is_type_checking(item)), None)
    if block is not None and (indent := module.own_indent(block.body[0])):
        end = module.span(block.body[-1])[1]
        return [*edits, Edit(end, end, f"\n{indent}{text}")]
    imports.want("typing", "TYPE_CHECKING")
    last = [item for item in module.tree.body if isinstance(item, ast.Import | ast.ImportFrom)][-1]
    end = module.text.find("\n", module.span(last)[1])
    at = end + 1 if end >= 0 else len(module.text)
    return [*edits, Edit(at, at, f"\nif TYPE_CHECKING:\n    {text}\n")]


def _as_module(layout: Layout, module: Module, node: ImportNode, names: list[ast.alias], how: Waiting) -> list[tuple[Module, Edit]] | None:
    """Import the module in the place of its names, and read the names through it: that works in a circle."""
    if not isinstance(node, ast.ImportFrom) or node.level or not node.module or "." in node.module or how.annotations:
        return None
    imports = Imports(module, layout)
    edits: list[Edit] = []
    for item in names:
        imports.drop(item)
        edits += [Edit(*module.span(use), f"{node.module}.{item.name}") for use in uses_of(module, scopes(module).top, item.asname or item.name)]
    imports.want(node.module)
    return joined((module, edit) for edit in [*imports.edits(), *edits])


def below(module: Module, nodes: list[ImportNode], names: set[str]) -> list[tuple[Module, Edit]] | None:
    """Return the edits that move imports below the definitions that the other file needs of this one; None where they need them themselves."""
    held = own_globals(module)
    wanted = [held[name] for name in names if name in held]
    if not wanted or len(wanted) != len(names) or any(item not in module.tree.body for item in wanted):
        return None
    last = max(wanted, key=lambda item: item.lineno)
    moved = sorted((node for node in nodes if node.lineno < last.lineno), key=lambda node: node.lineno)
    local = {item.asname or item.name.split(".")[0] for node in moved for item in node.names}
    for statement in module.tree.body:
        if moved and moved[0].lineno < statement.lineno <= last.lineno and statement not in moved and _reads_at_once(module, statement, local):
            return None
    last_end = module.text.find("\n", module.span(last)[1])
    if not moved or last_end < 0 or any(module.own_indent(node) != "" for node in moved):
        return None
    first = at = module.line_start(moved[0].lineno)
    between, texts = "", ""
    for node in moved:
        start, end = module.span(node)
        between += module.text[at : module.line_start(node.lineno)]
        at = module.text.find("\n", end) + 1
        texts += f"{module.text[start:end]}  # noqa: E402\n"
    between += module.text[at : last_end + 1]
    if first == 0:
        between = between.lstrip("\r\n")
    return [(module, Edit(first, last_end + 1, f"{between}\n{texts}".replace("\r\n", "\n")))]


def _reads_at_once(module: Module, statement: ast.stmt, names: set[str]) -> bool:
    top = scopes(module).top
    inside = set(ast.walk(statement))
    return any(use in inside and _function_of(_scope(module, use)) is None for name in names for use in uses_of(module, top, name))
