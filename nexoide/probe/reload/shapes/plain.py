"""What every class has: annotations, slots, methods that are bound in a way of their own, and the line on which it begins."""

from __future__ import annotations

import ast

from ...values import _type_vars
from ..commit import MISSING
from ..live import attribute, class_at, mangled
from ..text.source import first_line
from .common import RESTART, Task, annotated, annotations_in, body, own_annotations, tell
from .same import same_annotation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Optional

    from ..commit import Operations
    from ..plan import ModulePlan, Shared
    from ..text.compare import Change, ClassPair

_WRAPPED = {"__init_subclass__": classmethod, "__class_getitem__": classmethod, "__new__": staticmethod}


# annotations


def claim_annotations(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change]) -> Optional[Task]:
    """Return the changes that are about annotations alone, None where no annotation differs."""
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    if list(old) == list(new) and all(ast.dump(old[name].annotation) == ast.dump(new[name].annotation) for name in new):
        return None
    mine = []
    for change in changes:
        if change.what == "assign" and len(change.names) == 1:
            name = change.names[0]
            values = [_value(old.get(name)), _value(new.get(name))]
            bound = [statement is not None and not isinstance(statement.node, ast.AnnAssign) for statement in (change.old, change.new)]
            if values[0] == values[1] and not any(bound):
                mine.append(change)
    return Task(plan, pair, cls, mine, _carry_annotations)


def _value(node: Optional[ast.AnnAssign]) -> str:
    return "" if node is None or node.value is None else ast.dump(node.value)


def _carry_annotations(task: Task) -> None:
    old, new = annotated(task.pair.old_node), annotated(task.pair.new_node)
    live = own_annotations(task.cls)
    path = task.pair.path
    changed = [
        name for name, node in new.items() if name not in old or ast.dump(old[name].annotation) != ast.dump(node.annotation) or mangled(path, name) not in live
    ]
    bare = []
    for name in changed:
        node = ast.AnnAssign(target=new[name].target, annotation=new[name].annotation, value=None, simple=1)
        bare.append(ast.copy_location(node, new[name]))
    made = annotations_in(body(task.plan, task.cls, bare))
    names = {mangled(path, name): made[mangled(path, name)] if name in changed else live[mangled(path, name)] for name in new}
    gone = {mangled(path, name) for name in old} - set(names)
    names.update({name: value for name, value in live.items() if name not in names and name not in gone})
    if list(names) == list(live) and all(same_annotation(live[name], value) for name, value in names.items()):
        return
    task.operations.bind(task.cls, "__annotations__", names)
    for change in task.changes:
        tell(task.plan, change)


# slots


def claim_slots(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change]) -> Optional[Task]:
    """Return the changes of `__slots__`, None where there are none; raises Refused where the layout of instances would be another."""
    mine = [change for change in changes if "__slots__" in change.names]
    if not mine:
        return None
    task = Task(plan, pair, cls, mine, _carry_slots)
    change = mine[0]
    if change.old is None or change.new is None:
        what = "gets slots" if change.old is None else "loses its slots"
        raise task.refused(f"{what}, and the memory of its instances is laid out when the class is made: {RESTART}", line=change.line)
    old, new = _slots(change.old.node), _slots(change.new.node)
    if old is None or new is None or len(change.names) != 1:
        raise task.refused(
            f"has slots that are computed, and the memory of its instances is laid out when the class is made: {RESTART}", "__slots__", change.line
        )
    added = [name for name in new if name not in old and mangled(pair.path, name) not in _type_vars(cls)]
    if added:
        raise task.refused(f"is a new slot, and the memory of its instances is laid out when the class is made: {RESTART}", added[0], change.line)
    return task


def _slots(node: ast.stmt) -> Optional[tuple[str, ...]]:
    try:
        value = ast.literal_eval(getattr(node, "value", None) or ast.Constant(value=None))
    except (ValueError, TypeError, SyntaxError):
        return None
    if type(value) is str:
        return (value,)
    return tuple(value) if type(value) in (list, tuple, set, dict) and all(type(item) is str for item in value) else None


