"""Executes what is new in a module aside from it: its globals are read, and what is bound goes into a dict of our own."""

from __future__ import annotations

import ast
import copy
from types import FunctionType

from ..values import _module_vars, _type_vars
from . import deadline
from .text.source import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, ModuleType
    from typing import Any, Union

    from .text.source import Source

RUN_S = 5.0
_META = "__nexoide_scratch__"
_OUTER = "__nexoide_outer__"
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SKIP = (
    "__module__", "__qualname__", "__firstlineno__", "__static_attributes__", "__annotate__", "__annotate_func__", "__conditional_annotations__",
)  # fmt: skip


class NotYet(Refused):
    """What was tried needs a name that the transaction makes later: to be tried again then."""


class Scratch:
    """A namespace over a module's live globals in which statements of its new text are tried out.

    `names` has what the module will bind; `of_class` what its classes will, by the id of the class.
    """

    def __init__(self, module: ModuleType, source: Source) -> None:
        self._globals: dict[str, Any] = _module_vars(module)
        self._source = source
        self.names: dict[str, Any] = {}
        self.of_class: dict[int, dict[str, Any]] = {}

    def execute(self, node: ast.stmt) -> dict[str, Any]:
        """Run one statement of the module and return what it bound; raises Refused with what it raised."""
        before = dict(self.names)
        self._run(node)
        return {name: value for name, value in self.names.items() if name not in before or before[name] is not value}

    def execute_in(self, cls: Any, node: ast.stmt) -> dict[str, Any]:
        """Run one statement of a class body as it would run there, and return what it bound.

        The class's own names are visible, private names are mangled, and `super()` finds the live class.
        """
        live = _type_vars(cls)
        pending = self.of_class.setdefault(id(cls), {})
        parameters = self._parameters(cls)
        given = {**self.names, **parameters, **live, **pending}
        if type(given.get("__annotations__")) is dict:
            given["__annotations__"] = dict(given["__annotations__"])  # the statement may add to it
        made: dict[str, Any] = {}

        class Meta(type):
            @classmethod
            def __prepare__(cls, *_: Any, **__: Any) -> Any:
                return dict(given)

            def __new__(cls, _name: str, _bases: Any, namespace: dict[str, Any]) -> Any:
                made.update(namespace)
                return None

        name = type.__dict__["__name__"].__get__(cls)
        qualname = type.__dict__["__qualname__"].__get__(cls)
        shell = ast.ClassDef(
            name=name, bases=[], keywords=[ast.keyword(arg="metaclass", value=ast.Name(id=_META, ctx=ast.Load()))], body=[node], decorator_list=[]
        )
        shell.type_params = []  # type: ignore[attr-defined,unused-ignore]
        ast.copy_location(shell, node)
        held = dict(self.names)
        self.names.update({**parameters, _META: Meta})
        try:
            self._run(*(_within(shell, parameters) if parameters else [ast.fix_missing_locations(shell)]))
        finally:
            self.names.clear()
            self.names.update(held)
        cell = made.pop("__classcell__", None)
        if cell is not None:
            cell.cell_contents = cls
        found = {key: value for key, value in made.items() if key not in _SKIP and (key not in given or given[key] is not value)}
        for key, value in found.items():
            if type(value) is FunctionType and ("." in qualname or parameters):
                value.__qualname__ = f"{qualname}.{key}"
        pending.update(found)
        return found

    def _parameters(self, cls: Any) -> dict[str, Any]:
        """Return the type parameters of a class and of those around it, by name."""
        found: dict[str, Any] = {}
        owner: Any = None
        for name in type.__dict__["__qualname__"].__get__(cls).split("."):
            owner = (self._globals if owner is None else _type_vars(owner)).get(name)
            if not issubclass(type(owner), type):
                return found
            found.update({item.__name__: item for item in _type_vars(owner).get("__type_params__", ())})
        return found

    def signature(self, cls: Any, node: Union[ast.FunctionDef, ast.AsyncFunctionDef]) -> FunctionType:
        """Return a function with the defaults and annotations of a changed `def`, evaluated where the `def` stands."""
        bare = copy.copy(node)
        bare.decorator_list = []
        held = dict(self.names)
        held_class = dict(self.of_class.get(id(cls), {}))
        bound = self.execute(bare) if cls is None else self.execute_in(cls, bare)
        self.names.clear()
        self.names.update(held)
        if cls is not None:
            self.of_class[id(cls)] = held_class
        for value in bound.values():
            if type(value) is FunctionType:
                return value
        raise Refused(f"The new signature of {node.name} cannot be evaluated: restart the program for it.")

    def preview(self, name: str, code: CodeType, live: FunctionType) -> None:
        """Let later statements that call `name` call its new code."""
        if not code.co_freevars:
            function = FunctionType(code, self._globals, name, live.__defaults__)
            function.__kwdefaults__ = live.__kwdefaults__
            self.names[name] = function

    def _run(self, *nodes: ast.stmt) -> None:
        module, node = ast.Module(body=list(nodes), type_ignores=[]), nodes[0]
        try:
            code = compile(module, self._source.filename, "exec", flags=self._source.flags, dont_inherit=True)
            with deadline.within(RUN_S):
                self._execute(node, code)
        except deadline.Overdue as error:
            raise Refused(
                f"{self._source.filename}:{node.lineno} did not end within {RUN_S:g} s when it was tried out: correct it, or restart the program for it.",
                line=node.lineno,
            ) from error
        except BaseException as error:  # whatever the program's own code raises, SystemExit included, is a reason to refuse
            if type(error) is KeyboardInterrupt:
                raise
            kind = NotYet if isinstance(error, (NameError, ImportError)) else Refused
            raise kind(
                f"{self._source.filename}:{node.lineno} raised {_said(error)} when it was tried out: correct it, or restart the program for it.",
                line=node.lineno,
            ) from error

    def _execute(self, node: ast.stmt, code: CodeType) -> None:
        if self.names and _needs_globals(node):
            # The scope of a comprehension sees globals alone (until 3.12): a copy has the pending names as well.
            merged = {**self._globals, **self.names}
            before = dict(merged)
            exec(code, merged)
            self.names.update({name: value for name, value in merged.items() if name not in before or before[name] is not value})
        else:
            exec(code, self._globals, self.names)


