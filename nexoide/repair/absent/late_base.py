"""A base's `__init__` that is called after what it sets was needed."""

from __future__ import annotations

import ast

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class
from nexoide.repair.code.reach import function_at
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea


def called_late(context: Context, item: Class, method: FunctionNode, base: Class, attribute: str) -> Idea | None:
    """Move `super().__init__(...)` before the statements of the method that need what it sets."""
    module = item.module
    calls = [node for node in method.body if isinstance(node, ast.Expr) and _is_base_call(module, node.value, base)]
    first = next((one for one in method.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))), None)
    if len(calls) != 1 or first is None or calls[0] is first or not _is_before(context, item, calls[0]):
        return None
    if module.own_indent(calls[0]) is None or module.own_indent(first) is None or _needs_before(method, calls[0]):
        return None
    start, end = module.line_start(calls[0].lineno), module.line_start((calls[0].end_lineno or calls[0].lineno) + 1)
    at = module.line_start(first.lineno)
    text = module.text[start:end]
    return Idea(
        title=f"call the base's __init__ first in {item.name}",
        why=f"{base.name}.__init__() sets {attribute}, and {item.name}.__init__() needs it before it calls {base.name}.__init__(). "
        "The edit moves that call to the start.",
        edits=[(module, Edit(at, end, (text if text.endswith("\n") else text + "\n") + module.text[at:start]))],
        prior=0.94,
    )


def _is_base_call(module: Module, node: ast.expr, base: Class) -> bool:
    """Say whether an expression is `super().__init__(...)`, or `Base.__init__(self, ...)`."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"):
        return False
    return module.segment(node.func.value).startswith("super(") or module.segment(node.func.value) == base.name


def _needs_before(method: FunctionNode, call: ast.stmt) -> bool:
    """Say whether the call's arguments use what the statements before it make: a name, or an attribute of self."""
    earlier = [one for one in method.body if one.lineno < call.lineno]
    made = {node.id for one in earlier for node in ast.walk(one) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own = any(isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self" for node in ast.walk(call))
    return own or any(isinstance(node, ast.Name) and node.id in made for node in ast.walk(call))


def _is_before(context: Context, item: Class, call: ast.stmt) -> bool:
    """Say whether the failure happened inside the class's `__init__`, before it came to the call of the base."""
    here: Context | None = context
    for _ in range(16):
        if here is None:
            return False
        if here.module is item.module and here.line < call.lineno and function_at(here) is item.methods["__init__"].node:
            return True
        here = here.outer()
    return False
