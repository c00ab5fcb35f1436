"""Two statements of one body that must change places, checked for what lies between them."""

from __future__ import annotations

import ast

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class
from nexoide.repair.code.source import FUNCTIONS, FunctionNode


def reordered(item: Class, method: FunctionNode, needing_line: int, setting: ast.stmt) -> Edit | None:
    """Return the edit after which `setting` runs before the statement at `needing_line`; None where something between forbids it.

    The needing statement moves down, behind all that it reads; where it cannot, the setting statement moves up.
    """
    body = method.body
    needing = next((node for node in body if node.lineno <= needing_line <= (node.end_lineno or node.lineno)), None)
    if needing is None or needing not in body or setting not in body:
        return None
    first, last = body.index(needing), body.index(setting)
    me = method.args.args[0].arg
    called = [(one, one.args.args[0].arg if one.args.args else "") for one in _called(item, needing, me)]
    needs = _read(needing, me).union(*(_read(one, name) for one, name in called))
    gives = _written(needing, me).union(*(_written(one, name) for one, name in called))
    for number in range(last + 1, len(body)):
        if _written(body[number], me) & needs:
            last = number
    between = body[first + 1 : last + 1]
    if isinstance(needing, ast.Expr | ast.Assign | ast.AnnAssign) and not any(gives & _read(node, me) for node in between):
        return _rearranged(item, [needing, *between], [*between, needing])
    moved = setting
    between = body[first : body.index(setting)]
    if isinstance(moved, ast.Assign | ast.AnnAssign) and not any(_written(node, me) & _read(moved, me) for node in between):
        return _rearranged(item, [*between, moved], [moved, *between])
    return None


def _rearranged(item: Class, old: list[ast.stmt], new: list[ast.stmt]) -> Edit | None:
    """Return whole lines in another order; None where the statements do not stand on their own lines without gaps of code."""
    module = item.module
    if any(module.own_indent(node) is None for node in old):
        return None
    blocks: dict[ast.stmt, str] = {}
    for number, node in enumerate(old):
        begin = node.lineno if number == 0 else (old[number - 1].end_lineno or 0) + 1
        blocks[node] = "\n".join(module.lines[begin - 1 : node.end_lineno])
    start = module.line_start(old[0].lineno)
    end_line = old[-1].end_lineno or old[-1].lineno
    end = module.line_start(end_line) + len(module.lines[end_line - 1])
    return Edit(start, end, "\n".join(blocks[node].lstrip("\n") if node is new[0] else blocks[node] for node in new))


def _called(item: Class, node: ast.AST, me: str) -> list[FunctionNode]:
    """Return the class's own methods that a statement calls on the object, and those that they call."""
    found: list[FunctionNode] = []
    stack: list[tuple[ast.AST, str]] = [(node, me)]
    while stack:
        current, name = stack.pop()
        for inner in ast.walk(current):
            if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == name:
                method = next((one for one in item.node.body if isinstance(one, FUNCTIONS) and one.name == inner.attr), None)
                if method is not None and method not in found:
                    found.append(method)
                    stack.append((method, method.args.args[0].arg if method.args.args else ""))
    return found


def _read(node: ast.AST, me: str) -> set[str]:
    return {
        inner.attr if isinstance(inner, ast.Attribute) else inner.id
        for inner in ast.walk(node)
        if (isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == me and not isinstance(inner.ctx, ast.Store))
        or (isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) and inner.id != me)
    }


def _written(node: ast.AST, me: str) -> set[str]:
    return {
        inner.attr if isinstance(inner, ast.Attribute) else inner.id
        for inner in ast.walk(node)
        if (isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == me and isinstance(inner.ctx, ast.Store))
        or (isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store))
    }
