"""Enums: members added, aliases, values of plain members changed in place; the members that there are stay the objects that they are."""

from __future__ import annotations

import ast
import enum
import types
from types import FunctionType, MethodType

from ...values import _mro, _type_vars, instance_vars, type_name
from ..commit import MISSING
from .common import RESTART, Task, adopt, below, body, evaluate, refused, resolve, tell
from .same import plainly_equal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ..plan import ModulePlan
    from ..text.compare import Change, ClassPair

_META: Any = type(enum.Enum)
_CREATION = ("__new__",)
_PRIVATE = ("_name_", "_value_", "__objclass__", "_sort_order_", "_inverted_")
_FLAG_NUMBERS = ("_flag_mask_", "_singles_mask_", "_all_bits_")


def is_enum(cls: Any) -> bool:
    """Tell whether a class is an enum, whatever its metaclass says."""
    return issubclass(type(cls), _META)


def claim(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change]) -> Optional[Task]:
    """Return the changes that are about the members of an enum, None where there are none; raises Refused for a member that goes."""
    old, new = _targets(pair.old_node), _targets(pair.new_node)
    mine = [change for change in changes if change.what == "assign" and _is_member_change(cls, change)]
    creation = [change for change in changes if change.what == "function" and change.names[0] in (*_CREATION, "_generate_next_value_")]
    moved = [name for name in old if name in new] != [name for name in new if name in old]
    if not (mine or creation or moved or pair.header & {"decorators", "keywords"}):
        return None
    if type(cls) is not _META:
        raise refused(plan, pair, f"is made by the metaclass {type_name(type(cls))}, which may make more of its members than is known here: {RESTART}")
    members: dict[str, Any] = _type_vars(cls)["_member_map_"]
    for name in old:
        if name not in new and name in members and members[name]._name_ == name:
            raise refused(plan, pair, f"is a member that the new text no longer has, and the program may hold it: {RESTART}", name)
    return Task(plan, pair, cls, [*mine, *(change for change in creation if change.names[0] in _CREATION)], _carry)


def _is_member_change(cls: Any, change: Change) -> bool:
    statement = change.new or change.old
    if statement is None or not isinstance(statement.node, ast.Assign):
        return False
    live = _type_vars(cls)
    return any(name in live["_member_map_"] or name not in live for name in change.names) or any(name in ("_order_", "_ignore_") for name in change.names)


def _carry(task: Task) -> None:
    plan, pair = task.plan, task.pair
    shadow = _shadow(plan, pair, task.cls)
    for decorator in reversed(evaluate(plan, pair, pair.new_node.decorator_list)):
        _check(plan, pair, decorator, shadow)
    merge = _Merge(task, shadow)
    members = [change for change in task.changes if change.what == "assign"]
    merge.run(members)
    for change in task.changes:
        if change.what == "function":
            merge.creation()
            tell(plan, change)
        elif merge.moves:
            tell(plan, change, "the member is the same object, with the new value" if any(name in merge.values for name in change.names) else "")
    if not task.changes and merge.moves:
        task.tell("its members changed")


def _targets(node: ast.ClassDef) -> list[str]:
    return [target.id for item in node.body if isinstance(item, ast.Assign) for target in item.targets if isinstance(target, ast.Name)]


def _check(plan: ModulePlan, pair: ClassPair, decorator: Any, shadow: Any) -> None:
    if decorator is not enum.unique and type_name(type(decorator)) != "verify":
        raise refused(plan, pair, f"has a decorator that is not known here, and what it made of the members cannot be made again live: {RESTART}")
    try:
        decorator(shadow)
    except ValueError as error:
        raise refused(plan, pair, f"breaks its own rule ({error}): correct it") from error


