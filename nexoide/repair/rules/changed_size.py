"""Collections changed while they are walked: the error that dictionaries, sets and deques raise, and the elements that lists skip."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.reach import Reached, nodes_of, reached, states_a_rule
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.unbound import is_ended
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_MESSAGE = re.compile(r"changed size during iteration|keys changed during iteration|mutated during iteration")
_REMOVES = frozenset(["remove", "pop", "insert"])
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_WALKS = frozenset(["sum", "sorted", "list", "tuple", "set", "min", "max", "any", "all", "join", "dict", "enumerate", "extend", "update", "len", "Counter"])


class ChangedSize:
    """Walks a copy of what the loop changes, so that every element is seen once."""

    name = "changed-size"
    summary = "Walks a copy of a collection that is changed while it is walked."
    errors = ("RuntimeError", "AssertionError", "IndexError", "*")
    searches = True
    examples = (
        Example(
            name="entries deleted while a dict is walked",
            files={
                "sessions.py": "def expire(sessions, now):\n    for key, until in sessions.items():\n        if until < now:\n            del sessions[key]\n",
                "main.py": "from sessions import expire\n\nopen_ones = {'a': 1, 'b': 9}\nexpire(open_ones, 5)\nprint(open_ones)\n",
            },
            prints="{'b': 9}\n",
        ),
        Example(
            name="elements removed while a list is walked",
            files={
                "main.py": "def clean(words):\n    for word in words:\n        if word == 'a':\n            words.remove(word)\n    return words\n\n\n"
                "left = clean(['a', 'a', 'b'])\nassert 'a' not in left, left\nprint(left)\n",
            },
            prints="['b']\n",
        ),
        Example(
            name="a loop that ends after its one change",
            files={"main.py": "rows = [1, 2]\nfor row in rows:\n    if row == 1:\n        rows.remove(row)\n        break\nassert rows == [1]\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a collection says that it was changed, or elements may have been skipped."""
        return _MESSAGE.search(raised.message) is not None or raised.type in ("AssertionError", "IndexError", "ValueError") or not raised.type.endswith("Error")

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the copy that the loop walks."""
        if _MESSAGE.search(context.raised.message) is not None:
            yield from offer(context, self.name, _walked(context))
            return
        noted = len(context.refusals)
        states = states_a_rule(context)
        for item in reached(context):
            yield from offer(context, self.name, _skipping(item, states=states))
        del context.refusals[noted:]


def _walked(context: Context) -> Iterator[Idea]:
    """The failing line walks a collection: it walks a list of what is there."""
    module = context.module
    iterables = _iterables(context)
    if len({module.segment(node) for node in iterables}) != 1:
        context.refuse("The line walks several collections, and nothing says which was changed." if iterables else "The line does not show what was walked.")
        return
    node = iterables[0]
    text = module.segment(node)
    edits = [(module, Edit(*module.span(node), f"list({text})"))]
    yield Idea(
        title=f"walk a copy of {short(text)}",
        why=f"{short(text)} was changed while it was walked. The edit walks a list of what it held at the start, so that changes do not disturb the loop.",
        edits=edits,
        prior=0.94,
        cautions=("What is added during the loop is not visited in it.",) if "deque" in context.raised.message else (),
        unchecked=("Whether another thread changes it too.",) if "size" in context.raised.message and not _changes_in(module, node) else (),
    )


def _iterables(context: Context) -> list[ast.expr]:
    module = context.module
    loops = context.nodes(lambda item: isinstance(item, ast.For | ast.AsyncFor))
    found = [item.iter for item in loops if isinstance(item, ast.For | ast.AsyncFor) and item.lineno <= context.line <= (item.iter.end_lineno or item.lineno)]
    spanned = context.nodes(lambda item: isinstance(item, ast.expr) and _is_iterated(module, item))
    if context.frame.column >= 0 and spanned:
        return [item for item in spanned if isinstance(item, ast.expr)]
    if found:
        return [found[-1]]
    for item in context.nodes(lambda node: isinstance(node, _COMPREHENSIONS)):
        if isinstance(item, _COMPREHENSIONS):
            found += [generator.iter for generator in item.generators[:1]]
    if not found:
        calls = context.nodes(lambda item: isinstance(item, ast.Call) and last_name(item.func) in _WALKS and len(item.args) == 1)
        found = [item.args[0] for item in calls if isinstance(item, ast.Call)]
    return found


def _is_iterated(module: Module, node: ast.expr) -> bool:
    parent = module.parents.get(node)
    return isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension) and parent.iter is node


def _changes_in(module: Module, node: ast.expr) -> bool:
    parent = module.parents.get(node)
    return isinstance(parent, ast.For) and any(isinstance(item, ast.Delete | ast.Call | ast.Assign) for part in parent.body for item in ast.walk(part))


def _skipping(item: Reached, *, states: bool) -> Iterator[Idea]:
    """Loops over a list that take elements out of that list."""
    module = item.module
    for loop in nodes_of(item):
        if not isinstance(loop, ast.For):
            continue
        walked, index_name = _walked_list(loop)
        if walked is None:
            continue
        removals = _removals(module, loop, ast.unparse(walked), index_name)
        if not removals:
            continue
        text = module.segment(walked)
        prior = (0.92 if states else 0.7) - 0.01 * item.steps
        by_index = any(by for _, by in removals)
        span = module.span(loop.iter)
        whole = module.segment(loop.iter)
        new = f"reversed(list({whole}))" if by_index and index_name else f"list({text})"
        place = span if by_index and index_name else module.span(walked)
        yield Idea(
            title=f"walk a copy of {short(text)}" + (" from its end" if by_index and index_name else ""),
            why=f"{item.label} takes elements out of {short(text)} while it walks it: what follows moves up, and the next element is "
            f"skipped. The edit walks a copy"
            + (", from the end, so that no place moves that is still to come." if by_index and index_name else ", so that every element is seen."),
            edits=[(module, Edit(*place, new))],
            prior=prior - (0.06 if by_index else 0.0),
            unchecked=("That the failure comes from this: no message says so.",),
        )


def _walked_list(loop: ast.For) -> tuple[ast.expr | None, str]:
    """Return the list that a loop walks directly, and the name of the place, where enumerate gives one."""
    node = loop.iter
    if isinstance(node, ast.Name | ast.Attribute):
        return node, ""
    if isinstance(node, ast.Call) and last_name(node.func) == "enumerate" and len(node.args) == 1 and isinstance(node.args[0], ast.Name | ast.Attribute):
        target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) and loop.target.elts else None
        return node.args[0], target.id if isinstance(target, ast.Name) else ""
    return None, ""


def _removals(module: Module, loop: ast.For, path: str, place: str) -> list[tuple[ast.AST, bool]]:
    """Return what takes elements out of the walked list and lets the loop go on, each with whether it does so by their place."""
    found: list[tuple[ast.AST, bool]] = []
    for part in loop.body:
        for node in _own(part):
            by_place = False
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _REMOVES and ast.unparse(node.func.value) == path:
                by_place = bool(place) and node.func.attr == "pop" and bool(node.args) and ast.unparse(node.args[0]) == place
            elif isinstance(node, ast.Delete) and any(isinstance(item, ast.Subscript) and ast.unparse(item.value) == path for item in node.targets):
                by_place = bool(place)
            else:
                continue
            statement = module.statement(node)
            if statement is not None and not _leaves(module, statement, loop):
                found.append((node, by_place))
    return found


def _own(statement: ast.AST) -> Iterator[ast.AST]:
    yield statement
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            yield from _own(child)


def _leaves(module: Module, statement: ast.stmt, loop: ast.For) -> bool:
    """Say whether the loop surely ends after a statement."""
    parent = module.parents.get(statement)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list) and statement in block:
            last = block[-1]
            return is_ended(block) and not isinstance(last, ast.Continue) and parent is not loop
    return False
