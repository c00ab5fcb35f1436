"""Definitions and their calls: what a TypeError says of a call, names that a body lacks, and a parameter added to a `def`."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from typing import Literal

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, index, last_name
from nexoide.repair.code.scope import parameters
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

_UNEXPECTED = re.compile(r"([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'")
_MISSING = re.compile(r"([\w.<>]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)")
_EXTRA = re.compile(r"([\w.<>]+)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) .*given")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the message says: the function's qualified name, the names in question, and for `extra` how many it takes."""

    kind: Literal["unexpected", "missing", "extra"]
    function: str
    names: tuple[str, ...] = ()
    takes: int = -1


def complaint_of(raised: Raised) -> Complaint | None:
    """Read a TypeError's message about a call; None where it is another one."""
    if (match := _UNEXPECTED.match(raised.message)) is not None:
        return Complaint("unexpected", match[1], (match[2],))
    if (match := _MISSING.match(raised.message)) is not None:
        return Complaint("missing", match[1], tuple(re.findall(r"'(\w+)'", match[2])))
    if (match := _EXTRA.match(raised.message)) is not None:
        return Complaint("extra", match[1], (), int(match[2]))
    return None


def unresolved(function: Function) -> set[str]:
    """Return the names that a function reads and that nothing defines: not itself, its module, or the language."""
    node = function.node
    bound = set(parameters(node)) | index(function.module).globals | set(index(function.module).imports)
    around = function.module.function(node)
    while around is not None:
        bound |= set(parameters(around)) | {item.id for item in ast.walk(around) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
        around = function.module.function(around)
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store | ast.Del):
            bound.add(item.id)
        elif isinstance(item, ast.arg):
            bound.add(item.arg)
        else:
            name = getattr(item, "name", None)
            if isinstance(name, str) and not isinstance(item, ast.alias):  # functions, classes, handlers, patterns
                bound.add(name)
    if any(isinstance(item, ast.ImportFrom) and any(part.name == "*" for part in item.names) for item in function.module.nodes):
        return set()
    read = {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}
    return {name for name in read if name not in bound and not hasattr(builtins, name)}


def add_parameter(function: Function, text: str) -> Edit | None:
    """Return the edit that adds a parameter after the last one; before those with a default where it has none itself."""
    node, module = function.node, function.module
    arguments = node.args
    if arguments.vararg or arguments.posonlyargs:
        return None
    if arguments.kwonlyargs:
        last: ast.expr | ast.arg = arguments.kwonlyargs[-1]
        default = arguments.kw_defaults[-1]
        end = module.span(default if default is not None else last)[1]
        return Edit(end, end, f", {text}")
    plain = len(arguments.args) - len(arguments.defaults)
    if arguments.defaults and "=" not in text:
        if not plain:
            start = module.span(arguments.args[0])[0]
            return Edit(start, start, f"{text}, ")
        end = _end_of(function, plain - 1)
        return Edit(end, end, f", {text}")
    if not arguments.args:
        opening = module.text.index("(", module.span(node)[0])
        return Edit(opening + 1, opening + 1, text + (", " if arguments.kwarg else ""))
    end = module.span(arguments.defaults[-1])[1] if arguments.defaults else _end_of(function, len(arguments.args) - 1)
    return Edit(end, end, f", {text}")


def _end_of(function: Function, place: int) -> int:
    return function.module.span(function.node.args.args[place])[1]


def rename_parameter(function: Function, old: str, new: str) -> list[Edit]:
    """Return the edits that rename a parameter and its uses in the body; [] where the new name is taken or a use cannot be placed."""
    node, module = function.node, function.module
    names = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)} | set(parameters(node))
    if new in names or old not in names:
        return []
    places = [item for item in ast.walk(node) if (isinstance(item, ast.arg) and item.arg == old) or (isinstance(item, ast.Name) and item.id == old)]
    starts = [module.span(item)[0] for item in places if isinstance(item, ast.arg | ast.Name)]
    if any(module.text[start : start + len(old)] != old for start in starts):
        return []
    return [Edit(start, start + len(old), new) for start in starts]


def calls_named(context: Context, name: str) -> list[ast.Call]:
    """Return the calls at the failing place that name the function."""
    return [node for node in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == name) if isinstance(node, ast.Call)]


def calls_in(module: Module, name: str) -> list[ast.Call]:
    """Return a module's calls of a function by its name."""
    return [node for node in module.nodes if isinstance(node, ast.Call) and last_name(node.func) == name]
