"""Exceptions that the program raises itself: what it checks on purpose is no fault of the line that says so."""

from __future__ import annotations

import ast

from nexoide.repair.code.index import last_name
from nexoide.repair.context import Context


def raised_on_purpose(context: Context) -> bool:
    """Say, and note, whether the failing line is a `raise` of this very exception, or an `assert`."""
    for node in context.nodes(lambda node: isinstance(node, ast.Raise | ast.Assert)):
        if not context.is_raising:
            continue
        if isinstance(node, ast.Assert):
            found = context.raised.type == "AssertionError"
        else:
            raised = node.exc.func if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) else getattr(node, "exc", None)
            name = last_name(raised)
            found = not name or name == context.raised.type.rsplit(".", 1)[-1] or not name[:1].isupper()
        if found:
            context.refuse(f"The program raises this {context.raised.type} itself, on purpose.")
            return True
    return False
