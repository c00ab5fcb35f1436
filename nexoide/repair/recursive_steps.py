"""Recursion that does not come to its end: an argument that stays as it is or goes the wrong way, an end that is stepped over."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nexoide.repair.context import Context
from nexoide.repair.edits import Edit
from nexoide.repair.ideas import Idea, short
from nexoide.repair.infer import own_nodes
from nexoide.repair.recursive import Link, bound, calls_itself, is_name, parameters

Kind = Literal["low", "high", "equal", "empty", "short", "none", "cross"]
_LINKS = ("next", "left", "right", "parent", "rest", "tail", "prev", "previous", "child", "next_node", "first", "second")


@dataclass(frozen=True, slots=True)
class Limit:
    """A test that ends the recursion: on which parameter, at what, and the comparison itself; `returned` what is given back there."""

    parameter: str
    kind: Kind
    node: ast.expr
    value: int = 0
    returned: ast.expr | None = None


def step_ideas(context: Context, link: Link) -> Iterator[Idea]:
    """Yield what makes each call come closer to the end."""
    calls = calls_itself(link)
    if not calls:
        return
    limits = list(_limits(link))
    for call in calls:
        found = list(_of_call(link, call, limits))
        if found:
            yield from found
            return
    if not limits and not any(isinstance(node, ast.If | ast.IfExp | ast.While | ast.Match | ast.For | ast.comprehension) for node in own_nodes(link.function)):
        yield from _no_end(link, calls)


def _limits(link: Link) -> Iterator[Limit]:
    """Yield the tests after which a function does not call itself, those around a call turned about."""
    for node in own_nodes(link.function):
        if isinstance(node, ast.If):
            returned = next((item.value for item in node.body if isinstance(item, ast.Return)), None)
            if not _calls_on(link, node.body):
                yield from _parsed(link, node.test, returned, turned=False)
            elif isinstance(node.test, ast.Compare | ast.Name | ast.UnaryOp | ast.Call) and not _calls_on(link, node.orelse):
                yield from _parsed(link, node.test, None, turned=True)
        elif isinstance(node, ast.IfExp):
            if not _calls_on(link, [node.body]):
                yield from _parsed(link, node.test, node.body, turned=False)
            elif not _calls_on(link, [node.orelse]):
                yield from _parsed(link, node.test, node.orelse, turned=True)


def _calls_on(link: Link, nodes: list[ast.stmt] | list[ast.expr]) -> bool:
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


def _of_call(link: Link, call: ast.Call, limits: list[Limit]) -> Iterator[Idea]:
    turn = _turn(link, call)
    if turn is not None:
        yield turn
        return
    given = bound(link, call)
    if given is None:
        return
    divided = _divided(link, call, given, limits)
    if divided is not None:
        yield divided
        return
    tested = {limit.parameter for limit in limits}
    still = [limit for limit in limits if limit.parameter in given and is_name(given[limit.parameter], limit.parameter)]
    moving = [name for name in tested if name in given and not is_name(given[name], name)]
    for limit in limits:
        argument = given.get(limit.parameter)
        if argument is None:
            continue
        found = _stays(link, call, limit, argument) if limit in still and not moving else _moves(link, limit, argument)
        if found is not None:
            yield found
            return


def _turn(link: Link, call: ast.Call) -> Idea | None:
    """A call in a loop over the parts that is given the whole again, and not the part."""
    module = link.module
    used = {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}
    for parent in module.ancestors(call):
        if parent is link.function:
            return None
        turns = [parent] if isinstance(parent, ast.For) else parent.generators if isinstance(parent, ast.ListComp | ast.SetComp | ast.GeneratorExp) else []
        for turn in turns:
            targets = [node.id for node in ast.walk(turn.target) if isinstance(node, ast.Name)]
            if not targets or set(targets) & used or call in ast.walk(turn.iter):
                continue
            part = targets[-1]
            whole = {node.id for node in ast.walk(turn.iter) if isinstance(node, ast.Name)}
            given = bound(link, call) or {}
            spot = next((value for name, value in given.items() if is_name(value, name) and name in whole), None)
            if spot is None and link.me and link.me in whole and isinstance(call.func, ast.Attribute) and is_name(call.func.value, link.me):
                spot = call.func.value
            if spot is None:
                continue
            return Idea(
                title=f"go on with {part}, the item of this turn",
                why=f"{link.function.name}() goes through {short(module.segment(turn.iter), 30)} and calls itself for {short(module.segment(spot), 20)}, "
                f"with which it was called already, so that it never ends. The edit calls it for {part}.",
                edits=[(module, Edit(*module.span(spot), part))],
                prior=0.95,
            )
    return None


def _divided(link: Link, call: ast.Call, given: dict[str, ast.expr], limits: list[Limit]) -> Idea | None:
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


def _numbers(link: Link, name: str) -> list[float]:
    found: list[float] = []
    for view in link.views(name):
        try:
            found.append(float(view.repr))
        except ValueError:
            continue
    return found


def _stays(link: Link, call: ast.Call, limit: Limit, argument: ast.expr) -> Idea | None:
    """What the end is tested on is passed on unchanged."""
    module, name = link.module, limit.parameter
    kinds = {view.type for view in link.views(name)}
    text, prior = "", 0.85
    if limit.kind in ("low", "equal") and not kinds & {"str", "list", "tuple"}:
        seen = _numbers(link, name)
        text = f"{name} + 1" if limit.kind == "equal" and seen and seen[-1] < limit.value else f"{name} - 1"
    elif limit.kind == "high":
        text = f"{name} + 1"
    elif limit.kind in ("empty", "short"):
        if kinds & {"int", "float"}:
            text = f"{name} - 1"
        else:
            last = any(isinstance(node, ast.Subscript) and is_name(node.value, name) and ast.unparse(node.slice) == "-1" for node in own_nodes(link.function))
            text = f"{name}[:-1]" if last else f"{name}[1:]"
    if limit.kind in ("none", "empty"):
        follow = _next_link(link, call, name)
        text, prior = (f"{name}.{follow}", 0.84) if follow else ("" if limit.kind == "none" else text, prior)
    if not text:
        return None
    return Idea(
        title=f"go on with {text}",
        why=f"{link.function.name}() ends by a test of {name}, and calls itself with the same {name}, so that the end never comes. The edit takes {text}.",
        edits=[(module, Edit(*module.span(argument), text))],
        prior=prior,
        alternatives=("A higher limit of the recursion: it would be reached as well.",),
    )


def _next_link(link: Link, call: ast.Call, name: str) -> str:
    """Return the attribute that leads from a node to the next one, and that no other call of the function goes along yet."""
    nodes = own_nodes(link.function)
    taken = {
        value.attr
        for other in nodes
        if isinstance(other, ast.Call) and other is not call
        for value in other.args
        if isinstance(value, ast.Attribute) and is_name(value.value, name)
    }
    seen = {node.attr for node in nodes if isinstance(node, ast.Attribute) and is_name(node.value, name)}
    for view in link.views(name)[-1:]:
        seen |= set(view.attributes)
    if "left" in taken or "right" in taken:
        free = [one for one in ("left", "right") if one not in taken]
    else:
        free = [one for one in _LINKS if one in seen and one not in taken]
    return free[0] if len(free) == 1 else ""


def _moves(link: Link, limit: Limit, argument: ast.expr) -> Idea | None:
    """What the end is tested on changes, and does not come to it."""
    module, name = link.module, limit.parameter
    if isinstance(argument, ast.Subscript) and is_name(argument.value, name) and isinstance(argument.slice, ast.Slice):
        return _sliced(link, limit, argument, argument.slice)
    if limit.kind == "cross" or isinstance(argument, ast.Name):
        return _middle(link, limit)
    if not isinstance(argument, ast.BinOp) or not is_name(argument.left, name):
        return None
    start = module.span(argument.left)[1]
    end = module.span(argument.right)[0]
    between = module.text[start:end]
    if isinstance(argument.op, ast.Div) and limit.kind in ("low", "equal") and between.count("/") == 1:
        return Idea(
            title=f"divide {name} to a whole number",
            why=f"{link.function.name}() ends by {short(module.segment(limit.node))}, and passes on {short(module.segment(argument))}, which is a fraction and "
            "comes to the end too late or never. The edit divides to a whole number.",
            edits=[(module, Edit(start, end, between.replace("/", "//")))],
            prior=0.88,
        )
    seen = _numbers(link, name)
    rising = isinstance(argument.op, ast.Add)
    if not isinstance(argument.op, ast.Add | ast.Sub):
        return None
    away = (limit.kind == "low" and rising) or (limit.kind == "high" and not rising)
    if limit.kind == "equal" and seen:
        away = (seen[0] > limit.value and rising) or (seen[0] < limit.value and not rising and limit.value not in (0, 1))
        if not away:
            return _stepped_over(link, limit, seen, rising=rising)
    if not away:
        return None
    return Idea(
        title=f"go on with {name} {'-' if rising else '+'} {module.segment(argument.right)}",
        why=f"{link.function.name}() ends by {short(module.segment(limit.node))}, and calls itself with {short(module.segment(argument))}, which goes away "
        "from that. The edit turns the step about.",
        edits=[(module, Edit(start, end, between.replace("+" if rising else "-", "-" if rising else "+")))],
        prior=0.92,
    )


def _stepped_over(link: Link, limit: Limit, seen: list[float], *, rising: bool) -> Idea | None:
    module = link.module
    beyond = seen[-1] > limit.value if rising else seen[-1] < limit.value
    if not beyond or not isinstance(limit.node, ast.Compare):
        return None
    start, end = module.span(limit.node.left)[1], module.span(limit.node.comparators[0])[0]
    between = module.text[start:end]
    new = {"==": ">=" if rising else "<=", "!=": "<" if rising else ">"}.get(between.strip(), "")
    if not new:
        return None
    edits = [(module, Edit(start, end, between.replace(between.strip(), new)))]
    fibonacci = link.function.name.lower().startswith("fib") and limit.value == 1 and isinstance(limit.returned, ast.Constant)
    if fibonacci and limit.returned is not None:
        edits.append((module, Edit(*module.span(limit.returned), limit.parameter)))
    return Idea(
        title=f"end the recursion where {limit.parameter} has come past {limit.value} too",
        why=f"{link.function.name}() ends where {limit.parameter} is exactly {limit.value}, and {limit.parameter} was {seen[-1]:g}: it was stepped over. "
        f"The edit tests with {new}.",
        edits=edits,
        prior=0.74,
        unchecked=("Whether what is given back at the end is right for a value past it.",),
    )


def _middle(link: Link, limit: Limit) -> Idea | None:
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


def _sliced(link: Link, limit: Limit, argument: ast.Subscript, part: ast.Slice) -> Idea | None:
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


def _no_end(link: Link, calls: list[ast.Call]) -> Iterator[Idea]:
    """A recursion without any end: one is put first, where the result shows what is neutral."""
    module, function = link.module, link.function
    given = bound(link, calls[0]) or {}
    shrinking = [
        (name, value)
        for name, value in given.items()
        if isinstance(value, ast.BinOp | ast.Subscript) and is_name(getattr(value, "left", getattr(value, "value", None)), name)
    ]
    body = [item for item in function.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    indent = module.own_indent(body[0]) if body else None
    if len(shrinking) != 1 or indent is None:
        return
    name, value = shrinking[0]
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub | ast.FloorDiv):
        test = f"{name} <= 0"
    elif isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice):
        test = f"not {name}"
    else:
        return
    neutral = _neutral(link, calls[0], name)
    if neutral is None:
        return
    at = module.span(body[0])[0]
    yield Idea(
        title=f"end {function.name}() where {'there is nothing left of ' + name if test.startswith('not') else name + ' is 0'}",
        why=f"{function.name}() calls itself with less each time and nothing ends it. The edit ends it where nothing is left, with what does not change the "
        f"result{': ' + neutral if neutral else ''}.",
        edits=[(module, Edit(at, at, f"if {test}:\n{indent}    return{' ' + neutral if neutral else ''}\n{indent}"))],
        prior=0.72,
        guesses=True,
    )


def _neutral(link: Link, call: ast.Call, name: str) -> str | None:
    """Return what a result of nothing is, "" where none is given, None where it cannot be told."""
    parent = link.module.parents.get(call)
    if isinstance(parent, ast.Expr):
        return ""
    if not isinstance(parent, ast.BinOp):
        return None
    other = parent.left if parent.right is call else parent.right
    text = {view.type for view in link.views(name)} == {"str"}
    if isinstance(parent.op, ast.Mult):
        return "1"
    if isinstance(parent.op, ast.Add):
        if isinstance(other, ast.List):
            return "[]"
        if (
            isinstance(other, ast.JoinedStr)
            or (isinstance(other, ast.Constant) and isinstance(other.value, str))
            or (text and isinstance(other, ast.Subscript) and is_name(other.value, name))
        ):
            return '""'
        return "0"
    return None
