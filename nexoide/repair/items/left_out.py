"""The one value that a row of values lacks: a parameter that nothing uses, a sibling attribute, a name that the text around its place says."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.index import find_classes, members
from nexoide.repair.code.infer import infer, own_nodes
from nexoide.repair.code.names import words
from nexoide.repair.code.scope import parameters, visible
from nexoide.repair.context import Context

MAX_NAMES = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value for a row: its text, at which place of the row it belongs, how sure that is, and why."""

    text: str
    place: int
    sure: float
    why: str


def left_out(context: Context, node: ast.expr, given: list[ast.expr], labels: list[set[str]]) -> list[Candidate]:
    """Return the values that may be missing from a row, the likeliest first; `labels` are the words before each place."""
    module = context.module
    texts = [module.segment(item) for item in given]
    found = [
        *_unused(context, node, texts),
        *_labelled(context, node, texts, labels),
        *_attributes(context, given, texts, labels),
        *_last_attribute(context, node, given),
    ]
    best: dict[str, Candidate] = {}
    for item in found:
        if item.text not in best or best[item.text].sure < item.sure:
            best[item.text] = item
    ranked = sorted(best.values(), key=lambda item: -item.sure)
    return ranked[:1] if len(ranked) == 1 or (ranked and ranked[0].sure - ranked[1].sure > 0.03) else []


def _unused(context: Context, node: ast.expr, texts: list[str]) -> list[Candidate]:
    """Return the one parameter that its function never reads, where the others stand in the row in the order of the parameters."""
    function = context.function(node)
    if function is None:
        return []
    names = [name for name in parameters(function) if name not in ("self", "cls")]
    read = {item.id for item in own_nodes(function) if isinstance(item, ast.Name)}
    unused = [name for name in names if name not in read]
    if len(unused) != 1:
        return []
    order = [names.index(text) for text in texts if text in names]
    if order != sorted(order):
        return []
    place = sum(1 for text in texts if text not in names or names.index(text) < names.index(unused[0]))
    return [Candidate(unused[0], place, 0.9, f"the parameter {unused[0]} is used nowhere")]


def _labelled(context: Context, node: ast.expr, texts: list[str], labels: list[set[str]]) -> list[Candidate]:
    """Return the visible names that are the words before a place whose value they are not."""
    found: list[Candidate] = []
    names = [name for name in visible(context.module, node, context.line)[:MAX_NAMES] if name not in texts]
    for place, label in enumerate(labels):
        if place < len(texts) and _says(texts[place], label):
            continue
        found += [Candidate(name, place, 0.86, f"{name} is at hand, and the text before place {place + 1} names it") for name in names if _says(name, label)]
    return found


def _attributes(context: Context, given: list[ast.expr], texts: list[str], labels: list[set[str]]) -> list[Candidate]:
    """Return attributes of the object that the other values are attributes of, named by the words before a place."""
    owners = [item.value for item in given if isinstance(item, ast.Attribute)]
    if not owners or len({context.module.segment(owner) for owner in owners}) != 1:
        return []
    owner = context.module.segment(owners[0])
    view = context.view(owners[0])
    kinds = [view.type] if view is not None else sorted(infer(context.project, context.module, owners[0]))
    names: dict[str, None] = {}
    for kind in kinds:
        for item in find_classes(context.project, kind, context.module)[:1]:
            names.update(dict.fromkeys(members(context.project, item).attributes))
    names.update(dict.fromkeys(view.attributes if view is not None else ()))
    rest = [name for name in list(names)[:MAX_NAMES] if f"{owner}.{name}" not in texts]
    found: list[Candidate] = []
    for place, label in enumerate(labels):
        if place < len(texts) and _says(texts[place], label):
            continue
        found += [
            Candidate(f"{owner}.{name}", place, 0.85, f"{owner} has {name}, and the text before the place names it") for name in rest if _says(name, label)
        ]
    return found


def _last_attribute(context: Context, node: ast.expr, given: list[ast.expr]) -> list[Candidate]:
    """Return the one attribute of the own object that a row of its attributes, in their order, leaves out."""
    owner = context.module.owner(node)
    if owner is None or len(given) < 2 or not all(isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) for item in given):
        return []
    roots = {item.value.id for item in given if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name)}
    names = fields_in_order(owner)
    used = [item.attr for item in given if isinstance(item, ast.Attribute)]
    rest = [name for name in names if name not in used]
    if roots != {"self"} or len(rest) != 1 or [name for name in names if name in used] != used:
        return []
    return [Candidate(f"self.{rest[0]}", names.index(rest[0]), 0.82, f"of the fields of {owner.name}, only {rest[0]} is not given")]


def fields_in_order(owner: ast.ClassDef) -> list[str]:
    """Return the public fields of a class in their order: those of its body, else the parameters that `__init__` keeps."""
    fields = [item.target.id for item in owner.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
    maker = next((item for item in owner.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"), None)
    if not fields and maker is not None:
        kept = [
            target.attr
            for item in own_nodes(maker)
            if isinstance(item, ast.Assign) and isinstance(item.value, ast.Name) and item.value.id in parameters(maker)
            for target in item.targets
            if isinstance(target, ast.Attribute)
        ]
        fields = list(dict.fromkeys(kept))
    return [name for name in fields if not name.startswith("_")]


def _says(text: str, label: set[str]) -> bool:
    """Say whether the last part of an expression is what a label says."""
    parts = set(words(text.rsplit(".", 1)[-1]))
    return bool(parts) and parts <= label
