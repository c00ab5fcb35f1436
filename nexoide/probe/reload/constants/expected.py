"""What an assignment of a module or class is expected to give: computed aside where that has no side effects."""

from __future__ import annotations

import ast
import dis
import opcode
from types import FunctionType

from ...values import SEQUENCES, _module_vars, _type_vars, type_name
from ..live import mangled
from .equality import same, stateless
from .evaluate import Failed, evaluate, lookup_in
from .importers import modules_named
from .lookups import Unknown, named
from .purity import Inspection
from .reads import Readers, reads_of, resolved, rewritten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any, Optional

    from ..plan import ModulePlan


def expected(plan: ModulePlan, owner: Any, node: ast.stmt) -> dict[str, Any]:
    """Return the values that an assignment gives in the module as it is, by name, as far as they can be computed without side effects."""
    value = value_of(node)
    if value is None or type(node).__name__ == "TypeAlias":
        return {}
    known = scope(owner, plan.module, {})
    if not Inspection(value, lookup_in(plan.variables, known)).pure:
        return {}
    return _parts(plan, owner, node, value, known)


def coming(plan: ModulePlan, owner: Any, path: tuple[str, ...], node: ast.stmt, pending: dict[str, Any]) -> dict[str, Any]:
    """Return the values that an assignment gives once the transaction is carried out; empty where they are not known yet."""
    value = value_of(node)
    if value is None or type(node).__name__ == "TypeAlias":
        return {}
    value, known = foreseen(plan, owner, path, value, pending)
    inspection = Inspection(value, lookup_in(plan.variables, known))
    if not inspection.pure or changed_callees(plan, inspection):
        return {}
    return _parts(plan, owner, node, value, known)


def foreseen(plan: ModulePlan, owner: Any, path: tuple[str, ...], value: ast.expr, pending: dict[str, Any]) -> tuple[ast.expr, dict[str, Any]]:
    """Return an expression and what its names will mean: what other modules will bind is put in by names of our own."""
    known = {**scope(owner, plan.module, pending), **plan.scratch.of_class.get(id(owner), {})}
    found = reads_of(value, plan.module, path, lookup_in(plan.variables, known), plan.shared.bindings)
    node, names = rewritten(value, found, {key: pair[1] for key, pair in plan.shared.bindings.items()})
    return node, {**known, **names}


def _parts(plan: ModulePlan, owner: Any, node: ast.stmt, value: ast.expr, known: dict[str, Any]) -> dict[str, Any]:
    try:
        made = evaluate(value, plan.variables, known, plan.new.filename)
    except Failed:
        return {}
    return spread(node, made, [mangled_in(owner, plan.module, name) for name in targets(node)])


def scope(owner: Any, module: Any, pending: dict[str, Any]) -> dict[str, Any]:
    """Return what names mean before a module's globals: those of a class body, private ones under their written name, and pending ones."""
    if owner is module:
        return pending
    found = dict(pending)
    prefix = f"_{type_name(owner).rpartition('.')[2].lstrip('_')}__"
    for name, value in _type_vars(owner).items():
        found[f"__{name[len(prefix) :]}" if name.startswith(prefix) else name] = value
    return found


def mangled_in(owner: Any, module: Any, name: str) -> str:
    """Return the name under which a module or class stores a name of its body."""
    return name if owner is module else mangled((type_name(owner).rpartition(".")[2],), name)


def targets(node: ast.stmt) -> list[Any]:
    """Return the names that an assignment binds."""
    return [part.id for target in _targets(node) for part in ast.walk(target) if isinstance(part, ast.Name)]


def _targets(node: ast.stmt) -> list[ast.expr]:
    return list(node.targets) if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []


def spread(node: ast.stmt, value: Any, names: list[str]) -> dict[str, Any]:
    """Return which name gets which part of a value; empty where it does not fit."""
    found: dict[str, Any] = {}
    left = list(names)
    for target in _targets(node):
        if isinstance(target, ast.Name):
            found[left.pop(0)] = value
        elif isinstance(target, (ast.Tuple, ast.List)) and all(isinstance(part, ast.Name) for part in target.elts):
            if type(value) not in SEQUENCES or len(value) != len(target.elts):
                return {}
            for item in value:
                found[left.pop(0)] = item
        else:
            return {}
    return found


