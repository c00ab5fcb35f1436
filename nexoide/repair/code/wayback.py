"""Follows a value from where it failed to where it came from: assignments, arguments of the running calls, fields, returns, items."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nexoide.repair.code.index import Class, comes_from, find_classes, index, last_name, members
from nexoide.repair.code.infer import callees, infer, own_nodes
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context, locate

MAX_STEPS = 8

How = Literal["use", "assigned", "argument", "default", "returned", "field", "item", "element", "unpacked", "opened", "option", "global"]
"""How a spot gives its value: `element`: one turn of it; `unpacked`: one part of it; `opened`: `with` it; `option`: a parser's option."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One expression on the way of a value; `name` is the variable, attribute or key that carries it from here on."""

    module: Module
    node: ast.expr
    how: How
    name: str = ""

    @property
    def text(self) -> str:
        """The expression as it is written, on one line and not too long."""
        line = " ".join(self.module.segment(self.node).split())
        return line if len(line) <= 60 else line[:59] + "…"


def trace(context: Context, node: ast.expr, module: Module | None = None) -> list[Spot]:
    """Return the way back of a value: the use first, each next spot closer to its origin; it ends where it is not clear any more."""
    spots = [Spot(module or context.module, node, "use")]
    passed = {id(node)}
    while len(spots) < MAX_STEPS:
        found = _step(context, spots[-1])
        if found is None or id(found.node) in passed:
            break
        passed.add(id(found.node))
        spots.append(found)
    return spots


def _step(context: Context, spot: Spot) -> Spot | None:
    if spot.how in ("element", "unpacked", "opened", "option"):
        return None
    module, node = spot.module, spot.node
    if isinstance(node, ast.Await | ast.NamedExpr):
        return Spot(module, node.value, spot.how, spot.name)
    if isinstance(node, ast.Name):
        return _of_name(context, module, node)
    if isinstance(node, ast.Attribute):
        return _of_attribute(context, module, node)
    if isinstance(node, ast.Subscript):
        return _of_item(context, module, node)
    if isinstance(node, ast.Call):
        return _of_call(context, module, node)
    return None


def _of_name(context: Context, module: Module, node: ast.Name) -> Spot | None:
    for item in module.ancestors(node):  # a comprehension's own variable
        if isinstance(item, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            for turn in item.generators:
                if any(isinstance(part, ast.Name) and part.id == node.id for part in ast.walk(turn.target)):
                    return Spot(module, turn.iter, "element" if isinstance(turn.target, ast.Name) else "unpacked", node.id)
        if isinstance(item, ast.Lambda) and any(argument.arg == node.id for argument in item.args.args):
            return None
    function = module.function(node)
    while function is not None:
        found = _bound(module, own_nodes(function), node)
        if found is not None:
            return found
        if node.id in _arguments(function):
            return _given(context, module, function, node.id)
        function = module.function(function)
    return of_global(context.project, module, node.id)


def _bound(module: Module, nodes: list[ast.AST], node: ast.Name) -> Spot | None:
    """Return the binding of a name that stands last before its use; the one that holds the use for loops."""
    found: list[tuple[int, Spot]] = []
    for item in nodes:
        spot = _binding(module, item, node.id)
        if spot is not None and isinstance(item, ast.stmt | ast.expr):
            before = item.lineno < node.lineno or (isinstance(item, ast.NamedExpr) and item.lineno == node.lineno)
            if before:
                found.append((item.lineno, spot))
    return max(found, key=lambda row: row[0])[1] if found else None


def _binding(module: Module, item: ast.AST, name: str) -> Spot | None:
    targets: list[ast.expr] = []
    value: ast.expr | None = None
    how: How = "assigned"
    if isinstance(item, ast.Assign):
        targets, value = item.targets, item.value
    elif isinstance(item, ast.AnnAssign | ast.NamedExpr):
        targets, value = [item.target], item.value
    elif isinstance(item, ast.For | ast.AsyncFor):
        targets, value, how = [item.target], item.iter, "element"
    elif isinstance(item, ast.With | ast.AsyncWith):
        for part in item.items:
            if isinstance(part.optional_vars, ast.Name) and part.optional_vars.id == name:
                return Spot(module, part.context_expr, "opened", name)
    if value is None:
        return None
    for target in targets:
        if isinstance(target, ast.Name) and target.id == name:
            return Spot(module, value, how, name)
        if isinstance(target, ast.Tuple | ast.List) and any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(target)):
            if isinstance(value, ast.Tuple) and how == "assigned" and len(value.elts) == len(target.elts):
                place = next((number for number, part in enumerate(target.elts) if isinstance(part, ast.Name) and part.id == name), -1)
                if place >= 0:
                    return Spot(module, value.elts[place], "assigned", name)
            return Spot(module, value, "unpacked", name)
    return None


