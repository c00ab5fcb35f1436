"""Coroutines and who runs them: calls that nobody awaits, and the edits that await one, from its caller outwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_functions, index, last_name
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.naming.importing import need_module

MAX_DEPTH = 6
MAX_CALLS = 40
# What takes a coroutine and runs it.
RUNNERS = frozenset(
    [
        *("create_task", "ensure_future", "gather", "run", "run_until_complete", "wait_for", "wait", "shield", "as_completed", "start_soon", "spawn"),
        *("run_coroutine_threadsafe", "start", "from_thread", "async_to_sync", "iscoroutine", "run_sync", "close", "timeout", "staggered_race"),
    ]
)
_SYNC_TAKERS = frozenset(
    [
        *("print", "len", "str", "repr", "int", "float", "bool", "sum", "min", "max", "sorted", "list", "tuple", "set", "dict", "dumps", "round", "abs", "any"),
        *("all", "format", "isinstance", "enumerate", "zip", "reversed", "join", "debug", "info", "warning", "error", "write", "update", "extend"),
    ]
)


class OpenError(Exception):
    """The repair is open: the text says why, as a whole sentence."""


@dataclass(slots=True)
class Plan:
    """The edits that make a call awaited; `functions` those that become asynchronous, `runs` whether `asyncio.run` was put in."""

    edits: list[tuple[Module, Edit]] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    runs: int = 0

    def add(self, module: Module, *edits: Edit) -> None:
        """Keep edits, each once."""
        self.edits += [(module, edit) for edit in edits if (module, edit) not in self.edits]


def is_generator(node: FunctionNode) -> bool:
    """Say whether a function has a `yield` of its own."""
    return any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own_nodes(node))


def has_await(node: FunctionNode) -> bool:
    """Say whether a function's own body waits for anything."""
    return any(
        isinstance(item, ast.Await | ast.AsyncFor | ast.AsyncWith) or (isinstance(item, ast.comprehension) and bool(item.is_async)) for item in own_nodes(node)
    )


def calls_of(project: Project, function: Function) -> list[tuple[Module, ast.Call]]:
    """Return the project's calls of a function, its tests' included; where its name is unique, those on unknown objects too."""
    unique = len(find_functions(project, function.name)) == 1
    found: list[tuple[Module, ast.Call]] = []
    for module in project.containing(function.name):
        for node in module.nodes:
            if isinstance(node, ast.Call) and last_name(node.func) == function.name:
                nodes = [item.node for item in callees(project, module, node, guess=unique)]
                if function.node in nodes:
                    found.append((module, node))
    return found[:MAX_CALLS]


def is_lost(module: Module, call: ast.Call) -> bool:
    """Say whether a coroutine that a call makes is surely used as if it were its result, or dropped."""
    parent = module.parents.get(call)
    if isinstance(parent, ast.Expr | ast.Compare | ast.BinOp | ast.UnaryOp | ast.FormattedValue | ast.AugAssign | ast.For | ast.withitem | ast.If | ast.While):
        return True
    if isinstance(parent, ast.Attribute):
        return parent.attr not in ("send", "throw", "close")
    if isinstance(parent, ast.Subscript | ast.IfExp):
        return getattr(parent, "value", getattr(parent, "test", None)) is call
    if isinstance(parent, ast.BoolOp):
        return isinstance(module.parents.get(parent), ast.If | ast.While | ast.BoolOp | ast.UnaryOp)
    if isinstance(parent, ast.comprehension):
        return parent.iter is call or call in parent.ifs
    if isinstance(parent, ast.Call):
        return parent.func is call or last_name(parent.func) in _SYNC_TAKERS
    if isinstance(parent, ast.Assign | ast.AnnAssign):
        return _is_dropped_name(module, parent)
    return False


