"""All expressions that may have given a value: back through names, parameters, attributes, elements and returns, to calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from nexoide.repair.code.index import Class, Function, find_classes, index, last_name, members
from nexoide.repair.code.infer import callees, infer, own_nodes
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.reach import function_at
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context

DEPTH = 6
MAX_LEAVES = 24
MAX_CALLS = 12


@dataclass(frozen=True, slots=True)
class Origin:
    """An expression that may have given the value, how many steps back it lies, and the project's function it runs, if one is known.

    `enters`: a `with` bound its `as` name to what entering this expression gave.
    """

    module: Module
    node: ast.expr
    steps: int
    function: Function | None = None
    enters: bool = False


@dataclass(slots=True)
class _Search:
    project: Project
    found: list[Origin] = field(default_factory=list)
    seen: set[tuple[int, bool]] = field(default_factory=set)


def provenance(context: Context, node: ast.expr, *, element: bool = False) -> list[Origin]:
    """Return the calls and the like that may have given `node` (or one of its elements), the closest first, at most 24.

    The failing frames lead the way to the callers that were really there.
    """
    search = _Search(context.project)
    _trace(search, context.module, node, 0, context, element=element)
    return sorted(search.found, key=lambda item: item.steps)[:MAX_LEAVES]


def called(project: Project, module: Module, call: ast.expr, context: Context | None = None) -> Function | None:
    """Return the one function of the project that a call surely runs; the failing frame's values help where `context` is given."""
    if not isinstance(call, ast.Call):
        return None
    found = callees(project, module, call, guess=False)
    if not found and isinstance(call.func, ast.Attribute):
        view = context.view(call.func.value) if context is not None and context.module is module else None
        owners = find_classes(project, view.type, module) if view is not None else []
        methods = [members(project, item).methods.get(call.func.attr) for item in owners]
        found = [item for item in methods if item is not None]
        if not found and view is None and call.func.attr not in _COMMON and not isinstance(call.func.value, ast.Constant | ast.JoinedStr):
            named = [item for item in callees(project, module, call) if not is_test(item.module.rel)]
            found = named if len(named) == 1 else []
    return found[0] if len(found) == 1 and not is_test(found[0].module.rel) else None


# Methods of the built-in types: an unknown object's is not taken for the project's only one of that name.
_COMMON = frozenset(name for kind in (str, list, dict, set, bytes, tuple) for name in dir(kind))


def _trace(search: _Search, module: Module, node: ast.expr, steps: int, context: Context | None, *, element: bool) -> None:
    if steps > DEPTH or len(search.found) >= MAX_LEAVES or (id(node), element) in search.seen:
        return
    search.seen.add((id(node), element))
    if isinstance(node, ast.Await | ast.NamedExpr | ast.Starred):
        _trace(search, module, node.value, steps, context, element=element)
    elif isinstance(node, ast.IfExp):
        _each(search, module, [node.body, node.orelse], steps, context, element=element)
    elif isinstance(node, ast.BoolOp):
        _each(search, module, node.values, steps, context, element=element)
    elif element and isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        _trace(search, module, node.elt, steps, context, element=False)
    elif element and isinstance(node, ast.DictComp):
        _trace(search, module, node.value, steps, context, element=False)
    elif element and isinstance(node, ast.List | ast.Tuple | ast.Set):
        _each(search, module, node.elts, steps, context, element=False)
    elif element and isinstance(node, ast.Dict):
        _each(search, module, node.values, steps, context, element=False)
    elif isinstance(node, ast.Name):
        _of_name(search, module, node, steps, context, element=element)
    elif isinstance(node, ast.Attribute):
        _of_attribute(search, module, node, steps, context, element=element)
    elif isinstance(node, ast.Subscript):
        _trace(search, module, node.value, steps + 1, context, element=True)
    elif isinstance(node, ast.Call):
        _of_call(search, module, node, steps, context, element=element)


def _each(search: _Search, module: Module, nodes: list[ast.expr], steps: int, context: Context | None, *, element: bool) -> None:
    for node in nodes:
        _trace(search, module, node, steps, context, element=element)


def _of_call(search: _Search, module: Module, node: ast.Call, steps: int, context: Context | None, *, element: bool) -> None:
    function = called(search.project, module, node, context)
    if not element:
        search.found.append(Origin(module, node, steps, function))
        if function is None:
            search.found += [Origin(module, node, steps + 1, one) for one in _referenced(search.project, module, node.func)]
    if element and isinstance(node.func, ast.Name) and node.func.id == "map" and node.args:
        search.found += [Origin(module, node, steps + 1, one) for one in _referenced(search.project, module, node.args[0], 1)]
    if last_name(node.func) in ("list", "tuple", "sorted", "set", "reversed", "iter", "enumerate") and len(node.args) == 1 and element:
        _trace(search, module, node.args[0], steps, context, element=True)
    if function is not None:
        _returned(search, function, steps + 1, element=element)
    elif not element and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop", "setdefault"):
        _trace(search, module, node.func.value, steps + 1, context, element=True)


