"""Where a new function stands in a file, and edits that meet at one place."""

from __future__ import annotations

import ast

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import Module


def after_imports(module: Module) -> int:
    """Return the offset after a file's first block of imports, -1 where it has none."""
    last = -1
    for number, node in enumerate(module.tree.body):
        is_text = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_text and not isinstance(node, ast.Import | ast.ImportFrom):
            break
        last = node.end_lineno or node.lineno
    return module.line_start(last) + len(module.lines[last - 1]) if last > 0 else -1


def joined(edits: list[Edit], last: Edit) -> list[Edit]:
    """Return the edits with one more, which stands behind those at the same place."""
    same = [edit for edit in edits if (edit.start, edit.end) == (last.start, last.end)]
    return [*(edit for edit in edits if edit not in same), Edit(last.start, last.end, "".join(edit.text for edit in same) + last.text)]
