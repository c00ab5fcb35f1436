"""The tests that end a recursion, read off a function: which parameter they ask about, and when they hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nexoide.repair.code.infer import own_nodes
from nexoide.repair.recursion.recursive import Link, is_name, parameters

Kind = Literal["low", "high", "equal", "empty", "short", "none", "cross"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A test that ends the recursion: on which parameter, at what, and the comparison itself; `returned` what is given back there."""

    parameter: str
    kind: Kind
    node: ast.expr
    value: int = 0
    returned: ast.expr | None = None


def limits_of(link: Link) -> Iterator[Limit]:
    """Yield the tests after which a function does not call itself, those around a call turned about."""
    for node in own_nodes(link.function):
        if isinstance(node, ast.If):
            returned = next((item.value for item in node.body if isinstance(item, ast.Return)), None)
            if not calls_on(link, node.body):
                yield from _parsed(link, node.test, returned, turned=False)
            elif isinstance(node.test, ast.Compare | ast.Name | ast.UnaryOp | ast.Call) and not calls_on(link, node.orelse):
                yield from _parsed(link, node.test, None, turned=True)
        elif isinstance(node, ast.IfExp):
            if not calls_on(link, [node.body]):
                yield from _parsed(link, node.test, node.body, turned=False)
            elif not calls_on(link, [node.orelse]):
                yield from _parsed(link, node.test, node.orelse, turned=True)


def calls_on(link: Link, nodes: Sequence[ast.AST]) -> bool:
    """Say whether some nodes call the function again."""
    name = link.function.name
    return any(
        isinstance(item, ast.Call) and (is_name(item.func, name) or (isinstance(item.func, ast.Attribute) and item.func.attr == name))
        for node in nodes
        for item in ast.walk(node)
    )


def _parsed(link: Link, test: ast.expr, returned: ast.expr | None, *, turned: bool) -> Iterator[Limit]:
    names = parameters(link.function, link.me)
    if isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.Or) != turned:
            for part in test.values:
                yield from _parsed(link, part, returned, turned=turned)
        return
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = test.operand
        if isinstance(inner, ast.Name) and inner.id in names and not turned:
            yield Limit(inner.id, "empty", test, 0, returned)
        return
    if isinstance(test, ast.Name) and test.id in names and turned:
        yield Limit(test.id, "empty", test, 0, returned)
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return
    left, operator, right = test.left, test.ops[0], test.comparators[0]
    if isinstance(left, ast.Call) and is_name(left.func, "len") and len(left.args) == 1 and isinstance(left.args[0], ast.Name) and left.args[0].id in names:
        yield Limit(left.args[0].id, "short", test, right.value if isinstance(right, ast.Constant) and isinstance(right.value, int) else 0, returned)
    if not isinstance(left, ast.Name) or left.id not in names:
        return
    if isinstance(right, ast.Name) and right.id in names:
        yield Limit(left.id, "cross", test, 0, returned)
        return
    if isinstance(right, ast.Constant) and right.value is None:
        yield Limit(left.id, "none", test, 0, returned)
    elif isinstance(right, ast.List | ast.Tuple) or (isinstance(right, ast.Constant) and right.value == ""):
        yield Limit(left.id, "empty", test, 0, returned)
    elif isinstance(right, ast.Constant) and isinstance(right.value, int):
        kind = _direction(operator, turned=turned)
        if kind:
            yield Limit(left.id, kind, test, right.value, returned)


def _direction(operator: ast.cmpop, *, turned: bool) -> Literal["low", "high", "equal"] | None:
    if isinstance(operator, ast.Lt | ast.LtE):
        return "high" if turned else "low"
    if isinstance(operator, ast.Gt | ast.GtE):
        return "low" if turned else "high"
    if isinstance(operator, ast.NotEq if turned else ast.Eq):
        return "equal"
    return None
