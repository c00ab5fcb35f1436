"""Names that Python 2 had built in, for the rules that must leave them to the table."""

from __future__ import annotations

from nexoide.repair.moved.table import stdlib


def is_old_builtin(name: str) -> bool:
    """Say whether a name was built in before Python 3."""
    return any(row.old == name for row in stdlib().of_kind("builtin"))
