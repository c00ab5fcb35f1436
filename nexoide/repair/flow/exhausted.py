"""Iterators that a first pass used up: what gives elements only once, and is walked twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import callees
from nexoide.repair.code.provenance import called
from nexoide.repair.code.reach import Reached, function_at, nodes_of, reached, states_a_rule
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.coroutines import is_generator
from nexoide.repair.ideas import Idea, short

_ONCE = frozenset(
    ["map", "filter", "zip", "iter", "reversed", "enumerate", "reader", "DictReader", "finditer", "islice", "chain", "groupby", "glob", "iterdir", "scandir"]
)
_WALKS = frozenset(
    [
        *("sum", "list", "tuple", "set", "sorted", "min", "max", "any", "all", "dict", "Counter", "join", "len", "mean", "median", "fsum", "frozenset"),
        *("extend", "update", "writerows", "deque", "stdev", "reduce", "enumerate", "zip", "map", "filter", "reversed"),
    ]
)


def exhausted(context: Context) -> Iterator[Idea]:
    """Yield the list that keeps what is walked twice, in the functions that the failure came through."""
    states = states_a_rule(context) or context.raised.type in ("ZeroDivisionError", "StopIteration", "StatisticsError")
    for item in reached(context):
        nodes = nodes_of(item)
        for name in dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
            walks = [node for node in nodes if isinstance(node, ast.Name) and node.id == name and _walks(context, item.module, node)]
            if len(walks) < 2 or _exclude(item.module, walks):
                continue
            idea = _kept(context, item, nodes, name, (0.9 if states else 0.7) - 0.01 * item.steps)
            if idea is not None:
                yield idea


def _walks(context: Context, module: Module, node: ast.Name) -> bool:
    """Say whether a use takes the elements of a name: a loop, a call that walks, a function of the project that does."""
    if not isinstance(node.ctx, ast.Load):
        return False
    parent = module.parents.get(node)
    if isinstance(parent, ast.For | ast.comprehension):
        return parent.iter is node
    if isinstance(parent, ast.Starred | ast.YieldFrom):
        return True
    if not isinstance(parent, ast.Call) or node not in parent.args:
        return False
    if last_name(parent.func) in _WALKS:
        return True
    for function in callees(context.project, module, parent, guess=False)[:1]:
        names = [item.arg for item in function.node.args.args]
        place = parent.args.index(node) + (1 if function.owner is not None and names[:1] in (["self"], ["cls"]) else 0)
        if place < len(names):
            return any(_is_walked(function.module, item, names[place]) for item in ast.walk(function.node))
    return False


def _is_walked(module: Module, node: ast.AST, name: str) -> bool:
    if not (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)):
        return False
    parent = module.parents.get(node)
    if isinstance(parent, ast.For | ast.comprehension):
        return parent.iter is node
    return isinstance(parent, ast.Call) and last_name(parent.func) in _WALKS


def _exclude(module: Module, walks: list[ast.Name]) -> bool:
    """Say whether of two walks only one can happen: they stand in different branches of one `if`."""
    first, second = walks[0], walks[1]
    around = set(module.ancestors(second))
    for item in module.ancestors(first):
        if isinstance(item, ast.If) and item in around:
            in_body = [any(node in set(ast.walk(part)) for part in item.body) for node in (first, second)]
            in_else = [any(node in set(ast.walk(part)) for part in item.orelse) for node in (first, second)]
            return (in_body[0] and in_else[1]) or (in_else[0] and in_body[1])
    return False


def _kept(context: Context, item: Reached, nodes: list[ast.AST], name: str, prior: float) -> Idea | None:
    """Keep the elements in a list: where the name is given its value, or at the head of the function that takes it."""
    module = item.module
    values = [node for node in nodes if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)]
    if len(values) == 1 and _is_once(context, module, values[0].value):
        value = values[0].value
        text = module.segment(value)
        bracketed = isinstance(value, ast.GeneratorExp) and text.startswith("(") and text.endswith(")")
        edits = [(module, Edit(*module.span(value), f"[{text[1:-1]}]" if bracketed else f"list({text})"))]
        return _idea(item, name, short(text), edits, prior)
    if values or item.node is None or not _is_given_once(context, item, name):
        return None
    first = next((one for one in item.node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))), None)
    indent = module.own_indent(first) if first is not None else None
    if first is None or indent is None:
        return None
    at = module.span(first)[0]
    return _idea(item, name, f"what {item.label} is given as {name}", [(module, Edit(at, at, f"{name} = list({name})\n{indent}"))], prior)


def _idea(item: Reached, name: str, what: str, edits: list[tuple[Module, Edit]], prior: float) -> Idea:
    return Idea(
        title=f"keep the elements of {name} in a list",
        why=f"{item.label} walks {name} twice, and {what} gives its elements only once: the second walk finds nothing. The edit keeps them in a list first.",
        edits=edits,
        prior=prior,
        unchecked=("That all elements fit into memory at once.",),
    )


def _is_once(context: Context, module: Module, node: ast.expr) -> bool:
    """Say whether an expression gives elements only once."""
    if isinstance(node, ast.GeneratorExp):
        return True
    if not isinstance(node, ast.Call):
        return False
    function = called(context.project, module, node)
    if function is not None:
        return is_generator(function.node) and not function.is_async and "contextmanager" not in function.decorators
    return last_name(node.func) in _ONCE and not (isinstance(node.func, ast.Attribute) and last_name(node.func) in ("map", "filter"))


def _is_given_once(context: Context, item: Reached, name: str) -> bool:
    """Say whether a parameter is given an iterator: as it was seen in the failing frame, or as a caller gives it."""
    node = item.node
    if node is None or name not in [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]:
        return False
    view = context.frame.locals.get(name) if context.module is item.module and _is_failing(context, node) else None
    if view is not None:
        return view.type in ("generator", "map", "filter", "zip", "reversed", "enumerate", "reader", "DictReader", "list_iterator", "islice", "chain")
    for module in context.project.containing(node.name + "("):
        for call in module.nodes:
            if isinstance(call, ast.Call) and last_name(call.func) == node.name:
                for given in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == name)):
                    if _is_once(context, module, given) or any(_is_once(context, module, value) for value in _values(module, given)):
                        return _is_at(node, call, given, name)
    return False


def _values(module: Module, node: ast.expr) -> list[ast.expr]:
    """Return what a local name was given."""
    function = module.function(node)
    if not isinstance(node, ast.Name):
        return []
    scope: ast.AST = function if function is not None else module.tree
    return [
        item.value for item in ast.walk(scope) if isinstance(item, ast.Assign) and any(isinstance(one, ast.Name) and one.id == node.id for one in item.targets)
    ]


def _is_at(node: FunctionNode, call: ast.Call, given: ast.expr, name: str) -> bool:
    """Say whether an argument of a call fills the parameter."""
    if any(keyword.value is given for keyword in call.keywords):
        return True
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    place = call.args.index(given) + (1 if names[:1] in (["self"], ["cls"]) else 0)
    return place < len(names) and names[place] == name


def _is_failing(context: Context, node: FunctionNode) -> bool:
    return function_at(context) is node
