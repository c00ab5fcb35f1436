"""Functions and methods: bodies, signatures, decorators, names, and whoever holds them."""

from __future__ import annotations

import ast
from types import FunctionType

from ...values import BOUND_KINDS, _module_vars
from ..live import attribute, class_at, mangled, reached
from ..statements.effects import Snapshot
from ..text.compare import DEFS, shape
from ..text.source import Refused, same_code
from . import registered, wrappers
from .codes import forward, replace_code
from .rebound import rebound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from ..commit import Operations
    from ..plan import ModulePlan, Shared
    from ..text.compare import Change


def plan(plan: ModulePlan, change: Change) -> None:
    """Plan one function or method that was changed, added, removed, redecorated or renamed."""
    if change.chain and change.how != "changed":
        _redecorated(plan, change)
    else:
        {"changed": _changed, "added": _added, "removed": _removed, "redecorated": _redecorated, "renamed": _renamed}[change.how](plan, change)


def runs_new(plan: ModulePlan) -> bool:
    """Tell whether functions changed and all of them run their new code already; other values are then taken to be new too."""
    changes = [change for change in plan.comparison.changes if change.what == "function" and change.how == "changed" and change.new is not None]
    return bool(changes) and all(plan.living.having(change.new.own_code(), heap=False) for change in changes if change.new is not None)


def _changed(plan: ModulePlan, change: Change) -> None:
    assert change.old is not None
    assert change.new is not None
    old, new = change.old.own_code(), change.new.own_code()
    found = plan.living.anywhere(old) if change.conditional else plan.living.having(old, heap=False)
    if not found:
        found = _by_name(plan, change, old) or plan.living.anywhere(old)
    if not found:
        _nowhere(plan, change, new)
        return
    _check_bound(plan, change, found)
    if not same_code(old, new) and all(same_code(plan.shared.plain(function.__code__), new) for function in found):
        return
    plan.material[old] = plan.full(change)
    if old.co_freevars != new.co_freevars:
        _refounded(plan, change, found)
        return
    _attributes(plan, change, found, new)
    for function in found:
        replace_code(plan.shared, function, new, plan.full(change))
    plan.tell(change, "replaced")
    if not change.owner and not getattr(change.new.node, "decorator_list", None):
        plan.scratch.preview(change.names[0], new, found[0])


def _check_bound(plan: ModulePlan, change: Change, found: list[FunctionType]) -> None:
    """Refuse where the program put something else under the name of a plain function than what its file defines."""
    assert change.new is not None
    if change.conditional or not change.last or getattr(change.new.node, "decorator_list", None):
        return
    owner = class_at(plan.module, change.owner) if change.owner else plan.module
    there, raw = attribute(owner, mangled(change.owner, change.names[0])) if owner is not None else (False, None)
    if there and not any(raw is function for function in found) and type(raw) not in BOUND_KINDS:
        ids = {id(function) for function in found}
        if not any(id(function) in ids for function in reached(raw, id(plan.variables), lambda _: True)):
            raise plan.drifted(change)


def _by_name(plan: ModulePlan, change: Change, code: CodeType) -> list[FunctionType]:
    """Follow the name of a definition into whatever object its decorators made."""
    owner = class_at(plan.module, change.owner) if change.owner else plan.module
    if owner is None:
        return []
    raw = attribute(owner, mangled(change.owner, change.names[0]))[1]
    return reached(raw, id(plan.variables), lambda live: plan.shared.plain(live) == code)


def _nowhere(plan: ModulePlan, change: Change, new: CodeType) -> None:
    """Decide on a changed function of which none with the old code lives."""
    if plan.living.having(new):
        return
    owner = class_at(plan.module, change.owner) if change.owner else plan.module
    there = owner is not None and attribute(owner, mangled(change.owner, change.names[0]))[0]
    if there and change.last and not change.conditional:
        if not getattr(change.new.node if change.new else None, "decorator_list", None):
            raise plan.drifted(change)
        _redecorated(plan, change)
    else:
        plan.tell(change, "unchanged", "No function of this program runs it, so that nothing had to change.")


