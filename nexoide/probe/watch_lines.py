"""Which statement of a function stands for a range of healed lines, and where the range is after another change."""

from __future__ import annotations

import ast
import difflib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Union

    Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Place:
    """The first executable statement of a range: `body[index]`, within `function`, on lines `first` to `last`."""

    def __init__(self, function: Function, body: list[ast.stmt], index: int, first: int, last: int) -> None:
        self.function, self.body, self.index = function, body, index
        self.first, self.last = first, last


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    found = [value for _, value in ast.iter_fields(node) if isinstance(value, list) and value and isinstance(value[0], ast.stmt)]
    return found + [handler.body for handler in [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]]


def own_lines(node: ast.stmt) -> tuple[int, int]:
    """Return the lines that are a statement's own: all of a simple one, the header of a compound one."""
    decorators = [decorator.lineno for decorator in getattr(node, "decorator_list", ())]
    first = min([node.lineno, *decorators])
    starts = [body[0].lineno for body in _bodies(node)]
    return first, max(first, min(starts) - 1) if starts else node.end_lineno or node.lineno


def _constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def places(tree: ast.Module) -> list[Place]:
    """Return every place within a function that can be counted; a function's header stands for its first statement."""
    found: list[Place] = []

    def walk(node: ast.AST, function: Optional[Function]) -> None:
        for body in _bodies(node):
            for index, statement in enumerate(body):
                first, last = own_lines(statement)
                if function is not None and not _constant(statement):
                    found.append(Place(function, body, index, first, last))
                if isinstance(statement, _FUNCTIONS):
                    start = 1 if _constant(statement.body[0]) and len(statement.body) > 1 else 0
                    found.append(Place(statement, statement.body, start, first, last))
                walk(statement, statement if isinstance(statement, _FUNCTIONS) else None if isinstance(statement, ast.ClassDef) else function)

    walk(tree, None)
    return found


def place_of(all_places: list[Place], first: int, last: int) -> Optional[Place]:
    """Return the place that stands for lines `first` to `last`, None where no function covers them.

    That is the first statement that begins or runs on these lines, else the next one of the function around them.
    """
    hit = [place for place in all_places if place.first <= last and place.last >= first]
    if hit:
        return max((place for place in hit if place.first == min(item.first for item in hit)), key=lambda place: place.function.lineno)
    around = [place for place in all_places if place.function.lineno <= first <= (place.function.end_lineno or 0)]
    after = [place for place in around if place.first >= first]
    if after:
        return min(after, key=lambda place: place.first)
    return max(around, key=lambda place: place.first) if around else None


def shifted(lines: tuple[int, int], before: str, after: str) -> tuple[int, int]:
    """Return where a range of lines of `before` is in `after`."""
    first, last = lines
    matcher = difflib.SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    moved = [0, 0]
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        for position, line in enumerate((first - 1, last - 1)):
            if old_from <= line < old_to:
                moved[position] = min(new_from + line - old_from, max(new_to - 1, new_from)) + 1
    return moved[0] or first, max(moved[1] or last, moved[0] or first)
