"""Statements of modules that can only be run: once where they are new, with their effects kept for the way back; never again."""

from __future__ import annotations

import ast
import copy
import os
import sys
from functools import partial

from ...values import Kinds
from .. import deadline
from ..live import attribute
from ..text.compare import RESTART
from ..text.source import Refused
from .effects import Effects, Snapshot, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ..commit import Operations
    from ..plan import ModulePlan
    from ..text.compare import Change
    from ..text.source import Statement

    Key = tuple[str, tuple[str, ...], str]

RUN_S = 10.0
MAX_KEPT = 4096
_VALUES = Kinds(int, float, complex, str, bytes, bool, type(None), tuple, frozenset, range)
_ENDLESS = ("serve_forever", "run_forever", "run_app", "mainloop", "run_until_complete", "start_server", "serve", "listen_forever", "exec_", "infinite_loop")
_ENDING = (
    "os._exit",
    "os.abort",
    "os.kill",
    "os.fork",
    "os.forkpty",
    "os.execv",
    "os.execve",
    "os.execvp",
    "os.execl",
    "sys.exit",
    "exit",
    "quit",
    "input",
    "breakpoint",
)
_SPEAKING = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log", "write", "flush")
_AGAIN = frozenset(
    "setLevel setrecursionlimit setswitchinterval seed setdefaulttimeout simplefilter setlocale dictConfig captureWarnings setattr signal "
    "set_event_loop_policy set_int_max_str_digits enable disable load_dotenv from_object from_mapping set_threshold setprofile addLevelName tzset".split()
)
_ran: dict[Key, Optional[Effects]] = {}


def plan(plan: ModulePlan, change: Change, cls: Any) -> None:
    """Plan a statement of which nothing is known but its text."""
    if change.new is None:
        _removed(plan, change)
    elif change.old is None:
        if not has_run(plan, change.new):
            _run(plan, change, cls, change.new.node)
    else:
        _changed(plan, change, cls)


def has_run(plan: ModulePlan, statement: Optional[Statement]) -> bool:
    """Tell whether the engine has run a statement already, and nothing took that back."""
    return statement is not None and (plan.name, (), statement.dump) in _ran


def waits(plan: ModulePlan) -> bool:
    """Tell whether a statement of the module is to run late already."""
    return bool(plan.__dict__.get("runs_late"))


def mark(plan: ModulePlan, change: Change, operations: Operations) -> None:
    """Remember, from the commit on, that what a statement does is done, and that what it replaces is not."""
    if change.new is not None:
        _follow(operations, (plan.name, (), change.new.dump), None)
    if change.old is not None and has_run(plan, change.old):
        gone = (plan.name, (), change.old.dump)
        operations.do(partial(_ran.pop, gone, None), partial(_ran.__setitem__, gone, _ran[gone]))


def _follow(operations: Operations, key: Key, effects: Optional[Effects]) -> None:
    if len(_ran) > MAX_KEPT:
        del _ran[next(iter(_ran))]
    operations.do(partial(_ran.__setitem__, key, effects), partial(_ran.pop, key, None))


def _removed(plan: ModulePlan, change: Change) -> None:
    assert change.old is not None
    key = (plan.name, (), change.old.dump)
    effects = _ran.get(key)
    if effects is not None:
        _take_back(plan.shared.operations, key, effects)
        plan.tell(change, "removed")
    elif _speaks(change.old.node):
        plan.tell(change, "removed")
    else:
        line = change.old.node.lineno
        plan.tell(change, "restart", f"What line {line} of {plan.name} did when the module was imported stays until the program is restarted.")


def _take_back(operations: Operations, key: Key, effects: Effects) -> None:
    operations.do(partial(_ran.pop, key, None), partial(_ran.__setitem__, key, effects))
    operations.do(effects.revert, effects.forward)


def _changed(plan: ModulePlan, change: Change, cls: Any) -> None:
    assert change.old is not None
    assert change.new is not None
    old, new = change.old.node, change.new.node
    key = (plan.name, (), change.old.dump)
    effects = _ran.get(key)
    if effects is not None:
        _take_back(plan.shared.operations, key, effects)
        _run(plan, change, cls, new)
    elif _speaks(old) and _speaks(new):
        plan.tell(change, "kept", "It says something when the module is imported, and says the new text when the program is next started.")
    elif _is_call(new, "basicConfig") and _is_call(old, "basicConfig"):
        _run(plan, change, cls, _forced(new))
    elif _repeatable(plan, old, new):
        _run(plan, change, cls, new)
    else:
        where = f"Line {new.lineno} of {plan.new.filename}"
        raise Refused(f"{where} does something else than before when it is imported, and what was done then cannot be undone: {RESTART}.", line=new.lineno)


