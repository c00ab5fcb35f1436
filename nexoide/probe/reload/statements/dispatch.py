"""Statements that define nothing: calls, registrations, item assignments, loops and conditional blocks at the top of a module or class.

What such a statement put into containers is worked out aside (`shadow`) and only the difference is applied; of an `if` or
`try` whose head changed, the branches that run are compared (`branches`); everything else runs once where it is new
(`ran`), and is never repeated: what cannot be undone is said, what could be done twice is refused.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping

from ...values import Kinds
from ..constants.evaluate import Failed, evaluate, lookup_in
from ..constants.purity import is_pure
from ..live import attribute
from ..text.compare import RESTART, Change, names_of
from ..text.source import Refused, Statement
from . import putting, ran
from .branches import FORKS, LOOPS, Branches, enclosing
from .putting import Names
from .settling import alike
from .shadow import Unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ..plan import ModulePlan

_NOTHING = (ast.Pass, ast.Global, ast.Nonlocal)
_UNTAKEN = "It stands in a block that this program did not run."
_IMMUTABLE = Kinds(int, float, complex, str, bytes, bool, tuple, frozenset, type(None))


def plan(plan: ModulePlan, change: Change) -> None:
    """Plan one statement that was added, removed or changed; raises Refused where that cannot be made live."""
    whole = _in_block(plan, change)
    if whole is not None:
        _one(plan, whole)


def _in_block(plan: ModulePlan, change: Change) -> Optional[Change]:
    """Return what has to be looked at for a change inside a block: the whole loop around it; None where the block did not run."""
    if not change.conditional:
        return change
    chains = [enclosing(text.tree, item.node) if item is not None else [] for text, item in ((plan.old, change.old), (plan.new, change.new))]
    loops = [next((node for node, _ in chain if isinstance(node, LOOPS)), None) for chain in chains]
    if loops[0] is not None or loops[1] is not None:
        old, new = (Statement(node, [], text.text_of(node)) if node is not None else None for text, node in zip((plan.old, plan.new), _loops(plan, loops)))  # noqa: B905
        done: set[int] = plan.__dict__.setdefault("loops_planned", set())
        mark = id(new.node if new is not None else old.node if old is not None else None)
        if mark in done:
            return None
        done.add(mark)
        return Change("statement", "changed", change.owner, (), old, new)
    cls = plan.owner(change) if change.owner else None
    new_text = change.new is not None
    truth = Branches(plan, plan.new if new_text else plan.old, Names(plan, cls), new=new_text).runs(chains[1] if new_text else chains[0])
    if truth is None:
        raise Refused(f"{_where(plan, change)} stands in a block of which it cannot be known whether it runs: {RESTART}.", line=change.line)
    if not truth:
        plan.tell(change, "unchanged", _UNTAKEN)
        return None
    return change


def _loops(plan: ModulePlan, loops: list[Any]) -> list[Any]:
    """Find the loop of the other text where the change is in one text alone: it has the same place among the like."""
    for one, other, mine, theirs in ((0, 1, plan.old, plan.new), (1, 0, plan.new, plan.old)):
        if loops[one] is not None and loops[other] is None:
            like = [node for node in ast.walk(mine.tree) if type(node) is type(loops[one])]
            others = [node for node in ast.walk(theirs.tree) if type(node) is type(loops[one])]
            position = next(number for number, node in enumerate(like) if node is loops[one])
            loops[other] = others[position] if len(like) == len(others) else None
    return loops


def _one(plan: ModulePlan, change: Change) -> None:
    nodes = [item.node for item in (change.old, change.new) if item is not None]
    if all(_is_nothing(node) for node in nodes):
        return
    if _ahead(plan, change):
        plan.tell(change, "restart", "It stands behind the line at which the module itself still runs, and takes effect when the program is next started.")
        return
    owner = plan.owner(change)
    cls = owner if change.owner else None
    if any(isinstance(node, FORKS) for node in nodes) and _forks(plan, change, cls):
        return
    if any(isinstance(node, (ast.Assert, ast.Raise)) for node in nodes) and _asserted(plan, change, cls):
        return
    if any(isinstance(node, ast.Delete) for node in nodes) and _deleted(plan, change):
        return
    if any(_names_augmented(plan, node, cls) for node in nodes) and _recomputed(plan, change, cls):
        return
    if not putting.plan(plan, change, cls):
        ran.plan(plan, change, cls)


def _is_nothing(node: ast.stmt) -> bool:
    return isinstance(node, _NOTHING) or (isinstance(node, ast.Expr) and isinstance(node.value, (ast.Constant, ast.Name)))


def _where(plan: ModulePlan, change: Change) -> str:
    return f"Line {change.line} of {plan.new.filename if change.new is not None else plan.name}"


def _ahead(plan: ModulePlan, change: Change) -> bool:
    """Tell whether the module's own code still runs, and has not come to this statement yet."""
    if change.owner:
        return False
    for top in list(sys._current_frames().values()):  # noqa: SLF001
        frame: Any = top
        while frame is not None:
            if frame.f_code.co_name == "<module>" and frame.f_globals is plan.variables:
                return _behind(plan, change, frame.f_lineno)
            frame = frame.f_back
    return False


