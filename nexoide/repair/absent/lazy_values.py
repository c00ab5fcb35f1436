"""Values that are worked out when they are first asked for, kept, and then not given: `if self._total is None: self._total = ...`."""

from __future__ import annotations

import ast

from nexoide.repair.absent.absence import tested_name
from nexoide.repair.code.source import FunctionNode, Module


def kept_value(module: Module, function: FunctionNode) -> str:
    """Return the text of what a function's last `if` fills where it is not there yet; "" where a function ends another way."""
    last = function.body[-1]
    if not isinstance(last, ast.If) or last.orelse or not isinstance(last.body[-1], ast.Assign) or len(last.body[-1].targets) != 1:
        return ""
    target = last.body[-1].targets[0]
    if not isinstance(target, ast.Attribute | ast.Subscript):
        return ""
    text = module.segment(target)
    tested = tested_name(last.test)
    if tested is not None:
        return text if module.segment(tested) == text else ""
    if isinstance(last.test, ast.Compare) and len(last.test.ops) == 1 and isinstance(last.test.ops[0], ast.NotIn) and isinstance(target, ast.Subscript):
        key, held = module.segment(last.test.left), module.segment(last.test.comparators[0])
        return text if (key, held) == (module.segment(target.slice), module.segment(target.value)) else ""
    return ""


def found_in_loop(function: FunctionNode) -> tuple[ast.Break, str] | None:
    """Return the `break` of a loop right after a value was found that nothing reads afterwards, and the value's name."""
    read = {item.id for item in ast.walk(function) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}
    found: list[tuple[ast.Break, str]] = []
    for node in ast.walk(function):
        for block in (getattr(node, name, None) for name in ("body", "orelse")):
            if not isinstance(block, list) or len(block) < 2 or not isinstance(block[-1], ast.Break):
                continue
            target = block[-2].targets[0] if isinstance(block[-2], ast.Assign) and len(block[-2].targets) == 1 else None
            if isinstance(target, ast.Name) and target.id not in read:
                found.append((block[-1], target.id))
    ends = isinstance(function.body[-1], ast.For | ast.AsyncFor | ast.While)
    return found[0] if len(found) == 1 and ends else None
