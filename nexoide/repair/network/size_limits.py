"""Limits on the size of what is sent: where the program compares with one, where its number stands, and what was sent."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.beginnings import beginnings
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context

_WHAT = "body|payload|content|length|size|bytes|request|upload|items?|rows?|batch|records?|entries|chars?|message"
_NAMES = re.compile(rf"(?i)(max|limit|client_max).*({_WHAT})|^(max|limit)$|_limit$")
_BATCHES = re.compile(
    r"(?i)(batch|chunk|page|bulk)_?(size|length|limit|rows|items|bytes)|(max|rows|items)_per_(batch|call|request|chunk|page)|max_(batch|chunk|items|rows)"
)
_REMOTE = re.compile(r"(?i)remote|fake|stub|mock|gateway|upstream|vendor|external|thirdparty|third_party|partner|sandbox|simulat")
_SETTINGS = re.compile(r"(?i)(^|[/_.])(settings?|config(uration)?|conf|constants?|limits?|defaults?|options?|env)([/_.]|$)")
_COUNTS = re.compile(r"(?i)items?|rows?|batch|records?|entries|count|chunk|lines|messages|events|points|documents|docs")
_BYTES = re.compile(r"(?i)bytes|body|size|length|kb|mb|payload|content")
_TOO_LARGE = re.compile(r"(?i)413|too.?large|toolarge|entity_too|content_too")


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """One limit: its name as it is read, and the number that gives it.

    `remote`: it is that of a service outside; `is_count`: it counts items and not bytes.
    """

    name: str
    module: Module
    node: ast.expr
    value: int
    remote: bool
    is_count: bool = False

    @property
    def is_setting(self) -> bool:
        """Whether it stands in a file of settings, which are the operator's own."""
        return _SETTINGS.search(self.module.rel) is not None and not self.remote


def governing(context: Context) -> SizeLimit | None:
    """Return the limit that refused the request: that of the failing `if`, else the only one that the project answers 413 for."""
    found = list(_of_statement(context))
    if not found:
        for module in _modules(context.project):
            for function in module.nodes:
                if isinstance(function, FUNCTIONS) and _answers(module, function):
                    found += list(_compared(context.project, module, function))
    if not found:
        found = list(_named(context.project))
    once = {(item.module.rel, item.node.lineno): item for item in found}
    return next(iter(once.values())) if len(once) == 1 else None


def _of_statement(context: Context) -> Iterator[SizeLimit]:
    for node in context.nodes(lambda node: isinstance(node, ast.Raise)):
        for item in context.module.ancestors(node):
            if isinstance(item, ast.If):
                yield from _compared(context.project, context.module, item.test)
                return


def _modules(project: Project) -> list[Module]:
    found = {module.rel: module for word in ("413", "oo_large", "ooLarge", "OO_LARGE", "oo large", "oo Large") for module in project.containing(word)}
    return [module for rel, module in sorted(found.items()) if not is_test(rel)]


def _answers(module: Module, function: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Constant) and (node.value == 413 or (isinstance(node.value, str) and "413" in node.value)))
        or (isinstance(node, ast.Name | ast.Attribute) and _TOO_LARGE.search(last_name(node)) is not None)
        for node in ast.walk(function)
    )


def _compared(project: Project, module: Module, where: ast.AST) -> Iterator[SizeLimit]:
    """Yield the limits that something is compared with inside a node."""
    for node in ast.walk(where):
        if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], ast.Gt | ast.GtE | ast.Lt | ast.LtE):
            continue
        bigger = isinstance(node.ops[0], ast.Gt | ast.GtE)
        limit = node.comparators[0] if bigger else node.left
        if isinstance(limit, ast.Constant):
            if (
                isinstance(limit.value, int)
                and limit.value > 1
                and any(isinstance(item, ast.Call) and last_name(item.func) == "len" for item in ast.walk(node))
            ):
                yield SizeLimit(str(limit.value), module, limit, limit.value, _is_remote(module, limit))
            continue
        yield from _numbers(project, module, limit)


def _numbers(project: Project, module: Module, node: ast.expr) -> Iterator[SizeLimit]:
    """Yield the numbers that a name or an attribute takes its value from."""
    name = last_name(node)
    if not name or (name.islower() and not _NAMES.search(name) and not _BATCHES.search(name)):
        return
    begun = [(item.module, item.node) for item in beginnings(project, module, node)] if isinstance(node, ast.Name | ast.Attribute) else []
    source = index(module).imports.get(name)
    if not begun or source is not None:
        begun = [(other, value) for other in project.containing(name) if not is_test(other.rel) for value in _assigned(other, name)]
    for other, value in begun:
        given = next(iter(_defaults(other, value)), value) if isinstance(value, ast.Name) else value
        number = number_of(given)
        if number is not None:
            counts = _COUNTS.search(name) is not None and _BYTES.search(name) is None
            yield SizeLimit(name, other, given, number, _is_remote(other, given), counts)


