"""Captured values as source text again: what was kept of a value, read as an expression of literals and known constructors."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nexoide.model.failure import ValueView
from nexoide.repair.code.project import Project
from nexoide.repair.validation.places import importable

_STANDARD: dict[str, tuple[str, str]] = {
    "Decimal": ("decimal", "Decimal"),
    "Fraction": ("fractions", "Fraction"),
    "UUID": ("uuid", "UUID"),
    "deque": ("collections", "deque"),
    "OrderedDict": ("collections", "OrderedDict"),
    "Counter": ("collections", "Counter"),
    "PosixPath": ("pathlib", "Path"),
    "PurePosixPath": ("pathlib", "PurePosixPath"),
    "SimpleNamespace": ("types", "SimpleNamespace"),
    "namespace": ("types", "SimpleNamespace"),
    "ZoneInfo": ("zoneinfo", "ZoneInfo"),
}
_BUILTIN = frozenset({"set", "frozenset", "bytearray", "range", "slice", "float", "bytes", "tuple", "list", "dict", "complex"})
_DATETIME = frozenset({"datetime", "date", "time", "timedelta", "timezone"})
_MEMBER = re.compile(r"<(\w+)\.(\w+)(?:: .*)?>$", re.DOTALL)
_MAX_NODES = 400
_REDACTED = "«redacted"


@dataclass(frozen=True, slots=True)
class Source:
    """An expression, and what must be imported for it: (module, name), the name empty where the module itself is used."""

    text: str
    imports: frozenset[tuple[str, str]] = frozenset()


def source_of(view: ValueView, project: Project) -> Source | None:
    """Return an expression that makes a value like the captured one; None where too little of it was kept."""
    if _REDACTED in view.repr:
        return None
    if view.literal:
        return _literal(view.repr)
    member = _MEMBER.match(view.repr)
    if member is not None:
        place = _class_of(member[1], view.module, project)
        return Source(f"{member[1]}.{member[2]}", frozenset({(place, member[1])})) if place else None
    try:
        tree = ast.parse(view.repr, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if sum(1 for _ in ast.walk(tree)) > _MAX_NODES:
        return None
    reader = _Reader(project, view.module)
    body = reader.read(tree.body)
    return Source(ast.unparse(body), frozenset(reader.imports)) if body is not None else None


def _literal(text: str) -> Source | None:
    try:
        ast.literal_eval(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, TypeError):
        return None
    return Source(text)


class _Reader:
    """Reads a repr: literals, and calls of constructors that are known or that the project defines."""

    def __init__(self, project: Project, module: str) -> None:
        self._project, self._module = project, module
        self.imports: set[tuple[str, str]] = set()

    def read(self, node: ast.expr) -> ast.expr | None:
        """Return the node with its names made importable; None where it holds anything else."""
        if isinstance(node, ast.Constant):
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd) and isinstance(node.operand, ast.Constant):
            return node
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._items(node)
        if isinstance(node, ast.Dict):
            keys, values = [self.read(key) if key is not None else None for key in node.keys], [self.read(value) for value in node.values]
            return ast.Dict(keys=keys, values=values) if None not in keys and None not in values else None  # type: ignore[arg-type]
        return self._call(node) if isinstance(node, ast.Call) else None

    def _items(self, node: ast.List | ast.Tuple | ast.Set) -> ast.expr | None:
        read = [self.read(item) for item in node.elts]
        items = [item for item in read if item is not None]
        if len(items) != len(read):
            return None
        if isinstance(node, ast.Set):
            return ast.Set(elts=items)
        return ast.List(elts=items, ctx=ast.Load()) if isinstance(node, ast.List) else ast.Tuple(elts=items, ctx=ast.Load())

    def _call(self, node: ast.Call) -> ast.expr | None:
        function = self._callable(node.func)
        if function is None:
            return None
        args = [self.read(arg) for arg in node.args]
        named = [(word.arg, self.read(word.value)) for word in node.keywords]
        if None in args or any(name is None or value is None for name, value in named):
            return None
        keywords = [ast.keyword(arg=name, value=value) for name, value in named if value is not None]
        return ast.Call(func=function, args=[arg for arg in args if arg is not None], keywords=keywords)

    def _callable(self, node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "datetime" and node.attr in _DATETIME:
            self.imports.add(("datetime", ""))
            return node
        if isinstance(node, ast.Attribute):
            return None
        if not isinstance(node, ast.Name):
            return None
        if node.id in _BUILTIN:
            return node
        place = _class_of(node.id, self._module, self._project)
        module, name = (place, node.id) if place else _STANDARD.get(node.id, ("", ""))
        if not module:
            return None
        self.imports.add((module, name))
        return ast.Name(id=name, ctx=ast.Load())


def _class_of(name: str, module: str, project: Project) -> str:
    """Return the module in which the project defines a class; the named one first, '' where it is not clear."""
    found = []
    for candidate in project.containing("class " + name):
        if any(isinstance(node, ast.ClassDef) and node.name == name for node in candidate.tree.body):
            place = importable(project, candidate.rel)
            if place is not None:
                found.append(place.module)
    if module in found:
        return module
    return found[0] if len(found) == 1 else ""
