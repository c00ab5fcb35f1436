"""Which functions a failure can have come through: those of its frames, and those that they call, a few steps down."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.model.failure import Raised
from nexoide.repair.code.index import Function, find_classes, index, last_name, members
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context

MAX_REACHED = 60
MAX_STEPS = 4


@dataclass(frozen=True, slots=True)
class Reached:
    """One function (None: the module's own level) and how many calls away from a failing frame it is."""

    module: Module
    node: FunctionNode | None
    steps: int

    @property
    def scope(self) -> ast.AST:
        """The tree of it."""
        return self.node if self.node is not None else self.module.tree

    @property
    def label(self) -> str:
        """How people call it."""
        return f"{self.node.name}()" if self.node is not None else self.module.rel


# The last answer: several rules ask the same of one exception.
_last: list[tuple[Project, Raised, list[Reached]]] = []


def reached(context: Context) -> list[Reached]:
    """Return the project's functions that ran, or may have run, before the failure, the closest first, at most 60; no tests."""
    if _last and _last[0][0] is context.project and _last[0][1] is context.raised:
        return _last[0][2]
    found = [item for item in _reached(context) if not is_test(item.module.rel)]
    _last[:] = [(context.project, context.raised, found)]
    return found


def _reached(context: Context) -> list[Reached]:
    found: list[Reached] = []
    here: Context | None = context
    for _ in range(16):
        if here is None:
            break
        function = function_at(here)
        _add(found, Reached(here.module, function, 0))
        while function is not None:  # what made an inner function ran as well
            function = here.module.function(function)
            if function is not None:
                _add(found, Reached(here.module, function, 1))
        here = here.outer()
    place = 0
    while place < len(found) and len(found) < MAX_REACHED:
        item = found[place]
        place += 1
        if item.steps < MAX_STEPS:
            for module, node in _called(context, item):
                _add(found, Reached(module, node, item.steps + 1))
    return found


def function_at(context: Context) -> FunctionNode | None:
    """Return the function that the failing line runs in, by the line and by the frame's own name; None at the module's own level."""
    name = context.frame.function.rsplit(".", 1)[-1]
    if name == "<module>":
        return None
    known = [item.node for item in index(context.module).functions]
    around = [node for node in known if node.lineno <= context.line <= (node.end_lineno or node.lineno)]
    named = [node for node in around if node.name == name]
    inside = named or [node for node in around if node.body[0].lineno <= context.line]
    return max(inside, key=lambda node: node.lineno, default=None)


def _add(found: list[Reached], item: Reached) -> None:
    if not any(other.node is item.node and other.module is item.module for other in found):
        found.append(item)


def nodes_of(item: Reached) -> list[ast.AST]:
    """Return the nodes that belong to a function, or to the module's own level."""
    if item.node is not None:
        return own_nodes(item.node)
    found: list[ast.AST] = []
    stack: list[ast.AST] = [*reversed(item.module.tree.body)]
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return found


def _called(context: Context, item: Reached) -> list[tuple[Module, FunctionNode]]:
    found: list[tuple[Module, FunctionNode]] = []
    for node in nodes_of(item):
        if isinstance(node, ast.Call):
            functions: list[Function] = callees(context.project, item.module, node)
            name = last_name(node.func)
            if not functions and name[:1].isupper():
                classes = find_classes(context.project, name, item.module)
                functions = [method for one in classes for key in ("__init__", "__post_init__") if (method := members(context.project, one).methods.get(key))]
            found += [(one.module, one.node) for one in functions[:3]]
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            local = [one for one in index(item.module).functions if one.name == node.attr and {"property", "cached_property"} & set(one.decorators)]
            found += [(one.module, one.node) for one in local[:2]]
        elif isinstance(node, FUNCTIONS):
            found.append((item.module, node))
    return found


def states_a_rule(context: Context) -> bool:
    """Say whether the failing line is the program's own statement that something is wrong: an assertion, or an error that it raises."""
    return bool(context.nodes(lambda node: isinstance(node, ast.Assert | ast.Raise)))
