"""A function that computes its result and forgets to return it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.absent.lazy_values import found_in_loop, kept_value
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_classes, index, last_name, members
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.names import words
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import FUNCTIONS, Module

_VALUES = (
    ast.BinOp,
    ast.BoolOp,
    ast.Compare,
    ast.UnaryOp,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Dict,
    ast.List,
    ast.Set,
    ast.Tuple,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.JoinedStr,
    ast.IfExp,
    ast.Lambda,
)
_PURE_CALLS = frozenset(
    [
        "sum",
        "len",
        "max",
        "min",
        "sorted",
        "round",
        "str",
        "int",
        "float",
        "bool",
        "list",
        "dict",
        "set",
        "tuple",
        "abs",
        "any",
        "all",
        "zip",
        "map",
        "filter",
        "reversed",
        "enumerate",
        "frozenset",
        "repr",
        "format",
        "divmod",
        "pow",
        "join",
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "title",
        "split",
        "replace",
        "encode",
        "decode",
        "copy",
        "items",
        "keys",
        "values",
        "get",
        "create_task",
        "ensure_future",
        "gather",
        "wait_for",
        "sleep",
        "Decimal",
        "datetime",
        "timedelta",
        "Path",
    ]
)
# Calls that are made for what they do: in the standard library, and by custom, they give nothing worth returning.
_DOING = frozenset(
    word
    for row in (
        "append extend insert remove clear sort reverse update add discard write writelines close flush commit rollback info debug warning error",
        "exception critical log print sleep start join put put_nowait notify notify_all set release acquire setLevel mkdir makedirs unlink rmtree",
        "seed shuffle heappush heapify exit register subscribe publish emit send dump executemany execute mark save store record appendleft",
        "extendleft cancel shutdown stop terminate kill setattr delattr pop popitem popleft setdefault touch rename inc dec observe",
    )
    for word in row.split()
)


@dataclass(frozen=True, slots=True)
class MissingReturn:
    """The edits that return what was computed, what that is in words, and how sure it is that this was forgotten (0 to 1).

    `explicit_none`: some path returns nothing on purpose.
    """

    edits: tuple[Edit, ...]
    what: str
    explicit_none: bool
    sure: float = 0.9


def gives_nothing(function: Function) -> bool:
    """Say whether no path of a function returns a value (generators give one)."""
    nodes = own_nodes(function.node)
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes):
        return False
    return not any(isinstance(node, ast.Return) and not _is_none(node.value) for node in nodes)


def missing_return(project: Project, function: Function, attribute: str = "") -> MissingReturn | None:
    """Return the edits for a function whose every path ends in a value that it does not return; None where one does not.

    `attribute` is what was read of its result: it tells a method that should give its own object.
    """
    node, module = function.node, function.module
    own = own_nodes(node)
    if any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own) or _is_stub(node.body):
        return None
    explicit = any(isinstance(item, ast.Return) and _is_none(item.value) for item in own)
    tails: list[Edit] = []
    texts: list[str] = []
    if _tails(_Tails(project, function, tails, texts), node.body) and tails:
        return MissingReturn(tuple(tails), texts[0], explicit)
    idle = _idle(function)
    dropped = _dropped(project, function)
    if idle and not (dropped and not gives_nothing(function)):
        return MissingReturn(tuple(Edit(module.span(item)[0], module.span(item)[0], "return ") for item in idle), _short(module, idle[0]), False)
    if dropped and not gives_nothing(function):
        edits = tuple(Edit(module.span(item)[0], module.span(item)[0], "return ") for item in dropped)
        return MissingReturn(edits, _short(module, dropped[0]), explicit)
    last = node.body[-1]
    indent = module.own_indent(last)
    broken = found_in_loop(node) if gives_nothing(function) else None
    if broken is not None:
        return MissingReturn((Edit(*module.span(broken[0]), f"return {broken[1]}"),), broken[1], explicit)
    lazy = kept_value(module, node) if gives_nothing(function) else ""
    found = (lazy, 0.94) if lazy else _own_object(project, function, attribute) or _forgotten(function)
    if found is None or indent is None or isinstance(last, ast.Return | ast.Raise):
        return None
    name, sure = found
    end = module.line_start(last.end_lineno or last.lineno) + len(module.lines[(last.end_lineno or last.lineno) - 1])
    return MissingReturn((Edit(end, end, f"\n{indent}return {name}"),), name, explicit, sure)


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _is_stub(body: list[ast.stmt]) -> bool:
    return all(isinstance(item, ast.Pass | ast.Raise) or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)) for item in body)


@dataclass(frozen=True, slots=True)
class _Tails:
    project: Project
    function: Function
    edits: list[Edit]
    texts: list[str]


def _tails(state: _Tails, body: list[ast.stmt]) -> bool:
    """Collect the statements in which paths end without returning their value; False where a path has no value at its end."""
    last = body[-1]
    if isinstance(last, ast.Return):
        return not _is_none(last.value)
    if isinstance(last, ast.Raise):
        return True
    if isinstance(last, ast.Expr):
        return _ends_in_value(state, last)
    if isinstance(last, ast.Assign):
        return _ends_in_stored(state, last) or (body is not state.function.node.body and _ends_in_name(state, last))
    if isinstance(last, ast.If):
        return bool(last.orelse) and _tails(state, last.body) and _tails(state, last.orelse)
    if isinstance(last, ast.With | ast.AsyncWith):
        return _tails(state, last.body)
    if isinstance(last, ast.Try):
        return _tails(state, last.orelse or last.body) and all(_tails(state, item.body) for item in last.handlers)
    if isinstance(last, ast.Match):
        whole = any(isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None for case in last.cases)
        return whole and all(_tails(state, case.body) for case in last.cases)
    return False


def _ends_in_value(state: _Tails, last: ast.Expr) -> bool:
    module = state.function.module
    if not _has_value(state.project, module, last.value):
        return False
    start = module.span(last)[0]
    state.edits.append(Edit(start, start, "return "))
    state.texts.append(_short(module, last))
    return True


def _ends_in_name(state: _Tails, last: ast.Assign) -> bool:
    """A branch that ends by giving a value to a name that nothing reads returns that name."""
    module, target = state.function.module, last.targets[0]
    indent = module.own_indent(last)
    if not isinstance(target, ast.Name) or indent is None or _is_read(state.function.node, target.id):
        return False
    end = module.span(last)[1]
    state.edits.append(Edit(end, end, f"\n{indent}return {target.id}"))
    state.texts.append(target.id)
    return True


def _ends_in_stored(state: _Tails, last: ast.Assign) -> bool:
    """A branch that ends by storing what the other branches return (`cache[key] = …` beside `return cache[key]`) returns it too."""
    module, target = state.function.module, last.targets[0]
    indent = module.own_indent(last)
    if not isinstance(target, ast.Subscript | ast.Attribute) or indent is None:
        return False
    text = module.segment(target)
    if not any(isinstance(item, ast.Return) and item.value is not None and module.segment(item.value) == text for item in own_nodes(state.function.node)):
        return False
    end = module.span(last)[1]
    state.edits.append(Edit(end, end, f"\n{indent}return {text}"))
    state.texts.append(text)
    return True


def _has_value(project: Project, module: Module, node: ast.expr) -> bool:
    if isinstance(node, _VALUES):
        return True
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    functions = callees(project, module, node)
    if functions:
        return all(item.is_async or not gives_nothing(item) for item in functions)
    return name in _PURE_CALLS or name not in _DOING


def _dropped(project: Project, function: Function) -> list[ast.Expr]:
    """Return the statements that only make a value, each the last of a way through a function that gives values on others."""
    module = function.module
    found: list[ast.Expr] = []
    for item in own_nodes(function.node):
        if not isinstance(item, ast.Expr) or isinstance(item.value, ast.Name | ast.Attribute):
            continue
        name = last_name(item.value.func) if isinstance(item.value, ast.Call) else ""
        makes = name[:1].isupper() and len(find_classes(project, name, module)) == 1
        if (isinstance(item.value, _VALUES) or makes or (name in _PURE_CALLS and name != "pop")) and _ends_way(module, function.node, item):
            found.append(item)
    return found


def _idle(function: Function) -> list[ast.Expr]:
    """Return the names that end an `if` and do nothing there: `if row.key == key: row`, in a loop or out of it."""
    local = {item.id for item in own_nodes(function.node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    local |= {item.arg for item in function.node.args.args}
    found: list[ast.Expr] = []
    for item in own_nodes(function.node):
        last = item.body[-1] if isinstance(item, ast.If) else None
        if isinstance(last, ast.Expr) and isinstance(last.value, ast.Name) and last.value.id in local:
            found.append(last)
    return found


def _ends_way(module: Module, function: ast.AST, statement: ast.stmt) -> bool:
    """Say whether nothing runs after a statement in its function."""
    current: ast.AST = statement
    while current is not function:
        parent = module.parents.get(current)
        if parent is None or isinstance(parent, ast.For | ast.AsyncFor | ast.While):
            return False
        blocks = [getattr(parent, name, None) for name in ("body", "orelse", "finalbody")]
        block = next((one for one in blocks if isinstance(one, list) and current in one), None)
        if block is not None and block[-1] is not current:
            return False
        current = parent
    return True


def _own_object(project: Project, function: Function, attribute: str) -> tuple[str, float] | None:
    """Say whether a method should give its own object: what was read of its result is in its class, or the language asks for it."""
    node, owner = function.node, function.owner
    if owner is None or not node.args.args or {"staticmethod", "classmethod"} & set(function.decorators) or not gives_nothing(function):
        return None
    first = node.args.args[0].arg
    if function.name in ("__enter__", "__aenter__", "__iter__", "__aiter__"):
        return (first, 0.93)
    if function.name.startswith("__") or any(isinstance(item, ast.Return) for item in own_nodes(node)):
        return None
    item = next((found for found in index(function.module).classes if found.node is owner), None)
    if item is None:
        return None
    known = members(project, item)
    chained = [
        method
        for method in known.methods.values()
        for inner in own_nodes(method.node)
        if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Name) and inner.value.id == first and not method.name.startswith("__")
    ]
    if attribute and attribute in known.names:
        return (first, 0.93 if chained else 0.86)
    return (first, 0.8) if len(chained) > 1 else None


def _forgotten(function: Function) -> tuple[str, float] | None:
    """Return the one local that a function builds and must have meant to return, and how sure that is."""
    node = function.node
    last = node.body[-1]
    if isinstance(last, (*FUNCTIONS, ast.ClassDef)) and not _is_read(node, last.name):
        return (last.name, 0.94)
    bound = [
        (target.id, item)
        for item in _always_run(node.body)
        if isinstance(item, ast.Assign | ast.AnnAssign)
        for target in (item.targets if isinstance(item, ast.Assign) else [item.target])
        if isinstance(target, ast.Name)
    ]
    names = list(dict.fromkeys(name for name, _ in bound if not _is_elsewhere(node, name)))
    unread = [name for name in names if not _is_read(node, name)]
    at_end = [name for name in unread if any(isinstance(item, ast.Name) and item.id == name for item in ast.walk(last))]
    if len(at_end) == 1:
        return (at_end[0], 0.9)
    if len(unread) == 1:
        return (unread[0], 0.86)
    if unread:
        return None
    nested = [item.name for item in node.body if isinstance(item, FUNCTIONS)]
    if len(nested) == 1 and not _is_read(node, nested[0]):
        return (nested[0], 0.9)
    stored = _stored_at_end(last)
    if stored in names:
        return (stored, 0.84)
    built = [name for name in names if _is_built(node, name)]
    if len(built) == 1:
        return (built[0], 0.84)
    titled = [name for name in names if name in ("result", "results", "res", "ret", "output", "out", "total", "value") or name in words(function.name)]
    if len(titled) == 1:
        return (titled[0], 0.8)
    ending = last.targets[0] if isinstance(last, ast.Assign) and len(last.targets) == 1 else None
    if isinstance(ending, ast.Name) and ending.id in names:
        return (ending.id, 0.78)
    return _changed_parameter(function, names)


def _always_run(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements that every way to a function's end runs: those of a `with`, and of a `try` whose handlers all leave, too."""
    found: list[ast.stmt] = []
    for item in body:
        leaves = isinstance(item, ast.Try) and all(isinstance(one.body[-1], ast.Raise | ast.Return) for one in item.handlers)
        if isinstance(item, ast.With | ast.AsyncWith) or (isinstance(item, ast.Try) and leaves):
            found += _always_run([*item.body, *(item.orelse if isinstance(item, ast.Try) else [])])
        else:
            found.append(item)
    return found


