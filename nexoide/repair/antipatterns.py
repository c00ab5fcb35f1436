"""What wrong patches often do, read off the syntax trees before and after: hide errors, remove behaviour, weaken checks.

The list follows the anti-patterns of search-based repair (Tan et al., FSE 2016); a published healer whose patches catch
exceptions made 72.8 % of programs go on and left only 39.6 % of them in the right state.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal

Pattern = Literal["swallows", "removes", "weakens", "constant", "idle", "early exit", "surface", "unreadable"]

WORDS: dict[Pattern, str] = {
    "swallows": "catches an error more broadly",
    "removes": "removes statements",
    "weakens": "weakens or removes a check",
    "constant": "tests a condition that is always the same",
    "idle": "does nothing where something was",
    "early exit": "leaves a function early",
    "surface": "touches tests, CI or configuration",
    "unreadable": "cannot be read",
}
_CONFIGURATION = frozenset({".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", ".lock", ".env"})
_BROAD = frozenset({"Exception", "BaseException"})


def patterns(files: Mapping[str, tuple[bytes | None, bytes]]) -> dict[Pattern, str]:
    """Return the patterns that a change shows, each with where."""
    found: dict[Pattern, str] = {}
    for path, (base, new) in sorted(files.items()):
        if base is None:
            continue  # the added test
        if is_surface(path):
            found.setdefault("surface", path)
        for name in _of_file(base, new):
            found.setdefault(name, path)
    return found


def is_surface(path: str) -> bool:
    """Say whether a path decides what is tested, built or configured, and not what the program does."""
    parts = PurePosixPath(path)
    return parts.suffix in _CONFIGURATION or parts.name in ("conftest.py", "setup.py", "noxfile.py") or any(part.startswith(".") for part in parts.parts)


def _of_file(base: bytes, new: bytes) -> list[Pattern]:
    try:
        before, after = _counts(ast.parse(base)), _counts(ast.parse(new))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ["unreadable"]
    found: list[Pattern] = []
    counted: tuple[Pattern, ...] = ("swallows", "idle", "constant", "early exit")
    found += [name for name in counted if after[name] > before[name]]
    if before["statements"] > after["statements"]:
        found.append("removes")
    if before["checks"] > after["checks"]:
        found.append("weakens")
    return found


def _counts(tree: ast.AST) -> Counter[str]:
    counts: Counter[str] = Counter()
    for node in ast.walk(tree):
        counts["statements"] += isinstance(node, ast.stmt)
        counts["checks"] += isinstance(node, ast.Raise | ast.Assert)
        counts["idle"] += isinstance(node, ast.Pass)
        if isinstance(node, ast.ExceptHandler):
            counts["swallows"] += _swallows(node)
        elif isinstance(node, ast.If | ast.IfExp) and isinstance(node.test, ast.Constant):
            counts["constant"] += 1
        if isinstance(node, ast.If):
            counts["early exit"] += sum(isinstance(item, ast.Return | ast.Continue | ast.Break) for item in node.body)
    return counts


def _swallows(node: ast.ExceptHandler) -> bool:
    """Say whether a handler catches everything, or drops what it catches without a word."""
    names = {item.id for item in ast.walk(node.type) if isinstance(item, ast.Name)} if node.type is not None else _BROAD
    silent = all(isinstance(item, ast.Pass | ast.Continue) or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)) for item in node.body)
    broad = bool(names & _BROAD) and not any(isinstance(item, ast.Raise) for item in ast.walk(node))
    return broad or silent
