"""Changes of pandas that depend on what a value is: rows that are appended, names of frequencies, methods of filling."""

from __future__ import annotations

import ast
import re

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.moved.repair import Repair
from nexoide.repair.moved.rewrite import Rewriter
from nexoide.repair.naming.packages import Layout

_APPEND = re.compile(r"'(DataFrame|Series)' object has no attribute 'append'")
_FREQUENCY = re.compile(r"Invalid frequency: ([\w-]+?)\. Failed")
_UNIT = {
    "T": "min",
    "S": "s",
    "L": "ms",
    "U": "us",
    "N": "ns",
    "H": "h",
    "A": "YE",
    "BM": "BME",
    "BQ": "BQE",
    "BA": "BYE",
    "BY": "BYE",
    "CBM": "CBME",
    "SM": "SME",
    "M": "ME",
    "Q": "QE",
    "Y": "YE",
    "BH": "bh",
}
_FILL = re.compile(r"fillna\(\) got an unexpected keyword argument 'method'")


def append(context: Context, layout: Layout) -> Repair | None:
    """Write `pd.concat` where rows were appended to a frame."""
    match = _APPEND.match(context.raised.message)
    if match is None:
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    found = context.nodes(lambda node: isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append")
    calls = [node for node in found if isinstance(node, ast.Call)]
    if not calls:
        return None
    receivers = {module.segment(call.func.value) for call in calls[:1] if isinstance(call.func, ast.Attribute)}
    for call in _appends(module, receivers):
        _concatenated(context, rewriter, call, match[1])
    return Repair(
        "join the rows with pandas.concat",
        f"{match[1]}.append went with pandas 2.0. The edit joins with pandas.concat, which gives the same rows in the same order.",
        tuple((module, edit) for edit in rewriter.edits()),
        0.94,
    )


def _appends(module: Module, receivers: set[str]) -> list[ast.Call]:
    return [
        node
        for node in module.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "append"
        and module.segment(node.func.value) in receivers
        and node.args
    ]


def _concatenated(context: Context, rewriter: Rewriter, call: ast.Call, owner: str) -> None:
    module = context.module
    assert isinstance(call.func, ast.Attribute)
    concat = rewriter.imports.use("pandas.concat")
    frame = concat.removesuffix("concat") + "DataFrame"
    other, receiver = module.segment(call.args[0]), module.segment(call.func.value)
    kind = _kind(context, call.args[0])
    if owner == "DataFrame":
        if kind == "dict":
            other = f"{frame}([{other}])"
        elif kind == "rows":
            other = f"{frame}({other})"
        elif kind == "Series":
            other = f"{other}.to_frame().T"
    parts = f"[{receiver}, {other}]"
    if kind == "list":
        parts = f"[{receiver}, *{other}]"
    keywords = "".join(
        f", {module.segment(item)}" for item in call.keywords if item.arg != "sort" or not isinstance(item.value, ast.Constant) or item.value.value
    )
    rewriter.replace(call, f"{concat}({parts}{keywords})")


def _kind(context: Context, node: ast.expr) -> str:
    """Return what is appended: "dict" one row, "rows" a list of rows, "list" a list of frames, "Series" a row, or "" a frame."""
    if isinstance(node, ast.Name):
        view = context.view(node)
        if view is not None and view.type in ("dict", "Series"):
            return view.type
        if view is not None and view.type == "list":
            return "rows" if view.repr.startswith("[{") else "list"
        function = context.module.function(node)
        where: ast.AST = function if function is not None else context.module.tree
        values = [
            item.value for item in ast.walk(where) if isinstance(item, ast.Assign) and any(getattr(target, "id", "") == node.id for target in item.targets)
        ]
        return _kind(context, values[0]) if len(values) == 1 and not isinstance(values[0], ast.Name) else ""
    if isinstance(node, ast.Dict | ast.DictComp):
        return "dict"
    if isinstance(node, ast.List):
        return "rows" if node.elts and isinstance(node.elts[0], ast.Dict) else "list"
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return {"dict": "dict", "Series": "Series"}.get(name, "")
    return ""


def frequency(context: Context, layout: Layout) -> Repair | None:
    """Write a frequency by its new name: M is ME, H is h, T is min."""
    match = _FREQUENCY.match(context.raised.message)
    if match is None:
        return None
    old = match[1]
    parts = re.fullmatch(r"(-?\d*)([A-Za-z]+)(-\w+)?", old)
    if parts is None:
        return None
    told = re.search(r"Please use '([\w-]+)' instead|Did you mean (\w+)", context.raised.message)
    new = _UNIT.get(parts[2]) or ((told[1] or told[2]) if told else "")
    if not new:
        return None
    module = context.module
    literals = [node for node in module.nodes if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value == old]
    here = [node for node in literals if node.lineno <= context.line <= (node.end_lineno or node.lineno)]
    edits = []
    for node in here or literals:
        text = module.segment(node)
        edits.append((module, Edit(*module.span(node), text.replace(old, f"{parts[1]}{new}{parts[3] or ''}"))))
    return Repair(
        f"call the frequency {parts[1]}{new}{parts[3] or ''}",
        f"pandas no longer knows the frequency {old}; its name is {parts[1]}{new}{parts[3] or ''} now. The edit writes that.",
        tuple(edits),
        0.94,
    )


def filling(context: Context, layout: Layout) -> Repair | None:
    """Call `ffill()` or `bfill()` where `fillna(method=…)` named them."""
    if not _FILL.search(context.raised.message):
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    names = {"ffill": "ffill", "pad": "ffill", "bfill": "bfill", "backfill": "bfill"}
    for node in module.nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "fillna":
            continue
        how = next((item.value for item in node.keywords if item.arg == "method"), None)
        if isinstance(how, ast.Constant) and how.value in names:
            rest = ", ".join([module.segment(item) for item in node.keywords if item.arg not in ("method", "value")])
            rewriter.replace(node, f"{module.segment(node.func.value)}.{names[str(how.value)]}({rest})")
    return Repair(
        "fill with ffill() or bfill()",
        "fillna takes no method since pandas 3; ffill() and bfill() do what the methods of those names did.",
        tuple((module, edit) for edit in rewriter.edits()),
        0.96,
    )
