"""Methods and functions used as if they were their result: which one of a line was meant to be called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.index import Function, find_classes, index, last_name, members
from nexoide.repair.code.infer import infer, own_nodes
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.provenance import called
from nexoide.repair.code.signatures import of_function
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

# Methods of built-in types that are called without arguments, by the message's word for them.
BUILTIN_CALLS = frozenset(
    [
        *("keys", "values", "items", "copy", "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "casefold", "split", "splitlines"),
        *("isdigit", "isalpha", "isnumeric", "read", "readline", "readlines", "popitem", "hex", "bit_length", "now", "today", "utcnow", "date", "time"),
        *(
            "isoformat",
            "total_seconds",
            "timestamp",
            "weekday",
            "isoweekday",
            "getvalue",
            "fetchone",
            "fetchall",
            "swapcase",
            "encode",
            "decode",
            "cwd",
            "home",
        ),
        *("absolute", "resolve", "exists", "is_file", "is_dir", "read_text", "read_bytes", "stat", "random", "time", "getcwd", "most_common", "elements"),
    ]
)
BUILTIN_ARGUMENTS = frozenset(
    [
        *(
            "get",
            "append",
            "extend",
            "insert",
            "index",
            "count",
            "remove",
            "startswith",
            "endswith",
            "join",
            "replace",
            "find",
            "format",
            "setdefault",
            "update",
        ),
        *("add", "discard", "strftime", "len", "print", "str", "int", "float", "range", "sum", "max", "min", "sorted", "open", "abs", "round", "enumerate"),
    ]
)
_NOT_DATA = frozenset(["property", "cached_property", "setter", "getter", "deleter"])


@dataclass(frozen=True, slots=True)
class Uncalled:
    """An expression that names a function and does not call it; `function` where it is the project's own."""

    module: Module
    node: ast.Name | ast.Attribute
    function: Function | None


def uncalled(context: Context, *, builtin: bool = True) -> list[Uncalled]:
    """Return the functions that the failing place uses without calling them, those that a variable of it was given included."""
    module = context.module
    found: list[Uncalled] = []
    for node in context.nodes(lambda item: isinstance(item, ast.expr | ast.stmt)):
        for item in ast.walk(node):
            if isinstance(item, ast.Call):
                found += _in_result(context, module, item, builtin=builtin)
            if (
                isinstance(item, ast.Name | ast.Attribute)
                and isinstance(item.ctx, ast.Load)
                and item.lineno <= context.line <= (node.end_lineno or node.lineno)
            ):
                found += _of(context, module, item, builtin=builtin)
                found += [one for value in _given(context.project, module, item) for one in _of(context, value[0], value[1], builtin=builtin)]
    once: dict[ast.AST, Uncalled] = {}
    for one in found:
        once.setdefault(one.node, one)
    return list(once.values())


def _of(context: Context, module: Module, node: ast.expr, *, builtin: bool) -> Iterator[Uncalled]:
    if not isinstance(node, ast.Name | ast.Attribute) or is_called(module, node) or is_test(module.rel):
        return
    functions = meant(context, module, node)
    if functions:
        if not any(parameter.required for parameter in of_function(functions[0]).parameters) and not _NOT_DATA & set(functions[0].decorators):
            yield Uncalled(module, node, functions[0])
    elif builtin and isinstance(node, ast.Attribute) and node.attr in BUILTIN_CALLS:
        yield Uncalled(module, node, None)


def _in_result(context: Context, module: Module, call: ast.Call, *, builtin: bool) -> Iterator[Uncalled]:
    """Yield what a called function of the project returns without calling it."""
    function = called(context.project, module, call, context)
    for item in own_nodes(function.node) if function is not None else []:
        if function is not None and isinstance(item, ast.Return) and item.value is not None:
            yield from _of(context, function.module, item.value, builtin=builtin)


def is_called(module: Module, node: ast.expr) -> bool:
    """Say whether an expression is what a call calls, or is handed on, or decorates."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.Call):
        return parent.func is node
    return isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def meant(context: Context, module: Module, node: ast.Name | ast.Attribute) -> list[Function]:
    """Return the one function or method of the project that an expression names, or nothing."""
    project, name = context.project, last_name(node)
    if isinstance(node, ast.Name):
        around = module.function(node)
        if around is not None and any(isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Store) for item in own_nodes(around)):
            return []
        local = [item for item in index(module).functions if item.qualname == name]
        source = index(module).imports.get(name)
        named = [item for other in project.containing(f"def {name}") for item in index(other).functions if item.qualname == name]
        return local or (named if source is not None and len(named) == 1 else [])
    names = infer(project, module, node.value)
    view = context.view(node.value) if module is context.module else None
    if not names and view is not None:
        names = {view.type.rsplit(".", 1)[-1]}
    classes = [item for one in sorted(names) for item in find_classes(project, one, module)]
    found = [method for item in classes if (method := members(project, item).methods.get(name)) is not None]
    if classes or view is not None or name in BUILTIN_CALLS:
        return found[:1]
    return _only_one(project, name)


def _only_one(project: Project, name: str) -> list[Function]:
    """Return the only thing of the project that has a name, where that is a method: then an unknown object's is taken for it."""
    methods = [item for other in project.containing(f"def {name}") for item in index(other).functions if item.name == name and item.owner is not None]
    data = any(name in item.attributes for other in project.containing(name) for item in index(other).classes)
    return methods if len(methods) == 1 and not data else []


def _given(project: Project, module: Module, node: ast.Name | ast.Attribute) -> Iterator[tuple[Module, ast.expr]]:
    """Yield what a variable, or an attribute of self, was given."""
    text = module.segment(node)
    function = module.function(node)
    where: list[ast.AST] = list(own_nodes(function)) if isinstance(node, ast.Name) and function is not None else list(module.nodes)
    if isinstance(node, ast.Attribute) and not text.startswith("self."):
        return
    for item in where:
        if isinstance(item, ast.Assign) and any(module.segment(target) == text for target in item.targets):
            yield module, item.value
        elif isinstance(item, ast.For | ast.comprehension) and module.segment(item.target) == text:
            yield from _elements(module, item.iter, where)


def _elements(module: Module, node: ast.expr, where: list[ast.AST]) -> Iterator[tuple[Module, ast.expr]]:
    if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
        yield module, node.elt
    elif isinstance(node, ast.List | ast.Tuple):
        yield from ((module, item) for item in node.elts)
    elif isinstance(node, ast.Name):
        for item in where:
            given = isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == node.id for target in item.targets)
            if given and isinstance(item, ast.Assign) and not isinstance(item.value, ast.Name):
                yield from _elements(module, item.value, [])


def uses_of(project: Project, function: Function) -> tuple[list[tuple[Module, ast.Attribute]], int]:
    """Return the reads of a method's name on objects that may have it which do not call it, and how many call it."""
    plain: list[tuple[Module, ast.Attribute]] = []
    calls = 0
    owner = function.owner.name if function.owner is not None else ""
    for module in project.containing("." + function.name):
        for node in module.nodes:
            if not (isinstance(node, ast.Attribute) and node.attr == function.name and isinstance(node.ctx, ast.Load)):
                continue
            names = infer(project, module, node.value)
            if names and owner not in names:
                continue
            if is_called(module, node):
                calls += 1
            else:
                plain.append((module, node))
    return plain, calls
