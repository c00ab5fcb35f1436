"""`__reload__(old, new)`: how a module or class of the program moves its state from the old shape to the new one.

A hook runs when the new definitions are in place and before the reload is taken to be done: where it raises, or does not end,
everything is undone, what it did to the program's containers included.
"""

from __future__ import annotations

from types import CoroutineType, FunctionType

from ..values import _module_vars, _type_vars, type_name
from .callbacks import shown
from .deadline import Overdue, within
from .live import instances_of
from .report import Definition
from .statements.effects import observe
from .text.source import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any, Optional

    from .commit import Operations

HOOK = "__reload__"
HOOK_S = 5.0


class Before:
    """A read-only view of the attributes that a module or class had before a reload; functions keep their identity, and run new code."""

    __slots__ = ("_names",)

    def __init__(self, names: dict[str, Any]) -> None:
        object.__setattr__(self, "_names", names)

    def __getattribute__(self, name: str) -> Any:
        names = object.__getattribute__(self, "_names")
        if name in names:
            return names[name]
        if name in ("__class__", "__dir__", "__contains__", "__repr__"):
            return object.__getattribute__(self, name)
        raise AttributeError(f"there was no {name} before the reload")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("what was before a reload cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("what was before a reload cannot be changed")

    def __contains__(self, name: object) -> bool:
        return name in object.__getattribute__(self, "_names")

    def __dir__(self) -> list[str]:
        return sorted(object.__getattribute__(self, "_names"))

    def __repr__(self) -> str:
        return f"<{len(object.__getattribute__(self, '_names'))} names before the reload>"


def migrate(
    modules: Sequence[tuple[ModuleType, dict[str, Any], Sequence[tuple[type, dict[str, Any]]]]], operations: Operations, seconds: float = HOOK_S
) -> list[Definition]:
    """Run the `__reload__(old, new)` hooks of the modules and classes of a patch, classes first, and return what they migrated.

    Each entry is a live module, a copy of its namespace before the commit, and its classes of the patch with a copy of their
    attributes before. Called after the commit; what hooks did to the program's containers becomes a part of `operations`, done
    already. Raises Refused, with that undone, where one raises, ends the program or takes longer than `seconds`.
    """
    hooks = [hook for module, before, classes in modules for hook in _hooks_of(module, before, classes)]
    if not hooks:
        return []
    subjects: list[Any] = [module for module, _, _ in modules]
    subjects += [cls for _, _, classes in modules for cls, _ in classes]
    subjects += instances_of([cls for _, _, classes in modules for cls, _ in classes])
    effects = observe(subjects, lambda: _run_all(hooks, seconds))
    operations.do(effects.forward, effects.revert)
    return [Definition(hook.module, hook.name, hook.kind, "migrated", "", hook.file, hook.line) for hook in hooks]


class _Hook:
    """One `__reload__` with what it is called with."""

    __slots__ = ("before", "call", "file", "kind", "line", "module", "name", "new")

    def __init__(self, call: Any, before: dict[str, Any], new: Any, module: str, name: str) -> None:
        self.call, self.before, self.new, self.module, self.name = call, before, new, module, name
        self.kind = "method" if issubclass(type(new), type) else "function"
        function = call if type(call) is FunctionType else getattr(call, "__func__", None)
        code = function.__code__ if type(function) is FunctionType else None
        self.file, self.line = (code.co_filename, code.co_firstlineno) if code is not None else ("", 0)


def _hooks_of(module: ModuleType, before: dict[str, Any], classes: Sequence[tuple[type, dict[str, Any]]]) -> list[_Hook]:
    variables = _module_vars(module)
    name = str(variables.get("__name__"))
    found = []
    for cls, attributes in classes:
        raw = _type_vars(cls).get(HOOK)
        if raw is not None:
            found.append(_Hook(_callable(raw, cls), attributes, cls, name, f"{type_name(cls)}.{HOOK}"))
    raw = variables.get(HOOK)
    if raw is not None:
        found.append(_Hook(_callable(raw, None), before, module, name, HOOK))
    return found


def _callable(raw: Any, cls: Optional[type]) -> Any:
    if type(raw) is staticmethod:
        return raw.__func__
    return raw.__get__(None, cls) if type(raw) is classmethod else raw


def _run_all(hooks: Sequence[_Hook], seconds: float) -> None:
    for hook in hooks:
        where = f"{hook.module}.{hook.name}"
        limit = within(seconds)
        try:
            with limit:
                made = hook.call(Before(hook.before), hook.new)
        except Overdue as error:
            raise _refused(hook, f"{where} did not end within {seconds:g} s and everything was put back: correct it, or restart the program.") from error
        except BaseException as error:  # the program's own code: whatever it raises, SystemExit included, is a reason to undo the reload
            raise _refused(hook, f"{where} raised {shown(error)} and everything was put back: correct it, or restart the program.") from error
        if limit.overdue:
            raise _refused(hook, f"{where} went on for more than {seconds:g} s and everything was put back: correct it, or restart the program.")
        if type(made) is CoroutineType:
            made.close()
            raise _refused(hook, f"{where} is asynchronous, which a reload cannot await: make it a plain function.")


def _refused(hook: _Hook, sentence: str) -> Refused:
    return Refused(sentence, hook.module, hook.name, hook.kind, hook.line)
