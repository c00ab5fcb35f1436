"""Whether an expression may be evaluated again: without side effects, and without running code that is not known to have none.

The argument is a closed world: where every name leads to plain data, to functions of the standard library that are known, or
to functions of the program whose code writes nothing, then whatever is computed from them is plain data as well.
"""

from __future__ import annotations

import ast
import dis
import enum
from types import BuiltinFunctionType, FunctionType, ModuleType

from ...values import _module_vars
from .known import ATTRIBUTES, CONTAINERS, METHODS, SHALLOW_CALLS, SHALLOW_METHODS, immutable, pure_callable
from .lookups import METAS, Unknown, global_value, home_of, member, raw_member

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

MAX_ITEMS = 5_000
MAX_DEPTH = 8
MAX_CODE = 4_096
_REF, _SHALLOW, _DEEP = range(3)  # how closely a value is looked at: as a mere reference, its own type, all that it holds
_WRITES = tuple(
    """
    STORE_GLOBAL STORE_ATTR STORE_SUBSCR STORE_SLICE STORE_NAME DELETE_GLOBAL DELETE_ATTR DELETE_SUBSCR DELETE_NAME IMPORT_ SEND GET_A SETUP_WITH
    SETUP_ASYNC BEFORE_ LOAD_BUILD_CLASS LOAD_SUPER LOAD_SPECIAL INPLACE_ LOAD_NAME LOAD_FROM_DICT LOAD_LOCALS
    """.split()
)


def is_pure(node: ast.expr, lookup: Callable[[str], object]) -> bool:
    """Tell whether an expression may be evaluated again; `lookup` gives what a name means, or raises LookupError."""
    return Inspection(node, lookup).pure


