"""What the shapes of classes share: running parts of a class statement aside, and what one transaction knows about classes."""

from __future__ import annotations

import ast
import builtins
import sys
from types import CellType, FunctionType, MethodType, ModuleType
from weakref import WeakKeyDictionary

from ...guard import attempt
from ...values import Kinds, _module_vars, _mro, _type_vars, instance_vars, type_module, type_name
from ..live import class_at
from ..text.compare import RESTART
from ..text.source import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Optional

    from ..commit import Operations
    from ..plan import Late, ModulePlan, Shared
    from ..text.compare import Change, ClassPair

__all__ = ["RESTART", "Refused"]

META = "__nexoide_shape__"
FRESH = "__nexoide_value__"
ANNOTATIONS = ("__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__", "__conditional_annotations__")
_BOUND = Kinds(classmethod, staticmethod, MethodType)
_HIDDEN = (*ANNOTATIONS, "__dict__", "__weakref__", "__classcell__", "__slots__", "__module__", "__qualname__", "__firstlineno__", "__static_attributes__")
ACTIONS = {"added": "added", "removed": "removed"}


class Task:
    """The changes of one live class that its maker has to do with; `operations` is where they are planned."""

    def __init__(self, plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change], carry: Callable[[Task], None]) -> None:
        self.plan, self.pair, self.cls, self.changes, self.carry = plan, pair, cls, changes, carry
        self.operations = plan.shared.operations

    @property
    def state(self) -> State:
        """What the transaction knows about classes."""
        return state_of(self.plan.shared)

    def refused(self, why: str, name: str = "", line: int = 0) -> Refused:
        """Return the refusal for the class, or for one of its members; `why` follows its name and ends without a stop."""
        return refused(self.plan, self.pair, why, name, line)

    def instances(self) -> list[Any]:
        """Return the live instances of the class and of its subclasses."""
        return self.state.instances(self.plan.shared, self.cls)

    def tell(self, reason: str) -> None:
        """Report the class itself as done, where no member says it."""
        self.plan.shared.tell(self.plan.name, ".".join(self.pair.path), "class", "replaced", reason, self.pair.new_node.lineno)


class State:
    """What one transaction knows about classes: `tasks` are carried out, and `finishers` run, once every module was planned."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.tables: dict[str, dict[int, Any]] = {}
        self.finishers: dict[str, Callable[[Shared, Operations], None]] = {}
        self._instances: dict[int, list[Any]] = {}

    def table(self, name: str) -> dict[int, Any]:
        """Return one shape's own table, by the id of the class."""
        return self.tables.setdefault(name, {})

    def clear(self) -> None:
        """Forget what the tasks found out, to carry them out again."""
        self.tables, self.finishers = {}, {}

    def instances(self, shared: Shared, cls: Any) -> list[Any]:
        """Return the live instances of a class and of its subclasses."""
        if id(cls) not in self._instances:
            self._instances[id(cls)] = list(shared.heap.instances(cls))
        return self._instances[id(cls)]


_states: WeakKeyDictionary[Any, State] = WeakKeyDictionary()  # a transaction is not ours to extend


def state_of(shared: Shared) -> State:
    """Return what a transaction knows about classes."""
    found = _states.get(shared)
    if found is None:
        found = _states[shared] = State()
    return found


class Names(dict):  # type: ignore[type-arg]
    """The namespace of a class body that sees further names without holding them."""

    given: dict[str, Any]

    def __missing__(self, name: str) -> Any:
        return self.given[name]


def full(plan: ModulePlan, pair: ClassPair) -> str:
    """Return the name of a class with its module's."""
    return f"{plan.name}.{'.'.join(pair.path)}"


def refused(plan: ModulePlan, pair: ClassPair, why: str, name: str = "", line: int = 0) -> Refused:
    """Return the refusal for a class, or for one of its members; `why` follows its name and ends without a stop."""
    what = ".".join([*pair.path, name] if name else pair.path)
    return Refused(f"{plan.name}.{what} {why}.", plan.name, what, "attribute" if name else "class", line or pair.new_node.lineno)


def body(plan: ModulePlan, cls: Any, nodes: Sequence[ast.stmt], namespace: Optional[dict[str, Any]] = None) -> dict[str, Any]:
    """Run statements of a class body aside, as they would run there, and return the namespace that they make.

    The class's own names and those that the module will have are visible, private names are mangled, `super()` finds the live
    class; `namespace` may be one of a metaclass. Raises Refused with what the statements raised.
    """
    live = {name: value for name, value in _type_vars(cls).items() if name not in _HIDDEN} if cls is not None and namespace is None else {}
    parameters = {parameter.__name__: parameter for parameter in _type_vars(cls).get("__type_params__", ())} if cls is not None else {}
    pending = getattr(plan.scratch, "of_class", {}).get(id(cls), {}) if namespace is None else {}
    names: Any
    if namespace is None:
        names = Names()
    else:
        names = namespace
        names.__class__ = type("Names", (type(namespace),), {"__missing__": Names.__missing__, "__slots__": ()})
    names.given = {**plan.scratch.names, **parameters, **live, **pending}

    class Shell(type):
        @classmethod
        def __prepare__(cls, *_: Any, **__: Any) -> Any:
            return names

        def __new__(cls, _name: str, _bases: Any, _namespace: dict[str, Any]) -> Any:
            return None

    word = ast.Name(id=META, ctx=ast.Load())
    shell = ast.ClassDef(
        name=type.__dict__["__name__"].__get__(cls), bases=[], keywords=[ast.keyword(arg="metaclass", value=word)], body=list(nodes), decorator_list=[]
    )
    shell.type_params = []  # type: ignore[attr-defined,unused-ignore]
    if not nodes:
        return {}
    ast.copy_location(shell, nodes[0])
    held = dict(plan.scratch.names)
    plan.scratch.names[META] = Shell
    try:
        plan.scratch.execute(ast.fix_missing_locations(shell))
    finally:
        plan.scratch.names.clear()
        plan.scratch.names.update(held)
    if namespace is None:
        cell = names.pop("__classcell__", None)
        if type(cell) is CellType:
            cell.cell_contents = cls
    return dict(names) if namespace is None else names


