"""An iterator or a view used as a list: its length, an item by number, a method of a list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.beginnings import beginnings, parameter_of, passed_argument
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, in_own_code

_LAZY = "generator|map|filter|zip|enumerate|reversed|dict_keys|dict_values|dict_items|odict_keys|odict_values|odict_items|range|list_iterator"
_LAZY_NAMES = frozenset(
    ["map", "filter", "zip", "enumerate", "reversed", "range", "iter", "keys", "values", "items", "iterdir", "glob", "rglob", "finditer", "islice", "chain"]
)
_MESSAGES = (
    ("length", re.compile(rf"object of type '({_LAZY})' has no len\(\)")),
    ("item", re.compile(rf"'({_LAZY})' object is not subscriptable")),
    ("item", re.compile(rf"'({_LAZY})' object does not support item (?:assignment|deletion)")),
    ("reversed", re.compile(rf"'({_LAZY})' object is not reversible")),
    ("method", re.compile(rf"'({_LAZY})' object has no attribute '(append|extend|insert|sort|reverse|pop|remove|index|count|copy|clear)'")),
)
_DEPTH = 3


class IteratorAsList:
    """Makes a list of it where it is made."""

    name = "iterator-as-list"
    summary = "Makes a list of a generator, map, filter, zip or view of a dict that is used as a list."
    errors = ("TypeError", "AttributeError")
    examples: tuple[Example, ...] = (
        Example(
            name="length-of-a-filter",
            files={
                "main.py": "def count_open(orders):\n    found = filter(lambda order: order['open'], orders)\n    return len(found)\n\n\n"
                "print(count_open([{'open': True}, {'open': False}]))\n"
            },
            prints="1\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an iterator or a view lacks what a list has."""
        return raised.type in self.errors and _complaint(raised) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield `list(...)` around the place at which it is made."""
        complaint = _complaint(context.raised)
        if complaint is None or not in_own_code(context):
            return
        what, kind, attribute = complaint
        used = _used(context, what, attribute)
        if used is None:
            context.refuse(f"The line uses several things as a list, and nothing says which of them is the {kind}.")
            return
        found = list(_makers(context, used, 0))
        if len(found) != 1:
            context.refuse(f"Where the {kind} is made cannot be told from the source." if not found else f"The {kind} is made in {len(found)} places.")
            return
        module, node = found[0]
        text = module.segment(node)
        proposal = context.propose(
            rule=self.name,
            title=f"make a list of {text[:50]}",
            rationale=(
                f"{text[:60]} gives a {kind}, and what follows needs a list"
                + {"length": ", for it asks for its length", "item": ", for it takes an item by number", "reversed": ", for it goes backwards"}.get(
                    what, f", for it calls {attribute}()"
                )
                + ". The edit makes the list where the value is made. The order and the items stay the same."
            ),
            edits=[(module, edit) for edit in _listed(module, node)],
            prior=0.88,
            alternatives=("A list at the place of use: an iterator can be read only once, so later uses would find it empty.",),
            cautions=("All items are held in memory at once from here on.",) if kind in ("generator", "map", "filter", "zip") else (),
        )
        if proposal is not None:
            yield proposal


def _complaint(raised: Raised) -> tuple[str, str, str] | None:
    """Return what was asked of it, its type, and the method's name."""
    for what, pattern in _MESSAGES:
        match = pattern.match(raised.message)
        if match and not (match[1] == "range" and what in ("length", "reversed")) and (raised.type == "AttributeError") == (what == "method"):
            return what, match[1], match[2] if match.re.groups > 1 else ""
    return None


def _used(context: Context, what: str, attribute: str) -> ast.expr | None:
    found: list[ast.expr] = []
    for node in context.nodes(lambda item: isinstance(item, ast.Call | ast.Subscript | ast.Attribute)):
        if what in ("length", "reversed") and isinstance(node, ast.Call) and node.args and last_name(node.func) == {"length": "len"}.get(what, what):
            found.append(node.args[0])
        elif (what == "item" and isinstance(node, ast.Subscript)) or (what == "method" and isinstance(node, ast.Attribute) and node.attr == attribute):
            found.append(node.value)
    if what == "item" and len(found) > 1:
        found = [node for node in found if not isinstance(node, ast.Subscript)] or found
    return found[0] if len({ast.dump(node) for node in found}) == 1 else None


def _makers(context: Context, node: ast.expr, depth: int) -> Iterator[tuple[Module, ast.expr]]:
    """Yield the calls and generator expressions that give the value: here, where it is assigned, or in the calling frame."""
    if _is_lazy(context, context.module, node):
        yield context.module, node
        return
    begun = beginnings(context.project, context.module, node)
    lazy = [(item.module, item.node) for item in begun if item.kind == "value" and _is_lazy(context, item.module, item.node)]
    if lazy or depth >= _DEPTH:
        yield from lazy
        return
    place = parameter_of(context.module, node)
    passed = passed_argument(context, *place) if place is not None else None
    if passed is not None:
        yield from _makers(passed[0], passed[1], depth + 1)


def _is_lazy(context: Context, module: Module, node: ast.expr) -> bool:
    if isinstance(node, ast.GeneratorExp):
        return True
    if not isinstance(node, ast.Call):
        return False
    if last_name(node.func) in _LAZY_NAMES:
        return True
    made = callees(context.project, module, node, guess=False)
    return len(made) == 1 and any(isinstance(item, ast.Yield | ast.YieldFrom) or _gives_lazy(item) for item in own_nodes(made[0].node))


def _gives_lazy(item: ast.AST) -> bool:
    if not isinstance(item, ast.Return):
        return False
    return isinstance(item.value, ast.GeneratorExp) or (isinstance(item.value, ast.Call) and last_name(item.value.func) in _LAZY_NAMES)


def _listed(module: Module, node: ast.expr) -> list[Edit]:
    start, end = module.span(node)
    if isinstance(node, ast.GeneratorExp) and module.text[start] == "(":
        parent = module.parents.get(node)
        if isinstance(parent, ast.Call) and len(parent.args) == 1 and module.span(parent)[1] == end:  # its parentheses are those of the call
            return [Edit(start + 1, start + 1, "["), Edit(end - 1, end - 1, "]")]
        return [Edit(start, start + 1, "["), Edit(end - 1, end, "]")]
    return [Edit(start, end, f"list({module.segment(node)})")]
