"""Values that a module or a plain class binds by assignment: which may be replaced live, and by what."""

from __future__ import annotations

import ast
import sys
from functools import partial

from ...values import type_name
from ..commit import MISSING
from ..live import attribute, inherits, mangled
from ..scratch import NotYet
from ..text.compare import RESTART
from ..text.source import Refused
from . import derive
from .descriptors import as_made
from .equality import same, stateless
from .evaluate import blind, lookup_in
from .expected import coming, dump, expected, foreseen, is_preview, literal, mangled_in, pending, scope, targets, unmutated, value_of, waits
from .inplace import refill
from .lookups import named_class
from .reads import OURS, reads_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

    from ..commit import Operations
    from ..plan import ModulePlan
    from ..text.compare import Change

_STATE = "It holds state of the running program, so it stays bound until the program is restarted."
_ANNOTATION = "__nexoide_annotation__"
_held: set[tuple[str, str]] = set()  # names that a reload took out of a text and that stay bound for the state they hold


def plan(plan: ModulePlan, change: Change) -> None:
    """Plan an assignment that was added, removed or changed; raises Refused where a new value would lose state."""
    owner = plan.owner(change)
    if owner is not plan.module:
        _check_class(plan, change, owner)
    names = list(dict.fromkeys(mangled(change.owner, name) for name in change.names))
    if change.new is None or (value_of(change.new.node) is None and change.old is not None and value_of(change.old.node) is not None):
        _remove(plan, change, owner, names)
    elif not change.last:
        plan.tell(change, "unchanged", "A later line of the file gives it its value.")
    elif value_of(change.new.node) is None:
        _annotate(plan, change, owner)
        plan.tell(change, "added" if change.old is None else "replaced")
    elif change.old is None or value_of(change.old.node) is None:
        _add(plan, change, owner, names)
    else:
        _change(plan, change, owner, names)


def _check_class(plan: ModulePlan, change: Change, cls: Any) -> None:
    if "__slots__" in change.names or inherits(cls, tuple):
        raise Refused(f"The field {plan.full(change)} shapes a class that was made from it: {RESTART}.")


# the three ways


def _remove(plan: ModulePlan, change: Change, owner: Any, names: list[str]) -> None:
    assert change.old is not None
    if change.new is None and not change.last:
        return  # another definition of the new text has the name
    there = [name for name in names if attribute(owner, name)[0]]
    if not there or (plan.name, change.qualname) in _held:
        return
    gives = expected(plan, owner, change.old.node)
    lives = {name: attribute(owner, name)[1] for name in there}
    node = change.old.node
    mutated = [name for name, live in lives.items() if not unmutated(plan, node, name, live, gives) and not as_made(plan, owner, node, name, live)]
    if mutated:
        key = (plan.name, change.qualname)
        plan.shared.operations.do(partial(_held.add, key), partial(_held.discard, key))
        plan.tell(change, "kept", _STATE)
        return
    plan.remove(owner, there[0], change)
    plan.shared.removals += [(owner, name, plan.name, name) for name in there[1:]]


def _add(plan: ModulePlan, change: Change, owner: Any, names: list[str]) -> None:
    assert change.new is not None
    there = [name for name in names if attribute(owner, name)[0]]
    if there:
        key = (plan.name, change.qualname)
        if key in _held:
            plan.shared.operations.do(partial(_held.discard, key), partial(_held.add, key))
            plan.tell(change, "kept", "It still holds the state of the running program.")
            return
        if _has_value(plan, change, owner, names):
            return
        known = all((*change.owner, name) in plan.comparison.known for name in change.names)
        if not known and not plan.is_kept(change):
            if plan.is_new and len(there) == len(names) and not literal(change.new.node):
                return
            raise plan.drifted(change)
    _bind(plan, change, owner, "added")


def _change(plan: ModulePlan, change: Change, owner: Any, names: list[str]) -> None:
    assert change.old is not None
    assert change.new is not None
    old, new = change.old.node, change.new.node
    _annotate(plan, change, owner)
    if dump(old) == dump(new):  # the annotation alone: an initialiser that is the same is not run again
        plan.tell(change, "replaced" if plan.shared.operations else "unchanged")
        return
    missing = [name for name in names if not attribute(owner, name)[0]]
    if missing:
        raise Refused(f"{plan.full(change)} is gone from the running program: {RESTART}.")
    gives = expected(plan, owner, old)
    if _has_value(plan, change, owner, names):
        if not all(name in gives and same(attribute(owner, name)[1], gives[name], loose=True) for name in names):
            return  # the new value is there already
    elif plan.is_new and not literal(new):
        return
    hook = _has_hook(plan, change)
    for name in names:
        live = attribute(owner, name)[1]
        if not hook and not unmutated(plan, old, name, live, gives) and not as_made(plan, owner, old, name, live):
            raise Refused(_conflict(plan, change, live, name in gives))
    _bind(plan, change, owner, "replaced")


def _conflict(plan: ModulePlan, change: Change, live: Any, known: bool) -> str:
    full, offer = plan.full(change), "restart the program for it, or write a __reload__ hook that carries it over"
    if known:
        return f"{full} was changed while the program ran, and a new value would lose that: {offer}."
    if stateless(live):
        return f"{full} is set again by the running program's own functions, and a new value would lose that: {offer}."
    return f"{full} holds a {type_name(type(live))} with the state of the running program, which a new value would lose: {offer}."


def _has_value(plan: ModulePlan, change: Change, owner: Any, names: list[str]) -> bool:
    assert change.new is not None
    _follow(plan, change.new.node)
    gives = coming(plan, owner, change.owner, change.new.node, pending(plan))
    return bool(gives) and all(name in gives and same(attribute(owner, name)[1], gives[name], loose=True) for name in names)