class Inspection:
    """`pure`; `functions`, the program's own that evaluating calls; `through`, the globals that they read, by id of the dict and name."""

    def __init__(self, node: ast.expr, lookup: Callable[[str], object]) -> None:
        self._lookup = lookup
        self._locals: list[str] = []
        self._left = MAX_ITEMS
        self._pending: list[int] = []
        self.functions: dict[int, FunctionType] = {}
        self.through: set[tuple[int, str]] = set()
        self.pure = self._check(node, _REF)

    def resolve(self, node: ast.expr) -> Any:
        """Return what a name or dotted name is; raises Unknown."""
        if isinstance(node, ast.Name) and node.id not in self._locals:
            try:
                return self._lookup(node.id)
            except LookupError:
                raise Unknown from None
        if isinstance(node, ast.Attribute):
            return member(self.resolve(node.value), node.attr)
        raise Unknown

    def _check(self, node: ast.AST, need: int) -> bool:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method is not None and bool(method(node, need))

    def _all(self, nodes: list[Any], need: int) -> bool:
        return all(node is None or self._check(node, need) for node in nodes)

    def _constant(self, _node: ast.Constant, _need: int) -> bool:
        return True

    def _name(self, node: ast.Name, need: int) -> bool:
        if node.id in self._locals:
            return True
        try:
            return self._fits(self.resolve(node), need)
        except Unknown:
            return False

    def _attribute(self, node: ast.Attribute, need: int) -> bool:
        try:
            return self._fits(self.resolve(node), need)
        except Unknown:
            return node.attr in ATTRIBUTES and self._check(node.value, _DEEP)

    def _fits(self, value: Any, need: int) -> bool:
        kind = type(value)
        if need == _REF or (need == _SHALLOW and (kind in CONTAINERS or (type(kind) is type and issubclass(kind, type)))):
            return True
        return self._safe(value, 0)

    def _safe(self, value: Any, depth: int) -> bool:
        """Tell whether a value is plain data through and through, or a callable that may be called."""
        self._left -= 1
        if immutable(value) or issubclass(type(value), ModuleType) or pure_callable(value):
            return True
        kind = type(value)
        if kind in CONTAINERS:
            if depth > MAX_DEPTH or len(value) > self._left:
                return False
            parts = [part for pair in list(value.items()) for part in pair] if kind is dict else list(value)
            return all(self._safe(part, depth + 1) for part in parts)
        if kind is FunctionType:
            return self._function(value)
        if issubclass(kind, enum.Enum):
            return all(home_of(kind, name) in ("enum", "builtins") for name in ("__eq__", "__hash__", "__getattribute__"))
        return type(getattr(value, "__objclass__", None)) is type and value.__name__ in METHODS if kind.__name__ == "method_descriptor" else False

    def _tuple(self, node: Any, need: int) -> bool:
        return self._all(node.elts, _DEEP if need == _DEEP else _REF)

    _list = _tuple

    def _set(self, node: ast.Set, _need: int) -> bool:
        return self._all(list(node.elts), _DEEP)

    def _dict(self, node: ast.Dict, need: int) -> bool:
        inner = _DEEP if need == _DEEP else _REF
        spread = [value for key, value in zip(node.keys, node.values) if key is None]  # noqa: B905
        return self._all(list(node.keys), _DEEP) and self._all(list(node.values), inner) and self._all(spread, max(inner, _SHALLOW))

    def _starred(self, node: ast.Starred, need: int) -> bool:
        return self._check(node.value, max(need, _SHALLOW))

    def _binop(self, node: ast.BinOp, need: int) -> bool:
        inner = _DEEP if isinstance(node.op, (ast.Mod, ast.MatMult)) else max(need, _SHALLOW)
        return self._all([node.left, node.right], inner)

    def _unaryop(self, node: ast.UnaryOp, need: int) -> bool:
        return self._check(node.operand, max(need, _SHALLOW))

    def _boolop(self, node: ast.BoolOp, need: int) -> bool:
        return self._all(list(node.values[:-1]), max(need, _SHALLOW)) and self._check(node.values[-1], need)

    def _compare(self, node: ast.Compare, _need: int) -> bool:
        identity = all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops)
        return self._all([node.left, *node.comparators], _REF if identity else _DEEP)

    def _ifexp(self, node: ast.IfExp, need: int) -> bool:
        return self._check(node.test, _SHALLOW) and self._all([node.body, node.orelse], need)

    def _joinedstr(self, node: ast.JoinedStr, _need: int) -> bool:
        return self._all(list(node.values), _DEEP)

    def _formattedvalue(self, node: ast.FormattedValue, _need: int) -> bool:
        return self._all([node.value, node.format_spec], _DEEP)

    def _slice(self, node: ast.Slice, _need: int) -> bool:
        return self._all([node.lower, node.upper, node.step], _DEEP)

    def _index(self, node: Any, need: int) -> bool:
        return self._check(node.value, need)

    def _subscript(self, node: ast.Subscript, need: int) -> bool:
        try:
            value = self.resolve(node.value)
        except Unknown:
            return self._all([node.value, node.slice], _DEEP)
        if issubclass(type(value), type) or type(value).__module__ == "typing":
            return self._check(node.slice, _REF)  # list[int], Optional["Cart"]
        return self._check(node.slice, _DEEP) and self._check(node.value, _SHALLOW if need == _REF else _DEEP)

    def _lambda(self, node: ast.Lambda, need: int) -> bool:
        given = node.args
        if not self._all([*given.defaults, *given.kw_defaults], need):
            return False
        names = [item.arg for item in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg) if item is not None]
        return need < _DEEP or self._inside(names, [node.body], _DEEP)

    def _inside(self, names: list[str], nodes: list[Any], need: int) -> bool:
        held = len(self._locals)
        self._locals += names
        try:
            return self._all(nodes, need)
        finally:
            del self._locals[held:]

    def _comprehension(self, node: Any, need: int) -> bool:
        held = len(self._locals)
        try:
            for part in node.generators:
                if part.is_async or not self._check(part.iter, _DEEP):
                    return False
                self._locals += [item.id for item in ast.walk(part.target) if isinstance(item, ast.Name)]
                if not self._all(list(part.ifs), _DEEP):
                    return False
            if isinstance(node, ast.DictComp):
                return self._check(node.key, _DEEP) and self._check(node.value, need)
            return self._check(node.elt, _DEEP if isinstance(node, ast.SetComp) else need)
        finally:
            del self._locals[held:]

    _listcomp = _setcomp = _dictcomp = _generatorexp = _comprehension

    def _call(self, node: ast.Call, need: int) -> bool:
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        try:
            value = self.resolve(node.func)
        except Unknown:
            return self._method(node.func, given, need)
        if pure_callable(value):
            name = getattr(value, "__name__", "")
            return self._all(
                given,
                need
                if name in SHALLOW_CALLS and need < _DEEP and name in ("partial", "SimpleNamespace", "cast")
                else _SHALLOW
                if name in SHALLOW_CALLS
                else _DEEP,
            )
        if type(value) is FunctionType:
            return self._function(value) and self._all(given, _DEEP)
        if type(value) is BuiltinFunctionType or type(value).__name__ in ("method_descriptor", "builtin_function_or_method"):
            return self._method(node.func, given, need) or (type(value).__name__ == "method_descriptor" and self._safe(value, 0) and self._all(given, _DEEP))
        return issubclass(type(value), type) and self._record(value) and self._all(given, need)

    def _method(self, func: ast.expr, given: list[Any], need: int) -> bool:
        if not isinstance(func, ast.Attribute) or func.attr not in METHODS:
            return False
        shallow = func.attr in SHALLOW_METHODS and need < _DEEP
        return self._check(func.value, _SHALLOW if shallow else _DEEP) and self._all(given, _DEEP)

    def _record(self, cls: Any) -> bool:
        """Tell whether a class makes plain records: a named tuple, or a frozen dataclass that runs nothing of its own."""
        if type(cls).__name__ not in METAS:
            return False
        new, init = raw_member(cls, "__new__"), raw_member(cls, "__init__")
        if issubclass(cls, tuple) and type(raw_member(cls, "_fields")) is tuple:
            maker = new.__func__ if type(new) is staticmethod else new
            return init is object.__init__ and type(maker) is FunctionType and str(maker.__globals__.get("__name__", "")).startswith("namedtuple_")
        params = raw_member(cls, "__dataclass_params__")
        if params is None or not getattr(params, "frozen", False) or raw_member(cls, "__post_init__") is not None or new is not object.__new__:
            return False
        fields = raw_member(cls, "__dataclass_fields__")
        plain = type(init) is FunctionType and init.__code__.co_filename.startswith("<")
        return plain and all(not callable(item.default_factory) or pure_callable(item.default_factory) for item in fields.values())

    def _function(self, function: FunctionType) -> bool:
        """Tell whether a function of the program writes nothing: by its code, and that of all it calls."""
        if id(function) in self.functions:
            return id(function) not in self._pending
        if len(self._pending) >= MAX_DEPTH or function.__code__.co_flags & 0x2A0:  # generators, coroutines
            return False
        self.functions[id(function)] = function
        self._pending.append(id(function))
        try:
            cells = [cell.cell_contents for cell in function.__closure__ or ()]
            held = [*cells, *(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
            return all(self._safe(value, 1) for value in held) and self._code(function.__code__, function.__globals__)
        except ValueError:  # an empty cell
            return False
        finally:
            self._pending.pop()

    def _code(self, code: CodeType, variables: dict[str, Any]) -> bool:
        if len(code.co_code) > MAX_CODE:
            return False
        before: Any = None
        for step in dis.get_instructions(code):
            name = step.opname
            if name.startswith(_WRITES) or (name.startswith("YIELD") and code.co_name != "<genexpr>") or (name == "BINARY_OP" and step.argrepr.endswith("=")):
                return False
            if name == "LOAD_GLOBAL":
                self.through.add((id(variables), step.argval))
                before = global_value(variables, step.argval)
                if not (self._safe(before, 1) or (issubclass(type(before), type) and issubclass(before, Exception) and type(before) is type)):
                    return False
            elif name in ("LOAD_ATTR", "LOAD_METHOD"):
                if issubclass(type(before), ModuleType):
                    self.through.add((id(_module_vars(before)), step.argval))
                    before = _module_vars(before).get(step.argval)
                    if before is None or not self._safe(before, 1):
                        return False
                elif step.argval not in METHODS and step.argval not in ATTRIBUTES:
                    return False
            elif name not in ("PUSH_NULL", "CACHE", "PRECALL", "EXTENDED_ARG", "NOP"):
                before = None
        return all(self._code(item, variables) for item in code.co_consts if type(item) is type(code))
