"""What the objects around a function have copied from it: docstrings and annotations."""

from __future__ import annotations

from functools import partial
from types import FunctionType

from ...values import BOUND_KINDS, instance_vars
from ..live import attribute, mangled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..plan import ModulePlan
    from ..text.compare import Change

MAX_WRAPPERS = 16


def copy(plan: ModulePlan, change: Change, function: FunctionType, name: str, value: Any) -> None:
    """Give the wrappers around a function what `functools.wraps` has copied from it."""
    raw = attribute(plan.owner(change), mangled(change.owner, change.names[0]))[1]
    item = raw.__func__ if type(raw) in BOUND_KINDS else raw
    before, around = getattr(function, name), []
    for _ in range(MAX_WRAPPERS):
        if item is function or item is None:
            break
        around.append(item)
        item = instance_vars(item).get("__wrapped__")
    for wrapper in around if item is function else ():
        if type(wrapper) is FunctionType and getattr(wrapper, name, plan) is before:
            plan.shared.operations.function(wrapper, name, value)
        elif type(wrapper) is not FunctionType and instance_vars(wrapper).get(name, plan) is before:
            plan.shared.operations.item(instance_vars(wrapper), name, value)


def redocument(plan: ModulePlan, change: Change, function: FunctionType, text: Any) -> None:
    """Give the wrappers around a function, and the property of a getter, the new docstring: they took the old one when they were made."""
    copy(plan, change, function, "__doc__", text)
    owner = plan.owner(change)
    raw = attribute(owner, mangled(change.owner, change.names[0]))[1]
    if type(raw) is property and raw.fget is function and raw.__doc__ is function.__doc__:
        plan.shared.operations.do(partial(setattr, raw, "__doc__", text), partial(setattr, raw, "__doc__", raw.__doc__))