def _carry_slots(task: Task) -> None:
    change = task.changes[0]
    assert change.old is not None
    assert change.new is not None
    new = _slots(change.new.node) or ()
    defined = {name for item in task.pair.new_node.body for name in (getattr(item, "name", ""),)}
    for name in _slots(change.old.node) or ():
        if name not in new and name not in defined and name not in ("__dict__", "__weakref__"):
            task.operations.unbind(task.cls, mangled(task.pair.path, name))
    value = body(task.plan, task.cls, [change.new.node])["__slots__"]
    if _type_vars(task.cls).get("__slots__") != value:
        task.operations.bind(task.cls, "__slots__", value)
        tell(task.plan, change, "what instances hold under a removed slot stays in their memory")


# methods that type() treats in its own way


def claim_special(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change]) -> Optional[Task]:
    """Return the methods that are added and that a class statement would wrap; None where there are none."""
    mine = [change for change in changes if change.what == "function" and change.how == "added" and change.names[0] in _WRAPPED and _bare(change)]
    return Task(plan, pair, cls, mine, _carry_special) if mine else None


def _bare(change: Change) -> bool:
    return change.new is not None and not getattr(change.new.node, "decorator_list", None)


def _carry_special(task: Task) -> None:
    for change in task.changes:
        name = change.names[0]
        assert change.new is not None
        there, raw = attribute(task.cls, name)
        function = body(task.plan, task.cls, [change.new.node])[name]
        function.__qualname__ = change.qualname
        code = change.new.own_code()
        if there and getattr(getattr(raw, "__func__", None), "__code__", None) == code:
            continue
        if function.__code__.co_freevars == code.co_freevars:
            function.__code__ = code
        task.operations.bind(task.cls, name, _WRAPPED[name](function))
        tell(task.plan, change, "classes and instances that were made before are not made again")


def follow_hash(plan: ModulePlan, pair: ClassPair, cls: Any, operations: Operations) -> None:
    """Make a class unhashable that gets an `__eq__` and has no `__hash__` of its own, as a class statement does; and back."""
    old, new = _methods(pair.old_node), _methods(pair.new_node)
    live = _type_vars(cls)
    if "__hash__" in new or ("__eq__" in old) == ("__eq__" in new):
        return
    if "__eq__" in new and "__hash__" not in live:
        operations.bind(cls, "__hash__", None)
        plan.shared.tell(
            plan.name, ".".join([*pair.path, "__hash__"]), "attribute", "added", "a class with __eq__ and without __hash__ has no hash", pair.new_node.lineno
        )
    elif "__eq__" not in new and "__hash__" not in old and live.get("__hash__", MISSING) is None:
        operations.unbind(cls, "__hash__")
        plan.shared.tell(
            plan.name, ".".join([*pair.path, "__hash__"]), "attribute", "removed", "without __eq__ it has the hash of its bases again", pair.new_node.lineno
        )


def _methods(node: ast.ClassDef) -> set[str]:
    found = {item.name for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}
    return found | {target.id for item in node.body if isinstance(item, ast.Assign) for target in item.targets if isinstance(target, ast.Name)}


# lines


def follow_lines(shared: Shared, operations: Operations) -> None:
    """Let the classes of the patched modules say on which line they begin now (since Python 3.13)."""
    if "__firstlineno__" not in _type_vars(Task):
        return
    for plan in shared.plans:
        for path, node in _classes(plan.new.tree.body, ()):
            cls = class_at(plan.module, path)
            if cls is not None and _type_vars(cls).get("__firstlineno__", first_line(node)) != first_line(node):
                operations.bind(cls, "__firstlineno__", first_line(node))


def _classes(nodes: list[ast.stmt], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ast.ClassDef]]:
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            yield (*path, node.name), node
            yield from _classes(node.body, (*path, node.name))
