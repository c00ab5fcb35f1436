"""The way in: all files of a patch are prepared, and then all are swapped in one call, or none."""

from __future__ import annotations

import builtins
import os
import time
from _thread import RLock
from types import ModuleType

from ..frames import source_changed
from ..sources import key_of
from ..values import _type_vars
from . import caches, classes, migration
from .commit import MISSING, Operations, forget_source
from .constants import derive
from .functions import codes, define
from .ledger import LEDGER, File, Generation
from .live import Modules, class_at, module_file
from .plan import Late, ModulePlan, Shared
from .said import Said
from .statements import effects
from .switch import swapping
from .switch.transition import BOUND_S
from .text.source import Refused, Source, makes_functions, source
from .workspace import Workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType
    from typing import Any, Optional

    from .report import ReloadReport

    Plain = Callable[[CodeType], CodeType]

CO_OPTIMIZED = 0x1
_kept: set[tuple[str, str]] = set()
_lock = RLock()


class Prepared(Said):
    """A transaction that is ready: `commit` carries it out, `abort` forgets it; `report` says what it would do, or why it cannot."""

    def __init__(self, files: Sequence[File], plain: Plain, workspace: Workspace, when: str, bound: float, dry: bool) -> None:
        super().__init__(files)
        self._plain, self._workspace, self._when, self._bound, self._dry = plain, workspace, when, bound, dry
        self._undoes: Optional[Generation] = None
        self._loaded: list[File] = []
        self._modules: list[ModuleType] = []
        self._over = False
        self.report = self._prepare()
        self._spent = time.monotonic() - self._began

    # prepare

    def _prepare(self) -> ReloadReport:
        with _lock:
            try:
                shared = self._shared = self._plan()
            except Refused as refusal:
                return self._refused(refusal)
            except Exception as error:
                return self._failed(error)
            if not self._modules:
                return self._told("not_loaded")
            if not self._works(shared):
                return self._told("already")
            return self._told("prepared", blockers=swapping.in_the_way(shared) if self._dry else ())

    def _works(self, shared: Shared) -> bool:
        return bool(len(shared.operations) or shared.early or shared.late or shared.removals or shared.forwards) or (
            self._dry and any(item.action not in ("unchanged", "kept") for item in shared.definitions)
        )

    def _plan(self) -> Shared:
        shared = Shared(self._plain, _kept, self._workspace, dry=self._dry)
        known = Modules()
        found = [(file, known.of(file.path)) for file in self._files]
        self._loaded = [file for file, modules in found if modules]
        self._modules = [module for _, modules in found for module in modules]
        self._undoes = LEDGER.undone_by(self._loaded)
        for file, modules in found:
            if not modules and file.new is not None and file.path.endswith(".py"):
                source(file.new, file.path)
                shared.new_files.files[os.path.realpath(file.path)] = file.new
        if self._undoes is not None:
            self._plan_back(shared, self._undoes)
            return shared
        with shared.new_files:
            try:
                self._plan_modules(shared, found)
            except BaseException:
                shared.new_files.forget()
                raise
        return shared

    def _plan_modules(self, shared: Shared, found: list[tuple[File, list[ModuleType]]]) -> None:
        plans = []
        for file, modules in found:
            for module in modules:
                name = module_file(module) or file.path
                if file.new is None:
                    shared.tell(
                        str(module.__name__), "", "module", "kept", f"{file.path} was deleted; the module stays until the program is restarted.", file=name
                    )
                elif file.base is None:
                    unknown = f"It is not known from which text {file.path} was imported: restart the program for it."
                    raise Refused(unknown, str(module.__name__), "", "module")
                else:
                    plans.append((module, source(file.base, name), _filled(source(file.new, name), file)))
        made = [ModulePlan(module, base, new, shared) for module, base, new in plans]
        for plan in _in_order(made):
            plan.prepare()
        classes.settle(shared)
        derive.plan(shared)
        define.moved(shared)
        self._complete = codes.swap_codes(shared, heap=False)
        caches.plan(shared)

    def _plan_back(self, shared: Shared, generation: Generation) -> None:
        shared.operations = generation.inverse(shared.heap, self._plain)
        shared.definitions = generation.told_back()
        again = LEDGER.find(generation.undid) if generation.undid else None
        for note in again.notes if again is not None else ():
            shared.note(note)
        self._unbind_last(shared)
        classes.complete(shared)
        for entry in shared.operations.entries:
            if entry.now is not None and entry.key is not None and entry.key[0] == "function" and entry.key[2] == "__code__":
                function = entry.now.args[0]
                shared.material[id(function)] = (function, f"{function.__module__}.{function.__qualname__}")
        self._complete = True

    def _unbind_last(self, shared: Shared) -> None:
        """Have names that go taken out when no call under way needs them any more."""
        kept = Operations()
        for entry in shared.operations.entries:
            if entry.key is not None and entry.key[0] == "bind" and entry.after is MISSING and entry.before is not MISSING and entry.now is not None:
                owner = entry.now.args[0]
                is_class = isinstance(owner, type)
                module = str(_type_vars(owner).get("__module__") if is_class else owner.__name__)
                shared.removals.append((owner, entry.key[2], module, f"{owner.__qualname__}.{entry.key[2]}" if is_class else entry.key[2]))
            else:
                kept.add(entry)
        shared.operations = kept

    # commit

    def commit(self) -> ReloadReport:
        """Carry it out: everything or nothing."""
        begun = time.monotonic()
        with _lock:
            if self._over or self.report.state != "prepared" or self._dry:
                return self.report
            self._over = True
            shared = self._shared
            if shared is not None and not shared.operations.current():
                self._began = time.monotonic()
                self.report = self._prepare()
                shared = self._shared
            if self.report.state != "prepared" or shared is None:
                return self.report
            done: list[Operations] = []
            snapshot = effects.Snapshot(self._subjects(shared)) if shared.early else None
            try:
                with shared.new_files:
                    blockers = self._carry_out(shared, done)
            except BaseException as error:
                swapping.take_back(shared, done)
                if snapshot is not None:
                    snapshot.restore()
                shared.new_files.forget()
                if type(error) is KeyboardInterrupt:
                    raise
                self._spent += time.monotonic() - begun
                self.report = self._refused(error) if isinstance(error, Refused) else self._failed(error)
                return self.report
            if snapshot is not None:
                changes = _of_others(snapshot.changes(), shared, done)
                recorded = Operations()
                recorded.do(changes.forward, changes.revert)
                done.insert(0, recorded)
                if changes.threads:
                    shared.note(f"What ran at the top of the new text started {changes.threads} threads, which a revert does not stop.")
            self._spent += time.monotonic() - begun
            self._settle(shared, done, blockers)
            return self.report

    def abort(self) -> ReloadReport:
        """Forget it; what was imported for it from new files is forgotten too."""
        if not self._over and self._shared is not None:
            self._over = True
            self._shared.new_files.forget()
            self.report = self._told("aborted")
        return self.report

    def _subjects(self, shared: Shared) -> list[Any]:
        """Return what the steps of the program's own code name: what they do to that is undone with the rest."""
        found: list[Any] = []
        for step in shared.early:
            found += step.subjects
        return found

    def _carry_out(self, shared: Shared, done: list[Operations]) -> Sequence[str]:
        befores = [(plan.module, dict(plan.variables), _classes(plan)) for plan in shared.plans]
        shared.committing = True
        main = shared.operations
        additive, rest = _split(main)
        additive.commit()
        done.append(additive)
        shared.operations = rest
        for step in shared.early:
            self._run(step, shared, done)
        define.moved(shared)
        derive.arrived(shared)
        if shared.early:
            _look_again(shared)
            codes.swap_codes(shared, heap=False)
        classes.succeed(shared)
        blockers = swapping.carry_out(shared, self._when, self._bound, done)
        for step in shared.late:
            shared.operations = made = Operations()
            _guarded(step, made)
            made.commit()
            done.append(made)
        for call in shared.after:
            call()
        self._migrate(shared, befores, done)
        return blockers

    def _migrate(self, shared: Shared, befores: list[Any], done: list[Operations]) -> None:
        """Run the hooks; what they bind in modules becomes operations of our own, so that it is undone in the right order."""
        hooks = Operations()
        bound = [(plan, dict(plan.variables)) for plan in shared.plans]
        shared.definitions += migration.migrate(befores, hooks)
        for entry in hooks.entries:
            entry.forward.__self__.drop({id(plan.variables) for plan in shared.plans})  # type: ignore[attr-defined]
        for plan, before in bound:
            for name in {**before, **plan.variables}:
                hooks.record(plan.module, name, before.get(name, MISSING), plan.variables.get(name, MISSING))
        done.append(hooks)

    def _run(self, step: Late, shared: Shared, done: list[Operations]) -> None:
        made = Operations()
        _guarded(step, made)
        additive, rest = _split(made)
        additive.commit()
        done.append(additive)
        shared.operations.extend(rest)

    def _settle(self, shared: Shared, done: list[Operations], blockers: Sequence[str]) -> None:
        number = LEDGER.next()
        done.append(shared.new_files.operations())
        if not self._complete:
            last = Operations()
            shared.operations = last
            shared.heap.scan()
            codes.swap_codes(shared, heap=True)
            last.commit()
            done.append(last)
        for file in self._files:
            if file.new is not None:
                source_changed(file.path, file.new)
        for module in self._modules:
            forget_source(module)
        for module in shared.new_files.loaded():
            shared.tell(str(module.__name__), "", "module", "added", file=module_file(module))
        pairs = {id(plan.variables): dict(plan.comparison.pairs.new) for plan in shared.plans}
        if self._undoes is not None:
            pairs = {key: {new: old for old, new in items.items()} for key, items in self._undoes.pairs.items()}
        self.report = self._told("committed", generation=number, blockers=blockers)
        new = {key_of(module_file(module)) for module in shared.new_files.loaded()}
        files = [*self._loaded, *(file for file in self._files if key_of(file.path) in new)]
        undid = self._undoes.number if self._undoes is not None else 0
        settled = Generation(number, files, self._modules, done, self.report.definitions, pairs, undid)
        settled.notes = tuple(shared.notes)
        LEDGER.settle(settled)


