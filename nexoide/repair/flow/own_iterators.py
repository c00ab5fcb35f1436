"""Classes that are their own iterator and do not begin again: gone through once, their objects are empty."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.flow.iterator_uses import twice


@dataclass(frozen=True, slots=True)
class OwnIterator:
    """A class whose `__iter__` gives back the object as it is: the attribute that counts, and with what it begins."""

    module: Module
    item: ast.ClassDef
    iterates: FunctionNode
    attribute: str
    begins: str


def own_iterators(module: Module) -> Iterator[OwnIterator]:
    """Yield the classes of a file that are their own iterator and count in an attribute that only `__init__` sets back."""
    for node in module.nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        methods = {part.name: part for part in node.body if isinstance(part, ast.FunctionDef) and part.args.args}
        if not {"__iter__", "__next__", "__init__"} <= set(methods):
            continue
        body = methods["__iter__"].body
        own = methods["__iter__"].args.args[0].arg
        if len(body) != 1 or not isinstance(body[0], ast.Return) or not isinstance(body[0].value, ast.Name) or body[0].value.id != own:
            continue
        counted = {part.target.attr for part in ast.walk(methods["__next__"]) if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Attribute)}
        stores = [(part.targets[0], part.value) for part in methods["__init__"].body if isinstance(part, ast.Assign) and len(part.targets) == 1]
        found = [
            (target.attr, begins)
            for target, value in stores
            if isinstance(target, ast.Attribute) and target.attr in counted and (begins := _begins(module, stores, target.attr, value, own))
        ]
        if len(found) == 1:
            yield OwnIterator(module, node, methods["__iter__"], *found[0])


def _begins(module: Module, stores: Sequence[tuple[ast.expr, ast.expr]], attribute: str, value: ast.expr, own: str) -> str:
    """Return with what an attribute begins, as text that means the same in another method; "" where there is none."""
    if isinstance(value, ast.Constant | ast.UnaryOp):
        return module.segment(value)
    if isinstance(value, ast.Name):
        kept = [
            target.attr for target, other in stores if isinstance(target, ast.Attribute) and target.attr != attribute and ast.dump(other) == ast.dump(value)
        ]
        return f"{own}.{kept[0]}" if kept else ""
    return ""


def is_gone_through_again(project: Project, held: OwnIterator) -> bool:
    """Say whether the project goes through an object of the class a second time."""
    for module in project.containing(held.item.name + "("):
        known = module is held.module or held.item.name in index(module).imports
        for node in module.nodes:
            if not known or not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call) or last_name(node.value.func) != held.item.name:
                continue
            target = node.targets[0]
            if isinstance(target, ast.Name):
                inside: ast.AST = module.function(node) or module.tree
                loads = [part for part in ast.walk(inside) if isinstance(part, ast.Name) and part.id == target.id and isinstance(part.ctx, ast.Load)]
                if twice(project, module, loads, node) is not None:
                    return True
    return False
