"""Guards against None, by the role that the failing statement plays: the edits alone, without a judgement."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.names import words
from nexoide.repair.code.scope import free_name, is_elif, is_first_evaluated, is_path, needs_parentheses
from nexoide.repair.code.source import Module


@dataclass(frozen=True, slots=True)
class Place:
    """Where a guard goes: before `at`, indented like the statement; `name` holds the value there, `edits` bind it."""

    at: int
    indent: str
    name: str
    edits: tuple[Edit, ...]
    opening: str


def place_for(module: Module, node: ast.expr) -> Place | None:
    """Return where a guard of `node` can stand without changing what runs before it; None where there is no such place."""
    statement = module.statement(node)
    if statement is None or is_elif(module, statement):
        return None
    indent = module.own_indent(statement)
    if indent is None or not is_first_evaluated(statement, node):
        return None
    at = module.span(statement)[0]
    if is_path(node):
        return Place(at, indent, module.segment(node), (), "")
    call = node.value if isinstance(node, ast.Await) else node
    own = list(words(last_name(call.func))[1:]) if isinstance(call, ast.Call) else []
    name = free_name(module, node, ["_".join(own), own[-1] if own else "", "found", "result", "value", "maybe"])
    if name is None:
        return None
    start, end = module.span(node)
    return Place(at, indent, name, (Edit(start, end, name),), f"{name} = {module.segment(node)}\n{indent}")


def before(place: Place, action: str) -> list[Edit]:
    """Return `if x is None: action` before the statement."""
    text = f"{place.opening}if {place.name} is None:\n{place.indent}    {action}\n{place.indent}"
    return [Edit(place.at, place.at, text), *place.edits]


def around(module: Module, place: Place, statement: ast.stmt) -> list[Edit] | None:
    """Return `if x is not None:` around one statement, its lines one level deeper; None where a string spans its lines."""
    for item in ast.walk(statement):
        if isinstance(item, ast.Constant | ast.JoinedStr) and item.lineno != item.end_lineno:
            return None
    edits = [Edit(place.at, place.at, f"{place.opening}if {place.name} is not None:\n{place.indent}    "), *place.edits]
    following = range(statement.lineno + 1, (statement.end_lineno or statement.lineno) + 1)
    starts = [module.line_start(line) for line in following if module.lines[line - 1].strip()]
    return edits + [Edit(start, start, "    ") for start in starts]


def condition(module: Module, node: ast.expr) -> Edit | None:
    """Return `if x is not None` added to the comprehension whose turn gives `node`, or None where there is none."""
    root = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return None
    for item in module.ancestors(node):
        if isinstance(item, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            turn = item.generators[-1]
            bound = {name.id for name in ast.walk(turn.target) if isinstance(name, ast.Name)}
            if root.id not in bound or node in ast.walk(turn.iter):
                return None
            if turn.ifs:
                start, _ = module.span(turn.ifs[0])
                return Edit(start, start, f"{module.segment(node)} is not None and ") if not isinstance(turn.ifs[0], ast.BoolOp) else None
            _, end = module.span(turn.iter)
            end = _past_parentheses(module, turn.iter, end)
            return Edit(end, end, f" if {module.segment(node)} is not None")
        if isinstance(item, ast.stmt):
            return None
    return None


def _past_parentheses(module: Module, node: ast.expr, end: int) -> int:
    start = module.span(node)[0]
    while (
        module.text[:start].rstrip()[-1:] == "("
        and module.text[end:].lstrip()[:1] == ")"
        and module.text[: module.text[:start].rstrip().__len__() - 1].rstrip().endswith("in")
    ):
        return module.text.index(")", end) + 1
    return end


def with_default(module: Module, node: ast.expr, default: str) -> Edit:
    """Return `x or default` in the place of `x`, parenthesised where the place needs it."""
    start, end = module.span(node)
    text = f"{module.segment(node)} or {default}"
    if isinstance(node, ast.Await):
        text = f"({module.segment(node)}) or {default}"
    parent = module.parents.get(node)
    if isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension) and parent.iter is node:
        return Edit(start, end, text if isinstance(parent, ast.For) else f"({text})")
    return Edit(start, end, f"({text})" if needs_parentheses(module, node) else text)


def get_with_default(module: Module, call: ast.Call, default: str) -> Edit | None:
    """Return `.get(key, default)` for a `.get(key)`; None for any other call."""
    if last_name(call.func) != "get" or len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
        return None
    end = module.span(call.args[0])[1]
    return Edit(end, end, f", {default}")
