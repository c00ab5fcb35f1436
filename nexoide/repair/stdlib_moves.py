"""Names that Python 2 had built in."""

from __future__ import annotations

_OLD = frozenset(
    ["xrange", "unicode", "basestring", "raw_input", "long", "unichr", "reduce", "cmp", "execfile", "file", "reload", "apply", "buffer", "intern", "coerce"]
)


def is_old_builtin(name: str) -> bool:
    """Say whether a name was built in before Python 3."""
    return name in _OLD
