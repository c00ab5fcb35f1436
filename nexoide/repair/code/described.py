"""What a function's description says that its code does not: the constant that holds where nothing else does."""

from __future__ import annotations

import ast
import re

from nexoide.repair.code.source import FunctionNode, Module


def described_constant(module: Module, function: FunctionNode | None) -> str:
    """Return the one module-level value that a function's description names and its code does not use: what holds otherwise; "" for none."""
    text = ast.get_docstring(function) if function is not None else None
    if function is None or not text:
        return ""
    values = {target.id for statement in module.tree.body if isinstance(statement, ast.Assign) for target in statement.targets if isinstance(target, ast.Name)}
    used = {item.id for item in ast.walk(function) if isinstance(item, ast.Name)}
    named = [name for name in sorted(values - used) if re.search(rf"\b{re.escape(name)}\b", text)]
    return named[0] if len(named) == 1 else ""
