"""Edits by span: only the text of the intended nodes is replaced, and the result is parsed to see that nothing else changed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nexoide.repair.source import Module, UnreadableError, check_depth


class EditError(Exception):
    """An edit that would change more than it means to, or leave something that is not Python."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace `text[start:end]` (code points of the module's text) by `text`."""

    start: int
    end: int
    text: str


def splice(module: Module, edits: Iterable[Edit]) -> str:
    """Return the module's text with all edits made; raises EditError where two of them overlap."""
    parts: list[str] = []
    at = 0
    for edit in sorted(set(edits)):
        if edit.start < at:
            raise EditError("two edits overlap")
        parts += (module.text[at : edit.start], edit.text.replace("\n", module.newline) if module.newline != "\n" else edit.text)
        at = edit.end
    parts.append(module.text[at:])
    return "".join(parts)


def checked(module: Module, edits: Sequence[Edit]) -> bytes:
    """Return the new bytes of a file; raises EditError where more than the edited nodes changed, or nothing did."""
    text = splice(module, edits)
    data = text.encode()
    if data == module.data:
        raise EditError("the edit changes nothing")
    try:
        new = Module(module.rel, data)
        check_depth(new.tree)
    except UnreadableError as error:
        raise EditError(f"the result {error}") from error
    for start, end in _differences(module, new.tree):
        if not any(edit.start <= end and edit.end >= start for edit in edits):
            raise EditError("the edit would change more than the intended lines")
    _reparse(module, data)
    return data


def _reparse(module: Module, data: bytes) -> None:
    import libcst

    from nexoide.patches.worker_main import trees

    try:
        if trees.parse(module.rel, data).bytes != data:
            raise EditError("the result does not read back as it was written")
    except libcst.ParserSyntaxError as error:
        raise EditError("the result is not Python that libcst reads") from error


def _differences(module: Module, new: ast.Module) -> list[tuple[int, int]]:
    """Return the spans of the old text at which the two trees differ."""
    found: list[tuple[int, int]] = []
    whole = (0, len(module.text))
    stack: list[tuple[ast.AST, ast.AST, tuple[int, int]]] = [(module.tree, new, whole)]
    while stack:
        old_node, new_node, outer = stack.pop()
        here = _span(module, old_node, outer)
        if type(old_node) is not type(new_node):
            found.append(here)
            continue
        for name in old_node._fields:
            old_value, new_value = getattr(old_node, name, None), getattr(new_node, name, None)
            if isinstance(old_value, list) and isinstance(new_value, list):
                _compare_lists(module, old_value, new_value, here, found, stack)
            elif isinstance(old_value, ast.AST) and isinstance(new_value, ast.AST):
                stack.append((old_value, new_value, here))
            elif type(old_value) is not type(new_value) or (not isinstance(old_value, ast.AST) and old_value != new_value):
                found.append(here)
    return found


def _compare_lists(
    module: Module,
    old: list[object],
    new: list[object],
    outer: tuple[int, int],
    found: list[tuple[int, int]],
    stack: list[tuple[ast.AST, ast.AST, tuple[int, int]]],
) -> None:
    if len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            if isinstance(one, ast.AST) and isinstance(other, ast.AST):
                stack.append((one, other, outer))
            elif one != other:
                found.append(outer)
        return
    first = 0
    while first < min(len(old), len(new)) and _same(old[first], new[first]):
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and _same(old[-1 - last], new[-1 - last]):
        last += 1
    middle = old[first : len(old) - last]
    if middle:
        found.extend(_span(module, item, outer) if isinstance(item, ast.AST) else outer for item in middle)
        return
    before = _span(module, old[first - 1], outer)[1] if first and isinstance(old[first - 1], ast.AST) else outer[0]
    line_end = module.text.find("\n", outer[1])  # what is added at a block's end stands after its last line's comment
    after = _span(module, old[first], outer)[0] if last and isinstance(old[first], ast.AST) else line_end if line_end >= 0 else len(module.text)
    found.append((before, after))


def _same(one: object, other: object) -> bool:
    if isinstance(one, ast.AST) and isinstance(other, ast.AST):
        return ast.dump(one) == ast.dump(other)
    return one == other


def _span(module: Module, node: object, outer: tuple[int, int]) -> tuple[int, int]:
    if isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.arg):
        return module.span(node)
    return outer
