"""Makes, for one live module, the list of assignments that turns its old text into its new one; touches nothing."""

from __future__ import annotations

import ast
from types import FunctionType

from ..values import _module_vars, _type_vars
from . import classes, imports
from .commit import Operations
from .constants import assign, importers
from .constants.evaluate import ABSENT
from .functions import define
from .functions.living import Living
from .live import Heap, attribute, class_at, mangled
from .report import Definition
from .scratch import NotYet, Scratch
from .statements import dispatch
from .switch import transition
from .text.compare import RESTART, Change, Comparison
from .text.source import Refused, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType, ModuleType
    from typing import Any, Optional

    from .transaction import Workspace


class Late:
    """A step that runs code of the program: `run(operations)` adds what it leads to; raising undoes the transaction."""

    __slots__ = ("label", "line", "run", "subjects")

    def __init__(self, line: int, label: str, run: Callable[[Operations], None], subjects: Sequence[Any] = ()) -> None:
        self.line, self.label, self.run, self.subjects = line, label, run, subjects


class Shared:
    """What the modules of one transaction have in common.

    `plain` gives the code of which a watched one is the counting variant; `kept` are names that an earlier reload removed
    from the text and left bound, because a running call still needed them. `early` steps run at the commit just before
    the swap, in order, when every new name is bound; `late` ones just after it.
    """

    def __init__(self, plain: Callable[[CodeType], CodeType], kept: set[tuple[str, str]], workspace: Workspace, *, dry: bool) -> None:
        self.heap, self.operations = Heap(), Operations()
        self.plain, self.kept, self.text_of, self.dry = plain, kept, workspace.text, dry
        self.workspace = workspace
        self.plans: list[ModulePlan] = []
        self.definitions: list[Definition] = []
        self.notes: list[str] = []
        self.early: list[Late] = []
        self.late: list[Late] = []
        self.after: list[Callable[[], Any]] = []  # C calls right after the commit, such as cache_clear
        self.material: dict[int, tuple[FunctionType, str]] = {}  # functions whose code does something else than before
        self.forwards: list[tuple[FunctionType, Any, str]] = []  # a function, what takes its place, its name
        self.replaced: dict[int, str] = {}  # id of a live code that is materially replaced -> whose it is
        self.removals: list[tuple[Any, str, str, str]] = []  # owner, name, module, qualified name
        self.bindings: dict[tuple[str, str], tuple[Any, Any]] = {}
        self.committing = False
        self.carried: Optional[transition.Carried] = None
        self.new_files = imports.NewFiles(workspace.owns)

    def tell(self, module: str, qualname: str, kind: str, action: str, reason: str = "", line: int = 0, file: str = "") -> None:
        """Add a definition to the report."""
        if not file:
            file = next((plan.new.filename for plan in self.plans if plan.name == module), "")
        self.definitions.append(Definition(module, qualname, kind, action, reason, file, line))

    def note(self, sentence: str) -> None:
        """Add a sentence to the report, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def replans(self, module: ModuleType, _variables: object = None) -> bool:
        """Tell whether the transaction changes a module's own text as well."""
        return any(plan.module is module for plan in self.plans)

    def pending(self, module: str) -> dict[str, Any]:
        """Return what a module of this transaction will bind, as far as it is known yet."""
        found: dict[str, Any] = {}
        for plan in self.plans:
            if plan.name == module:
                found.update(plan.scratch.names)
        return found


