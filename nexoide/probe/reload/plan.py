"""Makes, for one live module, the list of assignments that turns its old text into its new one; touches nothing."""

from __future__ import annotations

import ast
import sys
from types import FunctionType

from ..values import _module_vars, _type_vars  # noqa: TID252
from .compare import RESTART, Comparison
from .constants import UNKNOWN, changed_value, check_unmutated, literal, rebind_importers, same_value
from .live import Heap, attribute, class_at, inherits, mangled, reached
from .scratch import Scratch
from .source import Refused, Source, kind_flags, same_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, ModuleType
    from typing import Any, Union

    from .commit import Operations
    from .compare import Change


class Shared:
    """What the modules of one transaction have in common.

    `plain` gives the code of which a watched one is the counting variant; `kept` are names that an earlier reload removed
    from the text and left bound, because a running call still needed them.
    """

    def __init__(self, heap: Heap, operations: Operations, plain: Callable[[CodeType], CodeType], kept: set[tuple[str, str]]) -> None:
        self.heap, self.operations, self.plain, self.kept = heap, operations, plain, kept
        self.changed: list[str] = []
        self.notes: list[str] = []
        self.replaced: dict[int, str] = {}  # id of a live code that is materially replaced -> whose it is
        self.removals: list[tuple[Any, str, str, str]] = []  # owner, name, module, qualified name


