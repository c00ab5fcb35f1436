"""The fields of dataclasses as they are written: where each stands, which have defaults, and how the class is decorated."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, index, last_name
from nexoide.repair.code.source import Module


@dataclass(frozen=True, slots=True)
class Field:
    """One annotated name of a class's body; `has_default` also where `field(default=…)` gives it."""

    name: str
    node: ast.AnnAssign
    has_default: bool
    by_keyword: bool


def fields_of(item: Class) -> list[Field]:
    """Return a dataclass's own fields in their order."""
    found: list[Field] = []
    after_marker = False
    for node in item.node.body:
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            continue
        text = item.module.segment(node.annotation)
        if "ClassVar" in text:
            continue
        if text.rsplit(".", 1)[-1] == "KW_ONLY":
            after_marker = True
            continue
        call = node.value if isinstance(node.value, ast.Call) and last_name(node.value.func) == "field" else None
        has_default = node.value is not None and (call is None or any(keyword.arg in ("default", "default_factory") for keyword in call.keywords))
        given = call is not None and any(keyword.arg == "kw_only" for keyword in call.keywords)
        left_out = call is not None and any(
            keyword.arg == "init" and isinstance(keyword.value, ast.Constant) and not keyword.value.value for keyword in call.keywords
        )
        if not left_out:
            found.append(Field(node.target.id, node, has_default, by_keyword=after_marker or given))
    return found


def class_at(module: Module, line: int) -> Class | None:
    """Return the innermost class whose decorators or body hold a line."""
    found = [
        item
        for item in index(module).classes
        if min([item.node.lineno, *(node.lineno for node in item.node.decorator_list)]) <= line <= (item.node.end_lineno or 0)
    ]
    return max(found, key=lambda item: item.node.lineno) if found else None


def decorator(item: Class) -> ast.expr | None:
    """Return a class's `dataclass` decorator."""
    for node in item.node.decorator_list:
        if last_name(node.func if isinstance(node, ast.Call) else node) == "dataclass":
            return node
    return None


def option(item: Class, name: str) -> ast.keyword | None:
    """Return an option that a class's decorator is given."""
    node = decorator(item)
    return next((keyword for keyword in node.keywords if keyword.arg == name), None) if isinstance(node, ast.Call) else None


def with_option(item: Class, name: str, value: str = "True") -> Edit | None:
    """Return the edit that gives a class's decorator one option, or sets the one it has."""
    node = decorator(item)
    if node is None:
        return None
    held = option(item, name)
    if held is not None:
        return Edit(*item.module.span(held.value), value)
    if isinstance(node, ast.Call):
        end = item.module.span(node)[1] - 1
        return Edit(end, end, f"{', ' if node.args or node.keywords else ''}{name}={value}")
    return Edit(*item.module.span(node), f"{item.module.segment(node)}({name}={value})")


def without_option(item: Class, name: str) -> Edit | None:
    """Return the edit that takes one option from a class's decorator."""
    node, held = decorator(item), option(item, name)
    if not isinstance(node, ast.Call) or held is None:
        return None
    if len(node.keywords) == 1 and not node.args:
        return Edit(*item.module.span(node), item.module.segment(node.func))
    rest = ", ".join(item.module.segment(keyword) for keyword in node.keywords if keyword is not held)
    return Edit(*item.module.span(node), f"{item.module.segment(node.func)}({rest})")


def whole_lines(module: Module, node: ast.stmt) -> tuple[int, int]:
    """Return the span of a statement's lines, the comments at their ends and the newline included."""
    start = module.line_start(node.lineno)
    last = node.end_lineno or node.lineno
    end = module.line_start(last) + len(module.lines[last - 1])
    newline = module.text.find("\n", end)
    return start, newline + 1 if newline >= 0 else len(module.text)
