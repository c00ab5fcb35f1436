"""Recursion over halves and remainders: searches and sorts whose parts do not get smaller, a remainder in the wrong place."""

from __future__ import annotations

import ast

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.ideas import Idea
from nexoide.repair.recursion.recursive import Link, bound, calls_itself, is_name, parameters
from nexoide.repair.recursion.recursive_limits import Limit, calls_on


def remainder(link: Link, call: ast.Call, given: dict[str, ast.expr], limits: list[Limit]) -> Idea | None:
    """The greatest common divisor with its arguments in the wrong order."""
    for argument in given.values():
        if (
            isinstance(argument, ast.BinOp)
            and isinstance(argument.op, ast.Mod)
            and isinstance(argument.left, ast.Name)
            and isinstance(argument.right, ast.Name)
        ):
            names = [argument.left.id, argument.right.id]
            ends = [limit.parameter for limit in limits if (limit.kind == "equal" and limit.value == 0) or limit.kind == "empty"]
            order = parameters(link.function, link.me)
            if len(call.args) == 2 and set(names) == set(order[:2]) and order[1] in ends and not call.keywords:
                text = f"{order[1]}, {order[0]} % {order[1]}"
                start, end = link.module.span(call.args[0])[0], link.module.span(call.args[1])[1]
                if link.module.text[start:end] == text:
                    return None
                return Idea(
                    title=f"call {link.function.name}({text})",
                    why=f"{link.function.name}() ends when {order[1]} is 0, and the remainder is not passed on in that place, so that it never is. "
                    "The edit passes the remainder as the second argument.",
                    edits=[(link.module, Edit(start, end, text))],
                    prior=0.9,
                )
    return None


def partition(link: Link, given: dict[str, ast.expr]) -> Idea | None:
    """Quicksort whose pivot stays in one of the parts: the parts leave it out, and the result has it between them."""
    module = link.module
    nodes = own_nodes(link.function)
    pivots = {
        node.targets[0].id: node.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Subscript)
        and isinstance(node.value.value, ast.Name) and ast.unparse(node.value.slice) in ("0", "-1")
    }  # fmt: skip
    for pivot, taken in pivots.items():
        whole = taken.value.id if isinstance(taken.value, ast.Name) else ""
        parts = [
            node.generators[0]
            for node in nodes
            if isinstance(node, ast.ListComp) and is_name(node.generators[0].iter, whole)
            and any(isinstance(test, ast.Compare) and is_name(test.comparators[0], pivot) for test in node.generators[0].ifs)
        ]  # fmt: skip
        keeps = any(isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.LtE | ast.GtE) for part in parts for test in part.ifs)
        if not parts or not keeps or whole not in given:
            continue
        rest = f"{whole}[1:]" if ast.unparse(taken.slice) == "0" else f"{whole}[:-1]"
        edits = [Edit(*module.span(part.iter), rest) for part in parts]
        returned = [node.value for node in nodes if isinstance(node, ast.Return) and isinstance(node.value, ast.BinOp) and calls_on(link, [node.value])]
        if len(returned) == 1 and not any(is_name(node, pivot) for node in ast.walk(returned[0])):
            left, right = module.segment(returned[0].left), module.segment(returned[0].right)
            edits.append(Edit(*module.span(returned[0]), f"{left} + [{pivot}] + {right}"))
        return Idea(
            title=f"leave {pivot} out of both parts of {whole}",
            why=f"{link.function.name}() puts {pivot} into one of the parts too, and where it is the largest the part is as long as {whole}, without end. "
            f"The edit takes the parts from {rest}, and has {pivot} in the result once.",
            edits=[(module, edit) for edit in edits],
            prior=0.9,
        )
    return None


def middle(link: Link, limit: Limit) -> Idea | None:
    """A search by halves that passes the middle on: with two items left it stays where it is."""
    module = link.module
    halves = {
        node.targets[0].id
        for node in own_nodes(link.function)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and any(isinstance(part, ast.BinOp) and isinstance(part.op, ast.FloorDiv | ast.RShift) for part in ast.walk(node.value))
    }
    names = parameters(link.function, link.me)
    if limit.kind != "cross" or not isinstance(limit.node, ast.Compare) or not isinstance(limit.node.left, ast.Name):
        return None
    right = limit.node.comparators[0]
    first, last = limit.node.left.id, right.id if isinstance(right, ast.Name) else ""
    if isinstance(limit.node.ops[0], ast.Lt | ast.LtE):
        first, last = last, first
    exclusive = isinstance(limit.node.ops[0], ast.GtE | ast.LtE)
    for call in calls_itself(link):
        given = bound(link, call) or {}
        for name, value in given.items():
            if isinstance(value, ast.Name) and value.id in halves and name in names and name in (first, last):
                if name == last and exclusive:
                    continue
                text = f"{value.id} + 1" if name == first else f"{value.id} - 1"
                return Idea(
                    title=f"go on from {text}",
                    why=f"{link.function.name}() passes the middle itself on as {name}, so that with two items left the range does not get any smaller. "
                    f"The middle has been looked at. The edit goes on from {text}.",
                    edits=[(module, Edit(*module.span(value), text))],
                    prior=0.92,
                )
    return None


def sliced(link: Link, limit: Limit, argument: ast.Subscript, part: ast.Slice) -> Idea | None:
    """Return the end that a slice can reach: a slice of everything takes one less, halves end at one item."""
    module, name = link.module, limit.parameter
    lower = ast.unparse(part.lower) if part.lower is not None else "0"
    if lower == "0" and (part.upper is None or ast.unparse(part.upper) == f"len({name})"):
        return Idea(
            title=f"go on with {name}[1:]",
            why=f"{link.function.name}() passes all of {name} on, so that it never gets shorter. The edit leaves the first item out, which was dealt with.",
            edits=[(module, Edit(*module.span(argument), f"{name}[1:]"))],
            prior=0.9,
        )
    halved = not isinstance(part.lower, ast.Constant) and not isinstance(part.upper, ast.Constant | ast.UnaryOp)
    if not halved or limit.kind not in ("empty", "short") or (limit.kind == "short" and limit.value > 0 and not _is_below_one(limit)):
        return None
    edits = [(module, Edit(*module.span(limit.node), f"len({name}) <= 1"))]
    if isinstance(limit.returned, ast.List) and not limit.returned.elts:
        edits.append((module, Edit(*module.span(limit.returned), name)))
    return Idea(
        title=f"end the recursion where {name} has one item too",
        why=f"{link.function.name}() halves {name} and ends only where it is empty; a half of one item is that item. The edit ends where at most one is left.",
        edits=edits,
        prior=0.9,
    )


def _is_below_one(limit: Limit) -> bool:
    return isinstance(limit.node, ast.Compare) and isinstance(limit.node.ops[0], ast.Lt) and limit.value == 1