def _shadow(plan: ModulePlan, pair: ClassPair, cls: Any) -> Any:
    """Make the enum of the new text aside, by its own metaclass."""
    for base in _mro(cls)[1:]:
        if "__init_subclass__" in _type_vars(base) and base is not object and type.__dict__["__module__"].__get__(base) != "enum":
            raise refused(plan, pair, f"has a base with __init_subclass__, which runs only when the class is made: {RESTART}")
    nodes: list[ast.stmt] = []
    for item in pair.new_node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if all(_harmless(plan, decorator) for decorator in item.decorator_list):
                nodes.append(item)
        elif isinstance(item, (ast.Assign, ast.AnnAssign, ast.Expr, ast.Pass)):
            nodes.append(item)
        else:
            raise refused(plan, pair, f"has a {type(item).__name__.lower()} statement in its body, which may make members: {RESTART}", line=item.lineno)
    bases = type.__dict__["__bases__"].__get__(cls)
    name = type.__dict__["__name__"].__get__(cls)
    words = {str(word.arg): value for word, value in zip(pair.new_node.keywords, evaluate(plan, pair, [word.value for word in pair.new_node.keywords]))}  # noqa: B905
    words.pop("metaclass", None)
    try:
        namespace = _META.__prepare__(name, bases)
        namespace["__module__"], namespace["__qualname__"] = type.__dict__["__module__"].__get__(cls), type_name(cls)
        body(plan, cls, nodes, namespace)
        shadow = _META(name, bases, namespace, **words)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        cause = error.__cause__ or error
        raise refused(plan, pair, f"cannot be made with its new members ({cause}): correct it, or {RESTART}") from error
    if _type_vars(cls)["_member_map_"] == {} and below(cls):
        raise refused(plan, pair, f"has subclasses, and an enum with members cannot have any: {RESTART}")
    return shadow


def _harmless(plan: ModulePlan, node: ast.expr) -> bool:
    value = resolve(plan, node)
    return value in (property, staticmethod, classmethod, types.DynamicClassAttribute) if issubclass(type(value), type) else False


