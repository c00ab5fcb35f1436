"""How a method is defined and how it is called: on its object, on its class, with the decorator that fits its first parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, Function, find_classes, index, last_name, members
from nexoide.repair.code.infer import infer, own_nodes
from nexoide.repair.code.names import words
from nexoide.repair.code.project import is_test
from nexoide.repair.code.scope import visible
from nexoide.repair.code.signatures import constructor
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short


def first_parameter(function: FunctionNode) -> str:
    """Return the name of a function's first positional parameter, "" where it has none."""
    given = [*function.args.posonlyargs, *function.args.args]
    return given[0].arg if given else ""


def uses_name(function: FunctionNode, name: str, context: type[ast.expr_context]) -> bool:
    """Say whether a function's body reads (`ast.Load`) or binds (`ast.Store`) a name."""
    return any(isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, context) for part in function.body for item in ast.walk(part))


def _line_before(module: Module, function: Function, text: str) -> Edit | None:
    """Return the edit that puts a decorator right above a `def`."""
    indent = module.own_indent(function.node)
    start = module.span(function.node)[0]
    return Edit(start, start, f"{text}\n{indent}") if indent is not None else None


def _without(module: Module, function: Function, name: str) -> Edit | None:
    for item in function.node.decorator_list:
        if last_name(item) == name:
            start = module.text.rindex("@", 0, module.span(item)[0])
            others = [module.text.rindex("@", 0, module.span(one)[0]) for one in function.node.decorator_list if one.lineno > item.lineno]
            return Edit(start, min([*others, module.span(function.node)[0]]), "")
    return None


def decorated_wrongly(context: Context, function: Function, message: str) -> Iterator[Idea]:
    """Yield the repair of a decorator that contradicts the definition: a static method with self, a class method without its decorator."""
    module, first = function.module, first_parameter(function.node)
    owner = function.owner.name if function.owner is not None else ""
    if "staticmethod" in function.decorators and first in ("self", "cls"):
        edit = _without(module, function, "staticmethod")
        if edit is not None and first == "cls":
            edit = Edit(edit.start, edit.end, "@classmethod" + module.text[edit.start + len("@staticmethod") : edit.end])
        if edit is not None:
            yield Idea(
                title=f"let {owner}.{function.name}() be given its {'object' if first == 'self' else 'class'}",
                why=f"{function.name}() takes {first} and is decorated as a static method, which is given no {first}, so that every "
                f"argument is one place off. "
                f"The edit {'takes the decorator away' if first == 'self' else 'makes it a class method'}.",
                edits=[(module, edit)],
                prior=0.95,
            )
        return
    missing = re.search(r"missing \d+ required positional", message) is not None
    if first == "cls" and missing and not {"classmethod", "staticmethod"} & set(function.decorators) and not function.name.startswith("__"):
        edit = _line_before(module, function, "@classmethod")
        if edit is not None:
            yield Idea(
                title=f"make {owner}.{function.name}() a class method",
                why=f"{function.name}() takes cls and is called on the class, and lacks the decorator that gives it its class. The edit adds @classmethod.",
                edits=[(module, edit)],
                prior=0.96,
            )
        return
    if "property" in function.decorators and missing and len(function.node.args.args) > 1:
        edit = _without(module, function, "property")
        if edit is not None:
            yield Idea(
                title=f"let {owner}.{function.name}() be called with its argument",
                why=f"{function.name} is a property, which is read without brackets, and takes an argument beside self. The edit takes @property away.",
                edits=[(module, edit)],
                prior=0.92,
            )
        return
    if not missing and not first:
        yield from _without_any(context, function)


def _without_any(context: Context, function: Function) -> Iterator[Idea]:
    """A method that takes nothing at all and is called on an object: it is static, for its body needs none."""
    if uses_name(function.node, "self", ast.Load) or {"staticmethod", "classmethod"} & set(function.decorators):
        return
    edit = _line_before(function.module, function, "@staticmethod")
    owner = function.owner.name if function.owner is not None else ""
    if edit is not None:
        yield Idea(
            title=f"make {owner}.{function.name}() a static method",
            why=f"{function.name}() takes no object and needs none, and is called on one. The edit makes it a static method.",
            edits=[(function.module, edit)],
            prior=0.5,
        )


