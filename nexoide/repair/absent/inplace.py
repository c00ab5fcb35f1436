"""Methods that change their object and return None (`sort`, `append`, `update`), used as if they returned the changed object."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import infer, own_nodes
from nexoide.repair.code.provenance import Origin
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

_METHODS = frozenset(["sort", "reverse", "append", "extend", "insert", "update", "add", "clear", "remove", "discard", "appendleft", "extendleft"])
_FUNCTIONS = frozenset(["shuffle", "heapify"])
_SETS = frozenset(["set", "frozenset"])


@dataclass(frozen=True, slots=True)
class InPlace:
    """The edits that use the changed object in the place of None, what they do in words, and how sure that is (0 to 1)."""

    edits: tuple[Edit, ...]
    what: str
    call: str
    sure: float


def in_place(context: Context, origin: Origin) -> InPlace | None:
    """Return the repair of a call that changed its object in place and gave None; None where the call is another one."""
    module, call = origin.module, origin.node
    if not isinstance(call, ast.Call) or origin.function is not None or origin.enters:
        return None
    receiver = _receiver(context, module, call)
    if receiver is None:
        return _printed(module, call)
    name = last_name(call.func)
    parent = module.parents.get(call)
    target = _target(parent, call)
    held = module.segment(receiver)
    label = f"{held}.{name}()" if isinstance(call.func, ast.Attribute) and call.func.value is receiver else f"{name}({held})"
    if target is not None and module.segment(target) == held:
        start, end = module.span(target)[0], module.span(call)[0]
        return InPlace((Edit(start, end, ""),), f"keeps {held}, which {label} changes, instead of giving it the None that {label} returns", label, 0.95)
    made = _as_value(context, module, call, receiver, name)
    statement = module.statement(call)
    indent = module.own_indent(statement) if statement is not None else None
    if isinstance(parent, ast.Return) and indent is not None and (made is None or name not in ("sort", "reverse")):
        start, end = module.span(parent)[0], module.span(parent)[1]
        return InPlace((Edit(start, end, f"{module.segment(call)}\n{indent}return {held}"),), f"returns {held} after {label} changed it", label, 0.92)
    if made is not None and not (name == "shuffle" and isinstance(receiver, ast.Name) and target is not None and indent is not None):
        start, end = module.span(call)  # a shuffle split off keeps the order that its generator's seed gives
        return InPlace((Edit(start, end, made),), f"uses {' '.join(made.split())[:60]}, which gives a value, for {label}, which gives None", label, 0.9)
    if target is not None and indent is not None and statement is parent:
        edit = Edit(module.span(target)[0], module.span(call)[1], f"{module.segment(call)}\n{indent}{module.segment(target)} = {held}")
        return InPlace((edit,), f"takes {held} after {label} changed it", label, 0.86)
    return None


def _receiver(context: Context, module: Module, call: ast.Call) -> ast.expr | None:
    """Return the object that a call changes in place, or None where it is not such a call."""
    name = last_name(call.func)
    if isinstance(call.func, ast.Attribute) and name in _METHODS:
        value = call.func.value
        if name == "sort" and isinstance(value, ast.Name) and value.id in ("np", "numpy"):
            return None
        return None if infer(context.project, module, value) else value
    if name in _FUNCTIONS and len(call.args) == 1 and (isinstance(call.func, ast.Name) or last_name(getattr(call.func, "value", None)) in ("random", "heapq")):
        return call.args[0]
    if name == "shuffle" and len(call.args) == 1 and isinstance(call.func, ast.Attribute) and not infer(context.project, module, call.func.value):
        return call.args[0]  # a generator of one's own: `rng.shuffle(cards)`
    return None


def _target(parent: ast.AST | None, call: ast.Call) -> ast.expr | None:
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and parent.value is call:
        return parent.targets[0]
    return parent.target if isinstance(parent, ast.AnnAssign) and parent.value is call else None


def _as_value(context: Context, module: Module, call: ast.Call, receiver: ast.expr, name: str) -> str | None:
    """Return an expression for the changed object that leaves the object itself alone, or None where there is no short one."""
    held = module.segment(receiver)
    given = [module.segment(item) for item in call.args]
    if any(isinstance(item, ast.Starred) for item in call.args):
        return None
    if name == "sort":
        options = [module.segment(item) for item in call.keywords]
        return f"sorted({', '.join([held, *options])})"
    if name == "reverse":
        return f"list(reversed({held}))"
    if name == "shuffle":
        return f"{module.segment(call.func.value)}.sample({held}, len({held}))" if isinstance(call.func, ast.Attribute) else None
    is_set = _is_set(context, module, receiver)
    if len(given) == 1 and not call.keywords:
        if name == "append":
            return f"[*{held}, {given[0]}]"
        if name == "extend":
            return f"[*{held}, *{given[0]}]"
        if name == "add":
            return f"{{*{held}, {given[0]}}}"
        if name == "update":
            return f"{{*{held}, *{given[0]}}}" if is_set else f"{{**{held}, **{given[0]}}}"
    if name == "update" and not given and call.keywords and not is_set:
        parts = [f"**{module.segment(item.value)}" if item.arg is None else f'"{item.arg}": {module.segment(item.value)}' for item in call.keywords]
        return f"{{**{held}, {', '.join(parts)}}}"
    return None


def _is_set(context: Context, module: Module, node: ast.expr) -> bool:
    view = context.view(node) if module is context.module else None
    if view is not None:
        return view.type in _SETS
    if isinstance(node, ast.Set | ast.SetComp | ast.Call):
        return not isinstance(node, ast.Call) or last_name(node.func) in _SETS
    function = module.function(node)
    for item in own_nodes(function) if function is not None else module.nodes:
        if isinstance(item, ast.Assign) and any(module.segment(target) == module.segment(node) for target in item.targets):
            return isinstance(item.value, ast.Set | ast.SetComp) or (isinstance(item.value, ast.Call) and last_name(item.value.func) in _SETS)
    return False


def _printed(module: Module, call: ast.Call) -> InPlace | None:
    """Take the printed text itself where the None that `print` gives was used."""
    if not (isinstance(call.func, ast.Name) and call.func.id == "print" and len(call.args) == 1 and not call.keywords):
        return None
    parent, text = module.parents.get(call), module.segment(call.args[0])
    statement = module.statement(call)
    indent = module.own_indent(statement) if statement is not None else None
    target = _target(parent, call)
    start, end = module.span(call)
    if isinstance(target, ast.Name) and indent is not None and statement is parent:
        return InPlace((Edit(start, end, f"{text}\n{indent}print({target.id})"),), f"keeps the text in {target.id} and prints it", "print()", 0.8)
    return InPlace((Edit(start, end, text),), "gives the text instead of printing it", "print()", 0.66)
