"""Values that are added to text, and what tells text from the text of a number."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.kinds import NUMBERS, kind_of
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import value_of
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.numbers.converters import is_text_of_number


def into_text(context: Context, number: ast.expr, kind: str) -> Iterator[Idea]:
    """Yield `str(...)` around a value that is added to text, and around the others of the same chain that are no text."""
    module = context.module
    nodes = [number, *(item for item in _chain(module, number) if item is not number and kind_of(context, item) in NUMBERS)]
    nodes += [item for item in _other_texts(context, number) if item not in nodes]
    edits = [(module, Edit(*module.span(item), f"str({module.segment(item)})")) for item in nodes]
    many = f" and {len(nodes) - 1} other value{'s' if len(nodes) > 2 else ''} of the same text" if len(nodes) > 1 else ""
    yield Idea(
        title=f"put {short(module.segment(number))} into the text with str()",
        why=f"{short(module.segment(number))} is {'a number' if kind in NUMBERS else f'of type {kind}'} and is added to text. The edit makes text of it{many}.",
        edits=edits,
        prior=0.92 if kind in NUMBERS else 0.7,
        nature="call",
        alternatives=("Making a number of the text: the text here is no number.",),
    )


def _other_texts(context: Context, node: ast.expr) -> list[ast.expr]:
    """Return the numbers that the function adds to texts elsewhere, which would fail next."""
    module = context.module
    function = module.function(node)
    found: list[ast.expr] = []
    for item in own_nodes(function) if function is not None else ():
        if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Add) and not isinstance(module.parents.get(item), ast.BinOp):
            parts = _chain(module, item.left)
            if any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts):
                found += [part for part in parts if isinstance(part, ast.Name | ast.Attribute) and kind_of(context, part) in NUMBERS]
    return found


def _chain(module: Module, node: ast.expr) -> list[ast.expr]:
    """Return the operands of the whole chain of additions that a node stands in."""
    top: ast.AST = node
    for item in module.ancestors(node):
        if not (isinstance(item, ast.BinOp) and isinstance(item.op, ast.Add)):
            break
        top = item
    found: list[ast.expr] = []
    stack: list[ast.AST] = [top]
    while stack:
        item = stack.pop()
        if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Add):
            stack += [item.right, item.left]
        elif isinstance(item, ast.expr):
            found.append(item)
    return found


def builds_text(context: Context, node: ast.expr) -> bool:
    """Say whether a text operand is text in its own right, and not the text of a number."""
    parts = _chain(context.module, node) if not isinstance(node, ast.Name) else [node]
    for part in [node, *parts]:
        value = value_of(context, part)
        if isinstance(value, str):
            if is_text_of_number(value) is False:
                return True
        elif isinstance(part, ast.JoinedStr):
            return True
    return False
