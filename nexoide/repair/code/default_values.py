"""Defaults of parameters: what a like function of the project gives, and whether calls rely on there being one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.definitions import calls_in
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, index
from nexoide.repair.code.infer import callees
from nexoide.repair.code.project import is_test
from nexoide.repair.code.signatures import bind, of_function
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea

_PLAIN = (str, bytes, int, float, bool, type(None))


def lacking_calls(context: Context, function: Function) -> int:
    """Return how many calls of a function fit it as it is: those would not give a parameter that is added to it."""
    signature = of_function(function)
    count = 0
    for module in context.project.containing(f"{function.name}("):
        for call in calls_in(module, function.name):
            reached = callees(context.project, module, call, guess=False)
            count += bind(signature, call).good and any(item.node is function.node for item in reached)
    return count


def default_elsewhere(context: Context, function: Function, names: tuple[str, ...]) -> Iterator[Idea]:
    """Yield the default that every other function of the project which has such a parameter gives it."""
    if len(names) != 1 or is_test(function.module.rel):
        return
    name, arguments = names[0], function.node.args
    wanted = next((item for item in (*arguments.args, *arguments.kwonlyargs) if item.arg == name), None)
    if wanted is None or not _may_have_default(arguments, wanted):
        return
    texts: dict[str, str] = {}
    for module in context.project.containing(name):
        for other in index(module).functions:
            if other.node is function.node or is_test(module.rel):
                continue
            default = default_of(other, name)
            if isinstance(default, ast.Constant) and isinstance(default.value, _PLAIN):
                texts.setdefault(module.segment(default), other.name)
    if len(texts) != 1:
        return
    ((text, where),) = texts.items()
    end = function.module.span(wanted)[1]
    spaced = f" = {text}" if wanted.annotation is not None else f"={text}"
    yield Idea(
        title=f"let {name} of {function.name}() be {text} where it is not given, as in {where}()",
        why=(
            f"{function.name}() asks for {name}, and this call, like {where}(), leaves it to a default. {where}() has the default {text} for it. "
            f"The edit gives {function.name}() the same. No call changes."
        ),
        edits=[(function.module, Edit(end, end, spaced))],
        prior=0.66,
        alternatives=("A value given by this call: nothing here is clearly meant for it.",),
        unchecked=("Whether this call should give a value of its own.",),
    )


def default_of(function: Function, name: str) -> ast.expr | None:
    """Return the default of a function's parameter, None where it has none."""
    arguments = function.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)]
    found = next((value for item, value in pairs if item.arg == name), None)
    return found or next((value for item, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if item.arg == name), None)


def _may_have_default(arguments: ast.arguments, wanted: ast.arg) -> bool:
    """Say whether a default can be put there: nothing after it among the positional ones is without."""
    if wanted in arguments.kwonlyargs:
        return True
    return arguments.args.index(wanted) == len(arguments.args) - len(arguments.defaults) - 1
