"""Typed dicts, protocols and abstract classes: what they keep about their members is made anew, for what inherits from them too."""

from __future__ import annotations

import abc
import ast
import sys
import types
from functools import partial
from types import FunctionType

from ...values import BOUND_KINDS, _mro, _type_vars, instance_vars, type_module, type_name
from .common import (
    RESTART,
    Refused,
    Task,
    annotated,
    annotations_in,
    below,
    body,
    evaluate,
    is_library,
    library,
    own_annotations,
    resolve,
    state_of,
    step,
    tell,
)
from .same import same_annotation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ..commit import Operations
    from ..plan import ModulePlan, Shared
    from ..text.compare import Change, ClassPair

_TYPED = "typed"
_ABSTRACT = "abstract"
_KEYS = ("__required_keys__", "__optional_keys__", "__readonly_keys__", "__mutable_keys__", "__total__", "__closed__", "__extra_items__")


def is_typed_dict(cls: Any) -> bool:
    """Tell whether a class was made by deriving from `TypedDict`."""
    return type(cls).__name__ == "_TypedDictMeta" and type_module(type(cls)) in ("typing", "typing_extensions")


# typed dicts


class _Entry:
    """A typed dict as it will be."""

    def __init__(self, plan: ModulePlan, task: Optional[Task], cls: Any, made: Any) -> None:
        self.plan, self.task, self.cls, self.made = plan, task, cls, made


def claim(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change]) -> Optional[Task]:
    """Return the changes that are about the keys of a typed dict, None where there are none."""
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    mine = [change for change in changes if change.what == "assign" and any(name in old or name in new for name in change.names)]
    if not mine and list(old) == list(new) and not pair.header & {"bases", "keywords"}:
        return None
    return Task(plan, pair, cls, mine, _carry)


def _carry(task: Task) -> None:
    keywords = task.pair.new_node.keywords
    words = {word.arg: value for word, value in zip(keywords, evaluate(task.plan, task.pair, [word.value for word in keywords]))}  # noqa: B905
    made = _typed_dict(task.plan, task.pair, task.cls, evaluate(task.plan, task.pair, task.pair.new_node.bases), words)
    task.state.table(_TYPED)[id(task.cls)] = _Entry(task.plan, task, task.cls, made)
    task.state.finishers[_TYPED] = _finish


def _typed_dict(plan: ModulePlan, pair: ClassPair, cls: Any, bases: list[Any], words: dict[Any, Any]) -> Any:
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    live = own_annotations(cls)
    changed = [name for name, node in new.items() if name not in old or ast.dump(old[name]) != ast.dump(node) or name not in live]
    made = annotations_in(body(plan, cls, [new[name] for name in changed]))
    annotations = {name: made[name] if name in changed else live[name] for name in new}
    return _make_dict(plan, cls, bases, words, annotations)


def _make_dict(plan: ModulePlan, cls: Any, bases: list[Any], words: dict[Any, Any], annotations: dict[str, Any]) -> Any:
    names = {"__module__": type.__dict__["__module__"].__get__(cls), "__qualname__": type_name(cls), "__annotations__": annotations}
    table: dict[int, _Entry] = state_of(plan.shared).table(_TYPED)
    bases = [table[id(base)].made if id(base) in table else base for base in bases]
    try:
        return types.new_class(type.__dict__["__name__"].__get__(cls), tuple(bases), words, lambda namespace: namespace.update(names))
    except (TypeError, ValueError) as error:
        raise Refused(f"{type_module(cls)}.{type_name(cls)} cannot be made with its new keys ({error}): correct it.") from error


