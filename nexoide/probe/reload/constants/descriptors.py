"""Descriptors that a class body makes by a call (`age = Field(3)`): whether a live one is still as its text made it."""

from __future__ import annotations

import ast
from types import FunctionType

from ...guard import attempt
from ...values import _mro, _type_vars, instance_vars
from ..statements.effects import Snapshot
from ..text.source import Refused
from .equality import same
from .expected import mangled_in, targets, value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..plan import ModulePlan


def as_made(plan: ModulePlan, owner: Any, node: ast.stmt, name: str, live: Any) -> bool:
    """Tell whether the old text, run aside once more, makes a descriptor that holds the same as the live one.

    What making it did to the class or to what the text names is undone; nothing is run where nothing may be (`explain`).
    """
    value = value_of(node)
    if owner is plan.module or value is None or not _is_descriptor(type(live)):
        return False
    if plan.shared.dry:
        return True
    before = Snapshot([owner, type(live), *_subjects(plan, value)])
    made, error = attempt(_named, plan, owner, node, value, name)
    before.restore()
    return error is None and type(made) is type(live) and same(instance_vars(made), instance_vars(live), loose=True)


def _named(plan: ModulePlan, owner: Any, node: ast.stmt, value: ast.expr, name: str) -> Any:
    made: Any = _made(plan, owner, node, value).get(name)
    if any("__set_name__" in _type_vars(kind) for kind in _mro(type(made))):
        made.__set_name__(owner, name)
    return made


def _is_descriptor(kind: Any) -> bool:
    """Tell whether a class of the program makes descriptors that hold all they hold in their dict."""
    members = [_type_vars(item) for item in _mro(kind)[:-1]]
    if any(names.get("__slots__") for names in members):
        return False
    return any(type(names.get(word)) is FunctionType for names in members for word in ("__get__", "__set__", "__set_name__"))


def _subjects(plan: ModulePlan, value: ast.expr) -> list[Any]:
    return [plan.variables[node.id] for node in ast.walk(value) if isinstance(node, ast.Name) and node.id in plan.variables]


def _made(plan: ModulePlan, owner: Any, node: ast.stmt, value: ast.expr) -> dict[str, Any]:
    """Run the assignment of the old text with what names mean now, and forget what it bound."""
    plain = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store()) for name in targets(node)], value=value)
    names, classes = dict(plan.scratch.names), dict(plan.scratch.of_class)
    plan.scratch.names.clear()
    plan.scratch.of_class.clear()
    try:
        bound = plan.scratch.execute_in(owner, ast.fix_missing_locations(ast.copy_location(plain, node)))
    except Refused:
        return {}
    finally:
        plan.scratch.names.clear()
        plan.scratch.names.update(names)
        plan.scratch.of_class.clear()
        plan.scratch.of_class.update(classes)
    return {mangled_in(owner, plan.module, name): item for name, item in bound.items()}
