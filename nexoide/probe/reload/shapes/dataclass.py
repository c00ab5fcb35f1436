"""Dataclasses: fields added, removed, put in another order or given another default; parameters changed; live instances migrated."""

from __future__ import annotations

import ast
import dataclasses

from ...values import _mro, _type_vars
from ..commit import MISSING
from ..live import mangled
from .bases import TABLE as BASES
from .common import (
    RESTART,
    Refused,
    Task,
    annotated,
    annotations_in,
    below,
    body,
    evaluate,
    full,
    has_dict,
    named,
    own_annotations,
    refused,
    resolve,
    state_of,
    tell,
)
from .generate import GENERATED, Made, Spec, clone, decorator_of, generate, is_generated, known_decorator
from .instances import check_hashed, check_lacking, migrate, needs_value
from .same import plainly_equal, same_annotation, same_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ..commit import Operations
    from ..plan import ModulePlan, Shared
    from ..text.compare import Change, ClassPair

_TABLE = "dataclasses"
_FIELD = getattr(dataclasses, "_FIELD", None)
_MISSING = dataclasses.MISSING


class Entry:
    """A dataclass of the patch: what it will be made from, and how many instances got which new field."""

    def __init__(self, task: Task, spec: Spec) -> None:
        self.task, self.spec, self.cls = task, spec, task.cls
        self.migrated: dict[str, int] = {}


def is_dataclass(cls: Any) -> bool:
    """Tell whether a class was made by `dataclasses.dataclass` itself."""
    return "__dataclass_fields__" in _type_vars(cls) and "__dataclass_params__" in _type_vars(cls)


def claim(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change], *, bases: bool) -> Optional[Task]:
    """Return the changes that the decorators of a class have to do with, None where there are none.

    Raises Refused where they cannot be live, as far as the text says.
    """
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    fields = [change for change in changes if change.what == "assign" and any(name in old or name in new for name in change.names)]
    special = [change for change in changes if change.what == "function" and change.how in ("added", "removed") and change.names[0] in GENERATED]
    order = [name for name in old if name in new] != [name for name in new if name in old]
    docs = [change for change in changes if change.what == "doc" and change.new is None]
    if not (fields or special or order or docs or bases or "decorators" in pair.header):
        return None
    mine = [*fields, *(change for change in special if change.how == "removed"), *docs]
    task = Task(plan, pair, cls, mine, _carry)
    for name in new:
        key = mangled(pair.path, name)
        if name not in old and key not in _type_vars(cls).get("__dataclass_fields__", {}) and needs_value(new[name]):
            check_lacking(task, key)
    return task


def _carry(task: Task) -> None:
    lambdas = {name for change in task.pair.changes if change.what == "lambda" for name in change.names}
    spec = _spec(task.plan, task.pair, task.cls, lambdas)
    task.state.table(_TABLE)[id(task.cls)] = Entry(task, spec)
    task.state.finishers[_TABLE] = _finish


def _spec(plan: ModulePlan, pair: ClassPair, cls: Any, lambdas: set[str]) -> Spec:
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    path = pair.path
    live = own_annotations(cls)
    unknown = [name for name in old if mangled(path, name) not in live]
    if unknown and any(mangled(path, name) not in live for name in new):
        raise refused(plan, pair, f"in the running program is not what the patch was made against: {RESTART}, or make the patch anew", unknown[0])
    for item in pair.new_node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and item.name in new:
            raise refused(plan, pair, f"is a field and something else at once, which is made only when the class is made: {RESTART}", item.name, item.lineno)
    changed = [name for name, node in new.items() if name not in old or (ast.dump(old[name]) != ast.dump(node) and name not in lambdas)]
    # An annotation that moved below KW_ONLY or out of it is evaluated with it, which decides on what the field is.
    fresh = body(plan, cls, [new[name] for name in changed])
    made = annotations_in(fresh)
    annotations: dict[str, Any] = {}
    values: dict[str, Any] = {}
    known = [node for node in pair.new_node.decorator_list if known_decorator(resolve(plan, node.func if isinstance(node, ast.Call) else node))]
    makes = any(resolve(plan, node.func if isinstance(node, ast.Call) else node) is dataclasses.dataclass for node in known)
    fields = _type_vars(cls).get("__dataclass_fields__", {})
    for name, node in new.items():
        key = mangled(path, name)
        if name in changed:
            annotations[key] = made[key]
            if key in fresh:
                values[key] = fresh[key]
        else:
            annotations[key] = live[key]
            _keep(cls, key, fields.get(key) if makes else None, values, kw_only=_says_kw_only(node))
    for key, value in values.items():
        default = value.default if isinstance(value, dataclasses.Field) else value
        if (
            default is not _MISSING
            and any(name in _type_vars(kind) for kind in _mro(type(default)) for name in ("__set_name__", "__get__"))
            and not callable(default)
        ):
            raise refused(plan, pair, f"has a descriptor as its default, which is bound only when the class is made: {RESTART}", key)
    spec = Spec(cls, annotations, values, list(reversed(evaluate(plan, pair, known))))
    spec.defined = {item.name for item in pair.new_node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}
    spec.defined |= {target.id for item in pair.new_node.body if isinstance(item, ast.Assign) for target in item.targets if isinstance(target, ast.Name)}
    spec.changed = {mangled(path, name) for name in changed}
    spec.doc = ast.get_docstring(pair.new_node, clean=False)
    return spec