def prepare(
    files: Sequence[File], plain: Plain, *, when: str = "auto", bound: float = BOUND_S, dry: bool = False, workspace: Optional[Workspace] = None
) -> Prepared:
    """Prepare a transaction; nothing live is touched.

    `when` is auto, now or quiescent; `bound` is how many seconds calls under way are waited for; with `dry` nothing of the
    new text is run at all and `commit` does nothing.
    """
    return Prepared(files, plain, workspace or Workspace(), when, bound, dry)


def reload(files: Sequence[File], dry_run: bool, plain: Plain) -> dict[str, Any]:
    """Bring the running program from the base texts to the new ones; returns the report as a dict."""
    prepared = prepare(files, plain, dry=dry_run)
    return (prepared.report if dry_run else prepared.commit()).to_dict()


def _filled(new: Source, file: File) -> Source:
    """Refuse a text without any statement: an editor cut the file short, and all that the program holds there would go."""
    if not new.tree.body and file.base and file.base.strip():
        raise Refused(f"{file.path} was emptied, which would take away all that it defines; the running code stays: save it whole, or restart the program.")
    return new


def _guarded(step: Late, operations: Operations) -> None:
    try:
        step.run(operations)
    except Refused:
        raise
    except Exception as error:
        raise Refused(
            f"{step.label} raised {type(error).__name__} when the new text was taken over, and everything was put back: correct it.", line=step.line
        ) from error


