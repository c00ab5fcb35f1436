"""Functions made in a loop that read the loop's variable later, when it has its last value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.reach import Reached, nodes_of, reached, states_a_rule
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_OTHERS = frozenset(["SyntaxError", "ImportError", "ModuleNotFoundError", "UnboundLocalError", "RecursionError", "RuntimeWarning", "OSError"])
# Calls that use up a function before the loop goes on.
_AT_ONCE = frozenset(
    [
        *("sorted", "sort", "min", "max", "map", "filter", "reduce", "sum", "any", "all", "list", "tuple", "set", "next", "groupby", "sub", "subn", "run"),
        *("takewhile", "dropwhile", "apply", "nlargest", "nsmallest", "timeit", "retry", "call", "submit_and_wait", "join", "dict", "insort"),
    ]
)

Closure = ast.Lambda | FunctionNode
Loop = ast.For | ast.AsyncFor | ast.While | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class LateBinding:
    """Binds the loop's value where the function is made, as a default of a parameter."""

    name = "late-binding"
    summary = "Binds a loop's variable where a function is made in the loop, so that each function keeps its own value."
    errors = ("*",)
    searches = True
    examples = (
        Example(
            name="lambdas of a comprehension",
            files={
                "steps.py": "def steps(sizes):\n    return [lambda n: n * size for size in sizes]\n",
                "main.py": "from steps import steps\n\nfirst, second = steps([2, 3])\nassert first(1) == 2, first(1)\nprint(first(5), second(5))\n",
            },
            prints="10 15\n",
        ),
        Example(
            name="a key that is used at once",
            files={"main.py": "for place in (0, 1):\n    rows = sorted([(1, 2)], key=lambda row: row[place])\nassert rows == []\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the error may be a late effect of functions that all read one variable."""
        return raised.type not in _OTHERS

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair of each loop that the failing code reaches and whose functions outlive their turn."""
        noted = len(context.refusals)
        states = states_a_rule(context)
        for item in reached(context):
            yield from offer(context, self.name, _of_function(item, states=states))
        del context.refusals[noted:]


def _of_function(item: Reached, *, states: bool) -> Iterator[Idea]:
    module = item.module
    found: list[tuple[Closure, list[str]]] = []
    for node in nodes_of(item):
        if isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
            loop = _loop_around(module, node)
            names = _late(module, node, loop) if loop is not None else []
            if names and loop is not None and _outlives(module, node, loop):
                found.append((node, names))
    if not found:
        return
    edits = [(module, edit) for closure, names in found if (edit := _bound(module, closure, names)) is not None]
    if len(edits) != len(found):
        return
    names = list(dict.fromkeys(name for _, closed in found for name in closed))
    text = ", ".join(names)
    what = "lambda" if isinstance(found[0][0], ast.Lambda) else f"{found[0][0].name}()"
    yield Idea(
        title=f"bind {text} where each {what} is made",
        why=f"The functions that {item.label} makes in a loop read {text} when they are called, and by then the loop has ended: all see its last value. "
        f"The edit binds {text} as a default of a parameter, which is worked out in each turn.",
        edits=edits,
        prior=(0.92 if states else 0.7) - 0.01 * item.steps,
        unchecked=("That the failure comes from this: no message says so.", "Whether a caller gives these functions more arguments than they take now."),
    )


def _loop_around(module: Module, node: ast.AST) -> Loop | None:
    """Return the closest loop in whose turns a node is evaluated, in the same function."""
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            return None
        if isinstance(parent, ast.For | ast.AsyncFor | ast.While) and any(child is part for part in parent.body):
            return parent
        if isinstance(parent, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) and not isinstance(child, ast.comprehension):
            return parent
        child = parent
    return None


def _late(module: Module, closure: Closure, loop: Loop) -> list[str]:
    """Return the names that a function reads and that the loop binds anew in every turn."""
    bound: set[str] = set()
    at = loop
    while at is not None:
        if isinstance(at, ast.For | ast.AsyncFor):
            bound |= _stored(at.target)
        if isinstance(at, ast.For | ast.AsyncFor | ast.While):
            for part in at.body:
                bound |= {item.id for item in _own(part) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
        else:
            for generator in at.generators:
                bound |= _stored(generator.target)
        outer = _loop_around(module, at)
        if outer is None:
            break
        at = outer
    given = closure.args
    own = {item.arg for item in (*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg)))}
    body = closure.body if isinstance(closure.body, list) else [closure.body]
    inside = [item for part in body for item in ast.walk(part) if isinstance(item, ast.Name)]
    own |= {item.id for item in inside if isinstance(item.ctx, ast.Store)}
    name = closure.name if not isinstance(closure, ast.Lambda) else ""
    if any(isinstance(item, ast.Nonlocal | ast.Global) for part in body for item in ast.walk(part)):
        return []
    return list(dict.fromkeys(item.id for item in inside if isinstance(item.ctx, ast.Load) and item.id in bound and item.id not in own and item.id != name))


def _stored(target: ast.expr) -> set[str]:
    return {item.id for item in ast.walk(target) if isinstance(item, ast.Name)}


def _own(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield a statement's nodes without those of the functions in it."""
    yield statement
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            yield from _own(child)


def _outlives(module: Module, closure: Closure, loop: Loop) -> bool:
    """Say whether a function is kept beyond the turn that makes it: stored, returned or handed to what keeps it."""
    if isinstance(closure, ast.Lambda):
        return _is_kept(module, closure)
    uses = [
        item
        for part in getattr(loop, "body", [])
        for item in ast.walk(part)
        if isinstance(item, ast.Name) and item.id == closure.name and isinstance(item.ctx, ast.Load)
    ]
    return bool(closure.decorator_list) or any(_is_kept(module, item) for item in uses)


def _is_kept(module: Module, node: ast.expr) -> bool:
    parent = module.parents.get(node)
    if isinstance(parent, ast.Call):
        return parent.func is not node and last_name(parent.func) not in _AT_ONCE
    if isinstance(parent, ast.keyword):
        call = module.parents.get(parent)
        return isinstance(call, ast.Call) and parent.arg != "key" and last_name(call.func) not in _AT_ONCE
    if isinstance(parent, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return True
    if isinstance(parent, ast.Tuple | ast.List | ast.Dict | ast.IfExp):
        return _is_kept(module, parent) or isinstance(module.parents.get(parent), ast.Assign)
    if isinstance(parent, ast.Assign):
        if any(isinstance(target, ast.Subscript | ast.Attribute) for target in parent.targets):
            return True
        names = {target.id for target in parent.targets if isinstance(target, ast.Name)}
        scope: ast.AST = module.function(parent) or module.tree
        loads = [item for item in ast.walk(scope) if isinstance(item, ast.Name) and item.id in names and isinstance(item.ctx, ast.Load)]
        return any(
            isinstance(module.parents.get(item), ast.Call | ast.keyword | ast.Assign | ast.List | ast.Tuple) and _is_kept(module, item) for item in loads
        )
    return isinstance(parent, ast.Yield | ast.Return)


def _bound(module: Module, closure: Closure, names: list[str]) -> Edit | None:
    """Return the edit that adds `name=name` to a function's parameters."""
    given = closure.args
    text = ", ".join(f"{name}={name}" for name in names)
    start = module.span(closure)[0]
    if given.kwarg is not None:
        at = module.text.rindex("**", start, module.span(given.kwarg)[0])
        return Edit(at, at, f"{text}, ")
    names_given: list[ast.expr | ast.arg] = [*given.posonlyargs, *given.args, *given.kwonlyargs, *([given.vararg] if given.vararg else [])]
    values: list[ast.expr | ast.arg] = [*given.defaults, *(item for item in given.kw_defaults if item is not None)]
    if names_given:
        end = max(module.span(item)[1] for item in (*names_given, *values))
        return Edit(end, end, f", {text}")
    if isinstance(closure, ast.Lambda):
        at = start + len("lambda")
        return Edit(at, at, f" {text}")
    opening = module.text.index("(", module.text.index(closure.name, start + len("def")))
    return Edit(opening + 1, opening + 1, text)
