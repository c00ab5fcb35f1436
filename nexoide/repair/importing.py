"""Gives a module a name of another module: as it is imported already, or with the one import line that is missing."""

from __future__ import annotations

import ast

from nexoide.repair.edits import Edit
from nexoide.repair.index import index
from nexoide.repair.source import Module


def need(module: Module, source: str, name: str) -> tuple[str, list[Edit]]:
    """Return how `source.name` is written in a module, and the edits that make it so; no edit where it is imported already."""
    for alias, (origin, original) in index(module).imports.items():
        if origin == source and original == name:
            return alias, []
    whole = whole_module(module, source)
    if whole:
        return f"{whole}.{name}", []
    for item in module.tree.body:
        if isinstance(item, ast.ImportFrom) and item.module == source and not item.level and item.lineno == item.end_lineno and item.names[0].name != "*":
            end = module.span(item)[1]
            if module.text[end - 1] != ")":
                return name, [Edit(end, end, f", {name}")]
    return name, [import_line(module, f"from {source} import {name}")]


def need_module(module: Module, source: str) -> tuple[str, list[Edit]]:
    """Return how a whole module is called here, and the edits that import it where it is not."""
    whole = whole_module(module, source)
    return (whole, []) if whole else (source, [import_line(module, f"import {source}")])


def whole_module(module: Module, source: str) -> str:
    """Return the name under which `import source` brought a module here, "" where it did not."""
    return next((alias for alias, (origin, original) in index(module).imports.items() if origin == source and not original), "")


def import_line(module: Module, line: str) -> Edit:
    """Return the edit that adds an import line after the imports at the top, or after the docstring where there are none."""
    last: ast.stmt | None = None
    for place, item in enumerate(module.tree.body):
        is_docstring = place == 0 and isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant) and isinstance(item.value.value, str)
        if isinstance(item, ast.Import | ast.ImportFrom):
            future = isinstance(item, ast.ImportFrom) and item.module == "__future__"
            after = module.tree.body[place + 1] if place + 1 < len(module.tree.body) else None
            last = item
            if not future and line.startswith("import ") and isinstance(after, ast.ImportFrom) and isinstance(item, ast.Import):
                break  # plain imports stand together, before `from` ones
        elif not is_docstring:
            break
        elif last is None:
            last = item
    if last is None:
        start = module.span(module.tree.body[0])[0] if module.tree.body else len(module.text)
        first = module.tree.body[0] if module.tree.body else None
        for decorator in getattr(first, "decorator_list", []):
            start = min(start, module.line_start(decorator.lineno))
        return Edit(start, start, f"{line}\n\n" if isinstance(first, ast.Assign | ast.Expr) else f"{line}\n\n\n")
    at = _line_end(module, last)
    gap = "\n" if isinstance(last, ast.Expr) else ""
    if isinstance(last, ast.ImportFrom) and last.module == "__future__":
        gap = "\n"
    return Edit(at, at, f"\n{gap}{line}")


def _line_end(module: Module, node: ast.stmt) -> int:
    end = module.text.find("\n", module.span(node)[1])
    if end < 0:
        return len(module.text)
    return end - 1 if module.text[end - 1] == "\r" else end
