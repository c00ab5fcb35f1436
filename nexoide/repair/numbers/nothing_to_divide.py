"""Divisions by zero: the counter that is never counted up, the step that became zero, and what comes out of nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.contracts import Answer, answer_for_nothing, guards_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.scope import is_elif, needs_parentheses
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.code.values import value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short

_RATES = frozenset(
    [
        *[
            "average",
            "avg",
            "mean",
            "rate",
            "ratio",
            "percent",
            "percentage",
            "pct",
            "share",
            "progress",
            "fraction",
            "per",
            "score",
            "accuracy",
            "precision",
            "recall",
        ],
        *[
            "utilization",
            "utilisation",
            "efficiency",
            "conversion",
            "completion",
            "growth",
            "change",
            "throughput",
            "speed",
            "density",
            "usage",
            "margin",
            "coverage",
        ],
    ]
)
_STEPS = frozenset({"step", "interval", "every", "chunk", "batch", "stride", "size", "bucket", "width"})


@dataclass(frozen=True, slots=True)
class Division:
    """One failing division: the whole expression (or `a /= b`), what is divided and by what."""

    node: ast.expr | ast.stmt
    dividend: ast.expr
    divisor: ast.expr
    operator: ast.operator | None


def find_division(context: Context) -> Division | None:
    """Return the failing division of the line, or None where several could be."""
    found: list[Division] = []
    for node in context.nodes(_divides):
        if isinstance(node, ast.BinOp):
            found.append(Division(node, node.left, node.right, node.op))
        elif isinstance(node, ast.AugAssign):
            found.append(Division(node, node.target, node.value, node.op))
        elif isinstance(node, ast.Call):
            found.append(Division(node, node.args[0], node.args[1], None))
    zero = [item for item in found if _is_zero(context, item.divisor)]
    open_ones = [item for item in found if not (isinstance(item.divisor, ast.Constant) and item.divisor.value)]
    texts = {context.module.segment(item.divisor) for item in (zero or open_ones)}
    return (zero or open_ones)[0] if len(texts) == 1 else None


def _divides(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp | ast.AugAssign):
        return isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod)
    return isinstance(node, ast.Call) and last_name(node.func) in ("divmod", "fmod", "Fraction") and len(node.args) == 2


def _is_zero(context: Context, node: ast.expr) -> bool:
    value = value_of(context, node)
    if isinstance(node, ast.Call) and last_name(node.func) == "len" and node.args:
        inner = value_of(context, node.args[0])
        return isinstance(inner, list | dict | str) and len(inner) == 0
    return isinstance(value, int | float) and value == 0


def ideas(context: Context, division: Division) -> Iterator[Idea]:
    """Yield the fault at its origin where one shows, else the value that nothing gives."""
    origin = [*_never_counted(context, division), *_counted_from_zero(context, division), *_step_of_zero(context, division)]
    yield from origin
    if not any(idea.prior > 0.8 for idea in origin):
        yield from _guarded(context, division)


def _never_counted(context: Context, division: Division) -> Iterator[Idea]:
    """Yield the counting that a loop beside a sum forgot."""
    module, name = context.module, division.divisor
    function = module.function(division.divisor)
    nodes = own_nodes(function) if function is not None else [item for item in module.nodes if module.function(item) is None]
    if isinstance(name, ast.Attribute):
        yield from _never_counted_attribute(context, name)
    if not isinstance(name, ast.Name) or name.id in _parameters(function):
        return
    stores = [item for item in nodes if isinstance(item, ast.Name) and item.id == name.id and not isinstance(item.ctx, ast.Load)]
    starts = [
        item
        for item in nodes
        if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant) and item.value.value == 0 and stores and stores[0] in item.targets
    ]
    sums = [
        item
        for item in nodes
        if isinstance(item, ast.AugAssign)
        and isinstance(item.op, ast.Add)
        and any(isinstance(around, ast.For | ast.While) for around in module.ancestors(item))
    ]
    if len(stores) != 1 or not starts or len(sums) != 1 or sums[0].lineno > division.divisor.lineno:
        return
    indent = module.own_indent(sums[0])
    if indent is None:
        return
    end = module.span(sums[0])[1]
    yield Idea(
        title=f"count {name.id} up beside the sum",
        why=(
            f"{name.id} starts at 0, is divided by, and nothing counts it up, while {module.segment(sums[0].target)} is "
            "summed up in a loop. The edit counts it up there."
        ),
        edits=[(module, Edit(end, end, f"\n{indent}{name.id} += 1"))],
        prior=0.86,
        alternatives=("A guard against zero: the count would still be wrong.",),
    )


def _never_counted_attribute(context: Context, name: ast.Attribute) -> Iterator[Idea]:
    """Yield the counting beside the one sum of a class whose count is only ever set to 0."""
    module, owner = context.module, context.module.owner(name)
    if owner is None or not (isinstance(name.value, ast.Name) and name.value.id == "self"):
        return
    others = [item for other in context.project.containing(name.attr) for item in other.nodes if isinstance(item, ast.Attribute) and item.attr == name.attr]
    stores = [item for item in others if not isinstance(item.ctx, ast.Load)]
    starts = [
        item
        for item in stores
        if isinstance(statement := module.parents.get(item), ast.Assign | ast.AnnAssign)
        and isinstance(statement.value, ast.Constant)
        and statement.value.value == 0
    ]
    sums = [
        item
        for item in ast.walk(owner)
        if isinstance(item, ast.AugAssign)
        and isinstance(item.op, ast.Add)
        and isinstance(item.target, ast.Attribute)
        and not isinstance(item.value, ast.Constant)
    ]
    if len(stores) != 1 or len(starts) != 1 or len(sums) != 1:
        return
    indent = module.own_indent(sums[0])
    if indent is not None:
        end = module.span(sums[0])[1]
        yield Idea(
            title=f"count {name.attr} up beside the sum",
            why=(
                f"{name.attr} starts at 0, is divided by, and nothing counts it up, while {module.segment(sums[0].target)} is "
                "summed up. The edit counts it up there."
            ),
            edits=[(module, Edit(end, end, f"\n{indent}self.{name.attr} += 1"))],
            prior=0.88,
            alternatives=("A guard against zero: the count would still be wrong.",),
        )


def _parameters(function: FunctionNode | None) -> list[str]:
    return [item.arg for item in (*function.args.args, *function.args.kwonlyargs)] if function is not None else []


def _counted_from_zero(context: Context, division: Division) -> Iterator[Idea]:
    """Yield a loop that begins at 1 where its number is divided by."""
    module = context.module
    if not isinstance(division.divisor, ast.Name):
        return
    for spot in trace(context, division.divisor)[1:2]:
        call = spot.node
        if spot.how != "element" or not isinstance(call, ast.Call) or last_name(call.func) != "range" or spot.module is not module:
            continue
        start = call.args[0] if len(call.args) > 1 else None
        if start is not None and isinstance(start, ast.Constant) and start.value == 0:
            edit = Edit(*module.span(start), "1")
        elif start is None:
            first = module.span(call.args[0])[0]
            edit = Edit(first, first, "1, ")
        else:
            return
        yield Idea(
            title=f"let {division.divisor.id} begin at 1",
            why=f"{division.divisor.id} counts from 0 and is divided by, so its first turn fails. The edit lets it begin at 1; its end stays.",
            edits=[(module, edit)],
            prior=0.76,
            unchecked=("Whether the loop should then also include its last number.",),
        )


def _step_of_zero(context: Context, division: Division) -> Iterator[Idea]:
    """Yield a step of at least one where a whole division made it zero."""
    for spot in trace(context, division.divisor):
        names = set(re.split(r"[\W_]+", f"{spot.name} {last_name(division.divisor)}".lower()))
        if isinstance(spot.node, ast.BinOp) and isinstance(spot.node.op, ast.FloorDiv) and names & _STEPS:
            text = spot.module.segment(spot.node)
            yield Idea(
                title=f"let {short(spot.name or text)} be at least 1",
                why=f"{short(text)} at {spot.module.rel}:{spot.node.lineno} is zero for small numbers, and it is used as a step. The edit makes it at least 1.",
                edits=[(spot.module, Edit(*spot.module.span(spot.node), f"max(1, {text})"))],
                prior=0.84,
            )
            return


def _guarded(context: Context, division: Division) -> Iterator[Idea]:
    module = context.module
    function = module.function(division.divisor)
    tested, words = emptiness(context, division.divisor)
    answer = _all_of_it(context, division, function) or answer_for_nothing(context, function, tested)
    answer = answer or _like_division(context, function)
    if answer is not None and answer.of_like and _is_other_amount(context, division, answer.text):
        answer = None
    guesses = answer is None
    if answer is None:
        value = _usual(context, division, function)
        if not value:
            context.refuse(f"Nothing in the project says what should come out where {short(module.segment(division.divisor))} is zero.")
            return
        answer = Answer(value, f"nothing of it is the usual {value}", 0.56)
    edits = _edits(context, division, function, answer, tested[0])
    if not edits:
        return
    what = answer.text if not answer.is_statement else f"`{short(answer.text)}`"
    yield Idea(
        title=f"give {what} where {words}",
        why=f"{short(module.segment(division.divisor))} was zero, and {answer.why}. The edit gives {what} then and changes nothing else.",
        edits=[(module, edit) for edit in edits],
        prior=answer.sure,
        nature="guard",
        guesses=guesses,
        cautions=(f"Where {words}, the result is now {what}.",),
        alternatives=("Letting it fail, if nothing to divide by can only be a mistake.",) if guesses else (),
    )


def _like_division(context: Context, function: FunctionNode | None) -> Answer | None:
    """Return what the file's other divisions give where their divisor is zero, if all of them give the same."""
    module = context.module
    found: dict[str, str] = {}
    for where, name, text, is_statement in guards_of(module):
        if where is None or where is function or is_statement or not re.fullmatch(r"-?\d+(?:\.\d+)?|None", text):
            continue
        divisors = [item.right for item in ast.walk(where) if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Div | ast.FloorDiv | ast.Mod)]
        inner = [item.args[0] if isinstance(item, ast.Call) and last_name(item.func) in ("len", "sum") and item.args else item for item in divisors]
        if any(last_name(item) == name for item in inner):
            found[text] = where.name
    if len(found) != 1:
        return None
    text, name = next(iter(found.items()))
    return Answer(text, f"{name}() gives {text} where it has nothing to divide by", 0.8)


