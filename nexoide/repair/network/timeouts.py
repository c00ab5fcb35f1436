"""Time limits of a project: the one that a failing call had, and what the others are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import median

from nexoide.repair.code.beginnings import beginnings, parameter_of
from nexoide.repair.code.index import find_functions, index, last_name
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

TINY = 0.05
SHORT = 1.0
USUAL = 10.0
_WORDS = ("timeout", "time_out", "deadline")


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit that is far too short: where its number stands, what it is and what it should be, in seconds."""

    module: Module
    node: ast.Constant
    old: str
    new: str
    why: str
    prior: float


def tiny_timeout(context: Context) -> Limit | None:
    """Return the absurdly short limit (at most 50 ms) of a call on the failing way, or None where there is none."""
    return _timeout(context, 0, TINY)


def short_timeout(context: Context) -> Limit | None:
    """Return the limit of a call on the failing way that a slow answer may miss (50 ms to below 1 s), less sure than an absurd one."""
    limit = _timeout(context, TINY, SHORT - 1e-9)
    return replace(limit, prior=limit.prior - 0.2) if limit is not None else None


def _timeout(context: Context, above: float, most: float) -> Limit | None:
    here: Context | None = context
    for _ in range(6):
        if here is None:
            return None
        for node in (*here.nodes(lambda node: isinstance(node, ast.Call)), *_tried(here)):
            for module, number in _limits_of(here, node) if isinstance(node, ast.Call) else ():
                if above < _value(number) <= most:
                    return _limit(context, module, number)
        here = here.outer()
    return None


def _tried(here: Context) -> list[ast.Call]:
    """Return the calls whose failure the failing line says in other words: those that its `except` stands for."""
    for node in here.nodes(lambda node: isinstance(node, ast.Raise)):
        handler = next((item for item in here.module.ancestors(node) if isinstance(item, ast.ExceptHandler)), None)
        around = here.module.parents.get(handler) if handler is not None else None
        if isinstance(around, ast.Try):
            return [call for statement in around.body for call in ast.walk(statement) if isinstance(call, ast.Call)]
    return []


def _value(node: ast.Constant) -> float:
    return float(node.value) if isinstance(node.value, int | float) and not isinstance(node.value, bool) else 0.0


def _limit(context: Context, module: Module, node: ast.Constant) -> Limit:
    others = sorted(value for other, value in _all(context.project) if other is not node and value > max(TINY, 2 * _value(node)))
    old = module.segment(node)
    if others:
        usual = median(others)
        near = min(others, key=lambda value: abs(value - usual))
        return Limit(module, node, old, f"{near:g}", f"the other limits of the project are {', '.join(f'{value:g}' for value in others[:3])} s", 0.84)
    return Limit(module, node, old, f"{USUAL:g}", "the project has no other limit to go by", 0.6)


def _limits_of(context: Context, call: ast.Call) -> Iterator[tuple[Module, ast.Constant]]:
    """Yield the numbers that a call's time limit comes from: given, by default, set at top level or on the object."""
    module = context.module
    for keyword in call.keywords:
        if keyword.arg and any(word in keyword.arg.lower() for word in _WORDS):
            yield from _numbers(context, module, keyword.value)
    if last_name(call.func) in ("settimeout", "wait_for", "wait", "timeout", "join", "result", "get", "create_connection") and call.args:
        yield from _numbers(context, module, call.args[-1])
    for function in find_functions(context.project, last_name(call.func)) if last_name(call.func) else []:
        arguments = function.node.args
        pairs = list(zip(arguments.args[len(arguments.args) - len(arguments.defaults) :], arguments.defaults, strict=True))
        pairs += [(item, value) for item, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value is not None]
        for item, value in pairs:
            if any(word in item.arg.lower() for word in _WORDS) and not any(keyword.arg == item.arg for keyword in call.keywords):
                yield from _numbers(context, function.module, value)


def _numbers(context: Context, module: Module, node: ast.expr) -> Iterator[tuple[Module, ast.Constant]]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield module, node
        return
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        for other in context.project.containing(node.attr):
            for item in other.nodes:
                targets = item.targets if isinstance(item, ast.Assign) else [item.target] if isinstance(item, ast.AnnAssign) else []
                value = getattr(item, "value", None)
                if isinstance(value, ast.Constant) and any(getattr(target, "id", getattr(target, "attr", "")) == node.attr for target in targets):
                    yield from _numbers(context, other, value)
        return
    if isinstance(node, ast.Name):
        place = parameter_of(module, node)
        if place is not None:
            arguments = place[0].args
            pairs = zip(arguments.args[len(arguments.args) - len(arguments.defaults) :], arguments.defaults, strict=True)
            yield from (
                (module, value) for item, value in pairs if item.arg == node.id and isinstance(value, ast.Constant) and isinstance(value.value, int | float)
            )
            return
        source = index(module).imports.get(node.id)
        for other in context.project.containing(node.id) if source is not None else [module]:
            for begun in beginnings(context.project, other, node) if other is module else _top(other, node.id):
                if isinstance(begun.node, ast.Constant):
                    yield from _numbers(context, begun.module, begun.node)


def _top(module: Module, name: str) -> list[_Value]:
    return [
        _Value(module, item.value)
        for item in module.tree.body
        if isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in item.targets)
    ]


@dataclass(frozen=True, slots=True)
class _Value:
    module: Module
    node: ast.expr


def _all(project: Project) -> Iterator[tuple[ast.Constant, float]]:
    """Yield all numbers of the project that are time limits by their name."""
    modules = {module.rel: module for word in ("timeout", "TIMEOUT", "deadline") for module in project.containing(word) if not is_test(module.rel)}
    for module in modules.values():
        for node in module.nodes:
            name, value = _named(node)
            if isinstance(value, ast.Constant) and any(word in name.lower() for word in _WORDS) and isinstance(value.value, int | float):
                yield value, float(value.value)


def _named(node: ast.AST) -> tuple[str, ast.expr | None]:
    if isinstance(node, ast.keyword):
        return node.arg or "", node.value
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        return getattr(target, "id", getattr(target, "attr", "")), node.value
    if isinstance(node, ast.AnnAssign):
        return getattr(node.target, "id", getattr(node.target, "attr", "")), node.value
    return "", None
