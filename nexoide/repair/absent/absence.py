"""What a project says absence means: its guards of the same value, its early returns, its `or` defaults."""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass

from nexoide.repair.code.index import index, last_name, members
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.scope import known_anywhere, visible
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module

_EMPTY = frozenset({"None", "[]", "()", "{}", '""', "''", "0", "False", "0.0", "set()", "list()", "dict()"})
_TYPE_DEFAULTS = {
    "int": "0",
    "float": "0",
    "bool": "0",
    "Decimal": "0",
    "complex": "0",
    "str": '""',
    "bytes": 'b""',
    "list": "[]",
    "tuple": "()",
}
_STR_METHODS = frozenset(
    ["strip", "lower", "upper", "split", "title", "lstrip", "rstrip", "replace", "startswith", "endswith", "casefold", "splitlines", "encode", "capitalize"]
)
_DICT_METHODS = frozenset(["items", "keys", "values", "get"])


def tested_name(test: ast.expr) -> ast.expr | None:
    """Return what `x is None` or `not x` tests, or None where a test is another one."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Is):
        right = test.comparators[0]
        return test.left if isinstance(right, ast.Constant) and right.value is None else None
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return None


def absence_returns(module: Module, function: FunctionNode) -> set[str]:
    """Return what a function returns for absence: the texts of its empty returns inside `if`s ("" for a bare return)."""
    found: set[str] = set()
    for item in own_nodes(function):
        around = module.parents.get(item)
        if isinstance(item, ast.Return) and isinstance(around, ast.If):
            text = module.segment(item.value) if item.value is not None else ""
            told = isinstance(item.value, ast.Constant) and tested_name(around.test) is not None and item in around.body
            if not text or text in _EMPTY or told:
                found.add(text)
    return found


def gives_values(function: FunctionNode) -> bool:
    """Say whether a function returns anything but nothing."""
    return any(isinstance(item, ast.Return) and item.value is not None for item in own_nodes(function))


def may_return_none(module: Module, function: FunctionNode) -> bool:
    """Say whether a function's annotation allows None beside a value."""
    if function.returns is None:
        return False
    text = module.segment(function.returns).strip("\"'")
    return text != "None" and ("Optional[" in text or "None" in text.replace("|", " ").split())


def callers_expect_none(project: Project, function: FunctionNode) -> int:
    """Return how many callers test this function's result for None (or falsehood) right after the call."""
    count = 0
    for module in project.containing(function.name + "("):
        for block in _blocks(module.tree):
            for first, second in itertools.pairwise(block):
                tested = tested_name(second.test) if isinstance(second, ast.If) else None
                if (
                    isinstance(first, ast.Assign)
                    and isinstance(tested, ast.Name)
                    and isinstance(first.targets[0], ast.Name)
                    and first.targets[0].id == tested.id
                ):
                    value = first.value.value if isinstance(first.value, ast.Await) else first.value
                    count += isinstance(value, ast.Call) and last_name(value.func) == function.name
    return count


def _blocks(tree: ast.AST) -> list[list[ast.stmt]]:
    return [block for node in ast.walk(tree) for name in ("body", "orelse", "finalbody") if isinstance(block := getattr(node, name, None), list) and block]


@dataclass(frozen=True, slots=True)
class Idiom:
    """A guard that the project already uses for a value from the same call: its body, rewritten for this place."""

    body: str
    where: str
    kind: str


def guard_idiom(project: Project, module: Module, node: ast.expr, source: ast.expr, name: str, *, in_loop: bool) -> Idiom | None:
    """Return the one guard that follows a like call elsewhere; `source` is the call here, `name` what holds its value here."""
    if not isinstance(source, ast.Call):
        return None
    wanted = _function_text(module, source)
    found: dict[str, Idiom] = {}
    for other in project.containing(last_name(source.func) + "("):
        if is_test(other.rel):
            continue
        for block in _blocks(other.tree):
            for first, second in itertools.pairwise(block):
                value = first.value if isinstance(first, ast.Assign) and isinstance(first.targets[0], ast.Name) else None
                value = value.value if isinstance(value, ast.Await) else value
                if (
                    not isinstance(value, ast.Call)
                    or not isinstance(second, ast.If)
                    or second.orelse
                    or len(second.body) != 1
                    or _function_text(other, value) != wanted
                ):
                    continue
                assert isinstance(first, ast.Assign)
                idiom = _adapt(other, module, first.targets[0], value, second, node, source, name)
                if idiom is not None and (idiom.kind != "continue" or in_loop):
                    found.setdefault(idiom.body, idiom)
    return next(iter(found.values())) if len(found) == 1 else None


def _function_text(module: Module, call: ast.Call) -> str:
    text = module.segment(call.func)
    return text if text.startswith("self.") else text.rsplit(".", 1)[-1] if not text.endswith(".get") else text


def _adapt(other: Module, module: Module, target: ast.expr, call: ast.Call, guard: ast.If, node: ast.expr, source: ast.Call, name: str) -> Idiom | None:
    tested, statement = tested_name(guard.test), guard.body[0]
    if not (isinstance(tested, ast.Name) and isinstance(target, ast.Name) and tested.id == target.id):
        return None
    if not isinstance(statement, ast.Raise | ast.Return | ast.Continue):
        return None
    function = module.function(node)
    if function is None and isinstance(statement, ast.Return):
        return None
    renames = {target.id: name}
    for theirs, ours in zip(call.args, source.args, strict=False):
        if isinstance(theirs, ast.Name):
            renames[theirs.id] = module.segment(ours)
    local = set(visible(module, node, node.lineno)) | {name}
    text, start = other.segment(statement), other.span(statement)[0]
    parts = sorted((item for item in ast.walk(statement) if isinstance(item, ast.Name)), key=lambda item: other.span(item)[0], reverse=True)
    for item in parts:
        first, last = other.span(item)
        if item.id in renames:
            text = text[: first - start] + renames[item.id] + text[last - start :]
        elif item.id not in local and not (known_anywhere(module, item.id) and _same_meaning(module, other, item.id)):
            return None
    around = other.function(guard)
    return Idiom(text, f"{around.name if around else other.rel}()", type(statement).__name__.lower())


