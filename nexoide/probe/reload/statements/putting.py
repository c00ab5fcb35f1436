"""Plans statements that only put things into containers: the difference between what the old text put in and what the new one does."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ...guard import attempt
from ...values import _type_vars
from ..commit import Operations
from ..constants.evaluate import lookup_in
from ..text.compare import DEFS
from . import ran
from .branches import FORKS
from .settling import settle
from .shadow import Shadow, Target, Unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Optional

    from ..plan import ModulePlan
    from ..text.compare import Change
    from ..text.source import Source


class Names(Mapping):  # type: ignore[type-arg]
    """What names mean in a module or class body beyond the module's live variables: what is planned, and a class's own."""

    def __init__(self, plan: ModulePlan, cls: Any) -> None:
        self._found = {name: after for (module, name), (_, after) in plan.shared.bindings.items() if module == plan.name}
        if cls is not None:
            self._found.update(_type_vars(cls))

    def __getitem__(self, name: str) -> Any:
        return self._found[name]

    def __iter__(self) -> Any:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def plan(plan: ModulePlan, change: Change, cls: Any) -> bool:
    """Plan a statement that only puts things into containers; tells whether it is one."""
    try:
        old = Shadow(change.old.node, lookup_in(plan.variables, _own(cls))) if change.old is not None else None
        new = Shadow(change.new.node, lookup_in(plan.variables, Names(plan, cls))) if change.new is not None else None
        if new is not None and any(id(function) in plan.shared.material for function in new.functions.values()):
            return False  # the value comes from a function that changes as well
    except Unfit:
        return False
    if old is not None and attempt(old.run, plan.variables, _own(cls), plan.old.filename, plan.old.flags)[1] is not None:
        return False
    if new is not None and attempt(new.run, plan.variables, dict(Names(plan, cls)), plan.new.filename, plan.new.flags)[1] is not None:
        return False
    if change.old is None and ran.has_run(plan, change.new):
        return True
    if change.old is None and ran.waits(plan):
        return False  # what stands above it runs late, and this comes after it
    operations = Operations()
    try:
        planned = _settled(plan, change, cls, old, new, operations)
    except Unfit:
        return False
    plan.shared.operations.extend(operations)
    ran.mark(plan, change, plan.shared.operations)
    action = {"changed": "replaced"}.get(change.how, change.how)
    plan.tell(change, action if planned else "unchanged", "" if planned else "The running program has this already.")
    return True


def _settled(plan: ModulePlan, change: Change, cls: Any, old: Optional[Shadow], new: Optional[Shadow], operations: Operations) -> bool:
    planned = False
    befores = old.targets if old is not None else {}
    afters = new.targets if new is not None else {}
    for key in {**befores, **afters}:
        target = afters.get(key) or befores[key]
        before = befores[key].shadow if key in befores else type(target.shadow)()
        after = afters[key].shadow if key in afters else type(target.shadow)()
        if target.kind in ("dict", "attrs"):
            for name in before:
                if name not in after and _elsewhere(plan, change, cls, key, target, name):
                    raise Unfit  # another statement puts something there as well: what it was is not known
        if target.kind == "list" and not ran.waits(plan):
            whole = _whole_list(plan, cls, key, target, operations)
            if whole is not None:
                planned = planned or whole
                continue
        planned = settle(target, before, after, operations, change.line, plan.name) or planned
    return planned


def _whole_list(plan: ModulePlan, cls: Any, key: str, target: Target, operations: Operations) -> Optional[bool]:
    """Bring a list to what all statements of the new text together put in, in their order; None where that run is not found in it."""
    done: set[str] = plan.__dict__.setdefault("lists_planned", set())
    if cls is not None:
        return None
    if key in done:
        return True
    before = _all_of(plan, plan.old, {}, key)
    if not before:
        return None
    try:
        planned = settle(target, before, _all_of(plan, plan.new, dict(Names(plan, cls)), key), operations, 0, plan.name)
    except Unfit:
        return None
    done.add(key)
    return planned


def _all_of(plan: ModulePlan, text: Source, names: dict[str, Any], key: str) -> list[Any]:
    found: list[Any] = []
    for node in _beside(text.tree.body):
        try:
            part = Shadow(node, lookup_in(plan.variables, names))
        except Unfit:
            continue
        if key in part.targets and attempt(part.run, plan.variables, names, text.filename, text.flags)[1] is None:
            found += part.targets[key].shadow
    return found


def _elsewhere(plan: ModulePlan, change: Change, cls: Any, key: str, target: Target, entry: Any) -> bool:
    """Tell whether another statement of the new text gives a container the same entry."""
    for node in _beside(plan.new.tree.body if cls is None else _class_body(plan, change)):
        if change.new is not None and node is change.new.node:
            continue
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict) and target.kind == "dict":
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(ast.unparse(item) == target.text for item in targets):
                if any(not isinstance(item, ast.Constant) or item.value == entry for item in node.value.keys):
                    return True
                continue
        if target.text.rpartition(".")[2] not in ast.unparse(node):
            continue
        try:
            other = Shadow(node, lookup_in(plan.variables, Names(plan, cls)))
        except Unfit:
            continue
        if attempt(other.run, plan.variables, dict(Names(plan, cls)), plan.new.filename, plan.new.flags)[1] is not None:
            continue
        if key in other.targets and entry in other.targets[key].shadow:
            return True
    return False


def _class_body(plan: ModulePlan, change: Change) -> list[ast.stmt]:
    return next((pair.new_node.body for pair in plan.comparison.classes if pair.path == change.owner), [])


def _beside(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body and of the blocks in it, without definitions."""
    for node in body:
        if isinstance(node, (*DEFS, ast.ClassDef)):
            continue
        if isinstance(node, FORKS):
            for field in ("body", "orelse", "finalbody"):
                yield from _beside(getattr(node, field, None) or [])
        else:
            yield node


def _own(cls: Any) -> dict[str, Any]:
    return dict(_type_vars(cls)) if cls is not None else {}
