"""Executes what is new in a module aside from it: its globals are read, and what is bound goes into a dict of our own."""

from __future__ import annotations

import ast
import copy
from types import FunctionType

from ..values import _module_vars, _type_vars  # noqa: TID252
from .source import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, ModuleType
    from typing import Any, Union

    from .source import Source

_META = "__nexoide_scratch__"


class Scratch:
    """A namespace over a module's live globals in which statements of its new text are tried out."""

    def __init__(self, module: ModuleType, source: Source) -> None:
        self._globals: dict[str, Any] = _module_vars(module)
        self._source = source
        self.names: dict[str, Any] = {}

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
        made: dict[str, Any] = {}

        class Meta(type):
            @classmethod
            def __prepare__(cls, *_: Any, **__: Any) -> Any:
                return dict(live)

            def __new__(cls, _name: str, _bases: Any, namespace: dict[str, Any]) -> Any:
                made.update(namespace)
                return None

        name = type.__dict__["__name__"].__get__(cls)
        shell = ast.ClassDef(
            name=name, bases=[], keywords=[ast.keyword(arg="metaclass", value=ast.Name(id=_META, ctx=ast.Load()))], body=[node], decorator_list=[]
        )
        shell.type_params = []  # type: ignore[attr-defined,unused-ignore]
        ast.copy_location(shell, node)
        held = dict(self.names)
        self.names[_META] = Meta
        try:
            self._run(ast.fix_missing_locations(shell))
        finally:
            self.names.clear()
            self.names.update(held)
        cell = made.pop("__classcell__", None)
        if cell is not None:
            cell.cell_contents = cls
        skip = ("__module__", "__qualname__", "__firstlineno__", "__static_attributes__", "__annotate__", "__annotate_func__", "__conditional_annotations__")
        return {key: value for key, value in made.items() if key not in skip and (key not in live or live[key] is not value)}

    def signature(self, cls: Any, node: Union[ast.FunctionDef, ast.AsyncFunctionDef]) -> FunctionType:
        """Return a function with the defaults and annotations of a changed `def`, evaluated where the `def` stands."""
        bare = copy.deepcopy(node)
        bare.decorator_list = []
        held = dict(self.names)
        bound = self.execute(bare) if cls is None else self.execute_in(cls, bare)
        self.names.clear()
        self.names.update(held)
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

    def _run(self, node: ast.stmt) -> None:
        module = ast.Module(body=[node], type_ignores=[])
        try:
            code = compile(module, self._source.filename, "exec", flags=self._source.flags, dont_inherit=True)
            exec(code, self._globals, self.names)
        except BaseException as error:  # whatever the program's own code raises, SystemExit included, is a reason to refuse
            raise Refused(
                f"Line {node.lineno} of {self._source.filename} raised {type(error).__name__} when it was tried out: correct it, or restart the program."
            ) from error