def _look_again(shared: Shared) -> None:
    """Find the functions that old code made in the steps before the swap, such as the wrappers of a decorator that changes as well."""
    if any(old.co_flags & CO_OPTIMIZED and makes_functions(old) for plan in shared.plans for old in plan.comparison.pairs.new):
        shared.heap.scan()
        for plan in shared.plans:
            plan.living.refresh()


def _split(operations: Operations) -> tuple[Operations, Operations]:
    """Part what only adds names, which no running code can have meant, from what replaces something."""
    additive, rest = Operations(), Operations()
    for entry in operations.entries:
        kind, _, name = entry.key if entry.key is not None else ("", 0, "")
        is_new = kind == "bind" and entry.before is MISSING and entry.after is not MISSING and not hasattr(builtins, name)
        (additive if is_new and entry.now is not None and isinstance(entry.now.args[0], ModuleType) else rest).add(entry)
    return additive, rest


def _of_others(changes: effects.Effects, shared: Shared, done: Sequence[Operations]) -> effects.Effects:
    """Leave out of what changed meanwhile what the transaction itself assigned."""
    entries = [entry for operations in done for entry in operations.entries]
    keys = [(entry.key, entry.key[0] == "bind" and entry.now is not None and issubclass(type(entry.now.args[0]), type)) for entry in entries if entry.key]
    changes.drop({key[1] for key, of_class in keys if not of_class} | {id(plan.variables) for plan in shared.plans})
    changes.drop_names({(key[1], key[2]) for key, of_class in keys if of_class})
    return changes


def _classes(plan: ModulePlan) -> list[tuple[type, dict[str, Any]]]:
    found = []
    for pair in plan.comparison.classes:
        cls = class_at(plan.module, pair.path)
        if cls is not None:
            found.append((cls, dict(_type_vars(cls))))
    return found


def _in_order(plans: list[ModulePlan]) -> list[ModulePlan]:
    """Sort plans so that a module comes after those that it imports from; circles stay in the given order."""
    if len(plans) < 2:
        return plans
    by_name = {plan.name: plan for plan in plans}
    ordered: list[ModulePlan] = []
    seen: set[str] = set()

    def visit(plan: ModulePlan) -> None:
        if plan.name in seen:
            return
        seen.add(plan.name)
        for name in derive.imported_by(plan.new.text, plan.variables):
            if name in by_name:
                visit(by_name[name])
        ordered.append(plan)

    for plan in plans:
        visit(plan)
    return ordered


__all__ = ["BOUND_S", "File", "Prepared", "Workspace", "prepare", "reload"]