def _says_kw_only(node: ast.AnnAssign) -> bool:
    return isinstance(node.value, ast.Call) and any(keyword.arg == "kw_only" for keyword in node.value.keywords)


def _keep(cls: Any, key: str, field: Any, values: dict[str, Any], *, kw_only: bool) -> None:
    """Give the hollow class the default that the live one has."""
    if field is not None and field._field_type is not getattr(dataclasses, "_FIELD_CLASSVAR", None):  # noqa: SLF001
        values[key] = clone(field, kw_only=kw_only)
    elif key in _type_vars(cls):
        values[key] = _type_vars(cls)[key]


def _live_spec(cls: Any) -> Spec:
    """Return what a dataclass outside the patch is made from, as far as it shows."""
    annotations = own_annotations(cls)
    values: dict[str, Any] = {}
    fields, variables = _type_vars(cls)["__dataclass_fields__"], _type_vars(cls)
    for key in annotations:
        _keep(cls, key, fields.get(key), values, kw_only=True)
    spec = Spec(cls, annotations, values, [decorator_of(cls)])
    spec.defined = {
        name
        for name in variables
        if name not in annotations and name not in ("__doc__", "__dict__", "__weakref__", "__module__", "__annotations__", "__slots__", "__qualname__")
    }
    spec.defined -= {name for name in GENERATED if name in variables and is_generated(name, variables[name])}
    doc = variables.get("__doc__")
    spec.doc = None if type(doc) is str and doc.startswith(f"{type.__dict__['__name__'].__get__(cls)}(") else doc
    return spec


# once all modules are planned


def _finish(shared: Shared, operations: Operations) -> None:
    """Make every dataclass of the patch, and those that inherit from one, anew; bases first."""
    table: dict[int, Entry] = state_of(shared).table(_TABLE)
    specs: dict[int, Spec] = {key: entry.spec for key, entry in table.items()}
    for known in list(table.values()):
        for cls in below(known.cls):
            if is_dataclass(cls) and id(cls) not in specs:
                specs[id(cls)] = _live_spec(cls)
    orders = state_of(shared).table(BASES)
    for spec in specs.values():
        spec.mro = orders.get(id(spec.cls), spec.mro)
    done: dict[int, Made] = {}
    for spec in sorted(specs.values(), key=lambda item: len(item.mro)):
        entry: Optional[Entry] = table.get(id(spec.cls))
        try:
            made = generate(spec, done)
        except Exception as error:  # the decorator says what is wrong with the fields, and a default factory or type may be the program's
            where = full(entry.task.plan, entry.task.pair) if entry is not None else named(spec.cls)
            words = str(error) or type(error).__name__
            raise Refused(f"{where} cannot be made with its new fields ({words}): correct it, or {RESTART}.") from error
        _settle_one(shared, operations, spec, made, entry)
        if made.fields:
            done[id(spec.cls)] = made


