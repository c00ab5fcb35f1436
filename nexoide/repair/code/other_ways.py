"""What was written as a method and is none: a function of the project that takes the object, and len()."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, index, members
from nexoide.repair.code.shapes import classes_with
from nexoide.repair.code.signatures import bind, of_function
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.naming.importing import need
from nexoide.repair.naming.packages import definers, layout_of
from nexoide.repair.rules.base import MissingAttribute

_SIZES = frozenset({"length", "size", "len", "count"})
_OTHERWISE = ("A new attribute of that name: another object at hand has it already.",)


def known_class(context: Context, missing: MissingAttribute) -> Class | None:
    """Return the one class of the project that the message names, None where there is none or several."""
    found = find_classes(context.project, missing.owner, context.module)
    return found[0] if len(found) == 1 else None


def as_length(context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Idea]:
    """Yield len() for an object that has a length and was asked for it by another name."""
    known = known_class(context, missing)
    parent = context.module.parents.get(node)
    call = parent if isinstance(parent, ast.Call) and parent.func is node else None
    if known is None or missing.attribute not in _SIZES or "__len__" not in members(context.project, known).methods or (call is not None and call.args):
        return
    whole: ast.expr = call if call is not None else node
    yield Idea(
        title=f"ask a {known.name} for its length with len()",
        why=f"{known.name} has no {missing.attribute}; it has __len__(), which len() asks. The edit uses len() in this place.",
        edits=[(context.module, Edit(*context.module.span(whole), f"len({context.module.segment(node.value)})"))],
        prior=0.85,
        nature="call",
        alternatives=_OTHERWISE,
    )


def as_function(context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Idea]:
    """Yield the plain function of the project that takes the object as its first argument."""
    module = context.module
    call = module.parents.get(node)
    if not isinstance(call, ast.Call) or call.func is not node or known_class(context, missing) is None:
        return
    layout = layout_of(context)
    found = definers(layout, missing.attribute, module) + ([module] if _own_function(module, missing.attribute) else [])
    if len(found) != 1:
        return
    functions = [item for item in index(found[0]).functions if item.qualname == missing.attribute]
    receiver = module.segment(node.value)
    rest = module.text[module.span(node)[1] : module.span(call)[1]]
    given = ast.Call(func=node, args=[node.value, *call.args], keywords=call.keywords)
    if len(functions) != 1 or not bind(of_function(functions[0]), given).good or not rest.startswith("("):
        return
    text = missing.attribute
    edits: list[Edit] = []
    if found[0] is not module:
        source = layout.spelled(module, found[0].rel)
        if source is None:
            return
        text, edits = need(context.project, module, source, missing.attribute)
    inner = rest[1:].lstrip()
    yield Idea(
        title=f"call the function {missing.attribute}() of {found[0].rel} with the {missing.owner.rsplit('.', 1)[-1]}",
        why=(
            f"{missing.owner.rsplit('.', 1)[-1]} has no {missing.attribute}(); {found[0].rel} has a function of that name, "
            "which takes the object first, and the arguments fit. The edit calls it."
        ),
        edits=[
            *((module, edit) for edit in edits),
            (module, Edit(*module.span(call), f"{text}({receiver}{'' if inner.startswith(')') else ', '}{inner}")),
        ],
        prior=0.76,
        nature="call",
        alternatives=_OTHERWISE,
    )


def _own_function(module: Module, name: str) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name for node in module.tree.body)


def of_the_item(context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Idea]:
    """Yield the attribute read of one item of a list, where the same function takes that item of it elsewhere."""
    module = context.module
    function = module.function(node)
    if missing.owner not in ("list", "tuple") or not isinstance(node.value, ast.Name) or function is None:
        return
    taken = {
        module.segment(item.slice)
        for item in ast.walk(function)
        if isinstance(item, ast.Subscript)
        and not isinstance(item.slice, ast.Slice)
        and ast.dump(item.value) == ast.dump(node.value)
        and isinstance(module.parents.get(item), ast.Attribute)
    }
    if len(taken) != 1 or not classes_with(context.project, missing.attribute):
        return
    (place,) = taken
    at = module.span(node.value)[1]
    yield Idea(
        title=f"read .{missing.attribute} of {node.value.id}[{place}], as elsewhere in {function.name}()",
        why=(
            f"{node.value.id} is a {missing.owner}, and its items have {missing.attribute}; {function.name}() takes {node.value.id}[{place}] for what it "
            "reads besides. The edit reads it of the same item."
        ),
        edits=[(module, Edit(at, at, f"[{place}]"))],
        prior=0.84,
        nature="call",
        alternatives=_OTHERWISE,
    )


def inner_names(module: Module, node: ast.AST) -> list[str]:
    """Return the parameters of lambdas and the names of comprehensions around a node, the closest first."""
    found: list[str] = []
    for item in module.ancestors(node):
        if isinstance(item, FUNCTIONS):
            break
        if isinstance(item, ast.Lambda):
            found += [argument.arg for argument in (*item.args.posonlyargs, *item.args.args, *item.args.kwonlyargs)]
        elif isinstance(item, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            found += [name.id for turn in item.generators for name in ast.walk(turn.target) if isinstance(name, ast.Name)]
    return found