class ModulePlan:
    """Plans one module; raises Refused, with one sentence, where the change cannot be made live."""

    def __init__(self, module: ModuleType, base: Source, new: Source, shared: Shared) -> None:
        self._module, self._shared = module, shared
        self._new = new
        self._name = str(_module_vars(module).get("__name__"))
        self._globals_id = id(_module_vars(module))
        self._comparison = Comparison(base, new)
        self._scratch = Scratch(module, new)
        self._material: dict[CodeType, str] = {}
        self._extra: list[FunctionType] = []
        self._is_new = False

    def prepare(self) -> None:
        """Add this module's assignments to the shared list."""
        steps: dict[str, Callable[[Change], None]] = {
            "function": self._function, "assign": self._assign, "import": self._import, "class": self._class, "doc": self._doc,
        }  # fmt: skip
        self._is_new = self._runs_new()
        for change in self._comparison.changes:
            steps[change.what](change)
        self._shared.notes += [note for note in self._comparison.notes if note not in self._shared.notes]
        self._swap_codes()

    def _runs_new(self) -> bool:
        """Tell whether functions changed and all of them run their new code already; other values are then taken to be new too."""
        functions = [change for change in self._comparison.changes if change.what == "function" and change.new is not None]
        for change in functions:
            owner = class_at(self._module, change.owner) if change.owner else self._module
            raw = None if owner is None else attribute(owner, mangled(change.owner, change.names[0]))[1]
            if change.new is None or not self._reached(raw, change.new.own_code()):
                return False
        return bool(functions)

    def _full(self, change: Change) -> str:
        return f"{self._name}.{change.qualname}"

    def _owner(self, change: Change) -> Any:
        if not change.owner:
            return self._module
        cls = class_at(self._module, change.owner)
        if cls is None:
            raise Refused(f"{self._name}.{'.'.join(change.owner)} is not the class that its file defines any more: {RESTART}.")
        return cls

    def _drifted(self, change: Change) -> Refused:
        return Refused(f"{self._full(change)} in the running program is not what the patch was made against: {RESTART}, or make the patch anew.")

    def _reached(self, raw: Any, code: CodeType) -> list[FunctionType]:
        return reached(raw, self._globals_id, lambda live: self._shared.plain(live) == code)

    # functions

    def _function(self, change: Change) -> None:
        owner = self._owner(change)
        name = mangled(change.owner, change.names[0])
        there, raw = attribute(owner, name)
        if change.new is None and change.old is not None:
            if there and not self._reached(raw, change.old.own_code()):
                raise self._drifted(change)
            if there:
                self._material[change.old.own_code()] = self._full(change)
                self._removal(owner, name, change)
        elif change.old is None:
            self._added_function(change, owner, name)
        else:
            self._changed_function(change, owner, raw if there else None)

    def _removal(self, owner: Any, name: str, change: Change) -> None:
        self._shared.removals.append((owner, name, self._name, change.qualname))
        self._shared.changed.append(self._full(change))

    def _changed_function(self, change: Change, owner: Any, raw: Any) -> None:
        assert change.old is not None
        assert change.new is not None
        old, new = change.old.own_code(), change.new.own_code()
        found = self._reached(raw, old)
        if not found:
            if self._reached(raw, new):
                return
            raise self._drifted(change)
        if all(same_code(self._shared.plain(function.__code__), new) for function in found):
            return
        self._check_code(change, old, new)
        functions = [item for item in self._shared.heap.of(self._module) if self._shared.plain(item.__code__) == old]
        frozen = [item for item in found if not any(item is other for other in functions)]  # gc.freeze() hides them from the heap pass
        self._extra += frozen
        self._attributes(change, owner, functions + frozen, new)
        self._material[old] = self._full(change)
        self._shared.changed.append(self._full(change))
        if owner is self._module and not getattr(change.new.node, "decorator_list", None):
            self._scratch.preview(change.names[0], new, found[0])

    def _check_code(self, change: Change, old: CodeType, new: CodeType) -> None:
        if old.co_freevars != new.co_freevars:
            what = "uses super() or __class__ for the first time" if "__class__" in new.co_freevars else "closes over other variables than before"
            raise Refused(f"{self._full(change)} {what}, which a live function cannot: {RESTART}.")
        if kind_flags(old) != kind_flags(new) and sys.version_info >= (3, 13):
            raise Refused(f"{self._full(change)} became, or is no longer, a generator or coroutine: {RESTART}.")

    def _attributes(self, change: Change, owner: Any, functions: list[FunctionType], new: CodeType) -> None:
        """Plan the defaults and annotations, where the text of them changed, and the docstring."""
        assert change.old is not None
        assert change.new is not None
        one: Any = change.old.node
        two: Union[ast.FunctionDef, ast.AsyncFunctionDef, Any] = change.new.node
        made = None
        if ast.dump(one.args) != ast.dump(two.args) or _dump(one.returns) != _dump(two.returns):
            made = self._scratch.signature(None if owner is self._module else owner, two)
        text = ast.get_docstring(one, clean=False) != ast.get_docstring(two, clean=False)
        for function in functions:
            if made is not None:
                for name in ("__defaults__", "__kwdefaults__", "__annotations__"):
                    self._shared.operations.function(function, name, getattr(made, name))
            if text:
                self._shared.operations.function(function, "__doc__", FunctionType(new, {}, "f", None, function.__closure__).__doc__)

    def _added_function(self, change: Change, owner: Any, name: str) -> None:
        assert change.new is not None
        code = change.new.own_code()
        there, raw = attribute(owner, name)
        if there and self._reached(raw, code):
            return
        again = (*change.owner, change.names[0]) in self._comparison.known
        if there and not again and (self._name, change.qualname) not in self._shared.kept:
            raise self._drifted(change)
        bound = self._scratch.execute(change.new.node) if owner is self._module else self._scratch.execute_in(owner, change.new.node)
        for key, value in bound.items():
            for function in reached(value, self._globals_id, lambda live: live.co_name == code.co_name and live.co_firstlineno == code.co_firstlineno):
                if function.__code__.co_freevars == code.co_freevars:
                    function.__code__ = code
                    function.__qualname__ = change.qualname
            self._bind(owner, key, value)
        self._shared.changed.append(self._full(change))

    def _bind(self, owner: Any, name: str, value: Any) -> None:
        if owner is not self._module:
            for kind in type.__dict__["__mro__"].__get__(type(value)):
                if "__set_name__" in _type_vars(kind):
                    value.__set_name__(owner, name)
                    break
        self._shared.operations.bind(owner, name, value)

    # everything else

    def _assign(self, change: Change) -> None:
        owner = self._owner(change)
        if owner is not self._module:
            self._check_class_value(change, owner)
        names = [mangled(change.owner, name) for name in change.names]
        if self._is_new and change.new is not None and literal(change.new.node) is UNKNOWN and all(attribute(owner, name)[0] for name in names):
            return
        if change.old is not None and check_unmutated(self._full(change), change.old.node, change.new.node if change.new else None, owner, names):
            return
        if change.new is None:
            for name in names:
                if attribute(owner, name)[0]:
                    self._removal(owner, name, change)
            return
        if change.old is None and any(attribute(owner, name)[0] for name in names) and not same_value(change.new.node, owner, names):
            if not all((self._name, name) in self._shared.kept for name in names):
                raise self._drifted(change)
        elif change.old is None and names and attribute(owner, names[0])[0]:
            return
        bound = changed_value(self._scratch, change.new.node, None if owner is self._module else owner)
        for name, value in bound.items():
            if owner is self._module:
                rebind_importers(self._module, name, value, self._shared.operations)
            self._bind(owner, name, value)
        if bound:
            self._shared.changed.append(self._full(change))

    def _check_class_value(self, change: Change, cls: Any) -> None:
        plain = type(cls) is type or type(cls).__module__ == "abc"
        if not plain or change.owner in self._comparison.decorated or inherits(cls, tuple) or "__slots__" in change.names:
            raise Refused(f"The field {self._full(change)} shapes a class that was made from it: {RESTART}.")

    def _import(self, change: Change) -> None:
        assert change.new is not None
        for name, value in self._scratch.execute(change.new.node).items():
            there, before = attribute(self._module, name)
            if not there or before is not value:
                self._shared.operations.bind(self._module, name, value)
                self._shared.changed.append(f"{self._name}.{name}")

    def _class(self, change: Change) -> None:
        owner = self._owner(change)
        name = mangled(change.owner, change.names[0])
        there, raw = attribute(owner, name)
        if change.new is None:
            if there:
                self._removal(owner, name, change)
            return
        if there:
            if (self._name, change.qualname) not in self._shared.kept:
                if issubclass(type(raw), type) and _type_vars(raw).get("__module__") == self._name:
                    return
                raise self._drifted(change)
        if owner is not self._module:
            raise Refused(f"The class {self._full(change)} was added inside another: {RESTART}.")
        for key, value in self._scratch.execute(change.new.node).items():
            self._shared.operations.bind(owner, key, value)
        self._shared.changed.append(self._full(change))

    def _doc(self, change: Change) -> None:
        owner = self._owner(change)
        node: Any = change.new.node if change.new is not None else None
        text = node.value.value if node is not None else None
        if attribute(owner, "__doc__")[1] != text:
            self._shared.operations.bind(owner, "__doc__", text)

    def _swap_codes(self) -> None:
        """Plan the new code of every function on the heap that runs an old one, those that only moved included."""
        pairs, plain = self._comparison.pairs, self._shared.plain
        material = dict(self._material)
        for old, name in self._material.items():
            _nested(old, name, material)
        for function in [*self._shared.heap.of(self._module), *self._extra]:
            code = plain(function.__code__)
            if code in material:
                self._shared.replaced[id(function.__code__)] = material[code]
            new = pairs.get(code)
            if new is not None and not same_code(code, new) and code.co_freevars == new.co_freevars:
                self._shared.operations.function(function, "__code__", new)
        for code in self._comparison.lost:
            if code in material and material[code] in self._shared.changed:
                note = f"Functions that {material[code]} made before keep their old code."
                if note not in self._shared.notes:
                    self._shared.notes.append(note)


def _nested(code: CodeType, name: str, material: dict[CodeType, str]) -> None:
    for constant in code.co_consts:
        if type(constant) is type(code):
            material[constant] = name
            _nested(constant, name, material)


def _dump(node: Any) -> str:
    return "" if node is None else ast.dump(node)