def _changed_parameter(function: Function, names: list[str]) -> tuple[str, float] | None:
    """A function whose only work is to change one of its parameters, and which makes nothing of its own."""
    given = [item.arg for item in function.node.args.args if item.arg not in ("self", "cls")]
    changed = [
        name
        for name in given
        if any(
            isinstance(item, ast.Subscript | ast.Attribute) and isinstance(item.ctx, ast.Store) and _is_part_of(item, name) for item in own_nodes(function.node)
        )
    ]
    return (changed[0], 0.84) if len(changed) == 1 and len(names) <= 1 and function.owner is None else None


def _is_elsewhere(node: ast.AST, name: str) -> bool:
    """Say whether a function assigns a name that is not its own local."""
    return any(isinstance(item, ast.Global | ast.Nonlocal) and name in item.names for item in ast.walk(node))


def _stored_at_end(last: ast.stmt) -> str:
    """Return the name that the last statement keeps for later: `self.cache[key] = NAME`, `self.items.append(NAME)`."""
    if isinstance(last, ast.Assign) and isinstance(last.value, ast.Name) and isinstance(last.targets[0], ast.Subscript | ast.Attribute):
        return last.value.id
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and last_name(last.value.func) in ("append", "add", "appendleft", "setdefault"):
        given = last.value.args[-1] if last.value.args else None
        return given.id if isinstance(given, ast.Name) else ""
    return ""


