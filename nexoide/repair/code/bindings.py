"""Which names each scope of a file binds, and to which binding a name refers: Python's own scoping rules, read from the tree."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from nexoide.repair.code.source import FUNCTIONS, Module

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTION_LIKE = (*FUNCTIONS, ast.Lambda, *COMPREHENSIONS)


@dataclass(slots=True)
class Scope:
    """One scope: what binds each name in it, and the names that it declares `global` or `nonlocal`."""

    node: ast.AST
    parent: Scope | None = None
    bound: dict[str, list[ast.AST]] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)

    @property
    def is_class(self) -> bool:
        """Whether it is a class body, whose names the functions inside it do not see."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_module(self) -> bool:
        """Whether it is the file's top level."""
        return isinstance(self.node, ast.Module)

    @property
    def is_comprehension(self) -> bool:
        """Whether it is a comprehension or a generator expression."""
        return isinstance(self.node, COMPREHENSIONS)


@dataclass(slots=True)
class Scopes:
    """All scopes of a file; `names` holds every `ast.Name` with the scope that it is evaluated in."""

    top: Scope
    of: dict[ast.AST, Scope]
    names: list[tuple[ast.Name, Scope]]

    def inside(self, module: Module, node: ast.AST) -> Scope:
        """Return the scope that a node is evaluated in."""
        for name, scope in self.names:
            if name is node:
                return scope
        child: ast.AST = node
        for parent in module.ancestors(node):
            if parent in self.of and _in_body(parent, child):
                return self.of[parent]
            child = parent
        return self.top


_known: WeakKeyDictionary[Module, Scopes] = WeakKeyDictionary()


def scopes(module: Module) -> Scopes:
    """Return a file's scopes, found once."""
    found = _known.get(module)
    if found is None:
        found = _known[module] = _collect(module)
    return found


def owner(scope: Scope, name: str) -> Scope | None:
    """Return the scope whose binding a name means when it is read in `scope`; None where it is a builtin or nothing."""
    if name in scope.globals:
        top = _top(scope)
        return top if name in top.bound else None
    if name in scope.bound and name not in scope.nonlocals:
        return scope
    outer = scope.parent
    while outer is not None:
        if name in outer.bound and not outer.is_class and name not in outer.nonlocals:
            return _top(scope) if name in outer.globals else outer
        outer = outer.parent
    return None


def uses(module: Module, scope: Scope, name: str) -> list[ast.Name]:
    """Return every read, write and deletion in a file that means the binding of `name` in `scope`."""
    return [node for node, where in scopes(module).names if node.id == name and owner(where, name) is scope]


def unbound_uses(module: Module, name: str) -> list[ast.Name]:
    """Return the reads of a name that no scope of the file binds."""
    return [node for node, where in scopes(module).names if node.id == name and isinstance(node.ctx, ast.Load) and owner(where, name) is None]


def parameters_of(node: ast.AST) -> list[ast.arg]:
    """Return all parameters of a function or lambda, `*` and `**` ones included."""
    if not isinstance(node, (*FUNCTIONS, ast.Lambda)):
        return []
    given = node.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *(item for item in (given.vararg, given.kwarg) if item is not None)]


def _top(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def _collect(module: Module) -> Scopes:
    top = Scope(module.tree)
    found = Scopes(top, {module.tree: top}, [])
    stack: list[tuple[ast.AST, Scope]] = [(item, top) for item in reversed(module.tree.body)]
    while stack:
        node, scope = stack.pop()
        _bind(node, scope, found)
        if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda, *COMPREHENSIONS)):
            inner = found.of[node] = Scope(node, scope)
            for item in parameters_of(node):
                inner.bound.setdefault(item.arg, []).append(item)
            own = set(_body(node))
            stack += [(item, inner if item in own else scope) for item in reversed(list(_children(node)))]
        elif isinstance(node, ast.NamedExpr):
            stack += [(node.value, scope), (node.target, _outside(scope))]
        else:
            stack += [(item, scope) for item in reversed(list(ast.iter_child_nodes(node)))]
    return found


def _outside(scope: Scope) -> Scope:
    """Return the scope that `:=` binds in: the one around all comprehensions."""
    while scope.is_comprehension and scope.parent is not None:
        scope = scope.parent
    return scope


def _bind(node: ast.AST, scope: Scope, found: Scopes) -> None:
    name = ""
    if isinstance(node, ast.Name):
        found.names.append((node, scope))
        name = "" if isinstance(node.ctx, ast.Load) else node.id
    elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        name = node.name
    elif isinstance(node, ast.alias):
        name = node.asname or node.name.split(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        name = node.name or ""
    elif isinstance(node, ast.MatchMapping):
        name = node.rest or ""
    elif isinstance(node, ast.Global):
        scope.globals.update(node.names)
    elif isinstance(node, ast.Nonlocal):
        scope.nonlocals.update(node.names)
    if name:
        where = _top(scope) if name in scope.globals else scope
        where.bound.setdefault(name, []).append(node)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a scope's parts: those of its arguments and of its first iterable by themselves, for they belong outside."""
    for item in ast.iter_child_nodes(node):
        if isinstance(item, ast.arguments):
            parts = [*item.defaults, *item.kw_defaults, *(parameter.annotation for parameter in parameters_of(node))]
            yield from (part for part in parts if part is not None)
        elif isinstance(node, COMPREHENSIONS) and isinstance(item, ast.comprehension):
            yield from (item.target, item.iter, *item.ifs)
        else:
            yield item


def _body(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return node.body
    if isinstance(node, ast.Lambda):
        return [node.body]
    assert isinstance(node, COMPREHENSIONS)
    first = node.generators[0].iter
    return [item for item in _children(node) if item is not first]


def _in_body(parent: ast.AST, child: ast.AST) -> bool:
    if isinstance(parent, ast.Module):
        return True
    if isinstance(parent, COMPREHENSIONS):
        return True
    return child in _body(parent)
