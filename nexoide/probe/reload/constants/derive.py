"""What is computed from changed constants: recomputed in the order of the import graph, wherever it is safe to.

Derived are assignments of modules and of plain classes, and defaults of functions. One is recomputed where its expression is pure
and its live value is what the old inputs give; else it is kept, and the report says so.
"""

from __future__ import annotations

import ast
from functools import partial

from ...values import _module_vars
from ..commit import MISSING
from ..live import attribute, class_at
from .equality import same
from .evaluate import Failed, evaluate, lookup_in
from .expected import mangled_in, scope, spread
from .importers import absolute, catch_up, held_by, imports_of, modules_named, record, text_for
from .inplace import shared_swaps, swapped
from .lookups import Unknown
from .purity import Inspection
from .reads import Key, Readers, candidates, reads_in_lambdas, reads_of, resolved, rewritten
from .sites import Site, sites_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Optional

    from ..commit import Operations
    from ..plan import Shared

MAX_ROUNDS = 32
MAX_NOTES = 24


def plan(shared: Shared, operations: Optional[Operations] = None) -> None:
    """Plan what follows from the bindings of a transaction that were not followed yet; may be called again after more of them."""
    work: Optional[Derivation] = vars(shared).get("_derivation")
    fresh = {key: pair for key, pair in shared.bindings.items() if work is None or key not in work.changed}
    added = {(item.name, name) for item in shared.plans for home, name in shared.bindings if home == item.name and name not in item.was and "." not in name}
    fresh = {
        key: pair
        for key, pair in fresh.items()
        if pair[0] is not pair[1] and key not in added and pair[0] is not MISSING and (key[1] in _before(key) or "." in key[1])
    }
    if not fresh:
        return
    if work is None:
        work = vars(shared)["_derivation"] = Derivation(shared)
    work.follow(fresh, shared.operations if operations is None else operations)


def arrived(shared: Shared) -> None:
    """Plan what follows for modules that were imported for the transaction, and so saw what it changes as it was before."""
    fresh = shared.new_files.loaded()
    if not fresh or not (shared.bindings or shared.material):
        return
    catch_up(shared, fresh)
    work: Optional[Derivation] = vars(shared).get("_derivation")
    if work is None:
        work = vars(shared)["_derivation"] = Derivation(shared)
    if shared.heap.scanned:
        shared.heap.scan()  # their functions are new
    work.visit(fresh, shared.operations)


def imported_by(text: str, variables: dict[str, Any]) -> list[str]:
    """Return the full names of the modules that a text imports, or may import a name from."""
    imports = imports_of(text)
    found = dict.fromkeys(imports.plain)
    for _, level, target, name in imports.froms:
        home = absolute(variables, level, target)
        found[home] = found[f"{home}.{name}"] = None
    for level, target in imports.stars:
        found[absolute(variables, level, target)] = None
    return list(found)


def _before(key: Key) -> dict[str, Any]:
    module = modules_named(key[0])
    return {} if module is None else _module_vars(module)


