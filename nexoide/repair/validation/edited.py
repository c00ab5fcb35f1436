"""The lines of a patched file that differ from its base, and the statements they belong to."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from difflib import SequenceMatcher


def edited_lines(base: bytes, new: bytes) -> frozenset[int]:
    """Return the 1-based lines of `new` that are not in `base`; where lines only went, the one that follows the gap."""
    before, after = base.split(b"\n"), new.split(b"\n")
    found: set[int] = set()
    for tag, _, _, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        found.update(range(first + 1, last + 1) if last > first else (min(first + 1, len(after)),))
    return frozenset(found)


def edited(files: Mapping[str, tuple[bytes, bytes]]) -> dict[str, frozenset[int]]:
    """Return the edited lines of each file."""
    return {path: edited_lines(base, new) for path, (base, new) in files.items()}


def watched(files: Mapping[str, tuple[bytes, bytes]]) -> dict[str, tuple[int, ...]]:
    """Return, for each file, the lines to look out for when something runs with the patch, sorted."""
    return {path: tuple(sorted(watched_lines(new, edited_lines(base, new)))) for path, (base, new) in files.items()}


def watched_lines(new: bytes, lines: frozenset[int]) -> frozenset[int]:
    """Return the lines at which the interpreter reports that the edited statements ran.

    A statement over several lines is reported at those where its parts begin; a changed head of a function ran when its
    body did, for merely defining it says nothing.
    """
    try:
        tree = ast.parse(new)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return lines
    found: set[int] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or node.end_lineno is None:
            continue
        body = getattr(node, "body", None)
        first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])
        last = max(first, body[0].lineno - 1) if body else node.end_lineno
        if not lines & set(range(first, last + 1)):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = _without_docstring(node.body)
            found.update(range(inner[0].lineno, (inner[0].end_lineno or inner[0].lineno) + 1))
        else:
            found.update(range(first, last + 1))
    return frozenset(found) or lines


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return body[1:] if is_text and len(body) > 1 else body