def _attributes(plan: ModulePlan, change: Change, functions: list[FunctionType], new: CodeType) -> None:
    """Plan the defaults and annotations, where the text of them changed, and the docstring."""
    assert change.old is not None
    assert change.new is not None
    one: Any = change.old.node
    two: Any = change.new.node
    operations = plan.shared.operations
    if change.old.head == change.new.head and not plan.comparison.reflagged:
        pass  # not even the layout of the signature is another
    elif _dump(one.args) != _dump(two.args) or _dump(one.returns) != _dump(two.returns) or _dumps(one) != _dumps(two) or plan.comparison.reflagged:
        made = plan.scratch.signature(plan.owner(change) if change.owner else None, two)
        for function in functions:
            defaults, named = _defaults(one.args, two.args, function, made)
            operations.function(function, "__defaults__", defaults)
            operations.function(function, "__kwdefaults__", named)
            for name in ("__annotate__", "__annotations__", "__type_params__"):
                if hasattr(function, name) and not (name == "__annotations__" and hasattr(function, "__annotate__")):
                    operations.function(function, name, getattr(made, name))
                    wrappers.copy(plan, change, function, name, getattr(made, name))
    if ast.get_docstring(one, clean=False) != ast.get_docstring(two, clean=False):
        for function in functions:
            text = FunctionType(new, {}, "f", None, function.__closure__).__doc__
            operations.function(function, "__doc__", text)
            wrappers.redocument(plan, change, function, text)


def _dumps(node: Any) -> list[str]:
    return [ast.dump(item) for item in getattr(node, "type_params", ())]


def _defaults(one: ast.arguments, two: ast.arguments, function: FunctionType, made: FunctionType) -> tuple[Any, Any]:
    """Return the new defaults; a parameter whose default reads as before keeps the very object, with the state in it."""
    texts, values = _texts(one), {}
    positional = [*one.posonlyargs, *one.args]
    live = function.__defaults__ or ()
    for argument, value in zip(positional[len(positional) - len(live) :], live):  # noqa: B905
        values[argument.arg] = value
    values.update(function.__kwdefaults__ or {})
    fresh = _texts(two)

    def chosen(name: str, value: Any) -> Any:
        return values[name] if name in values and texts.get(name) == fresh.get(name) else value

    names = [argument.arg for argument in [*two.posonlyargs, *two.args]]
    given = made.__defaults__ or ()
    defaults = tuple(chosen(name, value) for name, value in zip(names[len(names) - len(given) :], given))  # noqa: B905
    named = {name: chosen(name, value) for name, value in (made.__kwdefaults__ or {}).items()}
    return defaults or None, named or None


def _texts(arguments: ast.arguments) -> dict[str, str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    found = {argument.arg: shape(node) for argument, node in zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults)}  # noqa: B905
    found.update({argument.arg: shape(node) for argument, node in zip(arguments.kwonlyargs, arguments.kw_defaults) if node is not None})  # noqa: B905
    return found


def _refounded(plan: ModulePlan, change: Change, found: list[FunctionType]) -> None:
    """Make a method anew that closes over other variables than before (its first `super()`); who holds the old one gets there too."""
    assert change.new is not None
    node = change.new.node
    if getattr(node, "decorator_list", None) or not change.owner:
        _redecorated(plan, change)
        return
    owner = plan.owner(change)
    name = mangled(change.owner, change.names[0])

    def run(operations: Operations) -> None:
        for key, value in plan.scratch.execute_in(owner, node).items():
            adopt(plan, value, change)
            plan.bind(owner, key, value, change, operations)
            if key == name:
                forward(plan.shared, found, value, plan.full(change))

    plan.tell(change, "replaced")
    if not plan.shared.dry:
        run(plan.shared.operations)


def adopt(plan: ModulePlan, value: Any, change: Change) -> None:
    """Give the functions that a statement made aside the very code of the new text, so that the next change finds them."""
    assert change.new is not None
    code = change.new.own_code()
    for function in reached(value, id(plan.variables), lambda live: live.co_name == code.co_name and live.co_firstlineno == code.co_firstlineno):
        if function.__code__.co_freevars == code.co_freevars:
            function.__code__ = code
            if change.owner:
                function.__qualname__ = change.qualname


