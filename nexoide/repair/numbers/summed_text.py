"""Sums and orders of items of which some, or all, are still the text of numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import NUMBERS
from nexoide.repair.code.values import Row, value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.heaps import numbered
from nexoide.repair.numbers.converters import is_text_of_number
from nexoide.repair.numbers.numbers_as_text import convert


def summed(context: Context) -> Iterator[Idea]:
    """Yield the conversion of what is summed up, where its items are numbers' texts."""
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("sum", "fsum", "mean") and bool(node.args)):
        assert isinstance(call, ast.Call)
        given = call.args[0]
        if isinstance(given, ast.GeneratorExp | ast.ListComp):
            yield from convert(context, given.elt, "int", f"{short(context.module.segment(given.elt))} is text, and the texts are summed up.")
            return
        value = value_of(context, given)
        if isinstance(value, Row) and not all(is_text_of_number(item) is not False or type(item).__name__ in NUMBERS for item in value):
            return
        yield from _items(context, given, value)
        return


def _items(context: Context, given: ast.expr, value: object) -> Iterator[Idea]:
    module = context.module
    texts = [item for item in value if isinstance(item, str)] if isinstance(value, Row) else []
    name = "float" if any("." in item for item in texts) else "int"
    for spot in reversed(trace(context, given)):
        if isinstance(spot.node, ast.ListComp):
            element = spot.module.segment(spot.node.elt)
            edit = Edit(*spot.module.span(spot.node.elt), f"{name}({element})")
        elif isinstance(spot.node, ast.Call) and last_name(spot.node.func) in ("split", "splitlines", "findall"):
            edit = Edit(*spot.module.span(spot.node), f"[{name}(item) for item in {spot.module.segment(spot.node)}]")
        else:
            continue
        yield Idea(
            title=f"read {short(spot.text)} as numbers",
            why=(
                f"The items of {short(module.segment(given))} come in as text at {spot.module.rel}:{spot.node.lineno} and are "
                "summed up. The edit converts each there."
            ),
            edits=[(spot.module, edit)],
            prior=0.88,
            unchecked=("Items that are no number's text.",),
        )
        return
    yield Idea(
        title=f"sum the items of {short(module.segment(given))} up as numbers",
        why=f"Items of {short(module.segment(given))} are text, and they are summed up. The edit converts each.",
        edits=[(module, Edit(*module.span(given), f"map({name}, {module.segment(given)})"))],
        prior=0.76,
        nature="call",
        unchecked=("Items that are no number's text.",),
    )


def ordered(context: Context, call: ast.Call, kinds: set[str]) -> Iterator[Idea]:
    """Yield a key that makes the items comparable: numbers of texts, or one part of each item."""
    module = context.module
    if not ("str" in kinds and kinds & NUMBERS):
        yield from _unordered(context, call, kinds)
        return
    key = next((item.value for item in call.keywords if item.arg == "key"), None)
    name = "float" if "float" in kinds else "int"
    if isinstance(key, ast.Lambda):
        text = module.segment(key.body)
        edit = Edit(*module.span(key.body), f"{name}({text})")
    elif key is None:
        given = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == "sort" else call.args[0] if call.args else None
        value = value_of(context, given) if given is not None else None
        if isinstance(value, Row) and any(is_text_of_number(item) is False and type(item).__name__ not in NUMBERS for item in value):
            edit = Edit(module.span(call)[1] - 1, module.span(call)[1] - 1, ", key=str" if call.args else "key=str")
        else:
            edit = Edit(module.span(call)[1] - 1, module.span(call)[1] - 1, f", key={name}" if call.args else f"key={name}")
    else:
        return
    yield Idea(
        title="compare the items as numbers",
        why="Some of the items are numbers and some the text of numbers, and the two cannot be compared. The edit compares all of them as numbers.",
        edits=[(module, edit)],
        prior=0.74,
        nature="call",
        unchecked=("Items that are no number's text.", "Where the texts come from."),
    )


def _unordered(context: Context, call: ast.Call, kinds: set[str]) -> Iterator[Idea]:
    """Yield a heap's entries with a running number, so that two of the same rank are never compared themselves."""
    module = context.module
    if last_name(call.func) in ("heappush", "heappop", "heappushpop", "heapreplace"):
        yield from numbered(context)
    if last_name(call.func) in ("sorted", "sort", "max", "min") and len(kinds) == 1 and not any(item.arg == "key" for item in call.keywords):
        given = call.args[0] if call.args else call.func.value if isinstance(call.func, ast.Attribute) else None
        value = value_of(context, given) if given is not None else None
        if given is not None and _are_tuples(context, given, value):
            end = module.span(call)[1] - 1
            yield Idea(
                title="compare the items by their first part",
                why="Two of the items are alike in their first part, and their second parts cannot be compared. The edit compares the first parts alone.",
                edits=[(module, Edit(end, end, ", key=lambda item: item[0]" if call.args else "key=lambda item: item[0]"))],
                prior=0.82,
                nature="call",
                alternatives=("Giving the second parts an order of their own: nothing says which.",),
            )


def _are_tuples(context: Context, given: ast.expr, value: object) -> bool:
    if isinstance(value, Row) and value:
        return all(isinstance(item, Row) and item.kind == "tuple" for item in value)
    for spot in trace(context, given):
        if isinstance(spot.node, ast.ListComp | ast.GeneratorExp):
            return isinstance(spot.node.elt, ast.Tuple)
        if isinstance(spot.node, ast.List) and spot.node.elts:
            return all(isinstance(item, ast.Tuple) for item in spot.node.elts)
    return False


def none_last(context: Context) -> Iterator[Idea]:
    """Yield an order in which what has no value comes last (or first, where a docstring says so)."""
    module = context.module
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("sorted", "sort", "min", "max")):
        assert isinstance(call, ast.Call)
        key = next((item.value for item in call.keywords if item.arg == "key"), None)
        function = module.function(call)
        said = " ".join(filter(None, [ast.get_docstring(function) if function is not None else "", ast.get_docstring(module.tree)])).lower()
        is_first = "first" in said and "last" not in said
        test = "is not None" if is_first else "is None"
        if isinstance(key, ast.Lambda) and isinstance(key.body, ast.Tuple):
            parts = [module.segment(item) for item in key.body.elts]
            text = ", ".join(
                f"{part} {test}, {part}" if isinstance(item, ast.Attribute | ast.Subscript | ast.Call) else part
                for part, item in zip(parts, key.body.elts, strict=True)
            )
            edit = Edit(*module.span(key.body), f"({text})")
        elif isinstance(key, ast.Lambda):
            text = module.segment(key.body)
            edit = Edit(*module.span(key.body), f"({text} {test}, {text})")
        elif key is None:
            end = module.span(call)[1] - 1
            edit = Edit(end, end, f"{', ' if call.args or call.keywords else ''}key=lambda item: (item {test}, item)")
        else:
            return
        place = "first" if is_first else "last"
        documented = place in said
        yield Idea(
            title=f"put what has no value {place}",
            why=(
                "Some of the values that are compared are None, which has no order. The edit puts those "
                f"{place}{', as the docstring says' if documented else ''}."
            ),
            edits=[(module, edit)],
            prior=0.88 if documented else 0.62,
            nature="call",
            guesses=not documented,
            cautions=(f"Items without a value now come {place}.",),
        )
        return