def _behind(plan: ModulePlan, change: Change, line: int) -> bool:
    if change.old is not None and change.new is None:
        return change.old.node.lineno > line
    at = next((position for position, node in enumerate(plan.old.tree.body) if node.lineno <= line <= (node.end_lineno or node.lineno)), None)
    if at is None or change.new is None:
        return False
    text = ast.dump(plan.old.tree.body[at])
    same = [node for node in plan.new.tree.body if ast.dump(node) == text]
    return change.new.node.lineno > (same[-1].lineno if same else line)


# blocks


def _forks(plan: ModulePlan, change: Change, cls: Any) -> bool:
    """Plan an `if` or `try` by what of it runs, before and after; tells whether that could be known."""
    old = Branches(plan, plan.old, Names(plan, cls) if cls is not None else {}, new=False).leaves(change.old) if change.old is not None else []
    new = Branches(plan, plan.new, Names(plan, cls), new=True).leaves(change.new) if change.new is not None else []
    if old is None or new is None:
        return False
    changes = plan.comparison._bodies(change.owner, old, new)  # noqa: SLF001
    for inner in changes:
        if inner.what == "statement":
            _one(plan, inner)
        else:
            plan.change(inner)
    if not changes:
        plan.tell(change, "unchanged", "The program runs the same part of it as before.")
    return True


# small kinds


def _asserted(plan: ModulePlan, change: Change, cls: Any) -> bool:
    """Try a new assertion at once, where that has no side effects; one that is gone leaves nothing behind."""
    node = change.new.node if change.new is not None else None
    if node is None:
        plan.tell(change, "removed")
        return True
    if not isinstance(node, ast.Assert) or not is_pure(node.test, lookup_in(plan.variables, Names(plan, cls))):
        return False
    try:
        holds = bool(evaluate(node.test, plan.variables, Names(plan, cls), plan.new.filename))
    except Failed:
        return False
    if not holds:
        raise Refused(
            f"The assertion on line {node.lineno} of {plan.new.filename} does not hold in the running program: correct it, or {RESTART}.", line=node.lineno
        )
    plan.tell(change, "added" if change.old is None else "replaced")
    return True


def _deleted(plan: ModulePlan, change: Change) -> bool:
    """Plan `del name`: the name goes; where the `del` went, what bound the name is planned as if it was new."""
    node = (change.new or change.old or Statement(ast.Pass(), [], "")).node
    if not isinstance(node, ast.Delete) or (change.old is not None and change.new is not None):
        return False
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    if len(names) != len(node.targets):
        return False
    owner = plan.owner(change)
    if change.new is not None:
        for name in names:
            if attribute(owner, name)[0]:
                plan.remove(owner, name, change)
        return True
    for name in names:
        makers = [item for item in plan.new.statements() if name in names_of(item.node)] if not change.owner else []
        if len(makers) != 1 or isinstance(makers[0].node, ast.ClassDef):
            return False
        what = (
            "import"
            if isinstance(makers[0].node, (ast.Import, ast.ImportFrom))
            else "assign"
            if isinstance(makers[0].node, (ast.Assign, ast.AnnAssign))
            else "function"
        )
        plan.change(Change(what, "added", change.owner, names_of(makers[0].node), None, makers[0]))
    return True


def _names_augmented(plan: ModulePlan, node: ast.stmt, cls: Any) -> bool:
    """Tell whether a statement is `NAME += …` of a value that cannot change in place."""
    if not isinstance(node, ast.AugAssign) or not isinstance(node.target, ast.Name):
        return False
    there, live = attribute(plan.module if cls is None else cls, node.target.id)
    return there and type(live) in _IMMUTABLE


def _recomputed(plan: ModulePlan, change: Change, cls: Any) -> bool:
    """Give a name the value that all assignments to it now lead to, where it has the one that they led to before."""
    name = next(
        item.node.target.id
        for item in (change.new, change.old)
        if item is not None and isinstance(item.node, ast.AugAssign) and isinstance(item.node.target, ast.Name)
    )
    owner = plan.module if cls is None else cls
    if cls is not None:
        return False
    live = attribute(owner, name)[1]
    try:
        before = _led_to(plan, plan.old.tree.body, name, {}, plan.old.filename)
        after = _led_to(plan, plan.new.tree.body, name, Names(plan, None), plan.new.filename)
    except (Failed, Unfit):
        return False
    if alike(live, after):
        return True
    if not alike(live, before):
        raise Refused(f"{plan.name}.{name} was changed while the program ran, and line {change.line} would lose that: {RESTART}.", line=change.line)
    plan.bind(owner, name, after, change)
    plan.tell(change, {"changed": "replaced"}.get(change.how, change.how))
    return True


def _led_to(plan: ModulePlan, body: list[ast.stmt], name: str, names: Mapping[str, Any], filename: str) -> Any:
    """Return the value that the assignments to a name at the top of a text lead to, one after the other."""
    known = {key: value for key, value in names.items() if key != name}
    found = False
    for node in body:
        mine = isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name
        if not mine and name not in names_of(node):
            continue
        value: Optional[ast.expr] = getattr(node, "value", None)
        if (
            value is None
            or not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
            or (isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name))
        ):
            raise Unfit
        if isinstance(node, ast.AugAssign):
            value = ast.fix_missing_locations(ast.copy_location(ast.BinOp(left=ast.Name(id=name, ctx=ast.Load()), op=node.op, right=value), node))
        if not is_pure(value, lookup_in(plan.variables, known)):
            raise Unfit
        known[name] = evaluate(value, plan.variables, known, filename)
        found = True
    if not found:
        raise Unfit
    return known[name]