def _all_of_it(context: Context, division: Division, function: FunctionNode | None) -> Answer | None:
    """Return this division's own whole where a like one (`100 * done / total`) gives its whole, the 100, for nothing."""
    module, divisor = context.module, last_name(division.divisor)
    own = _factors(division.dividend)
    for where, name, text, is_statement in guards_of(module):
        if where is None or where is function or is_statement or not divisor or name != divisor:
            continue
        for item in ast.walk(where):
            if not (isinstance(item, ast.BinOp) and isinstance(item.op, ast.Div | ast.FloorDiv) and last_name(item.right) == divisor):
                continue
            wholes = [other for factor, other in _factors(item.left) if module.segment(factor) == text]
            shared = [factor for factor, other in own for part in wholes if last_name(part) and last_name(part) == last_name(other)]
            if len(shared) == 1:
                whole = module.segment(shared[0])
                return Answer(whole, f"{where.name}() gives {text}, all of it, where {name} is zero, and all of it is {short(whole)} here", 0.84)
    return None


def _is_other_amount(context: Context, division: Division, text: str) -> bool:
    """Say whether a number that like code answers with is an amount of its own, while this division is only a part of what its function gives."""
    module, statement = context.module, context.module.statement(division.divisor)
    whole = isinstance(statement, ast.Return) and not isinstance(division.node, ast.stmt) and statement.value is _rounded(module, division.node)
    is_amount = re.fullmatch(r"-?\d+(?:\.\d+)?", text) is not None and float(text) != 0
    return is_amount and not whole


