"""Small mutations of the edited lines: a test that is worth something fails for most of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.source import Module, UnreadableError
from nexoide.repair.validation.edited import edited_lines

MAX_MUTANTS = 4
_OPPOSITE = {
    ast.Lt: ">=",
    ast.LtE: ">",
    ast.Gt: "<=",
    ast.GtE: "<",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_OTHER = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*"}


def mutants(path: str, base: bytes, new: bytes) -> tuple[tuple[str, bytes], ...]:
    """Return up to 4 (what was done, bytes of the file) for a patched file, spread over the kinds of mutation."""
    try:
        module = Module(path, new)
    except UnreadableError:
        return ()
    lines = edited_lines(base, new)
    known = _texts(path, base)
    kinds: dict[str, list[tuple[str, bytes]]] = {}
    seen = {base, new}
    for kind, what, start, end, text in sorted(_edits(module, lines), key=lambda edit: (module.text[edit[2] : edit[3]] in known, edit[3] - edit[2])):
        data = (module.text[:start] + text + module.text[end:]).encode()
        if data not in seen and _compiles(data):
            seen.add(data)
            kinds.setdefault(kind, []).append((what, data))
    found: list[tuple[str, bytes]] = []
    while len(found) < MAX_MUTANTS and any(kinds.values()):
        for group in kinds.values():
            if group and len(found) < MAX_MUTANTS:
                found.append(group.pop(0))
    return tuple(found)


def _texts(path: str, base: bytes) -> set[str]:
    """Return the texts of the base's expressions and statements: what is not among them is what the patch put in, and is spoilt first."""
    try:
        module = Module(path, base)
    except UnreadableError:
        return set()
    return {module.segment(node) for node in module.nodes if isinstance(node, ast.expr | ast.stmt)}


_Edit = tuple[str, str, int, int, str]  # kind, what is said of it, start, end, replacement


def _edits(module: Module, lines: frozenset[int]) -> Iterator[_Edit]:
    """Yield the mutations of what begins in an edited line."""
    for node in module.nodes:
        if getattr(node, "lineno", 0) not in lines:
            continue
        for kind, what, place, text in _of_node(module, node):
            start, end = module.span(place)
            yield kind, f"{what} in line {node.lineno}", start, end, text  # type: ignore[attr-defined]


def _of_node(module: Module, node: ast.AST) -> Iterator[tuple[str, str, ast.expr | ast.stmt, str]]:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield "condition", "condition negated", node.test, f"not ({module.segment(node.test)})"
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPPOSITE:
        text = f"{module.segment(node.left)} {_OPPOSITE[type(node.ops[0])]} {module.segment(node.comparators[0])}"
        yield "comparison", "comparison turned", node, text
    elif isinstance(node, ast.BoolOp):
        yield "operand", "first operand alone", node, module.segment(node.values[0])
    elif isinstance(node, ast.BinOp) and type(node.op) in _OTHER:
        yield "operator", "operator exchanged", node, f"({module.segment(node.left)}) {_OTHER[type(node.op)]} ({module.segment(node.right)})"
    elif isinstance(node, ast.Constant):
        other = _other_constant(node.value)
        if other and not _is_docstring(module, node) and not isinstance(module.parents.get(node), ast.JoinedStr):
            yield "constant", "other constant", node, other
    elif isinstance(node, ast.Call):
        yield from _of_call(module, node)
    elif isinstance(node, ast.Return) and node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "result", "returns nothing", node.value, "None"
    elif isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Raise):
        yield "statement", "statement dropped", node, "pass"
    elif isinstance(node, ast.Await):
        yield "await", "await dropped", node, module.segment(node.value)


def _of_call(module: Module, node: ast.Call) -> Iterator[tuple[str, str, ast.expr, str]]:
    if isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
        yield "call", f"call of {node.func.attr} dropped", node, module.segment(node.func.value)
    elif len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        yield "call", f"call of {ast.unparse(node.func)[:40]} dropped", node, f"({module.segment(node.args[0])})"
    if len(node.args) > 1 and isinstance(node.args[-1], ast.Constant | ast.Name):
        given = ", ".join(module.segment(arg) for arg in node.args[:-1])
        yield "argument", "last argument dropped", node, f"{module.segment(node.func)}({given})"


def _other_constant(value: object) -> str:
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, int | float):
        return repr(value + 1)
    if isinstance(value, str):
        return repr(value + "x" if value else "x")
    return "0" if value is None else ""


def _is_docstring(module: Module, node: ast.Constant) -> bool:
    return isinstance(module.parents.get(node), ast.Expr)


def _compiles(data: bytes) -> bool:
    try:
        ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