class _Merge:
    """Brings the members of a shadow into the live enum."""

    def __init__(self, task: Task, shadow: Any) -> None:
        self._task, self._cls, self._shadow = task, task.cls, shadow
        self._operations = task.operations
        self._live, self._made = _type_vars(task.cls), _type_vars(shadow)
        self._map: dict[str, Any] = self._live["_member_map_"]
        self._flag = enum.Flag in _mro(task.cls)
        self._adopted: dict[int, Any] = {}
        self._numbers: dict[Any, Any] = {}  # which member a value will lead to
        self.values: set[str] = set()
        self.moves = False

    def run(self, mine: list[Change]) -> None:
        """Plan it; raises Refused where a member would be lost or could not take its new value."""
        new: dict[str, Any] = self._made["_member_map_"]
        for name, member in self._map.items():
            if name not in new and member._name_ == name:
                raise self._refused("is a member that the new text no longer has, and the program may hold it", name)
            if name in new and member._name_ == name and new[name]._name_ != name:
                raise self._refused(f"becomes another name of {new[name]._name_}, and the program may hold the member", name)
        changed = {name for change in mine if change.how == "changed" for name in change.names}
        for name, member in new.items():
            if name in self._map and self._map[name]._name_ == name and member._name_ == name:
                self._value(name, self._map[name], member, changed)
        members = {name: self._resolved(member) for name, member in new.items()}
        self._register(members)
        for value, member in self._numbers.items():
            self._operations.item(self._live["_value2member_map_"], value, member)

    def _refused(self, why: str, name: str) -> Exception:
        return self._task.refused(f"{why}: {RESTART}", name)

    def _resolved(self, member: Any) -> Any:
        live = self._map.get(member._name_)
        if live is not None and live._name_ == member._name_:
            return live
        if id(member) not in self._adopted:
            known = self._live["_value2member_map_"]
            if _hashable(member._value_) and member._value_ in known and known[member._value_]._name_ not in self._map and self._flag:
                raise self._refused("has a value that the program has made as a combination already", member._name_)
            try:
                object.__setattr__(member, "__class__", self._cls)
            except TypeError as error:
                raise self._refused(f"cannot be added ({error})", member._name_) from error
            instance_vars(member)["__objclass__"] = self._cls
            self._adopted[id(member)] = member
        return member

    def _value(self, name: str, live: Any, member: Any, changed: set[str]) -> None:
        """Give a live member the value that the new text gives it."""
        if plainly_equal(live._value_, member._value_) or (name not in changed and type(live._value_) not in (int, str)):
            if name in changed:
                self._attributes(live, member)
            return
        if self._flag or self._live["_member_type_"] is not object:
            kind = "of a Flag is part of its combinations" if self._flag else f"of a member that is a {type_name(self._live['_member_type_'])} cannot change"
            raise self._refused(f"gets another value, and the value {kind}", name)
        self._attributes(live, member)
        self._operations.item(instance_vars(live), "_value_", member._value_)
        if _hashable(live._value_) and self._live["_value2member_map_"].get(live._value_) is live:
            self._numbers.setdefault(live._value_, MISSING)
        if _hashable(member._value_):
            self._numbers[member._value_] = live
        self.values.add(name)
        self.moves = True

    def _attributes(self, live: Any, member: Any) -> None:
        has, gets = instance_vars(live), instance_vars(member)
        for key, value in gets.items():
            if key not in _PRIVATE and (key not in has or not plainly_equal(has[key], value)):
                self._operations.item(has, key, value)
                self.moves = True

    def _register(self, members: dict[str, Any]) -> None:
        operations, cls = self._operations, self._cls
        names = list(self._made["_member_names_"])
        if names != self._live["_member_names_"]:
            operations.bind(cls, "_member_names_", names)
            self.moves = True
        if list(members)[: len(self._map)] == list(self._map):
            for name, member in members.items():
                if self._map.get(name) is not member:
                    operations.item(self._map, name, member)
        elif list(members) != list(self._map):
            operations.bind(cls, "_member_map_", members)
        for name, member in members.items():
            self._attribute(name, member)
            if id(member) in self._adopted:
                self._number(member)
            elif "_sort_order_" in instance_vars(member) and member._name_ == name and name in names:
                if instance_vars(member)["_sort_order_"] != names.index(name):
                    operations.item(instance_vars(member), "_sort_order_", names.index(name))
            if self._adopted and instance_vars(member).get("_inverted_") is not None:
                operations.item(instance_vars(member), "_inverted_", None)
        for name in self._map:
            if name not in members:
                operations.unbind(cls, name)
        self._flags()

    def _flags(self) -> None:
        """Take over what a flag keeps about all of its members."""
        operations, cls = self._operations, self._cls
        for name in _FLAG_NUMBERS:
            if name in self._live and name in self._made and self._live[name] != self._made[name]:
                operations.bind(cls, name, self._made[name])
        if "_boundary_" in self._live and self._live["_boundary_"] is not self._made.get("_boundary_"):
            operations.bind(cls, "_boundary_", self._made["_boundary_"])
        if "_iter_member_" in self._made and "_iter_member_" not in self._live:
            method = self._made["_iter_member_"]
            operations.bind(cls, "_iter_member_", MethodType(method.__func__, cls) if type(method) is MethodType else method)

    def _attribute(self, name: str, member: Any) -> None:
        """Bind the class attribute of a member, as its metaclass would: the member, or what redirects to it."""
        made = self._made.get(name)
        live = self._live.get(name)
        if made is None or live is member or self._map.get(name) is member:
            return
        if type(made) is self._shadow or issubclass(type(made), self._cls):
            made = member
        elif type_name(type(made)) == "property" and hasattr(made, "member"):
            made.member = member
        self._operations.bind(self._cls, name, made)

    def _number(self, member: Any) -> None:
        """Enter the value of a new member."""
        if _hashable(member._value_):
            self._numbers[member._value_] = member
            if type(self._live.get("_hashable_values_")) is list:
                self._operations.bind(self._cls, "_hashable_values_", list(self._made["_hashable_values_"]))
        elif "_unhashable_values_" in self._live:
            self._operations.bind(self._cls, "_unhashable_values_", list(self._made["_unhashable_values_"]))
            if "_unhashable_values_map_" in self._live:
                self._operations.bind(self._cls, "_unhashable_values_map_", self._made["_unhashable_values_map_"])
        self.moves = True

    def creation(self) -> None:
        """Take over what makes a member from a value."""
        for name in ("__new_member__", "_new_member_"):
            if name in self._made and name in self._live and type(self._made[name]) in (FunctionType, staticmethod):
                adopt([self._made[name]], (self._shadow,), self._cls)
                self._operations.bind(self._cls, name, self._made[name])


def _hashable(value: Any) -> bool:
    """Tell whether a value may be the key of a dict; values of the program's own types are asked as the enum itself asks them."""
    try:
        hash(value)
    except TypeError:
        return False
    return True
