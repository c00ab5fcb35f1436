"""Which changed names an expression reads: its own, attributes of modules and classes, and those behind functions that it calls."""

from __future__ import annotations

import ast
import copy
from types import FunctionType, MappingProxyType, ModuleType

from ...values import _module_vars, _mro, _type_vars
from .importers import modules_named
from .lookups import Unknown, member

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import CodeType
    from typing import Any, Tuple

    from ..plan import Shared
    from .purity import Inspection

    Key = Tuple[str, str]
else:
    Key = tuple

MAX_STEPS = 8
OURS = "__nexoide_value_"


def reads_of(
    node: ast.expr,
    module: ModuleType,
    owner: tuple[str, ...],
    lookup: Callable[[str], object],
    changed: Mapping[Key, Any],
    imported: Mapping[str, Key] = MappingProxyType({}),
) -> dict[ast.expr, Key]:
    """Return the names and attributes of an expression that lead to a changed name, what lambdas and comprehensions bind left out.

    `imported` says of which module's names some of its names still were when it ran.
    """
    found = _reads(node, module, owner, lookup, changed, lambdas=False)
    for item in ast.walk(node) if imported else ():
        if isinstance(item, ast.Name) and imported.get(item.id) in changed:
            found[item] = imported[item.id]
    return found


def reads_in_lambdas(
    node: ast.expr, module: ModuleType, owner: tuple[str, ...], lookup: Callable[[str], object], changed: Mapping[Key, Any]
) -> dict[ast.expr, Key]:
    """Return the same with what the bodies of lambdas read: they run at once where a call takes them, as `sorted` does."""
    return _reads(node, module, owner, lookup, changed, lambdas=True)


