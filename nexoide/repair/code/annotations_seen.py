"""What annotations say of a name or an attribute, where the source has them."""

from __future__ import annotations

import ast

from nexoide.repair.code.index import members
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import owner_classes
from nexoide.repair.context import Context


def annotation_of(context: Context, module: Module, node: ast.expr) -> str:
    """Return the annotation's text of an attribute, a parameter or a variable, "" where there is none."""
    if isinstance(node, ast.Attribute):
        for item in owner_classes(context, module, node.value)[:1]:
            attribute = members(context.project, item).attributes.get(node.attr)
            return attribute.annotation if attribute is not None else ""
    if not isinstance(node, ast.Name):
        return ""
    function = module.function(node)
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs) if function is not None else ()
    for one in arguments:
        if one.arg == node.id and one.annotation is not None:
            return module.segment(one.annotation)
    for inner in ast.walk(function if function is not None else module.tree):
        if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name) and inner.target.id == node.id:
            return module.segment(inner.annotation)
    return ""