def annotations_in(namespace: dict[str, Any]) -> dict[str, Any]:
    """Return the annotations that a class body made."""
    made = namespace.get("__annotations__")
    if type(made) is dict:
        return made
    for name in ("__annotate_func__", "__annotate__"):
        annotate = namespace.get(name)
        if annotate is not None:
            return dict(annotate(1))
    return {}


def own_annotations(cls: Any) -> dict[str, Any]:
    """Return a copy of the annotations of a class's own body."""
    if sys.version_info >= (3, 14):
        made, _ = attempt(type.__dict__["__annotations__"].__get__, cls)  # noqa: RUF063 - evaluated there, and a name in them may not exist
        return dict(made or {})
    found = _type_vars(cls).get(ANNOTATIONS[0])
    return dict(found) if type(found) is dict else {}


def annotated(node: ast.ClassDef) -> dict[str, ast.AnnAssign]:
    """Return the annotated names of a class body, in the order in which they first appear, each with its last statement."""
    found: dict[str, ast.AnnAssign] = {}
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            found[item.target.id] = item
    return found


def evaluate(plan: ModulePlan, pair: ClassPair, expressions: Sequence[ast.expr]) -> list[Any]:
    """Return the values of expressions of a class's header, evaluated where the class stands."""
    if not expressions:
        return []
    node = ast.Assign(targets=[ast.Name(id=FRESH, ctx=ast.Store())], value=ast.List(elts=list(expressions), ctx=ast.Load()))
    ast.fix_missing_locations(ast.copy_location(node, expressions[0]))
    if len(pair.path) > 1:
        outer = class_at(plan.module, pair.path[:-1])
        return list(body(plan, outer, [node])[FRESH])
    held = dict(plan.scratch.names)
    try:
        return list(plan.scratch.execute(node)[FRESH])
    finally:
        plan.scratch.names.clear()
        plan.scratch.names.update(held)


def resolve(plan: ModulePlan, node: ast.expr) -> Any:
    """Return what a dotted name is, looked up without running anything; None where it is not known."""
    if isinstance(node, ast.Name):
        for names in (plan.scratch.names, _module_vars(plan.module), vars(builtins)):
            if node.id in names:
                return names[node.id]
    if isinstance(node, ast.Attribute):
        owner = resolve(plan, node.value)
        if issubclass(type(owner), ModuleType):
            return _module_vars(owner).get(node.attr)
    return None


def library(module: str, name: str) -> Any:
    """Return what a loaded module has under a name, None where it is not loaded."""
    loaded = sys.modules.get(module)
    return _module_vars(loaded).get(name) if issubclass(type(loaded), ModuleType) else None


def is_library(value: Any, places: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a value is one of the named things of libraries."""
    return value is not None and any(library(module, name) is value for module, name in places)


def below(cls: Any) -> list[Any]:
    """Return all live subclasses of a class, each once."""
    found: list[Any] = []
    waiting = list(type.__subclasses__(cls))
    while waiting:
        item = waiting.pop(0)
        if not any(item is known for known in found):
            found.append(item)
            waiting += type.__subclasses__(item)
    return found


def adopt(values: Iterable[Any], hollow: Sequence[Any], cls: Any) -> None:
    """Let functions that were made for a hollow class mean the live one: what their closures hold is exchanged."""
    waiting, seen = list(values), set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if type(value) in _BOUND:
            waiting.append(value.__func__)
        elif type(value) is property:
            waiting += [value.fget, value.fset, value.fdel]
        elif type(value) is FunctionType:
            waiting += list(instance_vars(value).values())
            for cell in value.__closure__ or ():
                try:
                    held = cell.cell_contents
                except ValueError:
                    continue
                if any(held is item for item in hollow):
                    cell.cell_contents = cls
                else:
                    waiting.append(held)


def has_dict(cls: Any) -> bool:
    """Tell whether instances of a class have a `__dict__`."""
    return bool(type.__dict__["__dictoffset__"].__get__(cls))


def has_hook(plan: ModulePlan, cls: Any, pair: Optional[ClassPair]) -> bool:
    """Tell whether a `__reload__` hook of the class or its module will migrate state."""
    nodes = [*plan.new.tree.body, *(pair.new_node.body if pair is not None else ())]
    return any(isinstance(node, ast.FunctionDef) and node.name == "__reload__" for node in nodes) or any("__reload__" in _type_vars(kind) for kind in _mro(cls))


def tell(plan: ModulePlan, change: Change, reason: str = "", action: str = "") -> None:
    """Report a change of a member as done."""
    plan.tell(change, action or ACTIONS.get(change.how, "replaced"), reason)


def count(items: Sequence[Any], word: str) -> str:
    """Return a number of things in words."""
    return f"{len(items)} {word}" if len(items) == 1 else f"{len(items)} {word}s"


def named(cls: Any) -> str:
    """Return the full name of a class."""
    return f"{type_module(cls)}.{type_name(cls)}"


def step(line: int, label: str, run: Callable[[Operations], None]) -> Late:
    """Return a step of the commit."""
    from ..plan import Late

    return Late(line, label, run)