def _has_hook(plan: ModulePlan, change: Change) -> bool:
    defined = plan.comparison.defined
    return any((*change.owner[:depth], "__reload__") in defined for depth in range(len(change.owner) + 1))


# the new value


def _bind(plan: ModulePlan, change: Change, owner: Any, action: str) -> None:
    """Plan the new value: known aside, tried out aside, or computed after the commit where it calls what this transaction changes."""
    assert change.new is not None
    node = change.new.node
    plan.tell(change, action)
    if action == "added":
        _annotate(plan, change, owner)
    _follow(plan, node)
    gives = coming(plan, owner, change.owner, node, pending(plan))
    value = value_of(node)
    assert value is not None
    steps = _steps(plan)
    keys = dict.fromkeys((plan.name, ".".join([*change.owner, name])) for name in change.names)
    needs = {steps[key] for key in reads_of(value, plan.module, change.owner, _lookup(plan, owner), steps).values()}
    if "late" in needs or (not gives and (waits(plan, node) or blind(value, plan.variables, pending(plan)))):
        plan.step(change, _evaluating(plan, change, owner), late=True)
        steps.update(dict.fromkeys(keys, "late"))
    elif gives and not needs:
        give(plan, change, owner, gives, plan.shared.operations)
    else:
        before = len(plan.shared.early)
        if needs:
            plan.step(change, _evaluating(plan, change, owner))
        else:
            plan.now_or_early(change, _evaluating(plan, change, owner))
        if len(plan.shared.early) > before:
            steps.update(dict.fromkeys(keys, "early"))


def _steps(plan: ModulePlan) -> dict[tuple[str, str], str]:
    """Return the names of this transaction whose values are computed at the commit only: at its "early" or "late" steps."""
    found: dict[tuple[str, str], str] = vars(plan.shared).setdefault("_steps", {})
    return found


def _lookup(plan: ModulePlan, owner: Any) -> Callable[[str], object]:
    return lookup_in(plan.variables, scope(owner, plan.module, pending(plan)))


def give(plan: ModulePlan, change: Optional[Change], owner: Any, values: dict[str, Any], operations: Operations) -> None:
    """Plan bindings, and the contents of containers that others hold as well."""
    for name, value in values.items():
        there, live = attribute(owner, name)
        if there and same(live, value):
            plan.scratch.names.pop(name, None)
        elif not there or not refill(plan, owner, name, value, operations):
            if owner is not plan.module:
                home, qualname = named_class(owner)
                plan.shared.bindings[(home, f"{qualname}.{name}")] = (live if there else MISSING, value)
                plan.scratch.of_class.setdefault(id(owner), {})[name] = value
            plan.bind(owner, name, value, change, operations)


def _follow(plan: ModulePlan, node: ast.stmt) -> None:
    """Have what is computed from the bindings so far recomputed, before something is computed from that."""
    if plan.shared.bindings and not literal(node):
        derive.plan(plan.shared)


def _evaluating(plan: ModulePlan, change: Change, owner: Any) -> Callable[[Operations], None]:
    assert change.new is not None
    node = change.new.node
    planning = plan.shared.operations
    names = plan.scratch.names

    def run(operations: Operations) -> None:
        at_commit = operations is not planning
        plain, given = node, {}
        value = value_of(node)
        if value is not None and type(node).__name__ != "TypeAlias":
            if not at_commit:
                value, known = foreseen(plan, owner, change.owner, value, pending(plan))
                given = {name: item for name, item in known.items() if name.startswith(OURS)}
            plain = ast.copy_location(ast.Assign(targets=list(node.targets) if isinstance(node, ast.Assign) else [node.target], value=value), node)  # type: ignore[attr-defined]
            ast.fix_missing_locations(plain)
        for name in [name for name, item in names.items() if is_preview(plan, name, item)]:
            del names[name]  # what a value holds must be the live function, which gets the new code
        names.update(given)
        try:
            bound = plan.scratch.execute(plain) if owner is plan.module else plan.scratch.execute_in(owner, plain)
        finally:
            for name in given:
                names.pop(name, None)
        for name in (mangled_in(owner, plan.module, name) for name in targets(node)):
            if name not in bound and name in names:  # the same object as before is nothing new to the scratch
                bound[name] = names[name]
        give(plan, change, owner, bound, operations)
        if at_commit:  # what is computed from it could not be known before
            derive.plan(plan.shared, operations)

    return run


def _annotate(plan: ModulePlan, change: Change, owner: Any) -> None:
    """Plan the annotation of a name of the module; from 3.14 on they are computed when they are asked for."""
    assert change.new is not None
    node = change.new.node
    if owner is not plan.module or not isinstance(node, ast.AnnAssign) or not node.simple or sys.version_info >= (3, 14):
        return
    noted = attribute(owner, "__annotations__")[1]
    if type(noted) is not dict or not isinstance(node.target, ast.Name):
        return
    name = node.target.id
    if plan.new.flags & _annotations_flag():
        value: Any = ast.unparse(node.annotation)
    else:
        target = ast.copy_location(ast.Name(id=_ANNOTATION, ctx=ast.Store()), node)
        plain = ast.fix_missing_locations(ast.copy_location(ast.Assign(targets=[target], value=node.annotation), node))
        try:
            bound = plan.scratch.execute(plain)
        except NotYet:
            return
        plan.scratch.names.pop(_ANNOTATION, None)
        value = next(iter(bound.values()), None)
    if not same(noted.get(name, plan), value):
        plan.shared.operations.item(noted, name, value)


def _annotations_flag() -> int:
    import __future__

    return __future__.annotations.compiler_flag
