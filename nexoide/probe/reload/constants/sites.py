"""The places of a text where something is computed once, when it is imported: values, defaults, and what is not done again."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Optional

MAX_TEXTS = 2048
_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)
_HEADS = {"If": "test", "While": "test", "For": "iter", "Expr": "value", "AugAssign": "value", "Assert": "test", "Match": "subject"}
_sites: dict[str, list[Site]] = {}


class Site:
    """One expression: `kind` is value, default or other; `owner` the path of its class; `names` what it binds, as written."""

    __slots__ = ("alone", "argument", "calls", "keyword", "kind", "lambdas", "line", "names", "node", "owner", "position", "qualnames", "statement")

    def __init__(self, kind: str, owner: tuple[str, ...], names: tuple[str, ...], node: ast.expr, line: int, statement: Optional[ast.stmt] = None) -> None:
        self.kind, self.owner, self.names, self.node, self.line, self.statement = kind, owner, names, node, line, statement
        self.qualnames = [".".join([*owner, name]) for name in names] or [f"line {line}"]
        self.argument, self.keyword, self.position, self.alone = "", False, 0, True
        self.lambdas = any(isinstance(item, ast.Lambda) for item in ast.walk(node))
        self.calls = any(isinstance(item, ast.Call) for item in ast.walk(node))


def sites_of(text: str) -> list[Site]:
    """Return the sites of a text in order; remembered by text."""
    known = _sites.get(text)
    if known is None:
        if len(_sites) >= MAX_TEXTS:
            _sites.clear()
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
        known = _sites[text] = list(_body(tree.body, ()))
        counts: dict[str, int] = {}
        for node in ast.walk(tree):
            for name in _bound_again(node):
                counts[name] = counts.get(name, 0) + 1
        for site in known:
            # A name that is bound twice, or that functions set, has no one expression that says what it is.
            site.alone = all(counts.get(name, 0) <= 1 for name in site.names) if not site.owner else site.alone
    return known


def _bound_again(node: ast.AST) -> list[str]:
    """Return the names at the top of a module that a node may bind, as far as its kind tells."""
    if isinstance(node, ast.Global):
        return [name for name in node.names for _ in range(2)]
    if isinstance(node, ast.Module):
        again = _again(node)
        return [name for item in _run(node.body) for name in _names(item) if not (isinstance(item, ast.ImportFrom) and name in again)]
    return []


def _again(tree: ast.Module) -> set[str]:
    """Return the names that are made of what was imported under them: `LIMIT = LIMIT + 5`."""
    return {
        name
        for node in tree.body
        if isinstance(node, ast.Assign)
        for name in _names(node)
        if any(isinstance(item, ast.Name) and item.id == name for item in ast.walk(node.value))
    }


def _run(body: list[Any]) -> Iterator[ast.stmt]:
    for item in body:
        yield item
        if not isinstance(item, (*_DEFS, ast.ClassDef)):
            for field in ("body", "orelse", "finalbody"):
                yield from _run(getattr(item, field, None) or [])
            for handler in [*(getattr(item, "handlers", None) or []), *(getattr(item, "cases", None) or [])]:
                yield from _run(handler.body)


def _names(item: ast.stmt) -> list[str]:
    if isinstance(item, (*_DEFS, ast.ClassDef)):
        return [item.name]
    if isinstance(item, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.partition(".")[0] for alias in item.names]
    targets: list[Any] = list(getattr(item, "targets", [])) + [target for target in [getattr(item, "target", None)] if target is not None]
    targets += [part.optional_vars for part in getattr(item, "items", []) if part.optional_vars is not None]
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del))]


def _body(body: list[Any], owner: tuple[str, ...]) -> Iterator[Site]:
    for node in body:
        yield from _statement(node, owner)


def _statement(node: ast.stmt, owner: tuple[str, ...]) -> Iterator[Site]:
    if isinstance(node, _DEFS):
        yield from _defaults(node, owner)
        yield from (Site("other", owner, (node.name,), item, item.lineno) for item in node.decorator_list if isinstance(item, ast.Call))
    elif isinstance(node, ast.ClassDef):
        yield from (
            Site("other", owner, (node.name,), item, item.lineno) for item in [*node.bases, *node.decorator_list, *(word.value for word in node.keywords)]
        )
        shaped = bool(node.decorator_list or node.keywords)
        for site in _body(node.body, (*owner, node.name)):
            if shaped and site.kind == "value":
                site.alone = False  # a decorator or metaclass may have made something else of it
            yield site
    elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        names = tuple(_names(node))
        simple = bool(names) and all(
            isinstance(item, (ast.Name, ast.Tuple, ast.List, ast.expr_context)) for target in _targets(node) for item in ast.walk(target)
        )
        yield Site("value" if simple else "other", owner, names if simple else (), node.value, node.lineno, node)
    else:
        head = getattr(node, _HEADS.get(type(node).__name__, ""), None)
        if isinstance(head, ast.expr) and not isinstance(head, ast.Constant):
            yield Site("other", owner, (), head, node.lineno)
        if isinstance(node, (ast.If, ast.Try, ast.With)):
            inner = [*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
            yield from _body([*inner, *(item for handler in getattr(node, "handlers", []) for item in handler.body)], owner)


def _targets(node: Any) -> list[ast.expr]:
    return list(node.targets) if isinstance(node, ast.Assign) else [node.target]


def _defaults(node: Any, owner: tuple[str, ...]) -> Iterator[Site]:
    line = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    given = node.args
    positional = [*given.posonlyargs, *given.args]
    for position, (argument, value) in enumerate(zip(positional[len(positional) - len(given.defaults) :], given.defaults)):  # noqa: B905
        site = Site("default", owner, (node.name,), value, line)
        site.argument, site.position = argument.arg, position - len(given.defaults)
        yield site
    for argument, value in zip(given.kwonlyargs, given.kw_defaults):  # noqa: B905
        if value is not None:
            site = Site("default", owner, (node.name,), value, line)
            site.argument, site.keyword = argument.arg, True
            yield site
