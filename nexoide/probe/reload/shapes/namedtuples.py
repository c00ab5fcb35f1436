"""Named tuples as classes: defaults changed, fields where no tuple lives; a live tuple keeps its length, so its fields cannot change."""

from __future__ import annotations

import ast
import types
import typing
from types import FunctionType

from ...values import BOUND_KINDS, _mro, _type_vars
from .common import RESTART, Task, annotated, annotations_in, body, count, own_annotations, refused, resolve, tell
from .same import plainly_equal, same_annotation, same_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ..plan import ModulePlan
    from ..text.compare import Change, ClassPair

_FIXED = ("_fields", "_field_defaults", "__new__", "__match_args__")
_GENERATED = (*_FIXED, "_make", "_replace", "__replace__", "__repr__", "_asdict", "__getnewargs__")


def is_named_tuple(plan: ModulePlan, pair: ClassPair, cls: Any) -> bool:
    """Tell whether a class was made by deriving from `typing.NamedTuple`."""
    direct = any(resolve(plan, base) is typing.NamedTuple for base in pair.new_node.bases)
    return direct and tuple in _mro(cls) and "_fields" in _type_vars(cls)


def claim(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change]) -> Optional[Task]:
    """Return the changes that are about fields, None where there are none; raises Refused where live tuples stand in the way."""
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    mine = [change for change in changes if change.what == "assign" and any(name in old or name in new for name in change.names)]
    docs = [change for change in changes if change.what == "doc" and change.new is None]
    if not mine and list(old) == list(new) and not docs:
        return None
    task = Task(plan, pair, cls, [*mine, *docs], _carry)
    fields: tuple[str, ...] = _type_vars(cls)["_fields"]
    if fields not in (tuple(new), tuple(old)):
        raise task.refused(f"in the running program is not what the patch was made against: {RESTART}, or make the patch anew")
    alive = task.instances() if tuple(new) != fields else ()
    if alive:
        other = next(iter([name for name in new if name not in fields] or [name for name in fields if name not in new] or list(new)))
        raise task.refused(f"changes the fields of a tuple, and {count(alive, 'live tuple')} of the old ones could not follow: {RESTART}", other)
    return task


def _carry(task: Task) -> None:
    old, new = annotated(task.pair.old_node), annotated(task.pair.new_node)
    made = _made(task.plan, task.pair, task.cls, old, new)
    docs = [change for change in task.changes if change.what == "doc"]
    if _bind(task, made, docs=bool(docs)):
        for change in task.changes:
            tell(task.plan, change)
        if not task.changes:
            task.tell("its fields changed")


def _made(plan: ModulePlan, pair: ClassPair, cls: Any, old: dict[str, ast.AnnAssign], new: dict[str, ast.AnnAssign]) -> Any:
    """Make a named tuple of the new fields aside; unchanged annotations and defaults are those of the live one."""
    live, defaults = own_annotations(cls), _type_vars(cls)["_field_defaults"]
    changed = [name for name, node in new.items() if name not in old or ast.dump(old[name]) != ast.dump(node) or name not in live]
    fresh = body(plan, cls, [new[name] for name in changed])
    types_made = annotations_in(fresh)
    names: dict[str, Any] = {"__module__": type.__dict__["__module__"].__get__(cls), "__qualname__": type.__dict__["__qualname__"].__get__(cls)}
    names["__annotations__"] = {name: types_made[name] if name in changed else live[name] for name in new}
    names.update({name: fresh[name] if name in changed else defaults[name] for name in new if name in (fresh if name in changed else defaults)})
    doc = ast.get_docstring(pair.new_node, clean=False)
    if doc is not None:
        names["__doc__"] = doc
    try:
        return types.new_class(type.__dict__["__name__"].__get__(cls), (typing.NamedTuple,), {}, lambda namespace: namespace.update(names))
    except (TypeError, ValueError, AttributeError) as error:
        raise refused(plan, pair, f"cannot be made with its new fields ({error}): correct it") from error


def _generated(value: Any) -> bool:
    function = value.__func__ if type(value) in BOUND_KINDS else value
    return type(function) is FunctionType and function.__globals__.get("__name__") == "collections"


def _bind(task: Task, made: Any, *, docs: bool) -> bool:
    """Plan what differs; returns whether anything does."""
    cls = task.cls
    live, new = _type_vars(cls), _type_vars(made)
    found: dict[str, Any] = {}
    if live["_fields"] != new["_fields"] or not plainly_equal(live["_field_defaults"], new["_field_defaults"]):
        found = {name: new[name] for name in _GENERATED if name in new and (name in _FIXED or name not in live or _generated(live[name]))}
    one, two = own_annotations(cls), own_annotations(made)
    if list(one) != list(two) or not all(same_annotation(one[name], two[name]) for name in two):
        found["__annotations__"] = two
        found.setdefault("__new__", new["__new__"])
    for name in new["_fields"]:
        if live["_fields"] != new["_fields"]:
            found[name] = new[name]
    if docs:
        found["__doc__"] = new["__doc__"]
    if "__new__" in found and same_function(live.get("__new__"), new["__new__"]) and len(found) == 1:
        return False
    for name, value in found.items():
        task.operations.bind(cls, name, value)
    defined = {item.name for item in task.pair.new_node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    for name in live["_fields"]:
        if name not in new["_fields"] and name not in defined:
            task.operations.unbind(cls, name)
    return bool(found)


__all__ = ["claim", "is_named_tuple"]
