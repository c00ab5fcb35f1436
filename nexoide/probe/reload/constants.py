"""Values that a module binds by assignment: which may be replaced live, and who else holds them by name."""

from __future__ import annotations

import ast
import sys
from types import FunctionType, ModuleType

from ..frames import place  # noqa: TID252
from ..values import _module_vars, type_module, type_name  # noqa: TID252
from .compare import RESTART
from .live import attribute
from .source import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .commit import Operations
    from .scratch import Scratch

_IMMUTABLE = (int, float, complex, str, bytes, bool, type(None), tuple, frozenset, range, FunctionType)
_IMMUTABLE_NAMES = {
    "re.Pattern", "decimal.Decimal", "fractions.Fraction", "uuid.UUID", "logging.Logger", "pathlib.PosixPath", "pathlib._local.PosixPath",
    "datetime.timedelta", "datetime.datetime", "datetime.date", "datetime.time", "datetime.timezone",
}  # fmt: skip
UNKNOWN = object()
MAX_TEXT = 4 << 20


def literal(node: ast.stmt) -> Any:
    """Return the value of an assignment of a literal, a private marker where it is more than that."""
    value = getattr(node, "value", None)
    single = not isinstance(node, ast.Assign) or all(isinstance(target, ast.Name) for target in node.targets)
    if value is None or not single:
        return UNKNOWN
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN


def equal(one: Any, other: Any) -> bool:
    """Compare values of exact builtin types; anything else is unequal, and no `__eq__` of the program's runs."""
    kind = type(one)
    if kind is not type(other):
        return False
    if kind in (list, tuple):
        return len(one) == len(other) and all(equal(a, b) for a, b in zip(one, other))  # noqa: B905
    if kind is dict:
        return len(one) == len(other) and all(equal(a, b) for x, y in zip(one.items(), other.items()) for a, b in zip(x, y))  # noqa: B905
    if kind in (set, frozenset):
        return len(one) == len(other) and all(type(item) in (int, str, bytes, float, bool, type(None)) for item in one) and bool(one == other)
    return kind in (int, float, complex, str, bytes, bool, type(None)) and bool(one == other)


def same_value(node: ast.stmt, owner: Any, names: list[str]) -> bool:
    """Tell whether all names are bound to the literal that an assignment gives them."""
    value = literal(node)
    return value is not UNKNOWN and all(equal(attribute(owner, name)[1], value) for name in names)


def check_unmutated(full: str, old: ast.stmt, new: Optional[ast.stmt], owner: Any, names: list[str]) -> bool:
    """Return True where the live values are those of `new` already; raises Refused where they are not those of `old` either."""
    if new is not None and same_value(new, owner, names) and not same_value(old, owner, names):
        return True
    if getattr(old, "value", None) is None:
        return False
    base = literal(old)
    for name in names:
        there, live = attribute(owner, name)
        if not there:
            raise Refused(f"{full} is gone from the running program: {RESTART}.")
        if base is not UNKNOWN and not equal(live, base):
            raise Refused(f"{full} was changed while the program ran, and a new value would lose that: {RESTART}.")
        named = f"{type_module(type(live))}.{type_name(type(live))}"
        if base is UNKNOWN and type(live) not in _IMMUTABLE and named not in _IMMUTABLE_NAMES:
            raise Refused(f"{full} holds a {type_name(type(live))} with the state of the running program, which a new value would lose: {RESTART}.")
    return False


def changed_value(scratch: Scratch, node: ast.stmt, cls: Any) -> dict[str, Any]:
    """Evaluate an assignment aside; an annotation alone binds nothing."""
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return {}
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        plain = ast.Assign(targets=[node.target], value=node.value)
        node = ast.fix_missing_locations(ast.copy_location(plain, node))
    return scratch.execute(node) if cls is None else scratch.execute_in(cls, node)


def rebind_importers(module: ModuleType, name: str, value: Any, operations: Operations) -> None:
    """Give the new value to the workspace's modules that did `from module import name` and still hold the old one."""
    there, before = attribute(module, name)
    if not there:
        return
    for other in list(sys.modules.values()):
        if other is module or not issubclass(type(other), ModuleType):
            continue
        file = _module_vars(other).get("__file__")
        if type(file) is not str or not place(file)[1]:
            continue
        for bound in _imported_as(file, str(_module_vars(module).get("__name__")), name):
            holds, live = attribute(other, bound)
            if holds and live is before:
                operations.bind(other, bound, value)


def _imported_as(file: str, module: str, name: str) -> set[str]:
    try:
        with open(file, encoding="utf-8") as stream:
            text = stream.read(MAX_TEXT)
        tree = ast.parse(text) if name in text else None
    except (OSError, ValueError, SyntaxError, RecursionError):
        return set()
    last = module.rpartition(".")[2]
    return {
        alias.asname or alias.name
        for node in (tree.body if tree is not None else ())
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == last
        for alias in node.names
        if alias.name == name
    }