def _is_built(node: ast.AST, name: str) -> bool:
    """Say whether a local begins empty and grows: what a function collects is what it is for."""
    grown = False
    begun = False
    for item in ast.walk(node):
        if isinstance(item, ast.Assign | ast.AnnAssign):
            targets = item.targets if isinstance(item, ast.Assign) else [item.target]
            named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
            begun = begun or (named and item.value is not None and _is_beginning(item.value))
            grown = grown or any(isinstance(target, ast.Subscript) and _is_part_of(target, name) for target in targets)
        elif isinstance(item, ast.AugAssign):
            grown = grown or (isinstance(item.target, ast.Name) and item.target.id == name) or _is_part_of(item.target, name)
        elif isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and isinstance(item.func.value, ast.Name) and item.func.value.id == name:
            grown = grown or item.func.attr in ("append", "extend", "add", "update", "insert", "appendleft", "setdefault")
    return begun and grown


def _is_beginning(value: ast.expr) -> bool:
    if isinstance(value, ast.List | ast.Dict | ast.Set | ast.Tuple | ast.Constant):
        return True
    return isinstance(value, ast.Call) and last_name(value.func) in ("dict", "list", "set", "defaultdict", "Counter", "OrderedDict", "deque", "StringIO")


def _is_part_of(node: ast.AST, name: str) -> bool:
    while isinstance(node, ast.Subscript | ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == name


def _is_read(function: ast.AST, name: str) -> bool:
    """Say whether a name is read other than to build itself up (`x += …`, `x = x + …`, `x.append(…)`, `x[k] = …`)."""
    building: set[ast.AST] = set()
    for item in ast.walk(function):
        if (isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in item.targets)) or (
            isinstance(item, ast.AugAssign) and isinstance(item.target, ast.Name) and item.target.id == name
        ):
            building |= set(ast.walk(item))
        elif isinstance(item, ast.Expr) and isinstance(item.value, ast.Call) and isinstance(item.value.func, ast.Attribute):
            if isinstance(item.value.func.value, ast.Name) and item.value.func.value.id == name:
                building.add(item.value.func.value)
        elif isinstance(item, ast.Subscript) and isinstance(item.ctx, ast.Store) and isinstance(item.value, ast.Name) and item.value.id == name:
            building.add(item.value)
        elif isinstance(item, (*FUNCTIONS, ast.Lambda)) and item is not function and any(isinstance(x, ast.Name) and x.id == name for x in ast.walk(item)):
            return True
    return any(isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load) and item not in building for item in ast.walk(function))


def _short(module: Module, node: ast.Expr) -> str:
    text = " ".join(module.segment(node).split())
    return text if len(text) <= 40 else text[:39] + "…"