def called_on_class(context: Context, function: Function, names: str) -> Iterator[Idea]:
    """Yield the repairs of a method called on its class, where an object was meant."""
    owner, first = function.owner, first_parameter(function.node)
    if owner is None or {"staticmethod", "classmethod", "property"} & set(function.decorators) or function.name in ("__init__", "__new__"):
        return
    lacking = re.findall(r"'(\w+)'", names)
    calls = [
        node
        for node in context.nodes(lambda item: isinstance(item, ast.Call) and last_name(item.func) == function.name and isinstance(item.func, ast.Attribute))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    item = next((one for one in index(function.module).classes if one.node is owner), None)
    if not calls or item is None or not lacking:
        return
    call = calls[0]
    assert isinstance(call.func, ast.Attribute)
    receiver = call.func.value
    positional = [one.arg for one in (*function.node.args.posonlyargs, *function.node.args.args)]
    if first not in lacking and lacking[-1] != positional[-1]:
        return
    if isinstance(receiver, ast.Name) and any(item.name in {one.name, *_lineage(context, one)} for one in _named_class(context, receiver)):
        yield from _through_class(context, function, item, call, receiver)
        return
    yield from _not_made(context, item, receiver)


def _named_class(context: Context, node: ast.Name) -> list[Class]:
    source = index(context.module).imports.get(node.id)
    return find_classes(context.project, (source[1] if source else "") or node.id, context.module)


def _lineage(context: Context, item: Class) -> set[str]:
    found: set[str] = set()
    todo = list(item.bases)
    while todo and len(found) < 16:
        name = todo.pop()
        if name and name not in found:
            found.add(name)
            todo += [base for one in find_classes(context.project, name, item.module) for base in one.bases]
    return found


def _through_class(context: Context, function: Function, item: Class, call: ast.Call, receiver: ast.Name) -> Iterator[Idea]:
    module = context.module
    here = context.function(call)
    around = module.parents.get(here) if here is not None else None
    name = f"{item.name}.{function.name}()"
    if here is not None and isinstance(around, ast.ClassDef) and first_parameter(here) == "self" and not _is_static(here):
        own = next((one for one in index(module).classes if one.node is around), None)
        if own is not None and (own.name == item.name or item.name in _lineage(context, own)):
            text = "super()" if own.name != item.name and function.name == here.name else "self"
            yield Idea(
                title=f"call {function.name}() on {text}",
                why=f"{name} is called on the class, which gives it no object, from a method that has one. The edit calls it on {text}.",
                edits=[(module, Edit(*module.span(receiver), text))],
                prior=0.93,
            )
            return
    if not uses_name(function.node, first_parameter(function.node), ast.Load) and _only_on_class(context, function, item):
        edit = _line_before(function.module, function, "@staticmethod")
        parameter = function.node.args.args[0]
        start, end = function.module.span(parameter)
        rest = re.match(r"\s*,\s*", function.module.text[end:])
        if edit is not None:
            yield Idea(
                title=f"make {name} a static method",
                why=f"{name} is called on the class everywhere and its body reads nothing of an object. The edit makes it a static method, without self.",
                edits=[(function.module, edit), (function.module, Edit(start, end + (rest.end() if rest else 0), ""))],
                prior=0.88,
            )
        return
    objects = [text for text in visible(module, call, call.lineno) if _is_object(context, call, text, item)] or _own_objects(context, here, call, item)
    if len(objects) == 1:
        yield Idea(
            title=f"call {function.name}() on {objects[0]}",
            why=f"{name} is called on the class, which gives it no object; {objects[0]} is the one {item.name} here. The edit calls it on {objects[0]}.",
            edits=[(module, Edit(*module.span(receiver), objects[0]))],
            prior=0.9,
        )
        return
    signature = constructor(context.project, item)
    if signature is not None and not any(parameter.required for parameter in signature.parameters) and not objects:
        end = module.span(receiver)[1]
        yield Idea(
            title=f"call {function.name}() on a new {item.name}",
            why=f"{name} is called on the class, which gives it no object, and no {item.name} is at hand here. A {item.name} can be made "
            f"without arguments. The edit makes one.",
            edits=[(module, Edit(end, end, "()"))],
            prior=0.4 if _is_made(context, item) else 0.8,
            unchecked=(f"Whether another {item.name}, made elsewhere, was meant.",),
        )


def _is_static(function: FunctionNode) -> bool:
    return any(last_name(item) in ("staticmethod", "classmethod") for item in function.decorator_list)


def _only_on_class(context: Context, function: Function, item: Class) -> bool:
    receivers = [
        node.func.value
        for module in context.project.containing(f".{function.name}(")
        if not is_test(module.rel)
        for node in module.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == function.name
    ]
    return all(isinstance(node, ast.Name) and node.id == item.name for node in receivers)


def _is_object(context: Context, call: ast.Call, text: str, item: Class) -> bool:
    view = context.frame.locals.get(text)
    if view is not None:
        return view.type.rsplit(".", 1)[-1] == item.name
    probe = ast.Name(id=text, ctx=ast.Load())
    context.module.parents[probe] = call
    return item.name in infer(context.project, context.module, probe)


def _own_objects(context: Context, here: FunctionNode | None, call: ast.Call, item: Class) -> list[str]:
    """Return the attributes of the method's own object that hold an object of the class: as they were seen, by their origin, or by their name."""
    module = context.module
    around = module.owner(call)
    own = next((one for one in index(module).classes if one.node is around), None) if around is not None else None
    if here is None or own is None or first_parameter(here) != "self" or _is_static(here):
        return []
    names = dict.fromkeys(members(context.project, own).attributes)
    found = [name for name in names if item.name in _kinds(context, call, name)]
    named = [name for name in names if words(name) == words(item.name)]
    return [f"self.{name}" for name in found or named]


def _kinds(context: Context, call: ast.Call, attribute: str) -> set[str]:
    """Return the names of the classes that an attribute of `self` is of, as far as the source says."""
    owner = ast.Name(id="self", ctx=ast.Load())
    probe = ast.Attribute(value=owner, attr=attribute, ctx=ast.Load())
    context.module.parents[probe] = call
    context.module.parents[owner] = probe
    return infer(context.project, context.module, probe)


def _is_made(context: Context, item: Class) -> bool:
    """Say whether the program makes objects of a class somewhere, and gives them something to keep."""
    return bool(members(context.project, item).attributes) and any(
        isinstance(node, ast.Call) and last_name(node.func) == item.name
        for module in context.project.containing(item.name + "(")
        if not is_test(module.rel)
        for node in module.nodes
    )


def _not_made(context: Context, item: Class, receiver: ast.expr) -> Iterator[Idea]:
    """`cart = Cart`, and later `cart.add(...)`: the class was kept where an object was meant."""
    module = context.module
    function = module.function(receiver)
    text = module.segment(receiver)
    nodes = [*(own_nodes(function) if function is not None else ()), *module.nodes]
    kept = [(module, node.value) for node in nodes if _keeps(node, context, module, item, text=text)]
    if not kept and isinstance(receiver, ast.Attribute):
        others = [other for other in context.project.containing(item.name, receiver.attr) if not is_test(other.rel)]
        kept = [(other, node.value) for other in others for node in other.nodes if _keeps(node, context, other, item, attribute=receiver.attr)]
    kept = list(dict.fromkeys(kept))
    signature = constructor(context.project, item)
    if len(kept) != 1 or signature is None or any(parameter.required for parameter in signature.parameters):
        return
    where, value = kept[0]
    end = where.span(value)[1]
    yield Idea(
        title=f"make a {item.name} instead of keeping the class",
        why=f"{short(text)} holds the class {item.name} itself, so that its methods are given no object. The edit calls the class, which makes one.",
        edits=[(where, Edit(end, end, "()"))],
        prior=0.94,
    )


def _keeps(node: ast.AST, context: Context, module: Module, item: Class, *, text: str = "", attribute: str = "") -> TypeGuard[ast.Assign]:
    """Say whether a statement keeps the class itself under a name, or in an attribute of any object."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Name | ast.Attribute) or last_name(node.value) != item.name:
        return False
    if not find_classes(context.project, item.name, module):
        return False
    if attribute:
        return any(isinstance(target, ast.Attribute) and target.attr == attribute for target in node.targets)
    return any(module.segment(target) == text for target in node.targets)
