"""The live functions of a module, found by the code that they run."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType

from ...values import BOUND_KINDS, Kinds, _type_vars, instance_vars
from ..live import closed_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Optional

    from ..plan import ModulePlan

MAX_DEPTH = 10
_PLAIN = Kinds(str, int, float, bool, type(None), list, tuple, set, bytes)


class Living:
    """The live functions of one module, by their plain code: those that its names lead to, others when they are asked for."""

    def __init__(self, plan: ModulePlan) -> None:
        self._plan = plan
        self._by_code: Optional[dict[CodeType, list[FunctionType]]] = None
        self._heap: Optional[tuple[list[FunctionType], dict[CodeType, list[FunctionType]]]] = None
        self._seen: set[int] = set()

    def having(self, code: CodeType, *, heap: bool = True) -> list[FunctionType]:
        """Return the functions that run `code`; looks at the whole heap only where no name leads to one."""
        found = self._named().get(code, [])
        if found or not heap:
            return found
        return self.anywhere(code)

    def anywhere(self, code: CodeType) -> list[FunctionType]:
        """Return the functions on the heap, and those that names lead to (`gc.freeze` hides them from the heap), that run `code`."""
        found = list(self._named().get(code, []))
        known = {id(function) for function in found}
        return found + [item for item in self._on_heap().get(code, []) if id(item) not in known]

    def refresh(self) -> None:
        """Forget what was found, since which the program's own code has made functions."""
        self._by_code, self._heap, self._seen = None, None, set()

    def _on_heap(self) -> dict[CodeType, list[FunctionType]]:
        functions = self._plan.shared.heap.of(self._plan.module)
        if self._heap is None or self._heap[0] is not functions:
            by_code: dict[CodeType, list[FunctionType]] = {}
            for function in functions:
                by_code.setdefault(self._plan.shared.plain(function.__code__), []).append(function)
            self._heap = (functions, by_code)
        return self._heap[1]

    def _named(self) -> dict[CodeType, list[FunctionType]]:
        if self._by_code is None:
            self._by_code = {}
            for value in list(self._plan.variables.values()):
                self._look(value, 0)
        return self._by_code

    def _look(self, value: Any, depth: int) -> None:
        """Note the functions to which a value leads by what it wraps; never far, the heap has the others."""
        kind = type(value)
        if kind in _PLAIN or depth > MAX_DEPTH or id(value) in self._seen:
            return
        self._seen.add(id(value))
        if kind is FunctionType:
            if value.__globals__ is self._plan.variables:
                self._note(value)
            inner = [*closed_over(value), *value.__dict__.values()]
        elif issubclass(kind, type):
            variables = _type_vars(value)
            inner = list(variables.values()) if variables.get("__module__") == self._plan.name else []
        elif kind is property:
            inner = [value.fget, value.fset, value.fdel]
        elif kind in BOUND_KINDS:
            inner = [value.__func__]
        elif issubclass(kind, ModuleType):
            inner = []
        elif _type_vars(kind).get("__module__") == "functools":
            inner = gc.get_referents(value)
        else:
            inner = [item for item in instance_vars(value).values() if type(item) is FunctionType]
        for item in inner:
            if type(item) is not dict or kind is not FunctionType:
                self._look(item, depth + 1)

    def _note(self, function: FunctionType) -> None:
        assert self._by_code is not None
        mine = self._by_code.setdefault(self._plan.shared.plain(function.__code__), [])
        if not any(function is item for item in mine):
            mine.append(function)