def _finish(shared: Shared, operations: Operations) -> None:
    table: dict[int, _Entry] = state_of(shared).table(_TYPED)
    waiting = list(table.values())
    for entry in waiting:
        for other, node, names in _heirs(shared, entry.cls):
            known = table.get(id(other))
            words = {word.arg: word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
            own = own_annotations(other)
            annotations = {name: own[name] for name in annotated(node) if name in own}
            if known is not None and known.task is not None:
                annotations = {name: own_annotations(known.made)[name] for name in annotated(known.task.pair.new_node)}
                words = {word.arg: word.value.value for word in known.task.pair.new_node.keywords if isinstance(word.value, ast.Constant)}
            made = _make_dict(entry.plan, other, names, words, annotations)
            if known is None:
                known = table[id(other)] = _Entry(entry.plan, None, other, made)
                waiting.append(known)
            known.made = made
    for entry in table.values():
        _bind_dict(shared, operations, entry)


def _bind_dict(shared: Shared, operations: Operations, entry: _Entry) -> None:
    live, new = _type_vars(entry.cls), _type_vars(entry.made)
    one, two = own_annotations(entry.cls), own_annotations(entry.made)
    differs = list(one) != list(two) or not all(same_annotation(one[name], two[name]) for name in two)
    if differs:
        operations.bind(entry.cls, "__annotations__", two)
    for name in _KEYS:
        if name in new and (name not in live or live[name] != new[name]):
            operations.bind(entry.cls, name, new[name])
            differs = True
    if not differs:
        return
    if entry.task is None:
        shared.tell(type_module(entry.cls), type_name(entry.cls), "class", "replaced", "it has the keys that it inherits")
        return
    for change in entry.task.changes:
        tell(entry.plan, change)
    if not entry.task.changes:
        entry.task.tell("its keys changed")


def _heirs(shared: Shared, cls: Any) -> list[tuple[Any, ast.ClassDef, list[Any]]]:
    """Return the typed dicts whose class statement names `cls` as a base, with that statement and its bases.

    A typed dict forgets its bases (until Python 3.12), so the texts of the modules that hold one say it.
    """
    found = []
    for other in type.__subclasses__(dict):
        if not is_typed_dict(other) or other is cls:
            continue
        module = sys.modules.get(type_module(other))
        if module is None or vars(module).get(type_name(other)) is not other:
            continue
        node = _statement(shared, module, type_name(other))
        bases = [_looked_up(module, base) for base in node.bases] if node is not None else []
        if node is not None and any(base is cls for base in bases) and all(base is not None for base in bases):
            found.append((other, node, bases))
    return found


def _looked_up(module: Any, node: ast.expr) -> Any:
    if isinstance(node, ast.Name):
        return vars(module).get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = vars(module).get(node.value.id)
        return vars(owner).get(node.attr) if type(owner) is types.ModuleType else None
    return None


def _statement(shared: Shared, module: Any, name: str) -> Optional[ast.ClassDef]:
    planned = next((item for item in shared.plans if item.module is module), None)
    text = None if planned is not None else shared.text_of(module)
    try:
        tree = planned.new.tree if planned is not None else ast.parse(text or "")
    except (ValueError, SyntaxError, RecursionError):
        return None
    return next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name), None)


# abstract classes and protocols


def refresh(task: Task) -> None:
    """See to it that after the commit an abstract class and all that inherit from it know which methods are abstract."""
    if issubclass(type(task.cls), abc.ABCMeta):
        task.state.table(_ABSTRACT)[id(task.cls)] = task.cls
        task.state.finishers[_ABSTRACT] = _finish_abstract


def _finish_abstract(shared: Shared, operations: Operations) -> None:
    table = state_of(shared).table(_ABSTRACT)
    if len(operations) or len(shared.operations) or shared.early or shared.removals:
        shared.late.append(step(0, "An abstract class", partial(_refresh_all, table)))


def _refresh_all(table: dict[int, Any], operations: Operations) -> None:
    classes: list[Any] = []
    for cls in table.values():
        classes += [item for item in (cls, *below(cls)) if issubclass(type(item), abc.ABCMeta) and not any(item is known for known in classes)]
    pending: dict[int, frozenset[str]] = {}
    for cls in sorted(classes, key=lambda item: len(_mro(item))):
        live = _type_vars(cls)
        names = _abstract(cls, pending)
        pending[id(cls)] = names
        if live.get("__abstractmethods__") != names:
            operations.bind(cls, "__abstractmethods__", names)
        _protocol(cls, operations)
        clear = getattr(abc.ABCMeta, "_abc_caches_clear", None)
        if clear is not None:
            clear(cls)


def _abstract(cls: Any, pending: dict[int, frozenset[str]]) -> frozenset[str]:
    own = _type_vars(cls)
    found = {name for name, value in own.items() if _is_abstract(value)}
    for base in type.__dict__["__bases__"].__get__(cls):
        for name in pending.get(id(base), _type_vars(base).get("__abstractmethods__", ())):
            holder = next((_type_vars(kind)[name] for kind in _mro(cls) if name in _type_vars(kind)), None)
            if _is_abstract(holder):
                found.add(name)
    return frozenset(found)