def _referenced(project: Project, module: Module, node: ast.expr, depth: int = 0) -> list[Function]:
    """Return the plain functions that a variable or a table of functions (`STEPS`, `HANDLERS[name]`) holds."""
    if depth > 3:
        return []
    if isinstance(node, ast.Name) and depth:
        function = called(project, module, ast.Call(func=node, args=[], keywords=[]))
        if function is not None and function.owner is None:
            return [function]
    if isinstance(node, ast.Name):
        inner: FunctionNode | None = module.function(node)
        bound = [value for value, kind in _bindings(module, inner, node.id, node) if kind != "part"] if inner is not None else []
        bound = bound or [value for value, kind in _bindings(module, None, node.id, node) if kind != "part"]
        if not bound:
            source = index(module).imports.get(node.id, ("", ""))
            others = [other for other in project.containing(source[1]) if source[1] and other.dotted.endswith(source[0].lstrip("."))]
            return [one for other in others for value, _ in _bindings(other, None, source[1], None) for one in _referenced(project, other, value, depth + 1)]
        return [one for value in bound for one in _referenced(project, module, value, depth + 1)]
    if isinstance(node, ast.Subscript):
        return _referenced(project, module, node.value, depth)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "values", "pop"):
        return _referenced(project, module, node.func.value, depth)
    values = node.values if isinstance(node, ast.Dict) else node.elts if isinstance(node, ast.List | ast.Tuple) else []
    return [one for value in values for one in _referenced(project, module, value, depth + 1)]


def _returned(search: _Search, function: Function, steps: int, *, element: bool) -> None:
    for item in own_nodes(function.node):
        if isinstance(item, ast.Return) and item.value is not None:
            _trace(search, function.module, item.value, steps, None, element=element)
        elif element and isinstance(item, ast.Yield) and item.value is not None:
            _trace(search, function.module, item.value, steps, None, element=False)


def _entered(search: _Search, module: Module, node: ast.expr, steps: int) -> None:
    """Note what `with NODE as name` binds: what `__enter__` returns, or what a generator function yields."""
    function = called(search.project, module, node)
    names = infer(search.project, module, node)
    if function is None or names:
        methods = [members(search.project, item).methods for name in sorted(names) for item in find_classes(search.project, name, module)]
        entering = [found[name] for found in methods for name in ("__enter__", "__aenter__") if name in found]
        function = entering[0] if entering else function
    search.found.append(Origin(module, node, steps, function, enters=True))


def _of_name(search: _Search, module: Module, node: ast.Name, steps: int, context: Context | None, *, element: bool) -> None:
    function: FunctionNode | None = module.function(node)
    inner = context if context is not None and context.module is module else None
    while True:
        bound = list(_bindings(module, function, node.id, node))
        for value, kind in bound:
            if kind == "enter":
                _entered(search, module, value, steps)
            elif kind != "part":
                _trace(search, module, value, steps, inner, element=kind == "element" or element)
            elif element:
                _trace(search, module, value, steps, inner, element=False)
        if function is not None and node.id in _parameters(function):
            _arguments(search, module, function, node.id, steps + 1, inner, element=element)
            return
        if function is None:
            if not bound:
                _imported(search, module, node.id, "", steps + 1, element=element)
            return
        if any(kind != "part" for _, kind in bound):
            return
        function = module.function(function)


def _imported(search: _Search, module: Module, name: str, attribute: str, steps: int, *, element: bool) -> None:
    """Follow `from source import name`, or `source.attribute`, to the module-level value in the project's file."""
    source = index(module).imports.get(name)
    if source is None:
        return
    wanted = attribute or source[1]
    dotted = source[0] + ("." + source[1] if attribute and source[1] else "")
    for other in search.project.containing(wanted) if wanted else ():
        if other.dotted == dotted.lstrip(".") or other.dotted.endswith("." + dotted.lstrip(".")):
            for value, kind in _bindings(other, None, wanted, None):
                if kind == "value" or (element and kind == "part"):
                    _trace(search, other, value, steps, None, element=element and kind != "part")