def _factors(node: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Return the two factors of a product, each with the other; none for anything else."""
    return [(node.left, node.right), (node.right, node.left)] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else []


def emptiness(context: Context, divisor: ast.expr) -> tuple[list[str], str]:
    """Return the texts of what is empty where a divisor is zero (the best to test first), and that in words."""
    module = context.module
    own = module.segment(divisor)
    if isinstance(divisor, ast.Call) and last_name(divisor.func) == "len" and divisor.args and isinstance(divisor.args[0], ast.Name | ast.Attribute):
        text = module.segment(divisor.args[0])
        return [text, own], f"{short(text)} is empty"
    sources = [spot.node for spot in trace(context, divisor)[1:3]]
    counted = [node.args[0] for node in sources if isinstance(node, ast.Call) and last_name(node.func) in ("len", "sum") and node.args]
    found = [own, *(name for item in counted if (name := last_name(item)))]
    return found, f"{short(own)} is zero"


def _usual(context: Context, division: Division, function: FunctionNode | None) -> str:
    """Return 0 for a mean, a rate or a share of things that are counted, "" for any other division."""
    module = context.module
    counted = False
    for spot in trace(context, division.divisor):
        node = spot.node
        counted = counted or (isinstance(node, ast.Call) and last_name(node.func) in ("len", "sum", "count", "total_seconds"))
        counted = counted or isinstance(node, ast.BinOp) or (isinstance(node, ast.Constant) and spot.how == "assigned")
    statement = module.statement(division.divisor)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    texts = [function.name if function is not None else "", *(last_name(item) for item in targets), module.segment(division.divisor)]
    texts += _labels(module, division.divisor)
    named = {part for text in texts for part in re.split(r"[\W_]+", text.lower())}
    wanted = {"total", "count", "n", "num", "size", "views", "visits", "attempts", "orders", "requests", "impressions", "sent", "votes"}
    if not (named & _RATES) or not (counted or named & wanted):
        return ""
    if function is not None and function.returns is not None and module.segment(function.returns) == "int":
        return "0"
    return "0.0" if isinstance(division.operator, ast.Div) else "0"


def _labels(module: Module, node: ast.expr) -> list[str]:
    """Return the keys and keywords whose value a node is part of."""
    found: list[str] = []
    below: ast.AST = node
    for item in module.ancestors(node):
        if isinstance(item, ast.stmt):
            break
        if isinstance(item, ast.keyword) and item.arg:
            found.append(item.arg)
        elif isinstance(item, ast.Dict) and below in item.values:
            key = item.keys[item.values.index(below)] if isinstance(below, ast.expr) else None
            found += [str(key.value)] if isinstance(key, ast.Constant) else []
        below = item
    return found


def _edits(context: Context, division: Division, function: FunctionNode | None, answer: Answer, tested: str) -> list[Edit]:
    """Return the guard: before the statement where it returns (or raises), around the division otherwise."""
    module = context.module
    statement = module.statement(division.divisor)
    if statement is None:
        return []
    indent = module.own_indent(statement)
    outer = None if isinstance(division.node, ast.stmt) else _rounded(module, division.node)
    is_number = re.fullmatch(r"-?\d+(?:\.\d+)?", answer.text) is not None or (_is_simple(answer.text) and answer.text not in ("None", "True", "False"))
    is_whole = isinstance(statement, ast.Return) and statement.value is outer
    early = function is not None and not _in_own_scope(module, division.divisor) and _is_simple(tested) and (is_whole or not is_number)
    if (answer.is_statement or early) and indent is not None and not is_elif(module, statement):
        at = module.span(statement)[0]
        action = answer.text if answer.is_statement else f"return {answer.text}"
        return [Edit(at, at, f"if not {tested}:\n{indent}    {action}\n{indent}")]
    if answer.is_statement or isinstance(division.node, ast.stmt):
        if isinstance(division.node, ast.AugAssign) and indent is not None and not answer.is_statement:
            at = module.span(division.node)[0]
            return [Edit(at, at, f"if {tested}:\n{indent}    ")] if answer.text in ("0", "0.0") else []
        return []
    assert outer is not None
    texts = [(node, f"{module.segment(node)} if {tested} else {answer.text}") for node in _like_divisions(module, function, division, outer)]
    return [Edit(*module.span(node), f"({text})" if needs_parentheses(module, node) else text) for node, text in texts]


def _is_simple(text: str) -> bool:
    return re.fullmatch(r"[\w.]+", text) is not None


def _in_own_scope(module: Module, node: ast.expr) -> bool:
    """Say whether a node stands in a comprehension or lambda, whose names a line before the statement does not have."""
    for item in module.ancestors(node):
        if isinstance(item, ast.stmt):
            return False
        if isinstance(item, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda | ast.IfExp | ast.BoolOp):
            return True
    return False


def _rounded(module: Module, node: ast.expr) -> ast.expr:
    """Return the calculation around a division that has no meaning without it: its products, its rounding."""
    while True:
        parent = module.parents.get(node)
        if (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div)) or (
            isinstance(parent, ast.Call) and last_name(parent.func) in ("round", "int", "float") and parent.args and parent.args[0] is node
        ):
            node = parent
        else:
            return node


def _like_divisions(module: Module, function: FunctionNode | None, division: Division, outer: ast.expr) -> list[ast.expr]:
    """Return the divisions by the same thing in the function, each with the calculation around it; those that are guarded left out."""
    if function is None:
        return [outer]
    wanted = module.segment(division.divisor)
    found = [outer]
    divisions = [item for item in own_nodes(function) if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Div | ast.FloorDiv | ast.Mod)]
    for item in divisions:
        whole = _rounded(module, item)
        guarded = any(isinstance(around, ast.IfExp | ast.If) and wanted in module.segment(around.test) for around in module.ancestors(item))
        inside = any(whole is other or whole in ast.walk(other) or other in ast.walk(whole) for other in found)
        if module.segment(item.right) == wanted and not inside and not guarded:
            found.append(whole)
    return found