def _within(shell: ast.ClassDef, names: Iterable[str]) -> list[ast.stmt]:
    """Return the statements that run a class within a function of the given names, which its methods then close over."""
    shell.name = f"____{shell.name}"  # mangles in the same way, and hides no class of the module from the methods
    given = ast.arguments(posonlyargs=[], args=[ast.arg(arg=name) for name in (_META, *names)], kwonlyargs=[], kw_defaults=[], defaults=[])
    outer = ast.FunctionDef(name=_OUTER, args=given, body=[shell], decorator_list=[])
    outer.type_params = []  # type: ignore[attr-defined,unused-ignore]
    call = ast.Call(func=ast.Name(id=_OUTER, ctx=ast.Load()), args=[ast.Name(id=name, ctx=ast.Load()) for name in (_META, *names)], keywords=[])
    return [ast.fix_missing_locations(ast.copy_location(node, shell)) for node in (outer, ast.Expr(value=call))]


def _said(error: BaseException) -> str:
    words = [str(item)[:200] for item in error.args[:1] if type(item) in (str, int)]
    name: str = type.__dict__["__qualname__"].__get__(type(error))
    return f"{name} ({words[0]})" if words else name


def _needs_globals(node: ast.stmt) -> bool:
    if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return False
    items = list(ast.walk(node))
    return any(isinstance(item, _COMPREHENSIONS) for item in items) and not any(isinstance(item, ast.Lambda) for item in items)
