"""Classes that a new text no longer has where they were: one that moved to another module takes its instances along."""

from __future__ import annotations

from functools import partial

from ...values import _mro, _type_vars, type_module
from .common import count, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..plan import Shared

_set_bases = type.__dict__["__bases__"].__set__
_bases = type.__dict__["__bases__"].__get__


def succeed(shared: Shared) -> None:
    """Plan that instances and subclasses of classes that moved are those of the new one; say which are left behind. Called once."""
    for plan in shared.plans:
        for change in plan.comparison.changes:
            cls: Any = plan.was.get(change.names[0]) if change.what == "class" and change.how == "removed" and not change.owner else None
            if not issubclass(type(cls), type) or type_module(cls) != plan.name:
                continue
            new = _moved_to(shared, plan.name, change.names[0])
            items = [item for item in shared.heap.instances(cls) if type(item) is cls]
            heirs = [heir for heir in type.__subclasses__(cls) if cls in _bases(heir)]
            if new is not None and _fits(cls, new):
                _hand_over(shared, cls, new, items, heirs)
            elif items:
                left = f"{count(items, 'live instance')} of {named(cls)} {'keeps' if len(items) == 1 else 'keep'} its old code"
                shared.note(f"{left}, because the new text no longer has that class: restart the program where that matters.")


def _moved_to(shared: Shared, home: str, name: str) -> Any:
    """Return the class of that name which another module of the transaction gets, None where there is none or more than one."""
    found = []
    for plan in shared.plans:
        if plan.name != home and any(change.what == "class" and change.how == "added" and change.names[0] == name for change in plan.comparison.changes):
            made: Any = plan.scratch.names.get(name)
            found += [made] if issubclass(type(made), type) and type_module(made) == plan.name else []
    return found[0] if len(found) == 1 else None


def _fits(old: Any, new: Any) -> bool:
    """Tell whether Python lets an instance of a class become one of another; tried where making one runs nothing of the program."""
    if type(old) is not type(new) or any("__del__" in _type_vars(kind) for kind in (*_mro(old), *_mro(new))):
        return False
    try:
        object.__setattr__(object.__new__(old), "__class__", new)
    except TypeError:
        return False
    return True


def _hand_over(shared: Shared, old: Any, new: Any, items: list[Any], heirs: list[Any]) -> None:
    for item in items:
        shared.operations.do(partial(object.__setattr__, item, "__class__", new), partial(object.__setattr__, item, "__class__", old))
    for heir in heirs:
        before = _bases(heir)
        after = tuple(new if base is old else base for base in before)
        shared.operations.do(partial(_set_bases, heir, after), partial(_set_bases, heir, before))
    if items or heirs:
        shared.note(f"{named(old)} is {named(new)} now, and what was made of it ({count(items, 'instance')}, {len(heirs)} subclasses) is of that.")
