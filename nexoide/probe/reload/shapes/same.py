"""Whether two values that classes are made of are the same, found out without running code of the program."""

from __future__ import annotations

from types import FunctionType

from ...values import SEQUENCES, SETS, Kinds, type_module
from ..text.source import same_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CellType
    from typing import Any

_SCALARS = Kinds(int, float, complex, str, bytes, bool, type(None), type(Ellipsis), range)


def plainly_equal(one: Any, other: Any) -> bool:
    """Compare two values without running code of the program: identity, exact builtin types, and functions by their code."""
    kind = type(one)
    if one is other:
        return True
    if kind is not type(other):
        return False
    if kind in SEQUENCES:
        return len(one) == len(other) and all(plainly_equal(a, b) for a, b in zip(one, other))  # noqa: B905
    if kind is dict:
        return len(one) == len(other) and all(plainly_equal(a, b) for x, y in zip(one.items(), other.items()) for a, b in zip(x, y))  # noqa: B905
    if kind in SETS:
        return len(one) == len(other) and all(type(item) in _SCALARS for item in one) and bool(one == other)
    if kind is FunctionType:
        return one.__closure__ is None and other.__closure__ is None and same_function(one, other)
    return kind in _SCALARS and bool(one == other)


def same_function(one: Any, other: Any) -> bool:
    """Tell whether two functions do the same, what they close over included."""
    if type(one) is not FunctionType or type(other) is not FunctionType or not same_code(one.__code__, other.__code__):
        return False
    if not plainly_equal(one.__defaults__, other.__defaults__) or not plainly_equal(one.__kwdefaults__, other.__kwdefaults__):
        return False
    cells = [(one.__closure__ or ()), (other.__closure__ or ())]
    return len(cells[0]) == len(cells[1]) and all(_same_cell(a, b) for a, b in zip(*cells))  # noqa: B905


def _same_cell(one: CellType, other: CellType) -> bool:
    try:
        held = one.cell_contents, other.cell_contents
    except ValueError:
        return False
    return plainly_equal(*held) or same_annotation(*held) or same_function(*held)


def same_annotation(one: Any, other: Any) -> bool:
    """Tell whether two annotations say the same, without comparing classes of the program."""
    if plainly_equal(one, other):
        return True
    if type(one) is not type(other) or type_module(type(one)) not in ("types", "typing"):
        return False
    origins = [_type_origin(item) for item in (one, other)]
    if origins[0] is None or origins[0] is not origins[1]:
        return False
    parts = [tuple(item.__args__) for item in (one, other)]
    return len(parts[0]) == len(parts[1]) and all(same_annotation(a, b) for a, b in zip(*parts))  # noqa: B905


def _type_origin(value: Any) -> Any:
    return type(value) if type(value).__name__ == "UnionType" else getattr(value, "__origin__", None)