class ModulePlan:
    """Plans one module; raises Refused, with one sentence, where the change cannot be made live."""

    def __init__(self, module: ModuleType, base: Source, new: Source, shared: Shared) -> None:
        self.module, self.shared, self.old, self.new = module, shared, base, new
        self.variables: dict[str, Any] = _module_vars(module)
        self.name = str(self.variables.get("__name__"))
        self.comparison = Comparison(base, new)
        self.scratch = Scratch(module, new)
        self.living = Living(self)
        self.material: dict[CodeType, str] = {}
        self.was = dict(self.variables)
        self.is_new = False
        shared.plans.append(self)

    def prepare(self) -> None:
        """Add this module's assignments to the shared list."""
        self.is_new = define.runs_new(self)
        for change in self.comparison.changes:
            self.change(change)
        for note in self.comparison.notes:
            self.shared.note(note)

    def change(self, change: Change) -> None:
        """Plan one change; what it refuses carries its name."""
        try:
            self._dispatch(change)
        except Refused as refusal:
            if not refusal.name:
                refusal.module, refusal.name, refusal.kind = self.name, change.qualname, kind_of(change)
                refusal.line = refusal.line or change.line
            raise

    def _dispatch(self, change: Change) -> None:
        if change.what == "function":
            define.plan(self, change)
        elif change.what == "class":
            self._class(change)
        elif change.what == "assign":
            assign.plan(self, change)
        elif change.what == "import":
            imports.plan(self, change)
        elif change.what == "doc":
            self._doc(change)
        elif change.what == "lambda":
            self.tell(change, "replaced")
        else:
            dispatch.plan(self, change)

    # what the parts use

    def full(self, change: Change) -> str:
        """Return the name of a definition with its module's."""
        return f"{self.name}.{change.qualname}"

    def owner(self, change: Change) -> Any:
        """Return the module, or the live class, in which a change takes place."""
        if not change.owner:
            return self.module
        cls = class_at(self.module, change.owner)
        if cls is None:
            raise Refused(f"{self.name}.{'.'.join(change.owner)} is not the class that its file defines any more: {RESTART}.")
        return cls

    def drifted(self, change: Change) -> Refused:
        """Return the refusal of a change whose old text is not what runs."""
        return Refused(f"{self.full(change)} in the running program is not what the patch was made against: {RESTART}, or make the patch anew.")

    def bind(self, owner: Any, name: str, value: Any, change: Optional[Change] = None, operations: Optional[Operations] = None) -> None:
        """Plan a binding; those who imported the name from this module and still hold the old value get the new one."""
        to = self.shared.operations if operations is None else operations
        there, before = attribute(owner, name)
        if owner is self.module:
            self.shared.bindings[(self.name, name)] = (before, value)
            self.scratch.names[name] = value
            if before is not value:
                importers.rebind(self.shared, self.module, name, before if there else ABSENT, value)
        else:
            for kind in type.__dict__["__mro__"].__get__(type(value)):
                if "__set_name__" in _type_vars(kind):
                    self._set_name(kind, value, owner, name, change)
                    break
        to.bind(owner, name, value)

    def _set_name(self, kind: type, value: Any, owner: Any, name: str, change: Optional[Change]) -> None:
        """Tell a descriptor its name; what the program wrote itself may do more than that, and is called at the commit."""
        if self.shared.committing or change is None or type(_type_vars(kind)["__set_name__"]) is not FunctionType:
            value.__set_name__(owner, name)
        elif not self.shared.dry:
            self.step(change, lambda _: value.__set_name__(owner, name))

    def remove(self, owner: Any, name: str, change: Change) -> None:
        """Plan that a name goes, unless a call under way may still look it up."""
        self.shared.removals.append((owner, name, self.name, change.qualname))
        if owner is self.module:
            importers.rebind(self.shared, self.module, name, attribute(owner, name)[1], ABSENT)
        self.tell(change, "removed")

    def tell(self, change: Change, action: str, reason: str = "") -> None:
        """Add a change to the report."""
        self.shared.tell(self.name, change.qualname, kind_of(change), action, reason, change.line if change.new is not None else 0, self.new.filename)

    def is_kept(self, change: Change) -> bool:
        """Tell whether an earlier reload left the name bound for a call under way."""
        return (self.name, change.qualname) in self.shared.kept

    def step(self, change: Change, run: Callable[[Operations], None], *, late: bool = False) -> None:
        """Leave something to the commit: just before the swap, or just after it."""
        steps = self.shared.late if late else self.shared.early
        steps.append(Late(change.line, self.full(change), run, self.named_by(change)))

    def named_by(self, change: Change) -> list[Any]:
        """Return what the head of a definition names, such as the registry of a decorator; of all else, what it names anywhere."""
        node: Any = change.new.node if change.new is not None else None
        heads = [*getattr(node, "decorator_list", ()), *getattr(node, "bases", ()), *(word.value for word in getattr(node, "keywords", ()))] or [node]
        heads += getattr(change.old.node, "decorator_list", ()) if change.old is not None else ()
        owner = class_at(self.module, change.owner) if change.owner else None
        names = {item.id for head in heads if head is not None for item in ast.walk(head) if isinstance(item, ast.Name)}
        found = [self.scratch.names.get(name, self.variables.get(name)) for name in names]
        return [item for item in [*found, owner] if item is not None]

    def now_or_early(self, change: Change, run: Callable[[Operations], None]) -> None:
        """Do something that runs code of the new text now; where it needs what is bound later, at the commit."""
        if self.shared.dry:
            return
        try:
            run(self.shared.operations)
        except NotYet:
            if not self.shared.early and not self._adds():
                raise
            self.step(change, run)

    def _adds(self) -> bool:
        return any(change.how == "added" for plan in self.shared.plans for change in plan.comparison.changes) or bool(self.shared.new_files.files)

    # the small kinds

    def _class(self, change: Change) -> None:
        if change.pair is not None:
            if class_at(self.module, change.pair.path) is None and change.conditional:
                self.tell(change, "unchanged", "It stands in a block that this program did not run.")
                return
            for inner in classes.plan(self, change.pair):
                self.change(inner)
            return
        owner = self.owner(change)
        name = mangled(change.owner, change.names[0])
        there, raw = attribute(owner, name)
        if change.new is None:
            if there and change.last:
                self.remove(owner, name, change)
            return
        known = (*change.owner, change.names[0]) in self.comparison.known
        if there and not known and not self.is_kept(change):
            if issubclass(type(raw), type) and _type_vars(raw).get("__module__") == self.name:
                return
            raise self.drifted(change)
        self.tell(change, "added")
        if not self.shared.dry:
            self.step(change, self._new_class(change, owner), late=self._reads_replaced(change))

    def _new_class(self, change: Change, owner: Any) -> Callable[[Operations], None]:
        assert change.new is not None
        node = change.new.node

        def run(operations: Operations) -> None:
            bound = self.scratch.execute(node) if owner is self.module else self.scratch.execute_in(owner, node)
            for key, value in bound.items():
                if issubclass(type(value), type) and owner is not self.module:
                    type.__dict__["__qualname__"].__set__(value, change.qualname)
                self.bind(owner, key, value, change, operations)

        return run

    def _reads_replaced(self, change: Change) -> bool:
        """Tell whether the body of a new class reads a name that this transaction gives another value."""
        assert change.new is not None
        names = set(change.new.own_code().co_names)
        return any(name in names and name in self.variables for module, name in self.shared.bindings if module == self.name)

    def _doc(self, change: Change) -> None:
        owner = self.owner(change)
        node: Any = change.new.node if change.new is not None else None
        text = node.value.value if node is not None else None
        if attribute(owner, "__doc__")[1] != text:
            self.shared.operations.bind(owner, "__doc__", text)
            self.tell(change, "replaced")


def kind_of(change: Change) -> str:
    """Return the word for a change in a report."""
    if change.what == "function":
        return "method" if change.owner else "function"
    if change.what == "assign":
        return "attribute" if change.owner else "constant"
    return {"lambda": "lambda", "doc": "docstring"}.get(change.what, change.what)
