"""Indexes that run past the end: loops that count too far, positions that count from one, walks without a bound."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.context import Context
from nexoide.repair.contracts import innermost_loop
from nexoide.repair.edits import Edit
from nexoide.repair.ideas import Idea, short
from nexoide.repair.index import last_name
from nexoide.repair.infer import own_nodes
from nexoide.repair.source import Module
from nexoide.repair.values import MISSING, Mapping, Row, value_of
from nexoide.repair.wayback import Spot, trace

_FROM_ONE = frozenset(
    {"month", "day", "rank", "position", "pos", "number", "num", "nr", "page", "level", "floor", "row", "line", "weekday", "choice", "option", "place", "lap"}
)
_ROUND = re.compile(r"round.?robin|rotat|cycl|circular|wrap|next|ring|around", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Access:
    """One failing `owner[index]`; `length` is the owner's as it was seen, -1 where it was not; `number` the index, where it was seen."""

    node: ast.Subscript
    owner: ast.expr
    index: ast.expr
    length: int
    number: int | None


def find_access(context: Context) -> Access | None:
    """Return the access of the failing line that ran past the end, or None where several could have."""
    found: list[Access] = []
    for node in context.nodes(lambda node: isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice)):
        assert isinstance(node, ast.Subscript)
        if isinstance(node.slice, ast.Constant) and not isinstance(node.slice.value, int):
            continue
        value = value_of(context, node.value)
        if isinstance(value, Mapping):
            continue
        number = value_of(context, node.slice)
        found.append(Access(node, node.value, node.slice, _length(context, node.value), number if type(number) is int else _sum(context, node.slice)))
    past = [item for item in found if item.length >= 0 and item.number is not None and not -item.length <= item.number < item.length]
    within = [item for item in found if item.length >= 0 and item.number is not None and item not in past]
    fitting = past or [item for item in found if item not in within]
    texts = {context.module.segment(item.node) for item in fitting}
    return fitting[0] if len(texts) == 1 or (fitting and past) else None


def _sum(context: Context, node: ast.expr) -> int | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, right = value_of(context, node.left), value_of(context, node.right)
        if type(left) is int and type(right) is int:
            return left + right if isinstance(node.op, ast.Add) else left - right
    if isinstance(node, ast.Call) and last_name(node.func) == "len" and node.args:
        length = _length(context, node.args[0])
        return length if length >= 0 else None
    return None


def _length(context: Context, node: ast.expr) -> int:
    view = context.view(node)
    if view is not None and view.length >= 0:
        return view.length
    value = value_of(context, node)
    if isinstance(value, Row) and value.whole:
        return len(value)
    if isinstance(value, str):
        return len(value)
    if value is MISSING:
        for spot in trace(context, node)[1:]:
            if (
                isinstance(spot.node, ast.List | ast.Tuple)
                and spot.how in ("global", "assigned", "field")
                and not any(isinstance(item, ast.Starred) for item in spot.node.elts)
            ):
                return len(spot.node.elts) if spot.node.elts else -1
    return -1


def _is_len_of(module: Module, node: ast.expr, owner: str) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == "len" and len(node.args) == 1 and module.segment(node.args[0]) == owner


