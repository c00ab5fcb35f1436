"""What type an expression had: by the failing frame's values, else as the source shows it; and who the operands of a failed operation were."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.index import last_name
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import type_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context

_CALLS = {
    "len": "int", "int": "int", "ord": "int", "hash": "int", "id": "int", "count": "int", "index": "int", "find": "int", "randint": "int", "toordinal": "int",
    "float": "float", "total_seconds": "float", "time": "float", "perf_counter": "float", "monotonic": "float", "timestamp": "float", "sqrt": "float",
    "mean": "float", "random": "float", "uniform": "float", "ceil": "int", "floor": "int",
    "str": "str", "input": "str", "repr": "str", "chr": "str", "format": "str", "join": "str", "strip": "str", "lower": "str", "upper": "str", "title": "str",
    "lstrip": "str", "rstrip": "str", "replace": "str", "getenv": "str", "group": "str", "isoformat": "str", "strftime": "str", "decode": "str",
    "read_text": "str", "hexdigest": "str", "dumps": "str", "readline": "str", "zfill": "str", "capitalize": "str", "casefold": "str",
    "encode": "bytes", "read_bytes": "bytes", "digest": "bytes", "recv": "bytes", "b64encode": "bytes", "b64decode": "bytes", "urlopen": "",
    "list": "list", "sorted": "list", "split": "list", "splitlines": "list", "readlines": "list", "findall": "list", "glob": "",
    "tuple": "tuple", "dict": "dict", "set": "set", "frozenset": "frozenset", "range": "range",
    "map": "map", "filter": "filter", "zip": "zip", "enumerate": "enumerate", "reversed": "reversed",
    "keys": "dict_keys", "values": "dict_values", "items": "dict_items",
    "Decimal": "Decimal", "Fraction": "Fraction", "Path": "PosixPath", "timedelta": "timedelta", "utcnow": "datetime", "strptime": "datetime", "today": "date",
    "datetime": "datetime", "fromtimestamp": "datetime", "utcfromtimestamp": "datetime", "combine": "datetime", "astimezone": "datetime", "date": "date",
}  # fmt: skip
_OPERATORS: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow, "|": ast.BitOr, "&": ast.BitAnd,
    "^": ast.BitXor, "<<": ast.LShift, ">>": ast.RShift, "@": ast.MatMult,
}  # fmt: skip
_KEEPING = frozenset(
    {"strip", "lstrip", "rstrip", "lower", "upper", "replace", "title", "join", "capitalize", "zfill"}
)  # what they give is what they are given
_COMPARISONS: dict[str, type[ast.cmpop]] = {"<": ast.Lt, ">": ast.Gt, "<=": ast.LtE, ">=": ast.GtE}
NUMBERS = frozenset({"int", "float", "Decimal", "Fraction", "bool"})


def kind_of(context: Context, node: ast.expr, module: Module | None = None) -> str:
    """Return the last part of an expression's type's name, "" where nothing shows it."""
    if module is None or module is context.module:
        seen = type_of(context, node)
        if seen:
            return seen
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPING and kind_of(context, node.func.value) == "bytes":
            return "bytes"
    for spot in trace(context, node, module)[:4]:
        if spot.how in ("element", "unpacked", "opened", "option"):
            return ""
        found = shown_kind(spot.node)
        if found:
            return found
    return ""


def shown_kind(node: ast.expr) -> str:
    """Return the type's name that an expression's own form shows, "" where it shows none."""
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    if isinstance(node, ast.JoinedStr):
        return "str"
    if isinstance(node, ast.List | ast.ListComp):
        return "list"
    if isinstance(node, ast.Dict | ast.DictComp):
        return "dict"
    if isinstance(node, ast.Set | ast.SetComp):
        return "set"
    if isinstance(node, ast.Tuple):
        return "tuple"
    if isinstance(node, ast.GeneratorExp):
        return "generator"
    if isinstance(node, ast.Call):
        return _of_call(node)
    if isinstance(node, ast.BinOp):
        return _of_operation(node)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant | ast.Name):
        return "str" if last_name(node.value) in ("argv", "environ") else ""
    return ""


def _of_call(node: ast.Call) -> str:
    name = last_name(node.func)
    if name == "now" and "time" in last_name(getattr(node.func, "value", None)):
        return "datetime"
    if name == "today" and last_name(getattr(node.func, "value", None)) == "datetime":
        return "datetime"
    if name == "fromisoformat":
        return last_name(getattr(node.func, "value", None))
    if name == "round":
        return "float" if len(node.args) > 1 else "int"
    if name in ("abs", "sum", "max", "min"):
        return ""
    return _CALLS.get(name, "")


def _of_operation(node: ast.BinOp) -> str:
    left, right = shown_kind(node.left), shown_kind(node.right)
    if isinstance(node.op, ast.Div):
        return "" if "PosixPath" in (left, right) or "str" in (left, right) else "float"
    if "str" in (left, right) and isinstance(node.op, ast.Add | ast.Mod):
        return "str"
    if left == right:
        return left
    if {left, right} <= NUMBERS and left and right:
        return "float" if "float" in (left, right) else left if left != "int" else right
    return ""


@dataclass(frozen=True, slots=True)
class Operation:
    """A failed operation of two values: `statement` for `a += b`, else the expression; the operands, and the operator's symbol."""

    node: ast.expr | ast.stmt
    left: ast.expr
    right: ast.expr
    symbol: str


def operations(context: Context, symbol: str) -> list[Operation]:
    """Return the operations of the failing line with that operator, the likeliest first."""
    name = symbol.split(maxsplit=1)[0] if symbol else ""
    operator, comparison = _OPERATORS.get(name.removesuffix("=") or ""), _COMPARISONS.get(name)
    found: list[Operation] = []
    for node in context.nodes(lambda node: _fits(node, operator, comparison)):
        if isinstance(node, ast.BinOp):
            found.append(Operation(node, node.left, node.right, name))
        elif isinstance(node, ast.AugAssign):
            target = node.target
            found.append(Operation(node, target, node.value, name.removesuffix("=")))
        elif isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
            found += [
                Operation(node, parts[place], parts[place + 1], name)
                for place, item in enumerate(node.ops)
                if comparison is None or isinstance(item, comparison)
            ]
    return found


def _fits(node: ast.AST, operator: type[ast.operator] | None, comparison: type[ast.cmpop] | None) -> bool:
    if isinstance(node, ast.Compare):
        return comparison is not None and any(isinstance(item, comparison) for item in node.ops)
    return operator is not None and isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, operator)


def with_types(context: Context, found: list[Operation], left: str, right: str) -> Operation | None:
    """Return the operation whose operands can have had these types; None where none can, or several different ones."""
    fitting = [item for item in found if _can_be(context, item.left, left) and _can_be(context, item.right, right)]
    sure = [item for item in fitting if kind_of(context, item.left) == left or kind_of(context, item.right) == right]
    fitting = sure or fitting
    both = [item for item in fitting if kind_of(context, item.left) == left and kind_of(context, item.right) == right]
    fitting = both or fitting
    return fitting[0] if fitting else None


def _can_be(context: Context, node: ast.expr, kind: str) -> bool:
    seen = kind_of(context, node)
    return not seen or seen == kind or {seen, kind} <= {"PosixPath", "WindowsPath", "Path", "PurePosixPath"} or {seen, kind} == {"int", "bool"}
