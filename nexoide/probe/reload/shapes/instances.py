"""The instances of a dataclass that live when its fields change: which of them lack a value, and whether they may get another hash."""

from __future__ import annotations

import ast
import dataclasses
import gc
from functools import partial

from ...values import _type_vars, instance_vars
from ..commit import MISSING_ENTRY
from ..text.source import Refused
from .common import RESTART, Task, count, has_hook, named, state_of, step
from .generate import is_generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..commit import Operations
    from ..plan import Shared

_FIELD = getattr(dataclasses, "_FIELD", None)
_MISSING = dataclasses.MISSING


def needs_value(node: ast.AnnAssign) -> bool:
    """Tell whether an annotated name is a field without a default, as far as the text says."""
    words = ast.dump(node.annotation)
    if any(word in words for word in ("ClassVar", "InitVar", "KW_ONLY")):
        return False
    value = node.value
    if isinstance(value, ast.Call) and (getattr(value.func, "id", "") or getattr(value.func, "attr", "")) == "field":
        return not any(word.arg in ("default", "default_factory", None) for word in value.keywords)
    return value is None


def check_lacking(task: Task, name: str) -> None:
    """Refuse a field without a default where a live instance has no value for it and no hook will give it one."""
    lacking = _lacking(task.instances(), name)
    if lacking and not has_hook(task.plan, task.cls, task.pair):
        said = count(lacking, "live instance")
        raise task.refused(f"is a new field without a default, and {said} would not have it: give it a default, define __reload__, or {RESTART}", name)


def _lacking(instances: list[Any], name: str) -> list[Any]:
    return [item for item in instances if name not in instance_vars(item)]


def check_hashed(shared: Shared, cls: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Refuse where instances are keys of a dict or in a set, and would have another hash than that under which they lie there."""
    own = _type_vars(cls).get("__hash__")
    if own is None or not is_generated("__hash__", own) or _hashed(before) == _hashed(after):
        return
    instances = [item for item in state_of(shared).instances(shared, cls) if type(item) is cls]
    ids = {id(item) for item in instances}
    for holder in gc.get_referrers(*instances) if instances else ():
        keys: Any = ()
        if issubclass(type(holder), dict):
            keys = dict.keys(holder)
        elif issubclass(type(holder), (set, frozenset)):
            keys = list(set.__iter__(holder) if issubclass(type(holder), set) else frozenset.__iter__(holder))
        if any(id(key) in ids for key in keys):
            raise Refused(f"{named(cls)} would have another hash, and live instances of it are keys of a dict or members of a set: {RESTART}.")


def _hashed(fields: dict[str, Any]) -> list[str]:
    return [name for name, field in fields.items() if field._field_type is _FIELD and (field.compare if field.hash is None else field.hash)]  # noqa: SLF001


def migrate(task: Task, before: dict[str, Any], after: dict[str, Any], operations: Operations) -> dict[str, int]:
    """Plan the values of added fields in the live instances; returns how many got which field."""
    added = {name: field for name, field in after.items() if name not in before and field._field_type is _FIELD}  # noqa: SLF001
    for name, field in added.items():
        if not _has_default(field):
            check_lacking(task, name)
    return _fill(task.plan.shared, task.cls, added, task.instances(), operations, task.pair.new_node.lineno)


def complete(shared: Shared) -> None:
    """Give the instances that were made since a reload the fields that taking it back, or back again, brings; raises Refused.

    What a reload did is undone exactly, by what was recorded of it, and such instances were not there to be recorded.
    """
    for entry in list(shared.operations.entries):
        words: tuple[Any, ...] = getattr(entry.forward, "args", ())
        if len(words) != 3 or words[1] not in ("__dataclass_fields__", "__pydantic_fields__"):
            continue
        cls, known, after = words
        before = _type_vars(cls).get(known, {})
        added = {name: field for name, field in after.items() if name not in before and getattr(field, "_field_type", _FIELD) is _FIELD}
        instances = shared.heap.instances(cls) if added else []
        for name, field in added.items():
            lacking = [item for item in _lacking(instances, name) if shared.operations.after(("item", id(instance_vars(item)), name)) is MISSING_ENTRY]
            if lacking and not _has_default(field):
                said = f"{named(cls)}.{name} comes back without a default, and {count(lacking, 'live instance')} made since would not have it"
                raise Refused(f"{said}: {RESTART}.")
        _fill(shared, cls, added, instances, shared.operations, 0)


def _fill(shared: Shared, cls: Any, added: dict[str, Any], instances: list[Any], operations: Operations, line: int) -> dict[str, int]:
    filled: dict[str, int] = {}
    fields = {name: field for name, field in added.items() if _has_default(field)}
    for name, field in fields.items():
        lacking = [item for item in _lacking(instances, name) if operations.after(("item", id(instance_vars(item)), name)) is MISSING_ENTRY]
        for item in lacking:
            operations.item(instance_vars(item), name, _value(cls, name, field))
        if lacking:
            filled[name] = len(lacking)
    made = {name: field for name, field in fields.items() if type(field) is dataclasses.Field and field.default is _MISSING and name not in _type_vars(cls)}
    stand_ins = [(partial(type.__setattr__, cls, name, _OnDemand(name, field)), partial(type.__delattr__, cls, name)) for name, field in made.items()]
    for put, take in stand_ins:
        operations.do(put, take)
    if made:

        def rest(late: Operations) -> None:
            for item in shared.heap.instances(cls):
                for name, field in made.items():
                    if name not in instance_vars(item):
                        late.item(instance_vars(item), name, _value(cls, name, field))
            for put, take in stand_ins:
                late.do(take, put)

        shared.late.append(step(line, named(cls), rest))
    return filled


class _OnDemand:
    """Gives an instance that another thread made while the reload was prepared its value of a new field, until all have one.

    A field with a plain default is found in the class then; one with a factory would be found nowhere.
    """

    def __init__(self, name: str, field: Any) -> None:
        self._name, self._factory = name, field.default_factory

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is None:
            raise AttributeError(self._name)
        return instance_vars(instance).setdefault(self._name, self._factory())


def _has_default(field: Any) -> bool:
    if type(field) is dataclasses.Field:
        return field.default is not _MISSING or field.default_factory is not _MISSING
    return not field.is_required()


def _value(cls: Any, name: str, field: Any) -> Any:
    if field.default_factory is None or field.default_factory is _MISSING:
        return field.default if type(field) is dataclasses.Field else field.get_default(call_default_factory=False)
    try:
        return field.default_factory()
    except BaseException as error:  # the factory is the program's own code, and whatever it raises is a reason to refuse
        if type(error) is KeyboardInterrupt:
            raise
        said = f"{named(cls)}.{name} has a default factory that raised {type(error).__name__} for a live instance"
        raise Refused(f"{said}: correct it, or {RESTART}.") from error
