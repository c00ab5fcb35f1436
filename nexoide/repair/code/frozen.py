"""Stores into frozen dataclasses: in their own set-up, in their methods, and from outside."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.fields import decorator, without_option
from nexoide.repair.code.index import Class, find_classes, index
from nexoide.repair.code.infer import infer
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.code.values import type_of
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need


def frozen_store(context: Context, name: str) -> Iterator[Idea]:
    """Yield the store as a frozen object takes it: past the freezing in its set-up, as a changed copy elsewhere."""
    module = context.module
    statement = next((node for node in context.nodes(lambda node: isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign))), None)
    target = _target(statement, name)
    if target is None or not isinstance(statement, ast.Assign | ast.AugAssign):
        return
    function = module.function(statement)
    item = _class_of(context, target)
    receiver = module.segment(target.value)
    value = module.segment(statement.value)
    if isinstance(statement, ast.AugAssign):
        sign = module.text[module.span(statement.target)[1] : module.span(statement.value)[0]].strip().removesuffix("=")
        inner = f"({value})" if isinstance(statement.value, ast.BinOp | ast.IfExp | ast.BoolOp) else value
        value = f"{module.segment(target)} {sign} {inner}"
    if function is not None and function.name in ("__post_init__", "__init__", "__setstate__") and receiver == "self":
        yield from _in_set_up(module, statement, function, name, value)
        return
    if receiver == "self":
        yield from _in_method(context, module, statement, function, item, name, value)
        return
    made, extra = need(context.project, module, "dataclasses", "replace")
    sticks = isinstance(target.value, ast.Name) and not _is_loop_variable(module, target.value) and not _is_parameter(module, target.value)
    if isinstance(target.value, ast.Name | ast.Attribute):
        yield Idea(
            title=f"replace {short(receiver)} by a changed copy",
            why=f"{short(receiver)} is frozen, so its fields cannot be set. The edit makes a copy with the new {name} and keeps that under the same name.",
            edits=[(module, Edit(*module.span(statement), f"{receiver} = {made}({receiver}, {name}={value})")), *((module, edit) for edit in extra)],
            prior=0.84 if sticks or isinstance(target.value, ast.Attribute) else 0.4,
            cautions=("Others that hold the old object do not see the change.",),
            alternatives=("Taking frozen away: the class says that its objects do not change.",),
        )
    if item is not None and not sticks:
        yield from _thawed(item, 0.6)


def _target(statement: ast.stmt | ast.expr | None, name: str) -> ast.Attribute | None:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target] if isinstance(statement, ast.AugAssign) else []
    return next((item for item in targets if isinstance(item, ast.Attribute) and item.attr == name), None) if len(targets) == 1 else None


def _class_of(context: Context, target: ast.Attribute) -> Class | None:
    module = context.module
    if isinstance(target.value, ast.Name) and target.value.id == "self":
        owner = module.owner(target)
        return next((item for item in index(module).classes if item.node is owner), None)
    names = {type_of(context, target.value)} - {""} or infer(context.project, module, target.value)
    found = [item for name in names for item in find_classes(context.project, name, module)]
    return found[0] if len(found) == 1 else None


def _in_set_up(module: Module, statement: ast.stmt, function: FunctionNode, name: str, value: str) -> Iterator[Idea]:
    edits = [Edit(*module.span(statement), f'object.__setattr__(self, "{name}", {value})')]
    for other in ast.walk(function):
        if isinstance(other, ast.Assign) and other is not statement and len(other.targets) == 1:
            target = other.targets[0]
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
                edits.append(Edit(*module.span(other), f'object.__setattr__(self, "{target.attr}", {module.segment(other.value)})'))
    yield Idea(
        title=f"set {name} past the freezing, in {function.name}()",
        why=f"The class is frozen, and {function.name}() still has to set {name}. The edit sets it the way that frozen classes do in their own set-up.",
        edits=[(module, edit) for edit in edits],
        prior=0.94,
        alternatives=("Taking frozen away: the class says that its objects do not change.",),
    )


def _in_method(
    context: Context, module: Module, statement: ast.stmt, function: FunctionNode | None, item: Class | None, name: str, value: str
) -> Iterator[Idea]:
    returns_self = (
        function is not None
        and isinstance(function.body[-1], ast.Return)
        and isinstance(function.body[-1].value, ast.Name)
        and function.body[-1].value.id == "self"
    )
    if returns_self and function is not None and len(function.body) >= 2 and function.body[-2] is statement:
        made, extra = need(context.project, module, "dataclasses", "replace")
        start, end = module.span(statement)[0], module.span(function.body[-1])[1]
        yield Idea(
            title=f"return a copy with the new {name}",
            why="The class is frozen, and the method gives the changed object back. The edit gives a changed copy back.",
            edits=[(module, Edit(start, end, f"return {made}(self, {name}={value})")), *((module, edit) for edit in extra)],
            prior=0.86,
        )
    elif item is not None:
        yield from _thawed(item, 0.76)


def _thawed(item: Class, prior: float) -> Iterator[Idea]:
    edit = without_option(item, "frozen")
    if edit is not None and decorator(item) is not None:
        yield Idea(
            title=f"let objects of {item.name} change",
            why=f"{item.name} is declared frozen, and the program changes its objects where no copy could take their place. The edit takes frozen away.",
            edits=[(item.module, edit)],
            prior=prior,
            cautions=("Its objects can be changed everywhere now, and cannot be keys any more.",),
        )


def _is_loop_variable(module: Module, node: ast.Name) -> bool:
    return any(
        isinstance(item, ast.For) and any(isinstance(name, ast.Name) and name.id == node.id for name in ast.walk(item.target))
        for item in module.ancestors(node)
    )


def _is_parameter(module: Module, node: ast.Name) -> bool:
    function = module.function(node)
    return function is not None and node.id in [item.arg for item in (*function.args.args, *function.args.kwonlyargs)]