def _is_abstract(value: Any) -> bool:
    if type(value) in BOUND_KINDS:
        return _is_abstract(value.__func__)
    if type(value) is property:
        return any(_is_abstract(part) for part in (value.fget, value.fset, value.fdel))
    if value is None or issubclass(type(value), type):
        return False
    if type(value) is FunctionType or "__isabstractmethod__" in instance_vars(value):
        return instance_vars(value).get("__isabstractmethod__") is True
    made = next((_type_vars(kind)["__isabstractmethod__"] for kind in _mro(type(value)) if "__isabstractmethod__" in _type_vars(kind)), None)
    return bool(made) and getattr(value, "__isabstractmethod__", False) is True


def _protocol(cls: Any, operations: Operations) -> None:
    """Make anew what a protocol keeps about its members (since Python 3.12)."""
    live = _type_vars(cls)
    if not live.get("_is_protocol"):
        return
    collect = library("typing", "_get_protocol_attrs")
    if "__protocol_attrs__" not in live or collect is None:
        return
    names = set(collect(cls))
    if names != live["__protocol_attrs__"]:
        operations.bind(cls, "__protocol_attrs__", names)
    if "__non_callable_proto_members__" in live:
        data = {name for name in names if not callable(next((_type_vars(kind)[name] for kind in _mro(cls) if name in _type_vars(kind)), None))}
        if data != live["__non_callable_proto_members__"]:
            operations.bind(cls, "__non_callable_proto_members__", data)
    elif "__callable_proto_members_only__" in live:
        only = all(callable(next((_type_vars(kind)[name] for kind in _mro(cls) if name in _type_vars(kind)), None)) for name in names)
        if only is not live["__callable_proto_members_only__"]:
            operations.bind(cls, "__callable_proto_members_only__", only)


def forget_answers(task: Task) -> None:
    """Have abstract classes and protocols asked anew, after the commit, whether a class whose methods or bases changed fits them."""
    task.state.finishers["answers"] = lambda shared, _: shared.after.append(_forget_all)


def complete(shared: Shared) -> None:
    """Have what was answered about classes whose attributes a revert puts back asked anew."""
    keys = [entry.key for entry in shared.operations.entries if entry.key is not None and entry.key[0] == "bind" and _of_class(entry)]
    if keys or any(issubclass(type(owner), type) for owner, _, _, _ in shared.removals):
        shared.after.append(_forget_all)


def _of_class(entry: Any) -> bool:
    return entry.now is not None and issubclass(type(entry.now.args[0]), type)


def _forget_all() -> None:
    """Clear what abstract classes remember about which classes fit them, by their bases or by their methods."""
    seen: set[int] = set()
    waiting: list[Any] = [object]
    while waiting:
        for cls in type.__subclasses__(waiting.pop()):
            if id(cls) not in seen:
                seen.add(id(cls))
                waiting.append(cls)
                if issubclass(type(cls), abc.ABCMeta):
                    abc.ABCMeta._abc_caches_clear(cls)  # type: ignore[attr-defined] # noqa: SLF001


def runtime_checkable(task: Task) -> None:
    """Follow `@runtime_checkable` where it was added to a protocol or taken away."""
    wanted = any(_is_runtime(task.plan, node) for node in task.pair.new_node.decorator_list)
    if not wanted and not any(_is_runtime(task.plan, node) for node in task.pair.old_node.decorator_list):
        return
    live = _type_vars(task.cls)
    if not live.get("_is_protocol"):
        raise task.refused(f"is not a protocol, and runtime_checkable takes nothing else: correct it, or {RESTART}")
    if wanted is bool(live.get("_is_runtime_protocol")):
        return
    task.operations.bind(task.cls, "_is_runtime_protocol", wanted)
    if wanted and sys.version_info >= (3, 13) and "__non_callable_proto_members__" not in live:
        task.operations.bind(task.cls, "__non_callable_proto_members__", set())
    task.tell("its decorators changed")
    refresh(task)


def _is_runtime(plan: ModulePlan, node: ast.expr) -> bool:
    return is_library(resolve(plan, node), (("typing", "runtime_checkable"), ("typing_extensions", "runtime_checkable")))


__all__ = ["claim", "is_typed_dict", "refresh", "runtime_checkable"]
