"""Reads an error about None: which expression of the line it was, how it was used, and where it came from."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import Literal

from nexoide.model.failure import Raised
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

Use = Literal[
    "attribute", "subscript", "store", "iterate", "contains", "call", "await", "operand", "compare", "unary", "len", "number",
    "with", "mapping", "format", "special", "raise", "argument",
]  # fmt: skip

_MESSAGES: tuple[tuple[Use, re.Pattern[str]], ...] = (
    ("attribute", re.compile(r"'NoneType' object has no attribute '(?P<name>\w+)'")),
    ("subscript", re.compile(r"'NoneType' object is not subscriptable")),
    ("store", re.compile(r"'NoneType' object does not support item (?:assignment|deletion)")),
    (
        "iterate",
        re.compile(
            r"'NoneType' object is not (?:iterable|an iterator|reversible)|cannot unpack non-iterable NoneType object"
            r"|.*after \* must be an iterable, not NoneType"
        ),
    ),
    ("mapping", re.compile(r"'NoneType' object is not a mapping|.*after \*\* must be a mapping, not NoneType")),
    ("with", re.compile(r"'NoneType' object does not support the (?:asynchronous )?context manager protocol|__a?e(?:nter|xit)__$")),
    ("special", re.compile(r"(?P<name>__\w+__) (?:returned non-string|should return \w+, returned|must return a \w+, not) \(?(?:type )?'?NoneType")),
    ("special", re.compile(r"(?P<name>iter)\(\) returned non-iterator of type 'NoneType'")),
    ("raise", re.compile(r"exceptions must derive from BaseException")),
    ("format", re.compile(r"unsupported format string passed to NoneType\.__format__")),
    ("contains", re.compile(r"argument of type 'NoneType' is not (?:iterable|a container)")),
    ("call", re.compile(r"'NoneType' object is not callable")),
    ("await", re.compile(r"object NoneType can't be used in 'await' expression|'NoneType' object can't be awaited")),
    ("operand", re.compile(r"unsupported operand type\(s\) for (?P<name>.+?): '(?P<left>[\w.]+)' and '(?P<right>[\w.]+)'")),
    ("operand", re.compile(r"can only concatenate (?P<left>\w+) \(not \"(?P<right>NoneType)\"\) to \w+")),
    ("compare", re.compile(r"'(?P<name>[<>=!]+)' not supported between instances of '(?P<left>[\w.]+)' and '(?P<right>[\w.]+)'")),
    ("unary", re.compile(r"bad operand type for unary (?P<name>.): 'NoneType'")),
    ("len", re.compile(r"object of type 'NoneType' has no len\(\)")),
    ("operand", re.compile(r"can't multiply sequence by non-int of type '(?P<right>NoneType)'(?P<left>)")),
    ("number", re.compile(r"(?:int|float)\(\) argument must be .*not 'NoneType'|type NoneType doesn't define __round__ method")),
    # What a function says of an argument; it does not say which one.
    ("argument", re.compile(r"(?s).*(?:, not '?None(?:Type)?'?|got '?None(?:Type)?'?|NoneType found|bad operand type for abs\(\): 'NoneType')[.)]?$")),
    ("argument", re.compile(r"'NoneType' object cannot be interpreted as an integer")),
    ("argument", re.compile(r"An asyncio\.Future, a coroutine or an awaitable is required|(?:An? )?coroutine was expected, got None")),
)
_ERRORS = ("AttributeError", "TypeError", "ValueError")
_TAKES_ITERABLE = frozenset(
    [
        "list",
        "tuple",
        "set",
        "sorted",
        "sum",
        "min",
        "max",
        "dict",
        "enumerate",
        "zip",
        "map",
        "filter",
        "any",
        "all",
        "join",
        "extend",
        "update",
        "frozenset",
        "iter",
        "reversed",
    ]
)
_NUMBER_CALLS = frozenset({"int", "float", "round"})


@dataclass(frozen=True, slots=True)
class Nothing:
    """The expression that was None, the expression that used it, how, and the type of the other operand ("" if none)."""

    node: ast.expr
    user: ast.AST
    use: Use
    name: str = ""
    other: str = ""
    is_one_of_many: bool = False  # like calls on one line: which of them failed is not known, what they call is


@dataclass(frozen=True, slots=True)
class Message:
    """What the message says: how None was used, the attribute or operator, and on which side."""

    use: Use
    name: str
    left: str
    right: str


def read_message(raised: Raised) -> Message | None:
    """Return what an AttributeError, TypeError or ValueError about None says; None for any other error."""
    if raised.type not in _ERRORS:
        return None
    for use, pattern in _MESSAGES:
        match = pattern.match(raised.message)
        if match is None:
            continue
        groups = match.groupdict()
        left, right = groups.get("left") or "", groups.get("right") or ""
        if use in ("operand", "compare") and "NoneType" not in (left, right):
            return None
        return Message(use, groups.get("name") or "", left, right)
    return None


def candidates(context: Context, message: Message) -> list[ast.expr]:
    """Return all expressions of the failing line that may have been the None, those that are known to be None alone where some are."""
    users = context.nodes(lambda node: bool(_parts(node, message)))
    found = [part for user in users for part in _parts(user, message) if _is_here(context, part) and _can_be_none(context, part)]
    sure = [part for part in found if (view := context.view(part)) is not None and view.type == "NoneType"]
    return sure or found


def find_nothing(context: Context, message: Message) -> Nothing | None:
    """Return the expression that was None, or None (with the reason noted) where the line leaves it open."""
    if message.left == message.right == "NoneType":
        context.refuse("Both sides were None, so more than one value is missing.")
        return None
    users = context.nodes(lambda node: bool(_parts(node, message)))
    found = [Nothing(part, user, message.use, message.name, _other(message)) for user in users for part in _parts(user, message)]
    found = [item for item in found if _is_here(context, item.node) and _can_be_none(context, item.node)]
    sure = [item for item in found if (view := context.view(item.node)) is not None and view.type == "NoneType"]
    if len(found) > 1 and sure:
        found = sure
    texts = {context.module.segment(item.node) for item in found}
    functions = {context.module.segment(item.node.func) if isinstance(item.node, ast.Call) else "" for item in found}
    if len(texts) > 1 and len(functions) == 1 and "" not in functions:
        return replace(found[0], is_one_of_many=True)
    if len(texts) != 1:
        context.refuse("The line uses several values in this way, and nothing says which one was None." if found else "The line does not show what was None.")
        return None
    return found[0]


def _is_here(context: Context, node: ast.expr) -> bool:
    """Say whether an expression stands on the failing line itself, and not only inside a statement around it."""
    return node.lineno <= context.line <= (node.end_lineno or node.lineno) or (context.frame.end_line > context.frame.line)


def _other(message: Message) -> str:
    return message.right if message.left == "NoneType" else message.left


def _parts(node: ast.AST, message: Message) -> list[ast.expr]:
    """Return the sub-expressions of `node` that may have been the None of the message."""
    use = message.use
    if isinstance(node, ast.Attribute) and use == "attribute":
        return [node.value] if node.attr == message.name else []
    if isinstance(node, ast.Subscript) and use in ("subscript", "store"):
        return [node.value] if (use == "store") != isinstance(node.ctx, ast.Load) else []
    if isinstance(node, ast.Await) and use == "await":
        return [node.value]
    if isinstance(node, ast.With | ast.AsyncWith):
        return [item.context_expr for item in node.items] if use == "with" else []
    if isinstance(node, ast.JoinedStr):
        return [item.value for item in node.values if isinstance(item, ast.FormattedValue) and item.format_spec is not None] if use == "format" else []
    if isinstance(node, ast.Raise):
        return [node.exc] if use == "raise" and node.exc is not None else []
    if isinstance(node, ast.Dict) and use == "mapping":
        return [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    if isinstance(node, ast.Call):
        return _call_parts(node, use)
    if isinstance(node, ast.BinOp) and use == "operand":
        return [node.right if message.right == "NoneType" else node.left] if _is_operator(node.op, message.name) else []
    if isinstance(node, ast.AugAssign) and use == "operand":
        if message.right == "NoneType":
            return [node.value]
        return [node.target] if isinstance(node.target, ast.Name | ast.Attribute) else []
    if isinstance(node, ast.Compare) and use in ("compare", "contains") and len(node.ops) == 1:
        is_in = isinstance(node.ops[0], ast.In | ast.NotIn)
        if use == "contains":
            return [node.comparators[0]] if is_in else []
        return [] if is_in else [node.comparators[0] if message.right == "NoneType" else node.left]
    if isinstance(node, ast.UnaryOp) and use == "unary":
        return [node.operand]
    return _iterated(node) if use == "iterate" else []


def _call_parts(node: ast.Call, use: Use) -> list[ast.expr]:
    name = last_name(node.func)
    if use == "call":
        return [node.func]
    if use == "len":
        return node.args[:1] if name == "len" else []
    if use == "mapping":
        return [item.value for item in node.keywords if item.arg is None]
    if use == "argument" or (use == "format" and name == "format"):
        return [*(item for item in node.args if not isinstance(item, ast.Starred)), *(item.value for item in node.keywords if item.arg is not None)]
    if use == "number":
        return node.args[:1] if name in _NUMBER_CALLS else []
    if use == "iterate" and name in _TAKES_ITERABLE:
        return [item for item in node.args if not isinstance(item, ast.Starred | ast.Lambda | ast.Constant)]
    return []


def _iterated(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.For | ast.AsyncFor):
        return [node.iter]
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        return [item.iter for item in node.generators]
    if isinstance(node, ast.Assign) and any(isinstance(target, ast.Tuple | ast.List) for target in node.targets):
        return [node.value]
    return [node.value] if isinstance(node, ast.Starred | ast.YieldFrom) else []


_OPERATORS: dict[str, type[ast.operator]] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "//": ast.FloorDiv,
    "%": ast.Mod,
    "**": ast.Pow,
    "|": ast.BitOr,
    "&": ast.BitAnd,
}


def _is_operator(operator: ast.operator, name: str) -> bool:
    symbol = name.split(maxsplit=1)[0].rstrip("=") if name else "+"
    return isinstance(operator, _OPERATORS.get(symbol, ast.operator))


def _can_be_none(context: Context, node: ast.expr) -> bool:
    if isinstance(
        node, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.JoinedStr | ast.BinOp | ast.Compare | ast.ListComp | ast.GeneratorExp | ast.Lambda
    ):
        return False
    view = context.view(node)
    return view is None or view.type == "NoneType"


def origin(module: Module, node: ast.expr) -> ast.expr:
    """Return the expression that a local name was given, where exactly one assignment gives it; else the node itself."""
    found = assignment(module, node)
    value = found.value if found is not None else node
    return value.value if isinstance(value, ast.Await) else value


def assignment(module: Module, node: ast.expr) -> ast.Assign | None:
    """Return the one plain assignment of a local name, where there is exactly one and it stands before the use."""
    function = module.function(node)
    if not isinstance(node, ast.Name):
        return None
    nodes = own_nodes(function) if function is not None else list(module.nodes)
    stores = [item for item in nodes if isinstance(item, ast.Name) and item.id == node.id and isinstance(item.ctx, ast.Store)]
    found = [
        item
        for item in nodes
        if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name) and item.targets[0].id == node.id
    ]
    return found[0] if len(found) == len(stores) == 1 and found[0].lineno < node.lineno else None