def _is_dropped_name(module: Module, statement: ast.Assign | ast.AnnAssign) -> bool:
    """Say whether the name that holds a coroutine is never awaited nor handed on."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    if isinstance(target, ast.Tuple | ast.List):
        return True
    function = module.function(statement)
    if not isinstance(target, ast.Name) or function is None:
        return False
    for item in ast.walk(function):
        if isinstance(item, ast.Name) and item.id == target.id and isinstance(item.ctx, ast.Load):
            parent = module.parents.get(item)
            if isinstance(parent, ast.Await | ast.Return | ast.List | ast.Tuple | ast.Dict | ast.keyword | ast.Starred | ast.Yield):
                return False
            if isinstance(parent, ast.Call) and last_name(parent.func) not in _SYNC_TAKERS:
                return False
    return True


def lost_calls(project: Project, function: Function) -> list[tuple[Module, ast.Call]]:
    """Return the calls of a coroutine function (tests left out) whose coroutine is surely lost."""
    return [(module, call) for module, call in calls_of(project, function) if not is_test(module.rel) and is_lost(module, call)]


def await_call(project: Project, module: Module, call: ast.expr, plan: Plan, *, running: bool) -> None:
    """Plan the edits that await an expression; raises OpenError where that is open.

    `running`: a loop is known to run there, so that callers must become asynchronous; else a loop is started at the call.
    """
    function = _surrounding(module, call)
    if isinstance(function, ast.AsyncFunctionDef):
        plan.add(module, *awaited(module, call))
        return
    if function is not None and running:
        make_async(project, _as_function(module, function), plan)
        plan.add(module, *awaited(module, call))
        return
    _run(project, module, call, plan)


def _surrounding(module: Module, node: ast.AST) -> FunctionNode | None:
    for item in module.ancestors(node):
        if isinstance(item, ast.Lambda):
            raise OpenError("The coroutine is made in a lambda, which cannot await.")
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            return item
        if isinstance(item, ast.ClassDef):
            raise OpenError("The coroutine is made in a class body, which cannot await.")
    return None


def _as_function(module: Module, node: FunctionNode) -> Function:
    found = next((item for item in index(module).functions if item.node is node), None)
    if found is None:
        raise OpenError(f"{node.name}() is defined where it cannot be followed.")
    return found


def _run(project: Project, module: Module, call: ast.expr, plan: Plan) -> None:
    """Plan `asyncio.run(call)`, where no loop runs yet."""
    name, edits = need_module(project, module, "asyncio")
    start, end = module.span(call)
    if isinstance(module.parents.get(call), ast.GeneratorExp | ast.ListComp | ast.comprehension):
        raise OpenError("The coroutines are made one by one outside of any loop.")
    plan.add(module, Edit(start, end, f"{name}.run({module.segment(call)})"), *edits)
    plan.runs += 1


def awaited(module: Module, node: ast.expr) -> list[Edit]:
    """Return the edits that put `await` before an expression, parenthesised where something follows it, in a list where it must be one."""
    start, end = module.span(node)
    parent = module.parents.get(node)
    bound = (isinstance(parent, ast.Attribute | ast.Subscript | ast.Call) and getattr(parent, "value", getattr(parent, "func", None)) is node) or (
        isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and parent.left is node
    )
    edits = [Edit(start, start, "(await "), Edit(end, end, ")")] if bound else [Edit(start, start, "await ")]
    around = next((item for item in module.ancestors(node) if isinstance(item, ast.GeneratorExp | ast.stmt | ast.ListComp | ast.DictComp | ast.SetComp)), None)
    if isinstance(around, ast.GeneratorExp) and node not in set(ast.walk(around.generators[0].iter)):
        first, last = module.span(around)
        if module.text[first] == "(":
            opening = "".join(["[", *(edit.text for edit in edits if edit.start == first + 1)])  # two edits at one place have no order
            edits = [Edit(first + 1, first + 1, opening), *(edit for edit in edits if edit.start != first + 1), Edit(last - 1, last - 1, "]")]
    return edits


def make_async(project: Project, function: Function, plan: Plan, depth: int = 0) -> None:
    """Plan the edits that make a function asynchronous together with its callers; raises OpenError where that is open."""
    if function.is_async or any(item.node is function.node for item in plan.functions):
        return
    _check(project, function, depth)
    plan.functions.append(function)
    start = function.module.span(function.node)[0]
    plan.add(function.module, Edit(start, start, "async "))
    for module, call in calls_of(project, function):
        if is_test(module.rel):
            raise OpenError(f"{module.rel} calls {function.qualname}() without await, and tests are not edited.")
        parent = module.parents.get(call)
        if isinstance(parent, ast.Await) or (isinstance(parent, ast.Call) and last_name(parent.func) in RUNNERS and call in parent.args):
            continue
        caller = _surrounding(module, call)
        if caller is None:
            _run(project, module, call, plan)
            continue
        if isinstance(caller, ast.FunctionDef):
            make_async(project, _as_function(module, caller), plan, depth + 1)
        plan.add(module, *awaited(module, call))


def _check(project: Project, function: Function, depth: int) -> None:
    name = function.qualname
    if depth > MAX_DEPTH:
        raise OpenError("Too many functions would have to become asynchronous.")
    if is_generator(function.node):
        raise OpenError(f"{name}() is a generator; as an asynchronous one it would have to be iterated otherwise everywhere.")
    if function.name.startswith("__") and function.name != "__call__":
        raise OpenError(f"{name}() is called by the language itself and cannot be asynchronous.")
    if set(function.decorators) - {"staticmethod", "classmethod", "wraps", "override", "abstractmethod"}:
        raise OpenError(f"{name}() has decorators that may not take an asynchronous function.")
    if any(True for _ in _references(project, function)):
        raise OpenError(f"{name}() is handed on as a value, and what calls it may not await it.")


def _references(project: Project, function: Function) -> Iterator[ast.expr]:
    """Yield the uses of a function that do not call it."""
    for module in project.containing(function.name):
        local = index(module).imports
        for node in module.nodes:
            if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load) or last_name(node) != function.name:
                continue
            parent = module.parents.get(node)
            if isinstance(parent, ast.Call) and parent.func is node:
                continue
            same = function.owner is None and isinstance(node, ast.Name) and (module is function.module or node.id in local)
            own = function.owner is not None and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if same or own:
                yield node


def runs_in_loop(project: Project, function: Function, depth: int = 0, seen: set[int] | None = None) -> bool:
    """Say whether a function is called, directly or through others, from an asynchronous one."""
    seen = seen if seen is not None else set()
    if function.is_async:
        return True
    if depth > MAX_DEPTH or id(function.node) in seen:
        return False
    seen.add(id(function.node))
    for module, call in calls_of(project, function):
        caller = module.function(call)
        found = next((item for item in index(module).functions if item.node is caller), None) if caller is not None else None
        if found is not None and runs_in_loop(project, found, depth + 1, seen):
            return True
    return False