def of_global(project: Project, module: Module, name: str, depth: int = 0) -> Spot | None:
    """Return the value that a module-level name is given, followed through the project's imports."""
    values = [
        item
        for item in module.tree.body
        if (isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in item.targets))
        or (isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.target.id == name)
    ]
    if values and values[-1].value is not None:
        return Spot(module, values[-1].value, "global", name)
    for item in module.tree.body:
        spot = _binding(module, item, name)
        if spot is not None:
            return spot
    source = index(module).imports.get(name)
    if source is None or not source[1] or depth > 3:
        return None
    for other in project.containing(source[1]):
        if other is not module and comes_from(other, module, source[0]):
            return of_global(project, other, source[1], depth + 1)
    return None


def _arguments(function: FunctionNode) -> list[str]:
    return [item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def frame_of(context: Context, module: Module, function: FunctionNode) -> int:
    """Return the place of a function's running frame in the failure, -1 where it is not running."""
    frames = context.raised.frames
    for place in range(len(frames) - 1, -1, -1):
        found = locate(context.project, frames[place]) if frames[place].function.rsplit(".", 1)[-1] == function.name else None
        if found is not None and found[0] is module and function.lineno <= found[1] <= (function.end_lineno or function.lineno):
            return place
    return -1


def caller_of(context: Context, module: Module, function: FunctionNode) -> tuple[Context, ast.Call] | None:
    """Return the running call of a function and the place of it; None where it is not running or not called from the project."""
    place = frame_of(context, module, function)
    if place <= 0:
        return None
    outer = context.at(context.raised.frames[place - 1])
    if outer is None:
        return None
    owner = module.parents.get(function)
    names = {function.name}
    if function.name in ("__init__", "__post_init__", "__new__") and isinstance(owner, ast.ClassDef):
        names = {owner.name, "cls", "super", "__init__"}
    names |= {alias for alias, (_, original) in index(outer.module).imports.items() if original in names}
    calls = [item for item in outer.nodes(lambda item: isinstance(item, ast.Call) and last_name(item.func) in names) if isinstance(item, ast.Call)]
    return (outer, calls[0]) if len(calls) == 1 else None


def argument(module: Module, function: FunctionNode, call: ast.Call, name: str) -> ast.expr | None:
    """Return what a call gives for a parameter, or the parameter's default; None where neither is clear."""
    for item in call.keywords:
        if item.arg == name:
            return item.value
    positional = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    is_method = isinstance(module.parents.get(function), ast.ClassDef) and "staticmethod" not in [last_name(item) for item in function.decorator_list]
    if any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords):
        return None
    if name in positional:
        place = positional.index(name) - (1 if is_method else 0)
        if 0 <= place < len(call.args):
            return call.args[place]
    return default_of(function, name)


def default_of(function: FunctionNode, name: str) -> ast.expr | None:
    """Return a parameter's default."""
    positional = [*function.args.posonlyargs, *function.args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(function.args.defaults)) + list(function.args.defaults)
    for item, value in (*zip(positional, defaults, strict=True), *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)):
        if item.arg == name:
            return value
    return None


def _given(context: Context, module: Module, function: FunctionNode, name: str) -> Spot | None:
    running = caller_of(context, module, function)
    if running is not None:
        outer, call = running
        value = argument(module, function, call, name)
        where = outer.module
    else:
        calls = calls_of(context.project, module, function)
        if len(calls) != 1:
            return None
        where, call = calls[0]
        value = argument(module, function, call, name)
    if value is None:
        return None
    is_default = value is default_of(function, name)
    return Spot(module if is_default else where, value, "default" if is_default else "argument", name)


def calls_of(project: Project, module: Module, function: FunctionNode) -> list[tuple[Module, ast.Call]]:
    """Return the project's calls of a function (for `__init__`, of its class), tests left out."""
    owner = module.parents.get(function)
    if function.name == "__init__" and isinstance(owner, ast.ClassDef):
        item = next((found for found in index(module).classes if found.node is owner), None)
        return constructions(project, item) if item is not None else []
    found: list[tuple[Module, ast.Call]] = []
    for other in project.containing(function.name):
        if is_test(other.rel):
            continue
        named = [call for call in other.nodes if isinstance(call, ast.Call) and last_name(call.func) == function.name]
        found += [(other, call) for call in named if any(item.node is function for item in callees(project, other, call))]
    return found


def constructions(project: Project, item: Class) -> list[tuple[Module, ast.Call]]:
    """Return the project's calls of a class, tests left out; `cls(...)` in its own methods counts."""
    found: list[tuple[Module, ast.Call]] = []
    for other in project.containing(item.name):
        if is_test(other.rel):
            continue
        for call in other.nodes:
            if not isinstance(call, ast.Call):
                continue
            own = isinstance(call.func, ast.Name) and call.func.id == "cls" and other is item.module and other.owner(call) is item.node
            if own or (last_name(call.func) == item.name and [known.node for known in find_classes(project, item.name, other)] == [item.node]):
                found.append((other, call))
    return found


