"""Iterators that are gone through a second time: kept by an object, given to a function, made before a loop, a file at its end."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.flow.iterator_uses import twice
from nexoide.repair.flow.own_iterators import is_gone_through_again, own_iterators
from nexoide.repair.flow.running import loaded
from nexoide.repair.flow.used_up import UsedUp, listed, used_up
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

# What an empty second pass is most often told by; any other error may follow from it too.
_TELLING = frozenset(["AssertionError", "ZeroDivisionError", "StopIteration", "StatisticsError", "IndexError", "SystemExit"])
_NEVER = frozenset(
    ["SyntaxError", "ImportError", "ModuleNotFoundError", "RecursionError", "KeyboardInterrupt", "NameError", "MemoryError", "NotImplementedError"]
)
MOST = 3


class IteratorReuse:
    """Keeps in a list, where it is made, what is gone through more than once."""

    name = "iterator-reuse"
    summary = "Keeps in a list what is gone through twice but gives its items only once, and lets files and own iterators begin again."
    errors = ("*",)
    searches = True
    examples: tuple[Example, ...] = (
        Example(
            name="an object that keeps a generator",
            files={
                "main.py": "class Rows:\n    def __init__(self, rows):\n        self.rows = (row for row in rows if row)\n\n    def count(self):\n"
                "        return sum(1 for _ in self.rows)\n\n    def mean(self):\n        return sum(self.rows) / self.count()\n\n\n"
                "print(Rows([2, 0, 4]).mean())\n"
            },
            prints="3.0\n",
        ),
        Example(
            name="an iterator that is made for each use",
            files={"main.py": "def mean(rows):\n    kept = [row for row in rows if row > 3]\n    return sum(kept) / len(kept)\n\n\nprint(mean([1]))\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the error can be what an empty second pass leads to."""
        return raised.type not in _NEVER and not raised.type.startswith("Connection")

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair of each iterator that is surely gone through twice, those of the failing files first."""
        telling = _is_telling(context)
        modules = {module: framed for module, framed in loaded(context) if telling or framed}
        ideas: list[Idea] = []
        for item in used_up(context.project, list(modules)):
            plain = "." not in item.name and not item.in_loop  # the rule stop-iteration reads these too, along the calls, and knows more of them
            idea = _kept(item, _prior(telling=telling, framed=modules[item.module]) - (0.2 if plain else 0.0))
            ideas += [idea] if idea is not None else []
        for module, framed in modules.items():
            prior = _prior(telling=telling, framed=framed)
            ideas += _files(context, module, prior)
            ideas += _own(context, module, prior)
        yield from offer(context, self.name, sorted(ideas, key=lambda idea: -idea.prior)[:MOST])


def _prior(*, telling: bool, framed: bool) -> float:
    return (0.88 if framed else 0.82) if telling else 0.66


def _is_telling(context: Context) -> bool:
    return context.raised.type.rsplit(".", 1)[-1] in _TELLING or "empty" in context.raised.message


def _kept(item: UsedUp, prior: float) -> Idea | None:
    module = item.module
    if item.origin is not None:
        edits = listed(module, item.origin)
        what = f"make a list of {short(module.segment(item.origin), 50)}"
        tells = f"{item.name} gives its items only once"
    else:
        function = item.function
        body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))] if function is not None else []
        indent = module.own_indent(body[0]) if body else None
        if indent is None or function is None:
            return None
        at = module.span(body[0])[0]
        edits = [Edit(at, at, f"{item.name} = list({item.name})\n{indent}")]
        what = f"keep {item.name} in a list at the start of {function.name}()"
        tells = f"{function.name}() is given an iterator as {item.name}, which gives its items only once"
    again = "a loop goes through it in each of its turns" if item.in_loop else f"lines {item.uses[0].lineno} and {item.uses[-1].lineno} both go through it"
    if not item.in_loop and item.uses[0].lineno == item.uses[-1].lineno:
        again = f"line {item.uses[0].lineno} goes through it more than once"
    return Idea(
        title=what,
        why=f"{tells}, and {again}: from the second time on it is empty. The edit keeps the items in a list. Their order stays the same.",
        edits=[(module, edit) for edit in edits],
        prior=prior,
        cautions=("All items are held in memory at once from here on.",),
        alternatives=("Making the iterator again for each use: that reads its source again.",),
    )


def _files(context: Context, module: Module, prior: float) -> Iterator[Idea]:
    """Yield the way back to a file's beginning, before it is read a second time."""
    for node in module.nodes if "open(" in module.text else ():
        for part in node.items if isinstance(node, ast.With) else ():
            call, name = part.context_expr, part.optional_vars
            if not isinstance(call, ast.Call) or last_name(call.func) != "open" or not isinstance(name, ast.Name):
                continue
            loads = [item for item in ast.walk(node) if isinstance(item, ast.Name) and item.id == name.id and isinstance(item.ctx, ast.Load)]
            around = [module.parents.get(load) for load in loads]
            if any(isinstance(parent, ast.Attribute) and parent.attr in ("seek", "write", "tell", "readline") for parent in around):
                continue
            found = twice(context.project, module, loads, node)
            second = module.statement(found[0][1]) if found is not None and not found[1] else None
            indent = module.own_indent(second) if second is not None else None
            if second is None or indent is None or found is None or module.statement(found[0][0]) is second:
                continue
            at = module.span(second)[0]
            yield Idea(
                title=f"go back to the beginning of {name.id} before it is read again",
                why=f"Line {found[0][0].lineno} reads {name.id} to its end, so that line {second.lineno} finds nothing. "
                "The edit goes back to the beginning first.",
                edits=[(module, Edit(at, at, f"{name.id}.seek(0)\n{indent}"))],
                prior=prior,
                alternatives=("Keeping all lines in a list: the file would have to fit into memory.",),
            )


def _own(context: Context, module: Module, prior: float) -> Iterator[Idea]:
    """Yield the beginning that a class's `__iter__` leaves out."""
    for held in own_iterators(module):
        first = held.iterates.body[0]
        indent = module.own_indent(first)
        if indent is None or not is_gone_through_again(context.project, held):
            continue
        at, me = module.span(first)[0], held.iterates.args.args[0].arg
        yield Idea(
            title=f"begin again in {held.item.name}.__iter__()",
            why=f"A {held.item.name} counts in {held.attribute} while it is gone through, and nothing sets that back: the second time it is at its end. "
            f"The edit begins again with {held.begins}.",
            edits=[(module, Edit(at, at, f"{me}.{held.attribute} = {held.begins}\n{indent}"))],
            prior=prior,
        )