class Derivation:
    """The inputs that changed in one transaction, and all that was recomputed from them."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.changed: dict[Key, tuple[Any, Any]] = {}
        self._given: dict[tuple[str, str], Any] = {}  # what was computed here, by module and site
        self._told: set[tuple[str, str]] = set()
        self._late: set[tuple[str, str]] = set()
        self._readers = Readers()
        self._new: set[int] = set()  # modules that were imported for the transaction

    def follow(self, fresh: dict[Key, tuple[Any, Any]], operations: Operations) -> None:
        """Plan everything that reads what changed, and what reads that, until nothing changes any more."""
        for _ in range(MAX_ROUNDS):
            self.changed.update(fresh)
            names = {name for _, name in fresh}
            self._readers.add(fresh)
            todo = candidates(self._shared, fresh, self._readers)
            before = dict(self.changed)
            for module in todo:
                self._module(module, names, operations)
            fresh = {key: pair for key, pair in self.changed.items() if key not in before or before[key][1] is not pair[1]}
            if not fresh:
                return

    def visit(self, modules: list[ModuleType], operations: Operations) -> None:
        """Plan what changed for modules that are new themselves: also what they computed by functions that change."""
        fresh = {key: pair for key, pair in self._shared.bindings.items() if pair[0] is not pair[1] and pair[0] is not MISSING}
        self.changed.update(fresh)
        self._readers.add(fresh)
        self._new.update(map(id, modules))
        before = dict(self.changed)
        for module in modules:
            self._module(module, {name for _, name in self.changed}, operations)
        self.follow({key: pair for key, pair in self.changed.items() if key not in before or before[key][1] is not pair[1]}, operations)

    def _module(self, module: ModuleType, names: set[str], operations: Operations) -> None:
        text = text_for(self._shared, module)
        if text is None or not (id(module) in self._new or any(name.rpartition(".")[2] in text for name in names) or self._readers.named_in(text)):
            return
        skip = self._changed_names(module)
        for site in sites_of(text):
            if not skip.intersection(site.qualnames):
                self._site(module, site, operations)

    def _changed_names(self, module: ModuleType) -> set[str]:
        """Return the definitions that the transaction itself gives a new text: they were computed with the new inputs."""
        found: set[str] = set()
        for item in self._shared.plans:
            if item.module is module:
                for change in item.comparison.every():
                    whole = change.what == "assign" or change.how != "changed"
                    if whole:
                        found.update(".".join([*change.owner, name]) for name in change.names)
        return found

    def _site(self, module: ModuleType, site: Site, operations: Operations) -> None:
        owner = class_at(module, site.owner) if site.owner else module
        if owner is None:
            return
        known = scope(owner, module, {})
        variables = _module_vars(module)
        found = reads_of(site.node, module, site.owner, lookup_in(variables, known), self.changed, self._imported(module, site))
        inspection = None
        if not found:
            lookup = lookup_in(variables, known)
            if id(module) in self._new and self._called_old(module, owner, site, known):
                return
            inner = reads_in_lambdas(site.node, module, site.owner, lookup, self.changed) if site.lambdas and site.calls else {}
            if not inner and not self._readers.called_in(site.node, lookup):
                return
            inspection = Inspection(site.node, lookup)
            if not inspection.pure or not (inner or self._readers.reached_by(inspection)):
                return
        sources = ", ".join(sorted({".".join(key) for key in found.values()})) or "changed constants"
        if site.kind == "other":
            self._keep(module, site, f"It used {sources} when the module was imported and is not run again")
            return
        inspection = inspection or Inspection(site.node, lookup_in(variables, known))
        if not inspection.pure or (site.kind != "default" and not site.alone):
            self._keep(module, site, f"It was made from {sources} in a way that cannot be done again without side effects")
        elif site.kind == "default":
            self._default(module, site, known, found, operations, sources)
        elif site.lambdas or self._readers.reached_by(inspection):
            self._later(module, owner, site, known, found)
        else:
            self._assign(module, owner, site, known, found, operations, sources)

    def _called_old(self, module: ModuleType, owner: Any, site: Site, known: dict[str, Any]) -> bool:
        """Plan a value of a new module that functions computed which this transaction changes; tells whether it was one."""
        lookup = lookup_in(_module_vars(module), known)
        inspection = Inspection(site.node, lookup)
        called = [self._shared.material[key][1] for key in inspection.functions if key in self._shared.material] or self._material_in(site.node, lookup)
        if called and inspection.pure and site.kind == "value" and site.alone:
            self._later(module, owner, site, known, {})
        elif called:
            self._keep(module, site, f"It called {called[0]} as that was before")
        return bool(called)

    def _material_in(self, node: Any, lookup: Any) -> list[str]:
        found = []
        for call in (item for item in ast.walk(node) if isinstance(item, ast.Call)):
            try:
                known = self._shared.material.get(id(resolved(call.func, lookup)))
            except Unknown:
                continue
            found += [known[1]] if known is not None else []
        return found

    def _imported(self, module: ModuleType, site: Site) -> dict[str, Key]:
        """Return where the names came from that a site makes anew of what was imported under them."""
        text = text_for(self._shared, module) if site.kind == "value" and not site.owner else None
        if text is None:
            return {}
        variables = _module_vars(module)
        return {bound: (absolute(variables, level, target), name) for bound, level, target, name in imports_of(text).froms if bound in site.names}

    def _values(self, module: ModuleType, site: Site, known: dict[str, Any], found: dict[Any, Key], which: int) -> Any:
        """Return the value of a site's expression with the old inputs (0) or the new ones (1); raises Failed."""
        node, names = rewritten(site.node, found, {key: pair[which] for key, pair in self.changed.items()})
        return evaluate(node, _module_vars(module), {**known, **names}, str(_module_vars(module).get("__file__", "<module>")))

    def _parts(self, module: ModuleType, owner: Any, site: Site, value: Any) -> dict[str, Any]:
        assert site.statement is not None
        return spread(site.statement, value, [mangled_in(owner, module, name) for name in site.names])

    def _kept_as_made(self, module: ModuleType, owner: Any, site: Site, old: dict[str, Any]) -> bool:
        """Tell whether the live values are what the old inputs give, or what this transaction made of them."""
        home = str(_module_vars(module).get("__name__"))
        for name, value in old.items():
            there, live = attribute(owner, name)
            given = self._given.get((home, ".".join([*site.owner, name])), MISSING)
            if not there or not (same(live, value, loose=True) or live is given):
                return False
        return bool(old)

    def _assign(self, module: ModuleType, owner: Any, site: Site, known: dict[str, Any], found: dict[Any, Key], operations: Operations, sources: str) -> None:
        try:
            old = self._parts(module, owner, site, self._values(module, site, known, found, 0))
            new = self._parts(module, owner, site, swapped(self._values(module, site, known, found, 1), shared_swaps(self._shared)))
        except Failed as failure:
            self._keep(module, site, f"With the new {sources} it raises {failure}")
            return
        if not self._kept_as_made(module, owner, site, old):
            self._keep(module, site, f"It is computed from {sources}, but the running program changed it since")
            return
        self._give(module, owner, site, new, operations, sources)

    def _give(self, module: ModuleType, owner: Any, site: Site, new: dict[str, Any], operations: Operations, sources: str) -> None:
        home = str(_module_vars(module).get("__name__"))
        for name, value in new.items():
            qualname = ".".join([*site.owner, name])
            live = self._given.get((home, qualname), attribute(owner, name)[1])
            if same(live, value, loose=site.lambdas):
                continue
            before = self.changed.get((home, qualname), (attribute(owner, name)[1], None))[0]
            self._given[(home, qualname)] = value
            self.changed[(home, qualname)] = (before, value)
            operations.bind(owner, name, value)
            if owner is not module:
                self._shared.bindings[(home, qualname)] = (before, value)
            else:
                record(self._shared, module, name, before, value)
                for other, bound in held_by(self._shared, module, name, before):
                    operations.bind(other, bound, value)
                    record(self._shared, other, bound, before, value)
                    self.changed[(str(_module_vars(other).get("__name__")), bound)] = (before, value)
            self._tell(module, site, "replaced", f"It is computed from {sources}.", qualname)

    def _default(self, module: ModuleType, site: Site, known: dict[str, Any], found: dict[Any, Key], operations: Operations, sources: str) -> None:
        for function in self._shared.heap.of(module):
            code = function.__code__
            if code.co_name != site.names[0] or code.co_firstlineno != site.line:
                continue
            try:
                old, new = self._values(module, site, known, found, 0), self._values(module, site, known, found, 1)
            except Failed as failure:
                self._keep(module, site, f"With the new {sources} its default raises {failure}")
                return
            attr, place = ("__kwdefaults__", site.argument) if site.keyword else ("__defaults__", site.position)
            planned = _planned(operations, function, attr)
            held = getattr(function, attr) if planned is MISSING else planned
            if not held or (not site.keyword and len(held) < -site.position) or (site.keyword and place not in held):
                continue
            value = swapped(new, shared_swaps(self._shared))
            if same(held[place], value):
                continue
            if not same(held[place], old, loose=True):
                self._keep(module, site, f"The default of {site.argument} is computed from {sources}, but the running program changed it since")
                continue
            if site.keyword:
                made: Any = {**held, place: value}
            else:
                made = tuple(value if index == len(held) + site.position else item for index, item in enumerate(held))
            operations.function(function, attr, made)
            self._tell(module, site, "replaced", f"Its default of {site.argument} is computed from {sources}.", site.qualnames[0])

    def _later(self, module: ModuleType, owner: Any, site: Site, known: dict[str, Any], found: dict[Any, Key]) -> None:
        """Leave what calls functions that read changed names to the commit: only then do they see the new ones."""
        from ..plan import Late

        home = str(_module_vars(module).get("__name__"))
        if (home, site.qualnames[0]) in self._late or self._shared.dry:
            return
        try:
            old = self._parts(module, owner, site, evaluate(site.node, _module_vars(module), known, "<derived>"))
        except Failed:
            old = {}
        if not self._kept_as_made(module, owner, site, old) and not site.lambdas:
            self._keep(module, site, "It is computed from what changed, but the running program changed it since")
            return
        self._late.add((home, site.qualnames[0]))
        self._shared.late.append(Late(site.line, f"{home}.{site.qualnames[0]}", partial(self._carry_out, module, owner, site)))

    def _carry_out(self, module: ModuleType, owner: Any, site: Site, operations: Operations) -> None:
        known = scope(owner, module, {})
        try:
            value = evaluate(site.node, _module_vars(module), known, str(_module_vars(module).get("__file__", "<module>")))
        except Failed as failure:
            self._keep(module, site, f"With what changed it raises {failure}")
            return
        new = self._parts(module, owner, site, value)
        before = set(self.changed)
        self._give(module, owner, site, new, operations, "what changed")
        self.follow({key: self.changed[key] for key in self.changed if key not in before}, operations)

    # the report

    def _keep(self, module: ModuleType, site: Site, reason: str) -> None:
        if len(self._told) < MAX_NOTES:
            self._tell(module, site, "kept", f"{reason}: restart the program for it.", site.qualnames[0])

    def _tell(self, module: ModuleType, site: Site, action: str, reason: str, qualname: str) -> None:
        home = str(_module_vars(module).get("__name__"))
        if (home, qualname) in self._told:
            return
        self._told.add((home, qualname))
        kind = "function" if site.kind == "default" else "statement" if site.kind == "other" else "attribute" if site.owner else "constant"
        self._shared.tell(home, qualname, kind, action, reason, site.line, str(_module_vars(module).get("__file__", "")))


def _planned(operations: Operations, function: Any, name: str) -> Any:
    """Return what is planned for an attribute of a function already, MISSING where nothing is."""
    for entry in operations.entries:
        if entry.key == ("function", id(function), name):
            return entry.after
    return MISSING