def field_values(project: Project, item: Class, name: str) -> list[tuple[Module, ast.expr]]:
    """Return what the project's constructions give a class's field, through dataclass fields or its `__init__`."""
    found: list[tuple[Module, ast.expr]] = []
    maker = members(project, item).methods.get("__init__")
    for other, call in constructions(project, item):
        if maker is not None:
            value = argument(maker.module, maker.node, call, name)
        else:
            names = [attribute.name for attribute in members(project, item).attributes.values() if attribute.is_field]
            value = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
            if value is None and name in names and names.index(name) < len(call.args):
                value = call.args[names.index(name)]
        if value is not None and not isinstance(value, ast.Starred):
            found.append((other, value))
    return found


def owner_classes(context: Context, module: Module, node: ast.expr) -> list[Class]:
    """Return the project's classes that an expression is an instance of, by its view or else by what the source shows."""
    view = context.view(node) if module is context.module else None
    if view is not None:
        found = find_classes(context.project, view.type, module)
        if found:
            return found[:1] if len(found) == 1 else []
    names = sorted(infer(context.project, module, node))
    return [item for name in names for item in find_classes(context.project, name, module)]


def _of_attribute(context: Context, module: Module, node: ast.Attribute) -> Spot | None:
    if isinstance(node.value, ast.Name):
        source = index(module).imports.get(node.value.id)
        if source is not None:
            dotted = source[0] + ("" if source[0].endswith(".") or not source[1] else ".") + source[1]
            for other in context.project.containing(node.attr):
                if comes_from(other, module, dotted):
                    found = of_global(context.project, other, node.attr)
                    if found is not None:
                        return found
    option = _option(context, module, node)
    if option is not None:
        return option
    classes = owner_classes(context, module, node.value)
    if len(classes) != 1:
        return None
    attribute = members(context.project, classes[0]).attributes.get(node.attr)
    if attribute is not None and attribute.value is not None and not attribute.is_field:
        home = next((item.module for item in _lineage(context.project, classes[0]) if node.attr in item.attributes), classes[0].module)
        return Spot(home, attribute.value, "field", node.attr)
    values = field_values(context.project, classes[0], node.attr)
    return Spot(values[0][0], values[0][1], "field", node.attr) if len(values) == 1 else None


def _lineage(project: Project, item: Class) -> Iterator[Class]:
    yield item
    for base in item.bases[:4]:
        for found in find_classes(project, base, item.module)[:1]:
            if found.node is not item.node:
                yield found


def _option(context: Context, module: Module, node: ast.Attribute) -> Spot | None:
    """Return the `add_argument` call whose option an attribute of parsed arguments is."""
    view = context.view(node.value) if module is context.module else None
    if view is not None and view.type.rsplit(".", 1)[-1] != "Namespace":
        return None
    for other in context.project.containing("add_argument"):
        for call in other.nodes:
            if isinstance(call, ast.Call) and last_name(call.func) == "add_argument" and option_name(call) == node.attr:
                return Spot(other, call, "option", node.attr)
    return None


def option_name(call: ast.Call) -> str:
    """Return the attribute that an `add_argument` call fills."""
    for item in call.keywords:
        if item.arg == "dest" and isinstance(item.value, ast.Constant):
            return str(item.value.value)
    flags = [item.value for item in call.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    longest = next((item for item in flags if item.startswith("--")), flags[0] if flags else "")
    return longest.lstrip("-").replace("-", "_")


def _of_item(context: Context, module: Module, node: ast.Subscript) -> Spot | None:
    if not isinstance(node.slice, ast.Constant):
        return None
    for spot in trace_short(context, module, node.value):
        if isinstance(spot.node, ast.Dict):
            for key, value in zip(spot.node.keys, spot.node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == node.slice.value:
                    return Spot(spot.module, value, "item", str(node.slice.value))
    return None


def trace_short(context: Context, module: Module, node: ast.expr) -> list[Spot]:
    """Return the first steps of a value's way back."""
    spots = [Spot(module, node, "use")]
    while len(spots) < 4:
        found = _step(context, spots[-1]) if not isinstance(spots[-1].node, ast.Subscript) else None
        if found is None or any(found.node is item.node for item in spots):
            break
        spots.append(found)
    return spots


def _of_call(context: Context, module: Module, node: ast.Call) -> Spot | None:
    functions = callees(context.project, module, node, guess=False)
    if len(functions) != 1:
        return None
    function = functions[0]
    returns = [item.value for item in own_nodes(function.node) if isinstance(item, ast.Return) and item.value is not None]
    if len(returns) != 1 or function.is_async != isinstance(module.parents.get(node), ast.Await):
        return None
    return Spot(function.module, returns[0], "returned", function.name)
