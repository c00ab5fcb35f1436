"""Keys of JSON objects, which are always text: keys that cannot be written, and numbers that come back as text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.context import Context
from nexoide.repair.edits import Edit
from nexoide.repair.ideas import Idea, short
from nexoide.repair.index import last_name
from nexoide.repair.json_calls import function_of
from nexoide.repair.json_places import KEYS, written
from nexoide.repair.json_values import forms
from nexoide.repair.kinds import kind_of
from nexoide.repair.project import is_test
from nexoide.repair.source import Module
from nexoide.repair.values import Mapping, value_of
from nexoide.repair.wayback import Spot, trace


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


def text_keys(context: Context) -> Iterator[Idea]:
    """Yield numbers for the keys of what was read from JSON, where a number is looked up and the same digits are there as text."""
    key = context.raised.message
    if not re.fullmatch(r"-?\d+", key):
        return
    for node in context.nodes(lambda item: isinstance(item, ast.Subscript) and not isinstance(item.slice, ast.Constant)):
        assert isinstance(node, ast.Subscript)
        spots = trace(context, node.value)
        loaded = [spot for spot in spots if _is_loaded(context, spot)]
        if not loaded and isinstance(node.value, ast.Attribute):
            loaded = _restored(context, node.value.attr)
        for spot in loaded[:1]:
            yield from _restoring(context, node, spot)
            return


def _is_loaded(context: Context, spot: Spot) -> bool:
    """Say whether a spot is a part of a document that JSON gave."""
    node = spot.node
    while isinstance(node, ast.Subscript):
        node = node.value
    return any(
        isinstance(call, ast.Call) and function_of(inner.module, call) in ("loads", "load")
        for inner in trace(context, node, spot.module)
        for call in [inner.node]
    )


def _restored(context: Context, attribute: str) -> list[Spot]:
    """Return the parts of a loaded document that are given for an attribute: `cls(data["points"])`."""
    found: list[Spot] = []
    for module in context.project.containing(attribute):
        if is_test(module.rel):
            continue
        for node in module.nodes:
            if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == attribute.strip("_")):
                continue
            if _is_loaded(context, Spot(module, node, "use")) and isinstance(module.parents.get(node), ast.Call | ast.keyword | ast.Assign):
                found.append(Spot(module, node, "use", attribute))
    return found


def _restoring(context: Context, node: ast.Subscript, spot: Spot) -> Iterator[Idea]:
    module = spot.module
    parts = _siblings(context, spot)
    edits = [(module, Edit(*module.span(part), f"{{int(key): value for key, value in {module.segment(part)}.items()}}")) for part in parts]
    text = short(module.segment(spot.node))
    yield Idea(
        title=f"make the keys of {text} numbers again" + (f", and of {len(parts) - 1} more" if len(parts) > 1 else ""),
        why=(
            f"JSON has only text for keys, so that numbers come back as text; {short(context.module.segment(node))} looks a number up. "
            f"The edit makes the keys of {text} numbers where it is read."
        ),
        edits=edits,
        prior=0.88,
        alternatives=("Looking up the number's text: the keys are numbers wherever they were not read from a file.",),
    )


def _siblings(context: Context, spot: Spot) -> list[ast.expr]:
    """Return the loaded parts of the same call whose dicts were written with the same keys: those that are seen to have digits for keys."""
    call = spot.module.parents.get(spot.node)
    if isinstance(call, ast.keyword):
        call = spot.module.parents.get(call)
    if not isinstance(call, ast.Call) or not isinstance(spot.node, ast.Subscript):
        return [spot.node]
    owner = spot.module.segment(spot.node.value)
    found: list[ast.expr] = []
    for item in (*call.args, *(one.value for one in call.keywords)):
        if not (isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Constant) and spot.module.segment(item.value) == owner):
            continue
        if item is spot.node or _has_digit_keys(context, str(item.slice.value)):
            found.append(item)
    return found or [spot.node]


def _has_digit_keys(context: Context, attribute: str) -> bool:
    """Say whether an attribute of that name is looked up with the same variable, or is seen with keys of digits, in the failing function."""
    nodes = context.nodes(lambda item: isinstance(item, ast.Subscript))
    function = context.function(nodes[0]) if nodes else None
    for item in ast.walk(context.module.owner(function) or context.module.tree) if function is not None else ():
        if isinstance(item, ast.Subscript) and last_name(item.value).strip("_") == attribute and not isinstance(item.slice, ast.Constant):
            return True
    return False
