"""Keys of JSON objects, which are always text: dicts with other keys, written so that the project reads them back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import Mapping, value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.text.json_places import KEYS, written
from nexoide.repair.text.json_values import forms


def key_ideas(context: Context) -> Iterator[Idea]:
    """Yield the document with its keys as text, in the form that the project reads back."""
    match = KEYS.search(context.raised.message)
    kind = (match["kind"] or "").rsplit(".", 1)[-1] if match is not None else ""
    for _, given in written(context):
        target = _keyed(context, given, kind)
        if target is None:
            continue
        module, node = target
        text = module.segment(node)
        for rank, (form, sure, why) in enumerate(_key_forms(context, kind)[:2]):
            new = f"{{{form.format('key')}: value for key, value in {text}.items()}}"
            yield Idea(
                title=f"write the keys of {short(text)} as {form.format('key')}",
                why=f"The keys of {short(text)} are of type {kind}, and those of a JSON object are text; {why}. The edit writes them so.",
                edits=[(module, Edit(*module.span(node), new))],
                prior=sure - 0.1 * rank,
                unchecked=("Who else reads the document.",),
            )
        return
    context.refuse("A key of the document is no text; which part of the document has it is not clear.")


def _keyed(context: Context, given: ast.expr, kind: str) -> tuple[Module, ast.expr] | None:
    """Return the expression of the dict with such keys: the document, or one value of its literal."""
    rows: list[tuple[Module, ast.expr]] = [(context.module, given)]
    for spot in trace(context, given):
        if isinstance(spot.node, ast.Dict):
            rows += [(spot.module, value) for value in spot.node.values]
    for module, node in rows:
        if isinstance(node, ast.Dict | ast.Constant | ast.Call) and node is not given:
            continue
        view = context.view(node) if module is context.module else None
        value = value_of(context, node) if module is context.module else None
        keys = list(value) if isinstance(value, Mapping) else []
        shown = " ".join(view.keys) if view is not None else ""
        if any(type(key).__name__ == kind or getattr(key, "type", "") == kind for key in keys) or (kind == "tuple" and shown.startswith("(")):
            return module, node
    rest = [(module, node) for module, node in rows if isinstance(node, ast.Name | ast.Attribute) and kind_of(context, node, module) in ("dict", "Counter", "")]
    return rest[0] if len(rest) == 1 else None


def _key_forms(context: Context, kind: str) -> list[tuple[str, float, str]]:
    if kind == "tuple":
        separator = _split_by(context)
        if separator:
            return [(f"{separator}.join(map(str, {{}}))", 0.88, f"the project splits them at {separator} again")]
        return [('",".join(map(str, {}))', 0.55, "a row of parts is written with commas between them"), ("str({})", 0.45, "its text says all of it")]
    return [(form.wrap.replace("{}", "{0}"), form.sure, form.why) for form in forms(context, kind) if form.needs is None]


def _split_by(context: Context) -> str:
    found = {
        module.segment(node.args[0])
        for module in context.project.containing(".split(")
        if not is_test(module.rel)
        for node in module.nodes
        if isinstance(node, ast.Call)
        and last_name(node.func) == "split"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and "key" in module.segment(node.func).lower()
    }
    return found.pop() if len(found) == 1 else ""