def _reads(
    node: ast.expr, module: ModuleType, owner: tuple[str, ...], lookup: Callable[[str], object], changed: Mapping[Key, Any], *, lambdas: bool
) -> dict[ast.expr, Key]:
    found: dict[ast.expr, Key] = {}
    home = str(_module_vars(module).get("__name__"))

    def visit(item: Any, hidden: frozenset[str]) -> None:
        if isinstance(item, ast.Lambda):
            for default in (*item.args.defaults, *item.args.kw_defaults):
                if default is not None:
                    visit(default, hidden)
            if lambdas:
                visit(item.body, hidden | {part.arg for part in ast.walk(item.args) if isinstance(part, ast.arg)})
            return
        if isinstance(item, (ast.Name, ast.Attribute)):
            key = _key(item, home, owner, lookup, changed, hidden)
            if key is not None:
                found[item] = key
                return
        if isinstance(item, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            hidden = hidden | {part.id for one in item.generators for part in ast.walk(one.target) if isinstance(part, ast.Name)}
        for child in ast.iter_child_nodes(item):
            visit(child, hidden)

    visit(node, frozenset())
    return found


def _key(item: ast.expr, home: str, owner: tuple[str, ...], lookup: Callable[[str], object], changed: Mapping[Key, Any], hidden: frozenset[str]) -> Any:
    if isinstance(item, ast.Name):
        if item.id in hidden:
            return None
        key = (home, ".".join([*owner, item.id]))
        if owner and key not in changed and not _own(lookup, item.id, home):
            key = (home, item.id)  # a class body sees its own names, then the module's
        return key if key in changed else None
    if isinstance(item, ast.Attribute):
        try:
            value = resolved(item.value, lookup, hidden)
        except Unknown:
            return None
        if issubclass(type(value), ModuleType):
            key = (str(_module_vars(value).get("__name__")), item.attr)
            return key if key in changed else None
        if issubclass(type(value), type):
            for kind in _mro(value):
                if item.attr in _type_vars(kind):
                    key = (str(_type_vars(kind).get("__module__")), f"{type.__dict__['__qualname__'].__get__(kind)}.{item.attr}")
                    return key if key in changed else None
    return None


def _own(lookup: Callable[[str], object], name: str, home: str) -> bool:
    """Tell whether a name in a class body is one of the class, not of the module."""
    module = modules_named(home)
    variables = {} if module is None else _module_vars(module)
    try:
        return name not in variables or lookup(name) is not variables[name]
    except LookupError:
        return False


def resolved(item: ast.expr, lookup: Callable[[str], object], hidden: frozenset[str] = frozenset()) -> Any:
    """Return what a name or dotted name is; raises Unknown."""
    if isinstance(item, ast.Name) and item.id not in hidden:
        try:
            return lookup(item.id)
        except LookupError:
            raise Unknown from None
    if isinstance(item, ast.Attribute):
        return member(resolved(item.value, lookup, hidden), item.attr)
    raise Unknown


def rewritten(node: ast.expr, found: Mapping[ast.expr, Key], values: Mapping[Key, Any]) -> tuple[ast.expr, dict[str, Any]]:
    """Return the expression with each changed name replaced by one of our own, and what those names mean."""
    names: dict[str, Any] = {}
    marks = {(item.lineno, item.col_offset, item.end_lineno, item.end_col_offset): key for item, key in found.items()}

    class Rewriter(ast.NodeTransformer):
        def visit(self, item: ast.AST) -> Any:
            if isinstance(item, (ast.Name, ast.Attribute)):
                key = marks.get((item.lineno, item.col_offset, item.end_lineno, item.end_col_offset))
                if key is not None:
                    name = f"{OURS}{list(values).index(key)}__"
                    names[name] = values[key]
                    return ast.copy_location(ast.Name(id=name, ctx=ast.Load()), item)
            return self.generic_visit(item)

    return Rewriter().visit(copy.deepcopy(node)), names


class Readers:
    """The functions of the program that read a changed name, directly or through others: by the id of their globals and name."""

    def __init__(self) -> None:
        self._names: set[tuple[int, str]] = set()
        self._functions: dict[int, FunctionType] = {}

    def add(self, keys: Iterable[Key]) -> None:
        """Look for the functions of the changed names' own modules that read them."""
        fresh: dict[int, tuple[dict[str, Any], set[str]]] = {}
        for home, name in keys:
            module = modules_named(home)
            if module is not None:
                variables = _module_vars(module)
                self._names.add((id(variables), name))
                fresh.setdefault(id(variables), (variables, set()))[1].add(name)
        for variables, names in fresh.values():
            functions = [value for value in list(variables.values()) if type(value) is FunctionType and value.__globals__ is variables]
            for _ in range(MAX_STEPS):
                more = [item for item in functions if id(item) not in self._functions and names.intersection(_read(item.__code__))]
                if not more:
                    break
                self._functions.update({id(item): item for item in more})
                names |= {item.__name__ for item in more}

    def ids(self) -> set[int]:
        """Return the ids of the functions."""
        return set(self._functions)

    def named_in(self, text: str) -> bool:
        """Tell whether a text may call one of the functions."""
        return any(item.__name__ in text for item in self._functions.values())

    def called_in(self, node: ast.expr, lookup: Callable[[str], object]) -> bool:
        """Tell whether an expression has a call, and a name that leads to one of the functions."""
        if not self._functions or not any(isinstance(item, ast.Call) for item in ast.walk(node)):
            return False
        for item in ast.walk(node):
            if isinstance(item, (ast.Name, ast.Attribute)):
                try:
                    if id(resolved(item, lookup)) in self._functions:
                        return True
                except Unknown:
                    continue
        return False

    def reached_by(self, inspection: Inspection) -> bool:
        """Tell whether what an inspected expression calls reads a changed name."""
        return bool(self._names & inspection.through)


def _read(code: CodeType) -> set[str]:
    found = set(code.co_names)
    for item in code.co_consts:
        if type(item) is type(code):
            found |= _read(item)
    return found


def candidates(shared: Shared, changed: Mapping[Key, Any], readers: Readers) -> list[ModuleType]:
    """Return the modules that may compute something from what changed: its own, and those that hold that module or a function that reads it."""
    homes = {home for home, _ in changed}
    wanted = {id(modules_named(home.rsplit(".", depth)[0])) for home in homes for depth in range(home.count(".") + 1)}
    wanted |= {id(_class(key)) for key in changed if "." in key[1]}
    wanted |= readers.ids()
    wanted.discard(id(None))
    names = {name for _, name in changed}  # who made something else of what it imported has the name alone
    found = []
    for module in shared.workspace():
        variables = _module_vars(module)
        if variables.get("__name__") in homes or not names.isdisjoint(variables) or not wanted.isdisjoint(map(id, variables.values())):
            found.append(module)
    return found


def _class(key: Key) -> Any:
    module = modules_named(key[0])
    return None if module is None else _module_vars(module).get(key[1].partition(".")[0])
