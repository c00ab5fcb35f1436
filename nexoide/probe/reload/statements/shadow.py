"""What statements such as `HANDLERS["a"] = f` or `__all__ += ["x"]` put where, computed aside on empty containers.

The difference between what the old text put in and what the new one does is then applied to the live containers: entries
that the program made or changed itself are never touched.
"""

from __future__ import annotations

import ast
import copy
from collections import deque
from types import FunctionType, ModuleType

from ...values import _mro, _type_vars
from ..constants.lookups import Unknown, member, raw_member
from ..constants.purity import Inspection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


_METHODS = {
    "list": ("append", "extend"), "deque": ("append", "extend"), "set": ("add", "update"), "dict": ("update",),
}  # fmt: skip
BASES: dict[str, Any] = {"list": list, "deque": deque, "set": set, "dict": dict}
_NAME = "__nexoide_shadow_{}__"
_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Unfit(Exception):  # noqa: N818
    """The statement does more than to put things into containers, or that cannot be known."""


class Target:
    """A live container that statements put things into: a dict, list, set, deque, or the attributes of something ("attrs")."""

    def __init__(self, kind: str, subject: Any, text: str) -> None:
        self.kind, self.subject, self.text = kind, subject, text
        self.shadow: Any = BASES.get(kind, dict)()