def _defaults(module: Module, name: ast.Name) -> Iterator[ast.expr]:
    """Yield the default of the parameter that a name is."""
    function = module.function(name)
    if function is not None:
        arguments = function.args
        pairs = zip(arguments.args[len(arguments.args) - len(arguments.defaults) :], arguments.defaults, strict=True)
        yield from (value for item, value in pairs if item.arg == name.id)
        yield from (value for item, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if item.arg == name.id and value is not None)


def _assigned(module: Module, name: str) -> Iterator[ast.expr]:
    for node in module.nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        value = getattr(node, "value", None)
        if isinstance(value, ast.expr) and any(getattr(target, "id", getattr(target, "attr", "")) == name for target in targets):
            yield value
        if isinstance(node, ast.Dict):
            for key, item in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    yield item


def _named(project: Project) -> Iterator[SizeLimit]:
    """Yield the settings that frameworks know as the size of a request."""
    for name in ("MAX_CONTENT_LENGTH", "client_max_size", "max_body_size", "max_request_size", "MAX_BODY_SIZE", "DATA_UPLOAD_MAX_MEMORY_SIZE", "MAX_PAYLOAD"):
        for module in project.containing(name):
            for value in [] if is_test(module.rel) else [*_assigned(module, name), *_set_as(module, name)]:
                number = number_of(value)
                if number is not None:
                    yield SizeLimit(name, module, value, number, remote=False)
                elif isinstance(value, ast.Name | ast.Attribute):
                    yield from _numbers(project, module, value)


def _set_as(module: Module, name: str) -> Iterator[ast.expr]:
    """Yield what a setting is given by keyword, or as an item of a mapping."""
    for node in module.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        is_item = isinstance(target, ast.Subscript) and getattr(target.slice, "value", "") == name
        if (isinstance(node, ast.keyword) and node.arg == name) or (isinstance(node, ast.Assign) and is_item):
            yield node.value


def number_of(node: ast.expr) -> int | None:
    """Return a whole number that is written out: `1024`, `16 * 1024`, `2 ** 20`, `1 << 20`; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value > 0 else None
    if isinstance(node, ast.BinOp):
        left, right = number_of(node.left), number_of(node.right)
        if left is None or right is None or right > 64 * 1024 * 1024:
            return None
        if isinstance(node.op, ast.Mult):
            return left * right
        if right <= 60 and isinstance(node.op, ast.Pow):
            return int(left**right) if (left <= 1024 and right <= 6) or left == 2 else None
        if right <= 60 and isinstance(node.op, ast.LShift):
            return left << right
    return None


def _is_remote(module: Module, node: ast.AST) -> bool:
    """Say whether a limit stands in what plays a service outside the project."""
    owner = module.owner(node)
    return _REMOTE.search(module.rel) is not None or (owner is not None and _REMOTE.search(owner.name) is not None)


def batch_constant(project: Project, limit: SizeLimit | None) -> SizeLimit | None:
    """Return the program's own constant for the size of a batch, another than the limit; None where there is not just one."""
    found: dict[str, SizeLimit] = {}
    for module in project.containing("="):
        if is_test(module.rel) or _serves(module):
            continue
        for node in module.tree.body:
            value = node.value if isinstance(node, ast.Assign) else None
            number = number_of(value) if value is not None else None
            names = [target.id for target in node.targets if isinstance(target, ast.Name)] if isinstance(node, ast.Assign) else []
            is_limit = limit is not None and value is limit.node
            if value is not None and number is not None and not is_limit and not _is_remote(module, value):
                found |= {name: SizeLimit(name, module, value, number, remote=False, is_count=True) for name in names if _BATCHES.search(name)}
    return next(iter(found.values())) if len(found) == 1 else None


def _serves(module: Module) -> bool:
    """Say whether a file is the side that receives: it defines a request handler."""
    return any("HTTPRequestHandler" in base or base.endswith("Server") for item in index(module).classes for base in item.bases)


def sent_size(context: Context, *, is_count: bool = False) -> int:
    """Return the size of what was refused, as the message or the failing frames' values say it; 0 where it is not known.

    `is_count`: the limit counts items, so only what holds items is looked at, and no text or bytes.
    """
    numbers = [int(item.replace(",", "").replace("_", "")) for item in re.findall(r"\b\d[\d,_]{2,}\b", context.raised.message)]
    here: Context | None = context
    sizes: list[int] = []
    while here is not None and len(sizes) < 64:
        sizes += [view.length for view in here.frame.locals.values() if view.length > 0 and not (is_count and view.type in ("str", "bytes", "bytearray"))]
        here = here.outer()
    return max([*numbers, *sizes, 0])
