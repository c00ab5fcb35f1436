"""A variable that hides what its name meant before: which uses mean which, and the edits that give it a name of its own."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass

from nexoide.repair.code.bindings import Scope, owner, scopes
from nexoide.repair.code.bindings import uses as uses_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.naming.imports import Imports, bound_names, joined
from nexoide.repair.naming.packages import Layout

_TAKES_FUNCTION = frozenset({"map", "filter", "sorted", "sort", "min", "max", "partial", "reduce", "defaultdict", "isinstance", "issubclass"})


@dataclass(frozen=True, slots=True)
class Shadow:
    """A name whose variable, in `scope`, hides a builtin, an import or a definition (`hidden` says which)."""

    name: str
    scope: Scope
    hidden: str
    same_scope: bool


def shadow(module: Module, node: ast.Name) -> Shadow | None:
    """Return what the variable that a name means here hides, or None where it hides nothing."""
    where = owner(scopes(module).inside(module, node), node.id)
    if where is None or where.is_class:
        return None
    bound = where.bound[node.id]
    variables = [item for item in bound if isinstance(item, ast.Name | ast.arg | ast.ExceptHandler | ast.NamedExpr)]
    if not variables:
        return None
    earlier = [item for item in bound if isinstance(item, (*FUNCTIONS, ast.ClassDef, ast.alias))]
    if earlier:
        return Shadow(node.id, where, _kind(earlier[0], node.id), same_scope=True)
    outer = where.parent
    while outer is not None:
        held = [item for item in outer.bound.get(node.id, []) if isinstance(item, (*FUNCTIONS, ast.ClassDef, ast.alias))]
        if held and not outer.is_class:
            return Shadow(node.id, where, _kind(held[0], node.id), same_scope=False)
        outer = outer.parent
    if hasattr(builtins, node.id):
        return Shadow(node.id, where, f"the builtin {node.id}", same_scope=False)
    return None


def _kind(item: ast.AST, name: str) -> str:
    if isinstance(item, ast.alias):
        return f"the import {name}"
    return f"the class {name}" if isinstance(item, ast.ClassDef) else f"the function {name}()"


def means_hidden(module: Module, use: ast.Name, attributes: frozenset[str] | None) -> bool:
    """Say whether a read means what the variable hides: it is called, read for a member of it, or handed over as a function."""
    if not isinstance(use.ctx, ast.Load):
        return False
    parent = module.parents.get(use)
    if isinstance(parent, ast.Attribute):
        return attributes is not None and parent.attr in attributes
    if attributes is not None:
        return False
    if isinstance(parent, ast.Call):
        if parent.func is use:
            return True
        place = parent.args.index(use) if use in parent.args else -1
        name = last_name(parent.func)
        return name in _TAKES_FUNCTION and (
            (name in ("isinstance", "issubclass") and place == 1) or (name in ("map", "filter", "reduce", "partial", "defaultdict") and place == 0)
        )
    if isinstance(parent, ast.keyword):
        return parent.arg in ("key", "default_factory", "type", "factory")
    return in_annotation(module, use)


def in_annotation(module: Module, node: ast.AST) -> bool:
    """Say whether a node stands in an annotation."""
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


def free(module: Module, name: str) -> str:
    """Return a name for the variable that nothing in the file has yet."""
    taken = bound_names(module) | {node.id for node in module.nodes if isinstance(node, ast.Name)}
    return next(item for item in (f"{name}_value", f"own_{name}", f"{name}_", f"{name}__") if item not in taken)


def renamed(layout: Layout, module: Module, found: Shadow, attributes: frozenset[str] | None) -> tuple[str, list[tuple[Module, Edit]]] | None:
    """Return the variable's new name and the edits of all its uses; None where a use cannot be told or reached."""
    new = free(module, found.name)
    edits: list[tuple[Module, Edit]] = []
    for use in uses_of(module, found.scope, found.name):
        if means_hidden(module, use, attributes):
            continue
        if module.segment(use) != found.name:
            return None  # inside an f-string, where older interpreters give no position
        edits.append((module, Edit(*module.span(use), new)))
    for item in found.scope.bound[found.name]:
        if isinstance(item, ast.arg):
            start = module.offset(item.lineno, item.col_offset)
            edits.append((module, Edit(start, start + len(found.name), new)))
            keywords = _keywords(layout, module, found, item)
            if keywords is None:
                return None
            edits += [(other, Edit(start, start + len(found.name), new)) for other, start in keywords]
        elif isinstance(item, ast.ExceptHandler):
            text = module.segment(item) if isinstance(item, ast.expr) else module.text[module.offset(item.lineno, item.col_offset) :]
            at = text.find(f" as {found.name}")
            if at < 0:
                return None
            start = module.offset(item.lineno, item.col_offset) + at + 4
            edits.append((module, Edit(start, start + len(found.name), new)))
    if found.scope.is_module and _is_read_elsewhere(layout, module, found.name):
        return None
    edits += _declared(module, found.name, new) if found.scope.is_module else []
    return (new, joined(dict.fromkeys(edits))) if edits else None


def _keywords(layout: Layout, module: Module, found: Shadow, item: ast.arg) -> list[tuple[Module, int]] | None:
    """Return where calls give a parameter by keyword; None where that cannot be told."""
    function = found.scope.node
    if isinstance(function, ast.Lambda):
        return []
    if not isinstance(function, FUNCTIONS):
        return None
    starts: list[tuple[Module, int]] = []
    name = function.name
    parent = module.parents.get(function)
    if name == "__init__" and isinstance(parent, ast.ClassDef):
        name = parent.name
    for other in layout.project.containing(name, found.name):
        for node in other.nodes:
            if isinstance(node, ast.Call) and last_name(node.func) == name:
                for keyword in node.keywords:
                    if keyword.arg == found.name:
                        if is_test(other.rel):
                            return None
                        starts.append((other, other.span(keyword)[0]))
    return starts


def _is_read_elsewhere(layout: Layout, module: Module, name: str) -> bool:
    """Say whether another file reads a module-level name of this one."""
    stem = module.rel.rsplit("/", 1)[-1].removesuffix(".py")
    for other in layout.project.containing(name, stem):
        if other is module:
            continue
        source = index(other).imports.get(name)
        if source is not None and layout.file(other, source[0]) == module.rel:
            return True
        if any(isinstance(node, ast.Attribute) and node.attr == name and last_name(node.value) == stem for node in other.nodes):
            return True
    return False


def _declared(module: Module, name: str, new: str) -> list[tuple[Module, Edit]]:
    """Return the edits of the `global` statements that name a variable."""
    found = [node for node in module.nodes if isinstance(node, ast.Global) and name in node.names]
    return [(module, Edit(*module.span(node), "global " + ", ".join(new if item == name else item for item in node.names))) for node in found]


def through_builtins(layout: Layout, module: Module, found: Shadow) -> list[tuple[Module, Edit]]:
    """Return the edits that call the builtin by way of its module, where the variable cannot be renamed."""
    imports = Imports(module, layout)
    edits = [
        Edit(*module.span(use), f"{imports.want('builtins')}.{found.name}")
        for use in uses_of(module, found.scope, found.name)
        if means_hidden(module, use, None) and module.segment(use) == found.name
    ]
    return joined((module, edit) for edit in [*imports.edits(), *edits])
