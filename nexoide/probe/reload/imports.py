"""Imports that were added or changed, and files that are new: tried before anything is touched, from the approved bytes."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType

from ..values import SEQUENCES, _module_vars
from . import deadline
from .arrivals import observed
from .commit import MISSING, Operations
from .live import attribute, mangled, module_file
from .scratch import NotYet
from .text.source import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Optional

    from .plan import ModulePlan
    from .statements.effects import Effects
    from .text.compare import Change

IMPORT_S = 10.0
_NOTHING = object()


class _Loader(SourceFileLoader):
    """Loads a file from the bytes that were approved, whatever is on the disk or in `__pycache__`."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> Any:
        return compile(self._text, self.path, "exec", dont_inherit=True)


class NewFiles:
    """The files of a transaction that no module of this process came from; importable while it lasts."""

    def __init__(self, owns: Callable[[str], bool]) -> None:
        self.files: dict[str, str] = {}
        self._owns = owns
        self._before: Optional[set[str]] = None
        self.effects: list[Effects] = []  # what importing new modules did to the program

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None) -> Any:
        """Find a module whose file is one of the new ones; None for every other."""
        last = name.rpartition(".")[2]
        for folder in list(sys.path if path is None else path):
            base = os.path.join(os.path.abspath(folder or os.curdir), last)
            for file, package in ((os.path.join(base, "__init__.py"), base), (base + ".py", None)):
                text = self.files.get(file)
                if text is None:
                    text = self.files.get(os.path.realpath(file))
                if text is not None:
                    return importlib.util.spec_from_file_location(
                        name, file, loader=_Loader(name, file, text), submodule_search_locations=[package] if package else None
                    )
        return None

    def __enter__(self) -> None:
        if self._before is None:
            self._before = set(sys.modules)
        if self.files:
            importlib.invalidate_caches()
            sys.meta_path.insert(0, self)

    def __exit__(self, *_: object) -> None:
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]
        for name in set(sys.modules) - (self._before or set()):
            spec = getattr(sys.modules.get(name), "__spec__", None)
            if spec is not None and type(spec.loader) is _Loader:
                spec.loader = SourceFileLoader(name, spec.loader.path)
                sys.modules[name].__loader__ = spec.loader

    def loaded(self) -> list[ModuleType]:
        """Return the modules of the program that were imported since the transaction began."""
        if self._before is None:
            return []
        files = {os.path.realpath(path) for path in self.files}
        found = []
        for name in set(sys.modules) - self._before:
            module = sys.modules.get(name)
            file = module_file(module) if module is not None and issubclass(type(module), ModuleType) else ""
            if module is not None and file and (self._owns(file) or os.path.realpath(file) in files):
                found.append(module)
        return found

    def text_of(self, module: ModuleType) -> Optional[str]:
        """Return the text of a module that came from one of the files, None for every other."""
        file = module_file(module) if self.files else ""
        return self.files.get(os.path.realpath(file)) if file else None

    def operations(self) -> Operations:
        """Return, as operations that were done already, that the new modules are known to the interpreter."""
        made = Operations()
        for effects in self.effects:
            made.do(effects.forward, effects.revert)
        for module in self.loaded():
            name = str(_module_vars(module).get("__name__"))
            made.item(sys.modules, name, MISSING)
            entry = made.entries.pop()
            made.add(entry.inverse())
            package, _, last = name.rpartition(".")
            parent = sys.modules.get(package)
            if parent is not None and _module_vars(parent).get(last) is module:
                made.record(parent, last, MISSING, module)
        return made

    def forget(self) -> None:
        """Take out what was imported from the new files, as if they had never been."""
        for effects in reversed(self.effects):
            effects.revert()
        for module in self.loaded():
            name = _module_vars(module).get("__name__")
            if sys.modules.get(str(name)) is module:
                del sys.modules[str(name)]
                package, _, last = str(name).rpartition(".")
                parent = sys.modules.get(package)
                if parent is not None and _module_vars(parent).get(last) is module:
                    del _module_vars(parent)[last]