def counted_too_far(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the loop's right end, or the right index, where a `for` counts past the end of what it takes items of."""
    module = context.module
    owner = module.segment(access.owner)
    names = [item for item in ast.walk(access.index) if isinstance(item, ast.Name)]
    for name in names[:1]:
        for spot in trace(context, name)[1:2]:
            call = spot.node
            if spot.how in ("element", "unpacked") and isinstance(call, ast.Call) and last_name(call.func) == "enumerate":
                yield from _enumerated(context, access, call, name)
            if spot.how == "element" and isinstance(call, ast.Call) and last_name(call.func) == "range" and spot.module is module:
                yield from _ranged(context, access, call, name, owner)


def _enumerated(context: Context, access: Access, call: ast.Call, name: ast.Name) -> Iterator[Idea]:
    module = context.module
    start = next((item.value for item in call.keywords if item.arg == "start"), call.args[1] if len(call.args) > 1 else None)
    if isinstance(start, ast.Constant) and start.value == 1 and access.index is name:
        yield from _minus_one(module, access, f"{name.id} counts from 1, and items are counted from 0", 0.88)
    elif (
        isinstance(access.index, ast.BinOp)
        and isinstance(access.index.op, ast.Add)
        and call.args
        and module.segment(call.args[0]) == module.segment(access.owner)
    ):
        yield from _bounded(context, access, 0.8)


def _minus_one(module: Module, access: Access, why: str, prior: float) -> Iterator[Idea]:
    uses = _like_accesses(module, access)
    text = module.segment(access.index)
    yield Idea(
        title=f"take the item at {short(text)} - 1",
        why=f"{why}. The edit takes the item before{f' at {len(uses)} places' if len(uses) > 1 else ''}.",
        edits=[(module, Edit(*module.span(item), f"{module.segment(item)} - 1")) for item in uses],
        prior=prior,
    )


def _like_accesses(module: Module, access: Access) -> list[ast.expr]:
    """Return the same index of the same owner in the function, the failing one first."""
    function = module.function(access.node)
    wanted = module.segment(access.node)
    nodes = own_nodes(function) if function is not None else list(ast.walk(module.tree))
    others = [item.slice for item in nodes if isinstance(item, ast.Subscript) and item is not access.node and module.segment(item) == wanted]
    return [access.index, *others]


def _ranged(context: Context, access: Access, call: ast.Call, name: ast.Name, owner: str) -> Iterator[Idea]:
    module = context.module
    stop = call.args[1] if len(call.args) > 1 else call.args[0] if call.args else None
    start = call.args[0] if len(call.args) > 1 else None
    if stop is None:
        return
    yield from _removing(context, access, call, name, owner)
    swapped = list(_swapped(context, access, call, name))
    if swapped:
        yield from swapped
        return
    is_plus_one = isinstance(stop, ast.BinOp) and isinstance(stop.op, ast.Add) and isinstance(stop.right, ast.Constant) and stop.right.value == 1
    if is_plus_one and access.index is name:
        assert isinstance(stop, ast.BinOp)
        from_one = isinstance(start, ast.Constant) and start.value == 1 and not _looks_back(module, access, name)
        if from_one and (_is_len_of(module, stop.left, owner) or access.number == access.length):
            yield from _minus_one(module, access, f"{name.id} counts from 1 to the number of items, and items are counted from 0", 0.84)
        if not _built_with(context, access, stop.left):
            yield Idea(
                title=f"count up to {short(module.segment(stop.left))}",
                why=f"The loop counts one further than {short(owner)} has items: range() leaves its end out already. The edit takes the + 1 away.",
                edits=[(module, Edit(*module.span(stop), module.segment(stop.left)))],
                prior=0.5 if from_one else 0.92,
            )
    elif isinstance(access.index, ast.BinOp) and isinstance(access.index.op, ast.Add) and _is_end(context, stop, owner):
        yield from _neighbour(context, access, stop)
    elif access.index is name and isinstance(stop, ast.Call) and last_name(stop.func) == "len" and not _is_end(context, stop, owner):
        yield Idea(
            title=f"count as far as both {short(module.segment(stop.args[0]))} and {short(owner)} go",
            why=(
                f"The loop counts the items of {short(module.segment(stop.args[0]))} and takes those of {short(owner)}, which "
                "has fewer. The edit ends it where the shorter one ends."
            ),
            edits=[(module, Edit(*module.span(stop), f"min({module.segment(stop)}, len({owner}))"))],
            prior=0.5,
            nature="guard",
            cautions=("Items that have no partner are left out.",),
        )


def _looks_back(module: Module, access: Access, name: ast.Name) -> bool:
    """Say whether the loop takes the item before as well: then it goes over neighbours, and begins at the second on purpose."""
    loop = innermost_loop(module, access.node)
    owner = module.segment(access.owner)
    return any(
        isinstance(item, ast.Subscript)
        and module.segment(item.value) == owner
        and isinstance(item.slice, ast.BinOp)
        and isinstance(item.slice.op, ast.Sub)
        and isinstance(item.slice.left, ast.Name)
        and item.slice.left.id == name.id
        for item in (ast.walk(loop) if loop is not None else ())
    )


def _is_end(context: Context, stop: ast.expr, owner: str) -> bool:
    module = context.module
    if _is_len_of(module, stop, owner):
        return True
    return any(_is_len_of(spot.module, spot.node, owner) for spot in trace(context, stop)[1:] if spot.module is module)


def _neighbour(context: Context, access: Access, stop: ast.expr) -> Iterator[Idea]:
    """Yield an end that leaves room for the neighbour, or the test for it where the other branch handles the last item."""
    module = context.module
    assert isinstance(access.index, ast.BinOp)
    ahead = module.segment(access.index.right)
    loop = innermost_loop(module, access.node)
    condition = _condition_around(module, access.node)
    others = loop is not None and (len(loop.body) > 1 or (condition is not None and bool(condition.orelse)))
    bounded = list(_bounded(context, access, 0.84 if others else 0.5))
    yield Idea(
        title=f"end the loop {ahead} before the end",
        why=(
            f"The loop takes the item {ahead} further on, which the last {'one' if ahead == '1' else ahead} of "
            f"{short(module.segment(access.owner))} has not. The edit ends the loop there."
        ),
        edits=[(module, Edit(*module.span(stop), f"{module.segment(stop)} - {ahead}"))],
        prior=0.55 if others and bounded else 0.9,
        unchecked=("What the loop should do with the last item.",) if others else (),
    )
    yield from bounded


def _condition_around(module: Module, node: ast.expr) -> ast.If | None:
    for item in module.ancestors(node):
        if isinstance(item, ast.If):
            return item if node in ast.walk(item.test) else None
        if isinstance(item, ast.stmt):
            return None
    return None


def _bounded(context: Context, access: Access, prior: float) -> Iterator[Idea]:
    """Yield a test of the index before the test that uses it."""
    module = context.module
    condition = _condition_around(module, access.node)
    if condition is None:
        return
    test = condition.test
    first = test.values[0] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else test
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return
    start = module.span(first)[0]
    text = f"{module.segment(access.index)} < len({module.segment(access.owner)}) and "
    yield Idea(
        title=f"test {short(module.segment(access.index))} before it is used",
        why=f"For the last item there is no {short(module.segment(access.node))}. The edit tests for that first, so that the last item goes the other way.",
        edits=[(module, Edit(start, start, text))],
        prior=prior,
        nature="guard",
    )


def _removing(context: Context, access: Access, call: ast.Call, name: ast.Name, owner: str) -> Iterator[Idea]:
    """Yield the loop from the end where it removes items of what it counts."""
    module = context.module
    loop = innermost_loop(module, access.node)
    if not isinstance(loop, ast.For) or len(call.args) != 1 or not _is_len_of(module, call.args[0], owner):
        return
    for item in ast.walk(loop):
        removes = (
            isinstance(item, ast.Call)
            and isinstance(item.func, ast.Attribute)
            and item.func.attr in ("pop", "remove")
            and module.segment(item.func.value) == owner
        )
        deletes = isinstance(item, ast.Delete) and any(isinstance(target, ast.Subscript) and module.segment(target.value) == owner for target in item.targets)
        if removes or deletes:
            yield Idea(
                title="go from the end to the beginning",
                why=(
                    f"The loop removes items of {short(owner)} while it counts them, so it runs past the end and skips what slides "
                    "forward. The edit lets it go backwards."
                ),
                edits=[(module, Edit(*module.span(call), f"range(len({owner}) - 1, -1, -1)"))],
                prior=0.93,
                alternatives=("A test of the index: items after a removed one would still be skipped.",),
            )
            return
    _ = name, context


def _swapped(context: Context, access: Access, call: ast.Call, name: ast.Name) -> Iterator[Idea]:
    """Yield a table's indexes in their right order: the row first."""
    module = context.module
    inner = access.node if isinstance(access.owner, ast.Subscript) else module.parents.get(access.node)
    if not isinstance(inner, ast.Subscript) or not isinstance(inner.value, ast.Subscript):
        return
    table, first, second = module.segment(inner.value.value), inner.value.slice, inner.slice
    if not (isinstance(first, ast.Name) and isinstance(second, ast.Name)):
        return
    ends = {item.id: _range_end(context, item) for item in (first, second)}
    rows, columns = ends[first.id], ends[second.id]
    if rows is None or columns is None:
        return
    if re.fullmatch(rf"len\({re.escape(table)}\[[^\]]+\]\)", rows) and columns == f"len({table})":
        yield Idea(
            title=f"take {table}[{second.id}][{first.id}]",
            why=(
                f"{second.id} counts the rows of {table} and {first.id} its columns, and the line takes them the other way round. The edit takes the row first."
            ),
            edits=[(module, Edit(*module.span(first), second.id)), (module, Edit(*module.span(second), first.id))],
            prior=0.9,
        )
    _ = call, name


def _range_end(context: Context, name: ast.Name) -> str | None:
    for spot in trace(context, name)[1:2]:
        if spot.how == "element" and isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "range" and spot.node.args:
            stop = spot.node.args[1] if len(spot.node.args) > 1 else spot.node.args[0]
            for inner in trace(context, stop, spot.module):
                if isinstance(inner.node, ast.Call) and last_name(inner.node.func) == "len":
                    return inner.module.segment(inner.node)
    return None


def _built_with(context: Context, access: Access, size: ast.expr) -> bool:
    """Say whether the owner was built as so many equal items: then it is too short, and the loop is right."""
    return _repeated(context, access, context.module.segment(size)) is not None


def _repeated(context: Context, access: Access, size: str) -> tuple[Spot, ast.expr] | None:
    for spot in trace(context, access.owner)[1:]:
        if isinstance(spot.node, ast.BinOp) and isinstance(spot.node.op, ast.Mult) and isinstance(spot.node.left, ast.List):
            count = spot.node.right
        elif (
            isinstance(spot.node, ast.ListComp)
            and isinstance(spot.node.generators[0].iter, ast.Call)
            and last_name(spot.node.generators[0].iter.func) == "range"
        ):
            arguments = spot.node.generators[0].iter.args
            count = arguments[0] if len(arguments) == 1 else ast.Constant(value=None)
        else:
            continue
        if not isinstance(count, ast.Constant) and (not size or spot.module.segment(count) == size):
            return spot, count
    return None


def built_too_short(context: Context, access: Access) -> Iterator[Idea]:
    """Yield one item more for a table that is built with as many items as its last index."""
    module = context.module
    found = _repeated(context, access, "")
    if found is None:
        return
    spot, count = found
    size = spot.module.segment(count)
    index = module.segment(access.index)
    ends = [item for name in ast.walk(access.index) if isinstance(name, ast.Name) if (item := _stop_of(context, name))]
    if (
        index == size
        or any(end.replace(" ", "") == f"{size}+1".replace(" ", "") for end in ends)
        or (access.number is not None and access.number == access.length)
    ):
        simple = isinstance(count, ast.Name | ast.Attribute)
        new = f"({size} + 1)" if isinstance(spot.node, ast.BinOp) else f"{size} + 1"
        yield Idea(
            title=f"build {short(module.segment(access.owner))} with one item more",
            why=(
                f"{short(module.segment(access.owner))} is built with {size} items, so its last index is {size} - 1, and "
                f"{short(index)} goes up to {size}. The edit builds one item more."
            ),
            edits=[(spot.module, Edit(*spot.module.span(count), new))],
            prior=0.88 if simple else 0.8,
        )


def _stop_of(context: Context, name: ast.Name) -> str:
    for spot in trace(context, name)[1:2]:
        if spot.how == "element" and isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "range" and spot.node.args:
            return spot.module.segment(spot.node.args[1] if len(spot.node.args) > 1 else spot.node.args[0])
    return ""


def walked_too_far(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the bound of a `while` that walks along: `<` for `<=`, the test of the bound first, or a bound where there is none."""
    module = context.module
    owner, index = module.segment(access.owner), module.segment(access.index)
    loop = next((item for item in module.ancestors(access.node) if isinstance(item, ast.While)), None)
    if loop is None:
        return
    for test in ast.walk(loop.test):
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and _is_end(context, test.comparators[0], owner):
            limit = test.comparators[0]
            between = (module.span(test.left)[1], module.span(limit)[0])
            if isinstance(test.ops[0], ast.LtE) and module.segment(test.left) == index:
                yield Idea(
                    title=f"walk while {index} < {module.segment(limit)}",
                    why=f"The last index of {short(owner)} is one less than its length. The edit ends the walk there.",
                    edits=[(module, Edit(*between, " < "))],
                    prior=0.93,
                )
                return
            if isinstance(access.index, ast.BinOp) and isinstance(access.index.op, ast.Add) and module.segment(access.index.left) == module.segment(test.left):
                yield from _bounded(context, access, 0.82)
                ahead = module.segment(access.index.right)
                yield Idea(
                    title=f"end the walk {ahead} before the end",
                    why=f"The walk takes the item {ahead} further on, which the last one has not. The edit ends it before.",
                    edits=[(module, Edit(*module.span(limit), f"{module.segment(limit)} - {ahead}"))],
                    prior=0.7,
                )
                return
            if isinstance(loop.test, ast.BoolOp) and isinstance(loop.test.op, ast.And) and access.node in ast.walk(loop.test) and test in loop.test.values:
                yield from _bound_first(module, loop.test, test)
                return
    if (
        access.node in ast.walk(loop.test)
        and isinstance(access.index, ast.Name)
        and not (isinstance(loop.test, ast.BoolOp) and isinstance(loop.test.op, ast.Or))
    ):
        start = module.span(loop.test)[0]
        yield Idea(
            title=f"walk only up to the end of {short(owner)}",
            why=f"The walk has no bound and ran past the end of {short(owner)}. The edit ends it there.",
            edits=[(module, Edit(start, start, f"{index} < len({owner}) and "))],
            prior=0.82,
            nature="guard",
        )


def _bound_first(module: Module, test: ast.BoolOp, bound: ast.expr) -> Iterator[Idea]:
    place = test.values.index(bound)
    if place == 0:
        return
    order = [bound, *(item for item in test.values if item is not bound)]
    text = " and ".join(module.segment(item) for item in order)
    start, end = module.span(test.values[0])[0], module.span(test.values[-1])[1]
    if "(" in module.text[start:end].replace(text, "") and module.text[start:end].count("(") != text.count("("):
        return
    yield Idea(
        title="test the bound first",
        why="The bound is tested after the item is taken, which is too late for the last one. The edit tests it first.",
        edits=[(module, Edit(start, end, text))],
        prior=0.93,
    )


def wrong_position(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the last index for the length, the one before for what counts from one, the remainder for what goes round."""
    module = context.module
    owner, index = module.segment(access.owner), module.segment(access.index)
    if _is_len_of(module, access.index, owner):
        yield Idea(
            title=f"take the last item of {short(owner)}",
            why=f"The last index of {short(owner)} is one less than its length. The edit takes the last item.",
            edits=[(module, Edit(*module.span(access.index), "-1"))],
            prior=0.94,
        )
        return
    for spot in trace(context, access.index)[1:3]:
        if spot.module is module and spot.how == "assigned" and _is_len_of(module, spot.node, owner) and not _changes(module, access.index):
            end = module.span(spot.node)[1]
            yield Idea(
                title=f"let {spot.name} be the last index",
                why=f"{spot.name} is the length of {short(owner)}, and its last index is one less. The edit makes it so.",
                edits=[(module, Edit(end, end, " - 1"))],
                prior=0.86,
            )
            return
    yield from _going_round(context, access)
    if (
        access.number is not None
        and access.number == access.length
        and not isinstance(access.index, ast.Constant)
        and innermost_loop(module, access.node) is None
    ):
        words = {part for text in (index, *(spot.name for spot in trace(context, access.index))) for part in re.split(r"[\W_]+", text.lower())}
        if words & _FROM_ONE or _is_table(context, access):
            yield from _minus_one(module, access, f"{short(index)} counts from 1, and the items of {short(owner)} from 0", 0.86 if words & _FROM_ONE else 0.6)


def _changes(module: Module, node: ast.expr) -> bool:
    function = module.function(node)
    if not isinstance(node, ast.Name) or function is None:
        return True
    return any(isinstance(item, ast.AugAssign) and isinstance(item.target, ast.Name) and item.target.id == node.id for item in own_nodes(function))


def _is_table(context: Context, access: Access) -> bool:
    return any(spot.how == "global" and isinstance(spot.node, ast.List | ast.Tuple) for spot in trace(context, access.owner))


def _going_round(context: Context, access: Access) -> Iterator[Idea]:
    module = context.module
    function = module.function(access.node)
    owner_class = module.owner(access.node)
    said = [function.name, ast.get_docstring(function) or ""] if function is not None else []
    said += [owner_class.name, ast.get_docstring(owner_class) or ""] if owner_class is not None else []
    text = " ".join(said)
    moves = isinstance(access.index, ast.BinOp) and isinstance(access.index.op, ast.Add)
    if not _ROUND.search(text) or not (moves or isinstance(access.index, ast.Attribute)):
        return
    if (
        _ROUND.search(text)
        and "next" in text.lower()
        and not re.search(r"round.?robin|rotat|cycl|circular|wrap|ring|around", text, re.IGNORECASE)
        and not _is_table(context, access)
    ):
        return
    index = module.segment(access.index)
    inner = f"({index})" if moves else index
    yield Idea(
        title=f"go round at the end of {short(module.segment(access.owner))}",
        why=f"{short(index)} moves on from item to item, and after the last one the first is next. The edit lets it go round.",
        edits=[(module, Edit(*module.span(access.index), f"{inner} % len({module.segment(access.owner)})"))],
        prior=0.82,
        cautions=("After the last item comes the first again.",),
    )
