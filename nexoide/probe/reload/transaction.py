"""The way in: all files of a patch are prepared, and then all are swapped in one call, or none."""

from __future__ import annotations

import _thread

from ..frames import source_changed  # noqa: TID252
from .blockers import Blockers
from .commit import Operations, forget_source
from .live import Heap, modules_of
from .plan import ModulePlan, Shared
from .source import Refused, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType, ModuleType
    from typing import Any

MAX_NOTES = 32
_kept: set[tuple[str, str]] = set()


class File:
    """One file of a patch: an absolute path, the text it was made against, and the new text."""

    def __init__(self, path: str, base: str, new: str) -> None:
        self.path, self.base, self.new = path, base, new


def reload(files: Sequence[File], dry_run: bool, plain: Callable[[CodeType], CodeType]) -> dict[str, Any]:
    """Bring the running program from the base texts to the new ones.

    Returns ok, state ("committed", "already", "prepared" or "not_loaded"), changed, notes and error, the last a sentence
    where ok is false and nothing was touched.
    """
    operations = Operations()
    try:
        shared, loaded = _prepare(files, operations, plain)
        if not loaded:
            return _outcome("not_loaded", [], shared.notes)
        blockers = _settle_removals(shared, dry_run)
        if not dry_run and len(operations):
            operations.commit()
    except Refused as refusal:
        return {"ok": False, "state": "", "changed": [], "notes": [], "error": str(refusal)}
    except Exception as error:
        return {"ok": False, "state": "", "changed": [], "notes": [], "error": _unexpected(error)}
    if not len(operations):
        return _outcome("already", [], shared.notes)
    if dry_run:
        return _outcome("prepared", shared.changed, shared.notes + blockers.notes)
    for file, modules in loaded:
        source_changed(file.path, file.new)
        for module in modules:
            forget_source(module)
    return _outcome("committed", shared.changed, shared.notes + blockers.notes)


def _unexpected(error: Exception) -> str:
    return f"The reload ended with {type(error).__name__} ({str(error)[:200]}) and nothing was changed: restart the program."


def _outcome(state: str, changed: list[str], notes: list[str]) -> dict[str, Any]:
    return {"ok": True, "state": state, "changed": list(dict.fromkeys(changed)), "notes": notes[:MAX_NOTES], "error": ""}


def _prepare(files: Sequence[File], operations: Operations, plain: Callable[[CodeType], CodeType]) -> tuple[Shared, list[tuple[File, list[ModuleType]]]]:
    found = [(file, modules_of(file.path)) for file in files]
    loaded = [(file, modules) for file, modules in found if modules]
    sources = [
        (module, Source(file.base, _filename(module, file)), Source(file.new, _filename(module, file))) for file, modules in loaded for module in modules
    ]
    for file, modules in found:
        if not modules:
            Source(file.new, file.path)
    shared = Shared(Heap(scan=bool(sources)), operations, plain, _kept)
    shared.notes += [f"{file.path} is not imported by this process yet and is read when it is." for file, modules in found if not modules]
    for module, base, new in sources:
        ModulePlan(module, base, new, shared).prepare()
    return shared, loaded


def _filename(module: ModuleType, file: File) -> str:
    name = getattr(module, "__file__", None)
    return name if type(name) is str else file.path


def _settle_removals(shared: Shared, dry_run: bool) -> Blockers:
    """Unbind what the new text no longer has, except what a call under way may still look up."""
    blockers = Blockers(shared.replaced, shared.heap.suspended, _thread.get_ident())
    for owner, name, module, qualname in shared.removals:
        if name in blockers.names:
            shared.notes.append(f"{module}.{qualname} was removed and stays reachable, because a call under way may still use it.")
            if not dry_run:
                _kept.add((module, qualname))
        else:
            shared.operations.unbind(owner, name)
    return blockers