def _same_meaning(module: Module, other: Module, name: str) -> bool:
    if module is other:
        return True
    mine, theirs = index(module).imports.get(name), index(other).imports.get(name)
    if mine is None and theirs is None:
        return name not in index(other).globals
    return mine is not None and (theirs is None or mine[1] == theirs[1])


def habitual_default(project: Project, name: str, key: str) -> tuple[str, int]:
    """Return the default that the project gives elsewhere with `x.name or DEFAULT` or `.get(key, DEFAULT)`, and how often."""
    found: list[str] = []
    for module in project.containing(key or name):
        if is_test(module.rel):
            continue
        for node in module.nodes:
            if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and len(node.values) == 2 and _is_value(node.values[0], name, key):
                text = module.segment(node.values[1])
            elif key and isinstance(node, ast.Call) and last_name(node.func) == "get" and len(node.args) == 2 and _is_text(node.args[0], key):
                text = module.segment(node.args[1])
            else:
                continue
            if text in _EMPTY or isinstance(_literal(text), ast.Constant):
                found.append(text)
    return (found[0], len(found)) if found and len(set(found)) == 1 else ("", 0)


def _is_value(node: ast.expr, name: str, key: str) -> bool:
    """Say whether an expression is `x.name`, or with a key `x.get(key)`."""
    if not key:
        return last_name(node) == name
    return isinstance(node, ast.Call) and last_name(node.func) == "get" and len(node.args) == 1 and _is_text(node.args[0], key)


def _literal(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _is_text(node: ast.expr, value: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def is_empty(default: str) -> bool:
    """Say whether a default is false itself, so that `x or default` changes no value but None in its meaning."""
    return default in _EMPTY


def default_for(use: str, name: str, other: str) -> str:
    """Return the neutral default for a use of a value: "" where there is none that is evident."""
    if use in ("operand", "compare"):
        return _TYPE_DEFAULTS.get(other.rsplit(".", 1)[-1], "")
    if use in ("iterate", "contains", "len"):
        return "()"
    if use == "attribute" and name in _STR_METHODS:
        return '""'
    if use == "attribute" and name in _DICT_METHODS:
        return "{}"
    return ""


def is_neutral(use: str, operator: str, default: str) -> bool:
    """Say whether a default leaves the result as if the value were not there: adding 0 does, multiplying by it does not."""
    if use == "operand":
        return (operator.split() or ["+"])[0].rstrip("=") in ("+", "-", "|", "") and bool(default)
    return use in ("iterate", "contains", "len") or use == "attribute"


def is_optional(project: Project, module: Module, node: ast.expr) -> bool:
    """Say whether the source itself says that an attribute of self, or a parameter, may be None."""
    if isinstance(node, ast.Name):
        function = module.function(node)
        return function is not None and _optional_parameter(module, function, node.id)
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"):
        return False
    owner = module.owner(node)
    item = next((found for found in index(module).classes if found.node is owner), None)
    if item is None:
        return False
    attribute = members(project, item).attributes.get(node.attr)
    if attribute is None:
        return False
    if "Optional[" in attribute.annotation or "None" in attribute.annotation.replace("|", " ").split():
        return True
    if isinstance(attribute.value, ast.Constant) and attribute.value.value is None:
        return True
    maker = module.function(attribute.value) if attribute.value is not None and item.module is module else None
    return isinstance(attribute.value, ast.Name) and maker is not None and _optional_parameter(module, maker, attribute.value.id)


def _optional_parameter(module: Module, function: FunctionNode, name: str) -> bool:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    for item, default in (*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)):
        if item.arg == name:
            annotation = module.segment(item.annotation) if item.annotation is not None else ""
            given = isinstance(default, ast.Constant) and default.value is None
            return given or "Optional[" in annotation or "None" in annotation.replace("|", " ").split()
    return False


def is_guarded_elsewhere(module: Module, node: ast.expr) -> int:
    """Return how many other `if`s of the file test the same path before they use it."""
    text = module.segment(node)
    count = 0
    for item in module.nodes:
        if isinstance(item, ast.If):
            test = item.test
            positive = isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot) and module.segment(test.left) == text
            count += positive or (isinstance(test, ast.Name | ast.Attribute) and module.segment(test) == text)
    return count


def enclosing_loop(module: Module, statement: ast.stmt, node: ast.expr) -> ast.For | ast.AsyncFor | None:
    """Return the closest `for` around a statement whose turn gives `node` its value, or None."""
    root = node
    while isinstance(root, ast.Attribute | ast.Subscript | ast.Call | ast.Await):
        root = root.func if isinstance(root, ast.Call) else root.value
    for item in module.ancestors(statement):
        if isinstance(item, (*FUNCTIONS, ast.ClassDef)):
            return None
        if isinstance(item, ast.While):
            return None  # skipping a turn may skip what ends the loop
        if isinstance(item, ast.For | ast.AsyncFor):
            names = {name.id for name in ast.walk(item) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
            used = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
            within = any(statement is part or statement in ast.walk(part) for part in item.body)
            return item if within and ((isinstance(root, ast.Name) and root.id in names) or used & names) else None
    return None