def _redecorated(plan: ModulePlan, change: Change) -> None:
    """Make a definition anew with its decorators, at the commit: a decorator may register what it is given."""
    owner = plan.owner(change)
    name = mangled(change.owner, change.names[0])
    raw = attribute(owner, name)[1]
    statements = change.chain or ([change.new] if change.new is not None else [])
    old = change.old.own_code() if change.old is not None else None
    found = plan.living.having(old) if old is not None else []
    new = change.new.own_code() if change.new is not None else None
    if new is not None and not found and not change.chain and plan.living.having(new, heap=old is not None):  # what failed before may lie on the heap
        return
    if old is not None:
        plan.material[old] = plan.full(change)
    for function in found:
        plan.shared.replaced[id(function.__code__)] = plan.full(change)

    def run(operations: Operations) -> None:
        before = Snapshot(plan.named_by(change)) if change.old is not None else None
        try:
            bound = _executed(plan, owner, statements)
        except Refused:
            if before is None:
                raise
            before.restore()
            gone = registered.removed(plan.named_by(change), registered.forms(raw, found), plan.variables)
            if not gone:
                raise
            gone.forward()  # a registry that takes nothing twice: the old one goes first
            bound = _executed(plan, owner, statements)
        if before is not None and change.old is not None:
            registered.replaced(before, registered.forms(raw, found), registered.heads_of(change.old.node), plan.variables)
        for key, value in bound.items():
            if change.new is not None:
                adopt(plan, value, change)
            if change.last or change.chain or key != name:
                plan.bind(owner, key, value, change, operations)
            if key == name:
                _forward_old(plan, change, raw, found, value)

    plan.tell(change, "added" if change.how == "added" else "replaced")
    if not plan.shared.dry:
        plan.step(change, run)


def _executed(plan: ModulePlan, owner: Any, statements: list[Any]) -> dict[str, Any]:
    bound: dict[str, Any] = {}
    for statement in statements:
        bound.update(plan.scratch.execute(statement.node) if owner is plan.module else plan.scratch.execute_in(owner, statement.node))
    return bound


def _forward_old(plan: ModulePlan, change: Change, raw: Any, found: list[FunctionType], value: Any) -> None:
    """Lead who holds the old function, or the old wrapper around it, to the new one, where it can be called in the same way."""
    before, after = _callable_of(raw), _callable_of(value)
    if type(raw) is property or type(value) is property:
        for part in ("fget", "fset", "fdel"):
            one, two = getattr(raw, part, None), getattr(value, part, None)
            if type(one) is FunctionType and type(two) is FunctionType and one is not two:
                forward(plan.shared, [one], two, plan.full(change))
        return
    if (type(raw) in BOUND_KINDS or type(value) in BOUND_KINDS) and type(raw) is not type(value):
        _forward_otherwise(plan, change, raw, found, value)
        return
    holders = [before] if type(before) is FunctionType else [item for item in found if item is not after]
    forward(plan.shared, [item for item in holders if item is not after], after, plan.full(change))


def _forward_otherwise(plan: ModulePlan, change: Change, raw: Any, found: list[FunctionType], value: Any) -> None:
    """Lead who holds a method as it was bound before to one that is called in another way, where the arguments tell how."""
    target = rebound(raw, value, plan.owner(change))
    before = _callable_of(raw)
    holders = [before] if type(before) is FunctionType else found
    if target is not None and type(_callable_of(value)) is FunctionType:
        forward(plan.shared, [item for item in holders if item is not _callable_of(value)], target, plan.full(change))
        return
    if change.old is not None:
        plan.comparison.pairs.new.pop(change.old.own_code(), None)  # no other step may give it the new code
        for function in [*holders, *found]:
            plan.shared.operations.function(function, "__code__", function.__code__)
    plan.shared.note(f"Who holds {plan.full(change)} as it was bound before keeps the old one: it is called in another way now.")


def _callable_of(raw: Any) -> Any:
    return raw.__func__ if type(raw) in BOUND_KINDS else raw


def _added(plan: ModulePlan, change: Change) -> None:
    assert change.new is not None
    owner = plan.owner(change)
    name = mangled(change.owner, change.names[0])
    there, raw = attribute(owner, name)
    code = change.new.own_code()
    if there and reached(raw, id(plan.variables), lambda live: plan.shared.plain(live) == code):
        return
    known = (*change.owner, change.names[0]) in plan.comparison.known
    if there and not known and not plan.is_kept(change) and "__missing__" not in name and not _generated(plan, owner, raw):
        raise plan.drifted(change)
    if getattr(change.new.node, "decorator_list", None):
        _redecorated(plan, change)
        return
    plan.tell(change, "added")
    if not change.last:
        return
    node = change.new.node

    def run(operations: Operations) -> None:
        bound = plan.scratch.execute(node) if owner is plan.module else plan.scratch.execute_in(owner, node)
        for key, value in bound.items():
            adopt(plan, value, change)
            plan.bind(owner, key, value, change, operations)

    plan.now_or_early(change, run)


def _generated(plan: ModulePlan, owner: Any, raw: Any) -> bool:
    """Tell whether what a class has under a name was not written there but made for it (`__hash__ = None`, a dataclass's `__eq__`)."""
    if owner is plan.module or raw is None:
        return owner is not plan.module
    return type(raw) is FunctionType and (raw.__code__.co_filename == "<string>" or raw.__globals__.get("__name__") in ("dataclasses", "functools", "reprlib"))