def _run(plan: ModulePlan, change: Change, cls: Any, node: ast.stmt) -> None:
    """Leave a statement to the commit: it runs once, when all of the new code is in place."""
    _check_ends(plan, node)
    plan.tell(change, "runs", "" if not _starts(node) else "What it starts is not stopped by a revert.")
    if plan.shared.dry:
        return
    plan.__dict__["runs_late"] = True

    def run(operations: Operations) -> None:
        code = compile(ast.Module(body=[node], type_ignores=[]), plan.new.filename, "exec", flags=plan.new.flags, dont_inherit=True)
        held = sys.modules.get(plan.name)
        before = Snapshot(named(code, plan.variables), shallow=[plan.variables])
        try:
            with deadline.within(RUN_S):
                bound = _execute(plan, code, node, cls)
        except BaseException as error:  # whatever the program's own code raises, SystemExit included, undoes the transaction
            before.restore()
            if type(error) is KeyboardInterrupt:
                raise
            words = f" ({error.args[0][:200]})" if error.args and type(error.args[0]) is str else ""
            where = f"Line {node.lineno} of {plan.new.filename}"
            raise Refused(
                f"{where} raised {type(error).__name__}{words} when it ran, and all is as it was: correct it, or {RESTART}.", line=node.lineno
            ) from error
        effects = before.changes()
        if change.old is not None and effects.doubled():
            effects.revert()
            raise Refused(f"Line {node.lineno} of {plan.new.filename} would register something a second time: {RESTART}.", line=node.lineno)
        if plan.name != "__main__" and held is not None and sys.modules.get(plan.name) is not held:
            sys.modules[plan.name] = held
            effects.revert()
            raise Refused(f"Line {node.lineno} of {plan.new.filename} takes the module itself out of the program: {RESTART}.", line=node.lineno)
        _told(plan, node, effects)
        operations.do(effects.forward, effects.revert)
        for name, value in bound.items():
            plan.bind(cls, name, value, change, operations)
        if change.new is not None:
            _follow(operations, (plan.name, (), change.new.dump), effects)

    plan.step(change, run, late=True)


def _execute(plan: ModulePlan, code: Any, node: ast.stmt, cls: Any) -> dict[str, Any]:
    if cls is not None:
        return plan.scratch.execute_in(cls, node)
    exec(code, plan.variables)  # as at import, in the live module: what it binds is among the effects
    return {}


def _told(plan: ModulePlan, node: ast.stmt, effects: Effects) -> None:
    where = f"Line {node.lineno} of {plan.name}"
    if effects.threads > 0:
        plan.shared.note(f"{where} started {effects.threads} {'thread' if effects.threads == 1 else 'threads'}, which a revert does not stop.")
    if not os.path.exists(plan.new.filename):
        plan.shared.note(f"{where} ran, and {plan.new.filename} is gone from the disk.")
    if not effects.complete:
        plan.shared.note(f"{where} reaches more than can be watched, so a revert may leave some of what it did.")


def _check_ends(plan: ModulePlan, node: ast.stmt) -> None:
    """Refuse what would end, fork or block the program if it ran in a reload."""
    for part in ast.walk(node):
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if not isinstance(part, ast.Call):
            continue
        text = ast.unparse(part.func)
        last = text.rpartition(".")[2]
        if text in _ENDING or last in _ENDLESS or (last == "run" and not text.startswith("subprocess.")):
            raise Refused(f"Line {node.lineno} of {plan.new.filename} calls {text[:60]}, which must not run inside a reload: {RESTART}.", line=node.lineno)


def _starts(node: ast.stmt) -> bool:
    return any(
        isinstance(part, ast.Call) and ast.unparse(part.func).rpartition(".")[2] in ("start", "submit", "Popen", "start_new_thread") for part in ast.walk(node)
    )


def _call(node: ast.stmt) -> Optional[ast.Call]:
    return node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None


def _is_call(node: ast.stmt, name: str) -> bool:
    call = _call(node)
    return call is not None and ast.unparse(call.func).rpartition(".")[2] == name


def _speaks(node: ast.stmt) -> bool:
    """Tell whether a statement only prints or logs."""
    call = _call(node)
    if call is None:
        return False
    return (isinstance(call.func, ast.Name) and call.func.id == "print") or (isinstance(call.func, ast.Attribute) and call.func.attr in _SPEAKING)


def _repeatable(plan: ModulePlan, old: ast.stmt, new: ast.stmt) -> bool:
    """Tell whether doing the new statement leaves nothing of the old one, because both set the same thing."""
    one, two = _call(old), _call(new)
    if one is not None and two is not None:
        name = ast.unparse(two.func).rpartition(".")[2]
        same = ast.dump(one.func) == ast.dump(two.func)
        first = {"setattr": 2, "signal": 1, "addLevelName": 1}.get(name, 0)
        return same and name in _AGAIN and [ast.dump(item) for item in one.args[:first]] == [ast.dump(item) for item in two.args[:first]]
    if isinstance(old, ast.Assign) and isinstance(new, ast.Assign):
        targets = [ast.dump(target) for target in new.targets]
        return [ast.dump(target) for target in old.targets] == targets and all(_replaceable(plan, target) for target in new.targets)
    return False


def _replaceable(plan: ModulePlan, target: ast.expr) -> bool:
    """Tell whether what an item or attribute holds can be given up: a value without state."""
    if not isinstance(target, (ast.Subscript, ast.Attribute)) or not isinstance(target.value, ast.Name):
        return False
    there, owner = attribute(plan.module, target.value.id)
    if not there:
        return False
    if isinstance(target, ast.Subscript):
        held = dict.get(owner, target.slice.value) if type(owner) is dict and isinstance(target.slice, ast.Constant) else plan
    else:
        held = plan if not hasattr(type(owner), "__dict__") else _attribute_of(owner, target.attr, plan)
    return type(held) in _VALUES


def _attribute_of(owner: Any, name: str, otherwise: Any) -> Any:
    from ..constants.lookups import Unknown, member

    try:
        return member(owner, name)
    except Unknown:
        return otherwise


def _forced(node: ast.stmt) -> ast.stmt:
    """Let `logging.basicConfig` take effect although it was called before."""
    logging: Any = sys.modules.get("logging")
    made = copy.deepcopy(node)
    call = _call(made)
    if call is None or logging is None or not logging.root.handlers or any(keyword.arg == "force" for keyword in call.keywords):
        return node
    call.keywords.append(ast.keyword(arg="force", value=ast.Constant(value=True)))
    return ast.fix_missing_locations(made)