def unmutated(plan: ModulePlan, node: ast.stmt, name: str, live: Any, gives: dict[str, Any]) -> bool:
    """Tell whether a live value is what the old text gave it: by computing that, else because it holds no state."""
    if name in gives:
        return same(live, gives[name], loose=True)
    return stateless(live) and not literal(node) and name not in stored_globals(plan.old.code)


def stored_globals(code: CodeType) -> set[str]:
    """Return the globals that functions of a module may bind: those under a `global` statement."""
    found: set[str] = set()
    for item in code.co_consts:
        if type(item) is type(code):
            if any(step in item.co_code[::2] for step in _STORES):
                found |= {step.argval for step in dis.get_instructions(item) if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL")}
            found |= stored_globals(item)
    return found


_STORES = tuple(opcode.opmap[name] for name in ("STORE_GLOBAL", "DELETE_GLOBAL"))


def literal(node: ast.stmt) -> bool:
    """Tell whether an assignment is of a literal."""
    value = value_of(node)
    try:
        ast.literal_eval(value)  # type: ignore[arg-type]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def dump(node: ast.stmt) -> str:
    """Return an assignment as text, its annotation left out."""
    value = value_of(node)
    return ("" if value is None else ast.dump(value)) + str([ast.dump(target) for target in _targets(node)])


def changed_callees(plan: ModulePlan, inspection: Inspection) -> bool:
    """Tell whether a pure expression calls a function that changes, or that reads a name that does."""
    shared = plan.shared
    if any(key in shared.material for key in inspection.functions):
        return True
    names = {(id(item.variables), name) for item in shared.plans for change in item.comparison.changes for name in change.names}
    names |= {(id(_module_vars(module)), name) for home, name in shared.bindings for module in [modules_named(home)] if module is not None}
    return bool(names & inspection.through) or any((id(function.__globals__), function.__name__) in names for function in inspection.functions.values())


def value_of(node: ast.stmt) -> Optional[ast.expr]:
    """Return the expression that an assignment evaluates, None for an annotation alone."""
    value: Optional[ast.expr] = getattr(node, "value", None)
    return value


def pending(plan: ModulePlan) -> dict[str, Any]:
    """Return the names that the module will bind; functions that change in place stand for themselves."""
    return {name: value for name, value in plan.scratch.names.items() if not is_preview(plan, name, value)}


def is_preview(plan: ModulePlan, name: str, value: Any) -> bool:
    """Tell whether a pending name is a function that was made to be tried out, in the place of a live one."""
    return type(value) is FunctionType and plan.variables.get(name) is not value and id(plan.variables.get(name)) in plan.shared.material


def waits(plan: ModulePlan, node: ast.stmt) -> bool:
    """Tell whether computing a value calls something that this transaction changes, or that reads what it changes: true only afterwards."""
    value = value_of(node)
    if value is None or not any(isinstance(item, ast.Call) for item in ast.walk(value)):
        return False
    keys = dict.fromkeys(key for key, pair in plan.shared.bindings.items() if pair[0] is not pair[1])
    for item in plan.shared.plans:
        changed = [change for change in item.comparison.changes if change.what in ("function", "class") and change.old is not None]
        keys.update({(item.name, name): None for change in changed for name in change.names})
    readers = Readers()
    readers.add(keys)
    lookup = lookup_in(plan.variables, plan.scratch.names)
    return readers.called_in(value, lookup) or any(isinstance(item, ast.Call) and _root(item, lookup) in keys for item in ast.walk(value))


def _root(call: ast.Call, lookup: Callable[[str], object]) -> tuple[str, str]:
    """Return the module and name of the function or class that a call begins with."""
    root: ast.expr = call.func
    while isinstance(root, (ast.Attribute, ast.Call)):
        try:
            live = resolved(root, lookup)
        except Unknown:
            root = root.value if isinstance(root, ast.Attribute) else root.func
        else:
            return named(live)
    try:
        return named(resolved(root, lookup))
    except Unknown:
        return ("", "")