def _settle_one(shared: Shared, operations: Operations, spec: Spec, made: Made, entry: Optional[Entry]) -> None:
    cls = spec.cls
    before: dict[str, Any] = _type_vars(cls).get("__dataclass_fields__", {})
    assignments = _assignments(spec, made, entry)
    if not assignments:
        return
    _check_slots(cls, before, made, spec, entry)
    check_hashed(shared, cls, before, made.fields)
    if entry is not None:
        entry.migrated = migrate(entry.task, before, made.fields, operations)
    for name, value in assignments.items():
        if value is MISSING:
            operations.unbind(cls, name)
        else:
            operations.bind(cls, name, value)
    if entry is None:
        where = type.__dict__["__module__"].__get__(cls)
        shared.tell(where, type.__dict__["__qualname__"].__get__(cls), "class", "replaced", "it has the fields that it inherits")
        return
    for change in entry.task.changes:
        number = entry.migrated.get(mangled(entry.task.pair.path, change.names[0])) if change.names else None
        reason = f"{number} live {'instance has' if number == 1 else 'instances have'} it now" if number else ""
        if change.how == "removed" and change.what == "assign" and before:
            reason = "instances that have a value keep it"
        tell(entry.task.plan, change, reason, "migrated" if number else "")
    if not entry.task.changes:
        entry.task.tell("its decorators changed" if "decorators" in entry.task.pair.header else "its fields changed")


def _same_field(one: Any, other: Any) -> bool:
    names = [name for name in ("name", "init", "repr", "hash", "compare", "kw_only", "default", "default_factory") if hasattr(one, name)]
    same = one._field_type is other._field_type and same_annotation(one.type, other.type)  # noqa: SLF001
    return same and all(plainly_equal(getattr(one, name), getattr(other, name)) for name in names)


def _same_fields(one: Any, other: Any) -> bool:
    return type(one) is dict and list(one) == list(other) and all(_same_field(one[name], other[name]) for name in one)


def _same_value(name: str, live: Any, value: Any) -> bool:
    if name == "__dataclass_fields__":
        return _same_fields(live, value)
    if name == "__dataclass_params__":
        return repr(live) == repr(value)
    return plainly_equal(live, value) or same_function(live, value)


def _check_slots(cls: Any, before: dict[str, Any], made: Made, spec: Spec, entry: Optional[Entry]) -> None:
    slotted = "__slots__" in _type_vars(cls)
    wants = entry is not None and any(_asks_slots(node) for node in entry.task.pair.new_node.decorator_list)
    if wants and not slotted:
        assert entry is not None
        raise entry.task.refused(f"gets slots, and the memory of its instances is laid out when the class is made: {RESTART}")
    added = [name for name, field in made.fields.items() if name not in before and field._field_type is _FIELD]  # noqa: SLF001
    if added and not has_dict(cls):
        raise Refused(f"{named(cls)} gets the field {added[0]}, and it has slots, which are laid out when the class is made: {RESTART}.")
    if slotted and entry is not None and "decorators" in entry.task.pair.header and not wants and "__slots__" not in spec.defined:
        raise entry.task.refused(f"loses its slots, and the memory of its instances is laid out when the class is made: {RESTART}")


def _asks_slots(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and any(
        word.arg == "slots" and isinstance(word.value, ast.Constant) and word.value.value is True for word in node.keywords
    )


def _assignments(spec: Spec, made: Made, entry: Optional[Entry]) -> dict[str, Any]:
    """Return what is to be bound in the class, MISSING for what is to go; only what differs from what it has."""
    live, old = _type_vars(spec.cls), own_annotations(spec.cls)
    found = {name: value for name, value in made.names.items() if name not in live or not _same_value(name, live[name], value)}
    own = {change.names[0] for change in entry.task.changes if change.what == "function"} if entry is not None else set()
    for name in GENERATED:
        if name in live and name not in made.names and name not in spec.defined and (name in own or is_generated(name, live[name])):
            found[name] = MISSING
    slotted = "__slots__" in live and not has_dict(spec.cls)
    for name in spec.annotations:
        if name in made.defaults and not (slotted and name in made.fields):
            if name in spec.changed and (name not in live or not plainly_equal(live[name], made.defaults[name])):
                found[name] = made.defaults[name]
        elif name in spec.changed and name in live and not slotted and name not in spec.defined:
            found[name] = MISSING
    gone = [name for name in old if name not in spec.annotations]
    found.update({name: MISSING for name in gone if name in live and name not in spec.defined})
    if slotted and gone and type(live["__slots__"]) is tuple:
        found["__slots__"] = tuple(name for name in live["__slots__"] if name not in gone)
    if list(old) != list(spec.annotations) or not all(same_annotation(old[name], value) for name, value in spec.annotations.items()):
        found["__annotations__"] = dict(spec.annotations)
    return found


__all__ = ["claim", "is_dataclass"]