def _parameters(function: FunctionNode) -> list[str]:
    return [item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _bindings(module: Module, function: FunctionNode | None, name: str, use: ast.Name | None) -> Iterator[tuple[ast.expr, str]]:
    """Yield what a scope gives a name: values, iterated things (`element`), what `with` enters (`enter`), what it is built of (`part`)."""
    for item in own_nodes(function) if function is not None else _top(module):
        if isinstance(item, ast.Assign):
            for target in item.targets:
                if isinstance(target, ast.Name) and target.id == name and item.value is not use:
                    yield item.value, "value"
                elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == name:
                    yield item.value, "part"
        elif isinstance(item, ast.AnnAssign | ast.NamedExpr) and isinstance(item.target, ast.Name) and item.target.id == name and item.value is not None:
            yield item.value, "value"
        elif isinstance(item, ast.For | ast.AsyncFor | ast.comprehension) and isinstance(item.target, ast.Name) and item.target.id == name:
            yield item.iter, "element"
        elif isinstance(item, ast.withitem) and isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == name:
            yield item.context_expr, "enter"
        elif _adds_to(item, name):
            assert isinstance(item, ast.Call)
            yield item.args[0], "part"


def _adds_to(node: ast.AST, name: str) -> bool:
    """Say whether a node is `name.append(x)` or its like."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 1):
        return False
    return node.func.attr in ("append", "add", "appendleft") and isinstance(node.func.value, ast.Name) and node.func.value.id == name


def _top(module: Module) -> list[ast.AST]:
    """Return the nodes of a module outside its functions and classes."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = [*module.tree.body]
    while stack:
        node = stack.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            found.append(node)
            stack.extend(ast.iter_child_nodes(node))
    return found


def _arguments(search: _Search, module: Module, function: FunctionNode, name: str, steps: int, context: Context | None, *, element: bool) -> None:
    """Follow a parameter to what the caller gave: the failing call alone where the frames show it, else the project's calls."""
    owner = module.parents.get(function)
    bound = isinstance(owner, ast.ClassDef) and not any(last_name(item) == "staticmethod" for item in function.decorator_list)
    names = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    if bound and names[:1] == [name]:
        return
    wanted = owner.name if isinstance(owner, ast.ClassDef) and function.name in ("__init__", "__new__") else function.name
    outer = context.outer() if context is not None and function_at(context) is function else None
    if outer is not None:
        calls = [node for node in outer.nodes(lambda item: isinstance(item, ast.Call)) if isinstance(node, ast.Call)]
        calls = [call for call in calls if last_name(call.func) == wanted] or calls
        for call in calls[:2]:
            value = _given(call, names, name, bound=bound)
            if value is not None:
                _trace(search, outer.module, value, steps, outer, element=element)
        return
    count = 0
    for other in search.project.containing(wanted + "("):
        for item in other.nodes:
            if isinstance(item, ast.Call) and last_name(item.func) == wanted and not is_test(other.rel):
                value = _given(item, names, name, bound=bound)
                count += 1
                if value is not None and count <= MAX_CALLS:
                    _trace(search, other, value, steps, None, element=element)


def _given(call: ast.Call, names: list[str], name: str, *, bound: bool) -> ast.expr | None:
    keyword = next((item.value for item in call.keywords if item.arg == name), None)
    if keyword is not None or name not in names or any(isinstance(item, ast.Starred) for item in call.args):
        return keyword
    place = names.index(name) - (1 if bound else 0)
    return call.args[place] if 0 <= place < len(call.args) else None


def _of_attribute(search: _Search, module: Module, node: ast.Attribute, steps: int, context: Context | None, *, element: bool) -> None:
    names = infer(search.project, module, node.value)
    view = context.view(node.value) if context is not None and context.module is module else None
    if view is not None and view.type.isidentifier():
        names = names or {view.type}
    if not names and isinstance(node.value, ast.Name) and steps < DEPTH:
        names = _made(search.project, module, node.value, steps, context)
    for name in sorted(names):
        for item in find_classes(search.project, name, module)[:2]:
            _of_class(search, item, module, node, steps + 1, element=element)
    if not names and isinstance(node.value, ast.Name):
        _imported(search, module, node.value.id, node.attr, steps + 1, element=element)


def _made(project: Project, module: Module, node: ast.Name, steps: int, context: Context | None) -> set[str]:
    """Return the classes of the project whose constructors may have given a name its value."""
    inner = _Search(project)
    _trace(inner, module, node, steps + 1, context, element=False)
    names = {last_name(item.node.func) for item in inner.found if isinstance(item.node, ast.Call)}
    return {name for name in names if name[:1].isupper()}


def _of_class(search: _Search, item: Class, module: Module, node: ast.Attribute, steps: int, *, element: bool) -> None:
    """Follow an attribute to what the class's methods, or its constructor's callers, give it."""
    attribute = node.attr
    known = members(search.project, item)
    method = known.methods.get(attribute)
    if method is not None:
        if {"property", "cached_property"} & set(method.decorators):
            if not element:
                search.found.append(Origin(module, node, steps, method))
            _returned(search, method, steps, element=element)
        return
    for inner in ast.walk(item.node):
        for value, inside in _given_to(inner, attribute):
            if element or not inside:
                _trace(search, item.module, value, steps, None, element=element and not inside)
    if item.has_fields and attribute in item.attributes:
        names = [found.name for found in item.attributes.values() if found.is_field]
        for other in search.project.containing(item.name + "("):
            for call in other.nodes:
                if isinstance(call, ast.Call) and last_name(call.func) == item.name and not is_test(other.rel):
                    given = _given(call, names, attribute, bound=False)
                    if given is not None:
                        _trace(search, other, given, steps, None, element=element)


def _given_to(node: ast.AST, attribute: str) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what one node of a class puts into `self.attribute`, each with whether it goes into the container that is there."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if _is_own(target, attribute):
                yield node.value, False
            elif isinstance(target, ast.Subscript) and _is_own(target.value, attribute):
                yield node.value, True
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 1 and _is_own(node.func.value, attribute):
        yield from ((value, True) for value in node.args if node.func.attr in ("append", "add", "appendleft"))


def _is_own(node: ast.expr, attribute: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == attribute and isinstance(node.value, ast.Name) and node.value.id == "self"