def plan(plan: ModulePlan, change: Change) -> None:
    """Plan the names that an import statement binds, or no longer binds."""
    if change.new is None:
        _removed(plan, change)
        return
    node = change.new.node
    owner = plan.owner(change)

    def run(operations: Operations) -> None:
        bound = resolve(plan, node) if owner is plan.module else plan.scratch.execute_in(owner, node)
        plan.scratch.names.update(bound if owner is plan.module else {})
        for name, value in bound.items():
            there, before = attribute(owner, name)
            if not there or before is not value:
                plan.bind(owner, name, value, change, operations)

    missing = [name for name in change.names if name != "*" and not attribute(owner, mangled(change.owner, name))[0]]
    if missing or change.names == ("*",):
        plan.tell(change, "added")
    plan.now_or_early(change, run)


def _removed(plan: ModulePlan, change: Change) -> None:
    owner = plan.owner(change)
    for name in change.names:
        if name != "*" and (*change.owner, name) not in plan.comparison.defined and attribute(owner, name)[0]:
            plan.shared.removals.append((owner, name, plan.name, ".".join([*change.owner, name])))


def resolve(plan: ModulePlan, node: Any) -> dict[str, Any]:
    """Import as a statement says, and return what it binds; names that this transaction makes are found; raises Refused."""
    try:
        with deadline.within(IMPORT_S):
            return _imported(plan, node)
    except deadline.Overdue as error:
        raise Refused(
            f"{plan.new.filename}:{node.lineno} imports code that did not end within {IMPORT_S:g} s: correct it; the running code stays.", line=node.lineno
        ) from error
    except BaseException as error:  # what the program's own code raises when it is imported, SystemExit included
        if type(error) is KeyboardInterrupt:
            raise
        words = str(error.args[0])[:200] if error.args and type(error.args[0]) is str else type(error).__name__
        kind = NotYet if isinstance(error, (ImportError, NameError)) else Refused
        raise kind(
            f"{plan.new.filename}:{node.lineno} could not be imported, {type(error).__name__} ({words}): correct it; the running code stays.", line=node.lineno
        ) from error


def _imported(plan: ModulePlan, node: Any) -> dict[str, Any]:
    bound: dict[str, Any] = {}
    if isinstance(node, ast.Import):
        for alias in node.names:
            module = _load(plan, alias.name)
            bound[alias.asname or alias.name.partition(".")[0]] = module if alias.asname else sys.modules[alias.name.partition(".")[0]]
        return bound
    name = _absolute(plan, node)
    module = _load(plan, name)
    pending = plan.shared.pending(name)
    for alias in node.names:
        if alias.name == "*":
            bound.update(_public(module, pending))
            continue
        value = pending.get(alias.name, _NOTHING)
        if value is _NOTHING:
            value = getattr(module, alias.name, _NOTHING)
        if value is _NOTHING:
            try:
                value = _load(plan, f"{name}.{alias.name}")
            except ModuleNotFoundError as error:
                if error.name != f"{name}.{alias.name}":
                    raise
                raise ImportError(f"cannot import name {alias.name!r} from {name!r}") from error
        bound[alias.asname or alias.name] = value
    return bound


def _load(plan: ModulePlan, name: str) -> ModuleType:
    """Import a module; what the top lines of a new one do to the program is undone with the transaction."""
    new = plan.shared.new_files
    effects = observed(name, new.files, plan.shared.workspace.owns, lambda: importlib.import_module(name))
    if effects:
        new.effects.append(effects)
    return importlib.import_module(name)


def _absolute(plan: ModulePlan, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = plan.variables.get("__package__") or plan.name.rpartition(".")[0]
    return importlib.util.resolve_name("." * node.level + (node.module or ""), str(package))


def _public(module: ModuleType, pending: dict[str, Any]) -> dict[str, Any]:
    everything = {**_module_vars(module), **pending}
    names = everything.get("__all__")
    if names is None or type(names) not in SEQUENCES:
        names = [name for name in everything if not name.startswith("_")]
    return {name: everything[name] for name in names if name in everything}
