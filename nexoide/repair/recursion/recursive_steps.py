"""Recursion that does not come to its end: an argument that stays as it is or goes the wrong way, an end that is stepped over."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.recursion.recursive import Link, bound, calls_itself, is_name
from nexoide.repair.recursion.recursive_halves import middle, partition, remainder, sliced
from nexoide.repair.recursion.recursive_limits import Limit, calls_on, limits_of

_LINKS = ("next", "left", "right", "parent", "rest", "tail", "prev", "previous", "child", "next_node", "first", "second")


def step_ideas(context: Context, link: Link) -> Iterator[Idea]:
    """Yield what makes each call come closer to the end."""
    calls = calls_itself(link)
    if not calls:
        return
    limits = list(limits_of(link))
    for call in calls:
        found = list(_of_call(link, call, limits))
        if found:
            yield from found
            return
    if not limits and not any(isinstance(node, ast.If | ast.IfExp | ast.While | ast.Match | ast.For | ast.comprehension) for node in own_nodes(link.function)):
        yield from _no_end(link, calls)


def _of_call(link: Link, call: ast.Call, limits: list[Limit]) -> Iterator[Idea]:
    given = bound(link, call)
    turn = _unread(link, given or {}) or _turn(link, call)
    if turn is not None:
        yield turn
        return
    if given is None:
        return
    divided = partition(link, given) or remainder(link, call, given, limits)
    if divided is not None:
        yield divided
        return
    tested = {limit.parameter for limit in limits}
    still = [limit for limit in limits if limit.parameter in given and is_name(given[limit.parameter], limit.parameter)]
    elsewhere = _moved_elsewhere(link, call)
    if any(limit.parameter not in elsewhere for limit in still):
        limits = [limit for limit in limits if limit not in still or limit.parameter not in elsewhere]
    moving = [name for name in tested if name in given and not is_name(given[name], name)]
    for limit in limits:
        argument = given.get(limit.parameter)
        if argument is None:
            continue
        found = _stays(link, call, limit, argument) if limit in still and not moving else _moves(link, limit, argument)
        if found is not None:
            yield found
            return


def _moved_elsewhere(link: Link, call: ast.Call) -> set[str]:
    """Return the parameters that other calls of the function pass on changed."""
    found: set[str] = set()
    for other in own_nodes(link.function):
        if isinstance(other, ast.Call) and other is not call and ast.dump(other.func) == ast.dump(call.func):
            found |= {name for name, value in (bound(link, other) or {}).items() if not is_name(value, name)}
    return found


def follow_ideas(context: Context, link: Link) -> Iterator[Idea]:
    """Yield the next object, where a method asks whether there is one and then calls itself on the same object."""
    for call in calls_itself(link):
        if not link.me or not isinstance(call.func, ast.Attribute) or not is_name(call.func.value, link.me):
            continue
        tested: list[str] = []
        for node in own_nodes(link.function):
            if not isinstance(node, ast.If | ast.IfExp):
                continue
            test = node.test.left if isinstance(node.test, ast.Compare) and ast.unparse(node.test.comparators[0]) == "None" else node.test
            test = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
            if isinstance(test, ast.Attribute) and is_name(test.value, link.me):
                tested.append(test.attr)
        if len(set(tested)) == 1 and tested[0] in _LINKS and not any(isinstance(item, ast.For) for item in link.module.ancestors(call)):
            yield Idea(
                title=f"call {link.function.name}() of {link.me}.{tested[0]}",
                why=f"{link.function.name}() asks whether there is a {tested[0]}, and then calls itself on the same object, so that it never ends. "
                f"The edit calls it on the {tested[0]}.",
                edits=[(link.module, Edit(*link.module.span(call.func.value), f"{link.me}.{tested[0]}"))],
                prior=0.93,
            )


def _unread(link: Link, given: dict[str, ast.expr]) -> Idea | None:
    """A smaller part that the function makes and then does not use: it was meant to be passed on."""
    nodes = own_nodes(link.function)
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for name, value in given.items():
        if not is_name(value, name):
            continue
        made: list[str] = []
        for node in nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and any(is_name(part, name) for part in ast.walk(node.value)):
                made += [part.id for part in ast.walk(node.targets[0]) if isinstance(part, ast.Name) and part.id not in read and part.id != "_"]
        if len(made) == 1:
            return Idea(
                title=f"go on with {made[0]}, which is made and not used",
                why=f"{link.function.name}() makes {made[0]} of {name}, does not use it, and calls itself with {name} as it is, so that it never ends. "
                f"The edit calls it with {made[0]}.",
                edits=[(link.module, Edit(*link.module.span(value), made[0]))],
                prior=0.95,
            )
    return None


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
    digit = _digit(link, name)
    if digit and limit.kind in ("low", "equal", "empty"):
        text = f"{name} // {digit}"
    elif limit.kind in ("low", "equal") and not kinds & {"str", "list", "tuple"}:
        seen = _numbers(link, name)
        text = f"{name} + 1" if limit.kind == "equal" and seen and seen[-1] < limit.value else f"{name} - 1"
    elif limit.kind == "high":
        text = f"{name} + 1"
    elif limit.kind in ("empty", "short"):
        if kinds & {"int", "float"}:
            text = f"{name} - 1"
        else:
            read = {ast.unparse(node.slice) for node in own_nodes(link.function) if isinstance(node, ast.Subscript) and is_name(node.value, name)}
            text = f"{name}[1:-1]" if {"0", "-1"} <= read else f"{name}[:-1]" if "-1" in read else f"{name}[1:]"
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


def _digit(link: Link, name: str) -> str:
    """Return what the function divides a number by to get at its last digit, "" where it does not."""
    for node in own_nodes(link.function):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and is_name(node.left, name) and isinstance(node.right, ast.Constant | ast.Name):
            return link.module.segment(node.right)
        if isinstance(node, ast.Call) and is_name(node.func, "divmod") and len(node.args) == 2 and is_name(node.args[0], name):
            return link.module.segment(node.args[1])
    return ""


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
        return sliced(link, limit, argument, argument.slice)
    if limit.kind == "cross" or isinstance(argument, ast.Name):
        return middle(link, limit)
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
    if not isinstance(argument.op, ast.Add | ast.Sub) or _both_ways(link, name):
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


def _both_ways(link: Link, name: str) -> bool:
    """Say whether the function calls itself with more and with less of a parameter: then neither step is wrong by itself."""
    steps = {
        type(node.op)
        for call in own_nodes(link.function)
        if isinstance(call, ast.Call) and calls_on(link, [call])
        for node in call.args
        if isinstance(node, ast.BinOp) and is_name(node.left, name)
    }
    return {ast.Add, ast.Sub} <= steps


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
