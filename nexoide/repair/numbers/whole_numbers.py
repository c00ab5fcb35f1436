"""A fraction where a whole number is wanted: division at its origin, rounding, and text that counts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import value_of
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need_module
from nexoide.repair.numbers.numbers_as_text import convert

WANTED = re.compile(
    r"'(float|str|Decimal|Fraction|decimal\.Decimal)' object cannot be interpreted as an integer"
    r"|integer argument expected, got (float)|slice indices must be integers or None"
    r"|can't multiply sequence by non-int of type '(float|decimal\.Decimal)'"
    r"|(?:list|tuple|range object|byte) indices must be integers or slices, not (float|str)"
    r"|string indices must be integers, not '(float)'|must be real number, not (str)|type (str) doesn't define __round__ method"
    r"|bad operand type for (?:unary [-+]|abs\(\)): '(str)'|unsupported type for timedelta \w+ component: (str)"
)
_PARTS = frozenset({"page", "pages", "chunk", "chunks", "batch", "batches", "groups", "rows", "bins", "steps", "parts"})


def whole_number(context: Context) -> Iterator[Idea]:
    """Yield a whole division (or rounding up, where parts are counted) where the fraction arises, or the conversion of a text."""
    match = WANTED.match(context.raised.message)
    kind = next((item for item in match.groups() if item), "") if match is not None else ""
    for node in _operands(context, kind):
        if kind == "str":
            yield from convert(
                context, node, "int" if "real number" not in context.raised.message else "float", f"{short(context.module.segment(node))} is text."
            )
        else:
            yield from _of_fraction(context, node)
        return


def _operands(context: Context, kind: str) -> Iterator[ast.expr]:
    """Yield the expressions of the line that must be whole numbers and may be of the type that came."""
    found: list[ast.expr] = []
    for node in context.nodes(lambda node: isinstance(node, ast.Call | ast.Subscript | ast.BinOp | ast.UnaryOp)):
        if isinstance(node, ast.Call):
            found += [item for item in (*node.args, *(keyword.value for keyword in node.keywords)) if not isinstance(item, ast.Starred)]
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            found += [item for item in (node.slice.lower, node.slice.upper, node.slice.step) if item is not None]
        elif isinstance(node, ast.Subscript):
            found.append(node.slice)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            found += [node.right, node.left]
        elif isinstance(node, ast.UnaryOp):
            found.append(node.operand)
    wanted = kind.rsplit(".", 1)[-1] or "float"
    sure = [item for item in found if kind_of(context, item) == wanted]
    yield from sure or [item for item in found if kind_of(context, item) == "" and not isinstance(item, ast.Constant | ast.JoinedStr)]


def _of_fraction(context: Context, node: ast.expr) -> Iterator[Idea]:
    spots = [Spot(context.module, node, "use"), *trace(context, node)[1:]]
    for spot in spots:
        division = _division(spot.node)
        if division is not None:
            yield from _divided(context, spot, division)
            return
        if isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "round" and len(spot.node.args) == 2:
            start, end = spot.module.span(spot.node.args[0])[1], spot.module.span(spot.node.args[1])[1]
            why = f"round() with a number of digits gives a fraction, even {short(spot.text)}. The edit rounds to a whole number."
            yield Idea(title="round to a whole number", why=why, edits=[(spot.module, Edit(start, end, ""))], prior=0.86)
            return
        if isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "float" and isinstance(spot.node.func, ast.Name):
            why = (
                f"{short(spot.text)} at {spot.module.rel}:{spot.node.lineno} makes a fraction of what is used as a whole number. The edit reads a whole number."
            )
            yield Idea(title="read it as a whole number", why=why, edits=[(spot.module, Edit(*spot.module.span(spot.node.func), "int"))], prior=0.8)
            return
        if isinstance(spot.node, ast.Constant) and isinstance(spot.node.value, float) and spot.node.value.is_integer():
            why = f"{short(spot.text)} is written as a fraction and used as a whole number. The edit writes the whole number."
            yield Idea(
                title=f"write {int(spot.node.value)}", why=why, edits=[(spot.module, Edit(*spot.module.span(spot.node), str(int(spot.node.value))))], prior=0.88
            )
            return
    module, text = context.module, context.module.segment(node)
    origin = spots[1] if len(spots) > 1 and spots[1].how == "assigned" and isinstance(spots[1].node, ast.BinOp) and isinstance(node, ast.Name) else None
    if origin is not None:
        own = origin.module.segment(origin.node)
        yield Idea(
            title=f"let {text} be a whole number",
            why=(
                f"{text} is calculated at {origin.module.rel}:{origin.node.lineno} as a fraction, and a whole number is "
                "wanted. The edit takes its whole part there."
            ),
            edits=[(origin.module, Edit(*origin.module.span(origin.node), f"int({own})"))],
            prior=0.84,
            cautions=("What is behind the point is dropped.",),
        )
        return
    yield Idea(
        title=f"use the whole part of {short(text)}",
        why=f"{short(text)} is a fraction, and a whole number is wanted here. The edit uses its whole part.",
        edits=[(module, Edit(*module.span(node), f"int({text})"))],
        prior=0.8,
        nature="call",
        cautions=("What is behind the point is dropped.",),
    )


def _division(node: ast.expr) -> ast.BinOp | None:
    """Return the one division that makes a fraction of whole numbers, where nothing else in the expression does."""
    found = [item for item in ast.walk(node) if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Div)]
    fractions = [item for item in ast.walk(node) if isinstance(item, ast.Constant) and isinstance(item.value, float)]
    return (
        found[0]
        if len(found) == 1 and not fractions and not any(isinstance(item, ast.Call) and last_name(item.func) == "float" for item in ast.walk(node))
        else None
    )


def _divided(context: Context, spot: Spot, division: ast.BinOp) -> Iterator[Idea]:
    module = spot.module
    left, right = module.span(division.left)[1], module.span(division.right)[0]
    between = module.text[left:right]
    where = f"{module.rel}:{division.lineno}"
    text = module.segment(division)
    names = set(re.split(r"[\W_]+", f"{spot.name} {_target(module, division)}".lower()))
    counts_parts = bool(names & _PARTS)
    value = value_of(context, spot.node) if spot.module is context.module else None
    exact = isinstance(value, float) and value.is_integer()
    yield Idea(
        title=f"divide into whole numbers: {short(text.replace('/', '//'))}",
        why=f"{short(text)} at {where} gives a fraction even where nothing is left over, and a whole number is wanted. The edit divides into whole numbers.",
        edits=[(module, Edit(left, right, between.replace("/", "//")))],
        prior=0.56 if counts_parts and not exact else 0.9,
        alternatives=("Rounding where it is used: the value is whole at its origin.",),
        unchecked=("Whether what is left over should count.",) if not exact else (),
    )
    if counts_parts:
        name, extra = need_module(context.project, module, "math")
        yield Idea(
            title=f"round {short(text)} up to whole numbers",
            why=f"{short(text)} at {where} gives a fraction. Its name says that parts are counted, and a part that is not full is one too. The edit rounds up.",
            edits=[(module, Edit(*module.span(division), f"{name}.ceil({text})")), *((module, edit) for edit in extra)],
            prior=0.74,
        )


def _target(module: Module, node: ast.expr) -> str:
    statement = module.statement(node)
    function = module.function(node)
    name = function.name if isinstance(statement, ast.Return) and function is not None else ""
    return " ".join([name, *(last_name(item) for item in statement.targets)]) if isinstance(statement, ast.Assign) else name