def _removed(plan: ModulePlan, change: Change) -> None:
    assert change.old is not None
    owner = plan.owner(change)
    name = mangled(change.owner, change.names[0])
    there, raw = attribute(owner, name)
    old = change.old.own_code()
    if not change.last or not there:
        return
    if not reached(raw, id(plan.variables), lambda live: plan.shared.plain(live) == old) and not getattr(change.old.node, "decorator_list", None):
        raise plan.drifted(change)
    plan.material[old] = plan.full(change)
    for function in plan.living.having(old, heap=False):
        plan.shared.replaced[id(function.__code__)] = plan.full(change)
    plan.remove(owner, name, change)
    if registered.heads_of(change.old.node) and not plan.shared.dry:
        _unregister(plan, change, registered.forms(raw, plan.living.having(old, heap=False)))


def _unregister(plan: ModulePlan, change: Change, forms: list[Any]) -> None:
    """Leave to the commit that a function that is gone is taken out of what its decorators put it in."""

    def run(_: Operations) -> None:
        effects = registered.removed(plan.named_by(change), forms, plan.variables)
        effects.forward()  # the commit records what its early steps do to what they name
        if not effects:
            plan.shared.note(f"{plan.full(change)} was removed; where a decorator registered it, it stays registered until the program is restarted.")

    plan.step(change, run)


def _renamed(plan: ModulePlan, change: Change) -> None:
    assert change.old is not None
    assert change.new is not None
    assert isinstance(change.old.node, DEFS)
    owner = plan.owner(change)
    before, after = change.old.node.name, change.names[0]
    there, raw = attribute(owner, mangled(change.owner, before))
    taken, _ = attribute(owner, mangled(change.owner, after))
    if taken and not there:
        return
    if type(raw) is not FunctionType or taken or plan.shared.plain(raw.__code__) != change.old.own_code():
        raise plan.drifted(change)
    plan.bind(owner, mangled(change.owner, after), raw, change)
    if (*change.owner, before) not in plan.comparison.defined:
        plan.shared.removals.append((owner, mangled(change.owner, before), plan.name, ".".join([*change.owner, before])))
    plan.material[change.old.own_code()] = plan.full(change)
    plan.shared.replaced[id(raw.__code__)] = plan.full(change)
    plan.shared.operations.function(raw, "__name__", after)
    plan.shared.operations.function(raw, "__qualname__", change.qualname)
    plan.shared.tell(
        plan.name, ".".join([*change.owner, before]), "method" if change.owner else "function", "removed", f"It is {after} now.", 0, plan.new.filename
    )
    plan.tell(change, "added", f"It was {before}; who holds it holds the new one.")


def moved(shared: Shared) -> None:
    """Lead who holds a function that moved to another module, or is imported from there now, to where it is."""
    done: set[int] = vars(shared).setdefault("_moved", set())
    for plan in shared.plans:
        for change in plan.comparison.changes:
            if change.what != "function" or change.how != "removed" or change.old is None or change.owner:
                continue
            functions = [item for item in plan.living.having(change.old.own_code(), heap=False) if id(item) not in done]
            target, full = _where_now(shared, plan, change) if functions else (None, "")
            if type(target) is FunctionType and target not in functions:
                done.update(map(id, functions))
                forward(shared, functions, target, full)


def _where_now(shared: Shared, plan: ModulePlan, change: Change) -> tuple[Any, str]:
    """Return what took the place of a function that its module no longer defines, and its name; (None, "") where nothing did."""
    name = change.names[0]
    if (name,) in plan.comparison.defined:
        return plan.scratch.names.get(name), f"{plan.name}.{name}"
    others = [(other, item) for other in shared.plans if other is not plan for item in other.comparison.changes]
    added = [(other, item) for other, item in others if item.what == "function" and item.how == "added"]
    same = [pair for pair in added if pair[1].new is not None and change.old is not None and pair[1].new.dump == change.old.dump]
    found = [(other.scratch.names.get(item.names[0]), other.full(item)) for other, item in same or added if item.names == (name,) and not item.owner]
    for module in shared.new_files.loaded():
        value = _module_vars(module).get(name)
        if type(value) is FunctionType and value.__globals__ is _module_vars(module):
            found.append((value, f"{value.__module__}.{name}"))
    return found[0] if len(found) == 1 else (None, "")


def _dump(node: Any) -> str:
    return "" if node is None else ast.dump(node)