class Shadow:
    """The containers that one statement puts something into, by their expression, each with what it puts in."""

    def __init__(self, node: ast.stmt, lookup: Callable[[str], object]) -> None:
        self._lookup = lookup
        self.targets: dict[str, Target] = {}
        self._variables: list[str] = []
        self.node, self.check = self._statement(node)
        for part in ast.walk(self.check):
            if isinstance(part, (ast.Name, ast.Attribute)) and ast.dump(part) in self.targets:
                raise Unfit  # it reads what it writes
        inspection = Inspection(self.check, lookup)
        if not inspection.pure:
            raise Unfit
        self.functions = inspection.functions

    def run(self, variables: dict[str, Any], names: dict[str, Any], filename: str, flags: int) -> None:
        """Execute on the empty containers; raises whatever it raises."""
        held = {_NAME.format(number): target.shadow for number, target in enumerate(self.targets.values())}
        code = compile(ast.Module(body=[self.node], type_ignores=[]), filename, "exec", flags=flags, dont_inherit=True)
        if any(isinstance(part, ast.Lambda) for part in ast.walk(self.check)):
            exec(code, variables, {**names, **held})
        else:
            exec(code, {**variables, **names, **held})

    def _statement(self, node: ast.stmt) -> tuple[ast.stmt, ast.expr]:
        if isinstance(node, ast.Assign):
            return self._assign(node)
        if isinstance(node, ast.AugAssign):
            return self._augmented(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            return self._call(node, node.value, node.value.func)
        if isinstance(node, ast.For) and not node.orelse:
            return self._loop(node)
        raise Unfit

    def _assign(self, node: ast.Assign) -> tuple[ast.stmt, ast.expr]:
        made = copy.copy(node)
        checks: list[ast.expr] = [node.value]
        made.targets = []
        for target in node.targets:
            if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
                made.targets.append(self._item(target, self._container(target.value, "dict"), target.slice))
                checks.append(target.slice)
            elif isinstance(target, ast.Attribute):
                made.targets.append(self._item(target, self._attributes(target), ast.Constant(value=target.attr)))
            else:
                raise Unfit
        return _fixed(made, node), _tuple(checks)

    def _item(self, node: ast.expr, name: str, key: ast.expr) -> ast.expr:
        return ast.copy_location(ast.Subscript(value=ast.Name(id=name, ctx=ast.Load()), slice=key, ctx=ast.Store()), node)

    def _augmented(self, node: ast.AugAssign) -> tuple[ast.stmt, ast.expr]:
        path = copy.copy(node.target)
        if not isinstance(path, (ast.Name, ast.Attribute)):
            raise Unfit
        path.ctx = ast.Load()
        kinds = ("list",) if isinstance(node.op, ast.Add) else ("set", "dict") if isinstance(node.op, ast.BitOr) else ()
        name = self._container(path, *kinds)
        method = "extend" if kinds == ("list",) else "update"
        call = ast.Call(func=ast.Attribute(value=ast.Name(id=name, ctx=ast.Load()), attr=method, ctx=ast.Load()), args=[node.value], keywords=[])
        return _fixed(ast.Expr(value=call), node), _tuple([node.value])

    def _call(self, node: ast.Expr, call: ast.Call, func: ast.Attribute) -> tuple[ast.stmt, ast.expr]:
        kinds = [kind for kind, methods in _METHODS.items() if func.attr in methods]
        name = self._container(func.value, *kinds)
        made = copy.copy(call)
        made.func = ast.Attribute(value=ast.Name(id=name, ctx=ast.Load()), attr=func.attr, ctx=ast.Load())
        return _fixed(ast.Expr(value=made), node), _tuple([*call.args, *(keyword.value for keyword in call.keywords)])

    def _loop(self, node: ast.For) -> tuple[ast.stmt, ast.expr]:
        names = [part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)]
        if not isinstance(node.target, (ast.Name, ast.Tuple)) or any(isinstance(part, (ast.Lambda, *_SCOPES)) for part in ast.walk(node)):
            raise Unfit  # what such a part closes over is the module's own variable
        self._variables += names
        parts = [self._statement(inner) for inner in node.body if not isinstance(inner, ast.Pass)]
        made = copy.copy(node)
        made.body = [statement for statement, _ in parts] or [ast.Pass()]
        check = ast.ListComp(elt=_tuple([check for _, check in parts]), generators=[ast.comprehension(target=node.target, iter=node.iter, ifs=[], is_async=0)])
        return _fixed(made, node), ast.fix_missing_locations(ast.copy_location(check, node))

    def _container(self, path: ast.expr, *kinds: str) -> str:
        subject = self._resolve(path)
        kind = next((kind for kind in kinds if BASES[kind] in _mro(type(subject))), "")
        if not kind or (type(subject) is not BASES[kind] and not _unchanged(type(subject), kind)):
            raise Unfit
        return self._named(path, kind, subject, "")

    def _attributes(self, node: ast.Attribute) -> str:
        subject = self._resolve(node.value)
        if not settable(subject, node.attr):
            raise Unfit
        return self._named(node.value, "attrs", subject, ".")

    def _named(self, path: ast.expr, kind: str, subject: Any, more: str) -> str:
        key = ast.dump(path) + more
        if key not in self.targets:
            self.targets[key] = Target(kind, subject, ast.unparse(path))
        return _NAME.format(list(self.targets).index(key))

    def _resolve(self, path: ast.expr) -> Any:
        if isinstance(path, ast.Name) and path.id not in self._variables:
            try:
                return self._lookup(path.id)
            except LookupError:
                raise Unfit from None
        if isinstance(path, ast.Attribute):
            try:
                return member(self._resolve(path.value), path.attr)
            except Unknown:
                raise Unfit from None
        raise Unfit


def _tuple(parts: list[ast.expr]) -> ast.expr:
    return ast.fix_missing_locations(ast.Tuple(elts=parts, ctx=ast.Load()))


def _fixed(made: ast.stmt, node: ast.stmt) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(made, node))


def _unchanged(kind: type, base: str) -> bool:
    """Tell whether a subclass of a builtin container puts things in as that does."""
    names = ("__setitem__", "__init_subclass__", *_METHODS[base]) if base == "dict" else _METHODS[base]
    return all(raw_member(kind, name) is raw_member(BASES[base], name) for name in names)


def settable(subject: Any, name: str) -> bool:
    """Tell whether an attribute is set by putting it into a dict or namespace, and nothing else happens."""
    kind = type(subject)
    if issubclass(kind, type):
        return kind is type or kind.__name__ == "ABCMeta"
    if kind is ModuleType or kind is FunctionType:
        return not (name[:2] == name[-2:] == "__")
    if raw_member(kind, "__setattr__") is not object.__setattr__ or not any("__dict__" in _type_vars(base) for base in _mro(kind)):
        return False
    raw = raw_member(kind, name)
    return raw is None or not any("__set__" in _type_vars(base) for base in _mro(type(raw)))
