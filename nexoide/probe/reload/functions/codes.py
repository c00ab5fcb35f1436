"""Which live function gets which code: those whose text changed, those that merely moved, closures, and forwarders."""

from __future__ import annotations

from types import FunctionType

from ..text.source import makes_functions, moved_only, same_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from ..plan import ModulePlan, Shared

_OPTIMIZED = 0x1
_TRANSIENT = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


def replace_code(shared: Shared, function: FunctionType, new: CodeType, name: str) -> None:
    """Plan other code for a function that then does something else."""
    shared.replaced[id(function.__code__)] = name
    shared.material[id(function)] = (function, name)
    shared.operations.function(function, "__code__", new)


def forward(shared: Shared, functions: list[FunctionType], target: Any, name: str) -> None:
    """Let functions that others may hold call what took their place."""
    for function in functions:
        shared.replaced[id(function.__code__)] = name
        shared.forwards.append((function, target, name))


def swap_codes(shared: Shared, *, heap: bool) -> bool:
    """Plan new code for every function that runs an old one, those that only moved included.

    Without `heap` only those that names lead to are found, and False is returned where others may live that merely
    moved; whatever does something else than before is always searched for on the heap.
    """
    complete = True
    for plan in shared.plans:
        _nested_material(plan)
        for old, new in plan.comparison.pairs.new.items():
            if not old.co_flags & _OPTIMIZED or old.co_name in _TRANSIENT:
                continue
            found = plan.living.having(old, heap=False)
            is_moved = moved_only(old, new)
            if heap or not is_moved:
                if not found or makes_functions(old) or old.co_flags & 0x10:
                    found = plan.living.anywhere(old)
            elif not found:
                complete = False
            name = plan.material.get(old)
            for function in found:
                if is_moved:
                    if name is not None:
                        shared.replaced.setdefault(id(function.__code__), name)
                    if not same_code(plan.shared.plain(function.__code__), new) and id(function) not in shared.material:
                        shared.operations.function(function, "__code__", new)
                elif id(function) not in shared.material and old.co_freevars == new.co_freevars:
                    replace_code(shared, function, new, name or f"{plan.name}.{function.__qualname__}")
        _closures(plan)
    return complete


def _nested_material(plan: ModulePlan) -> None:
    for old, name in list(plan.material.items()):
        _nest(old, name, plan.material)


def _nest(code: CodeType, name: str, material: dict[CodeType, str]) -> None:
    for constant in code.co_consts:
        if type(constant) is type(code):
            material.setdefault(constant, name)
            _nest(constant, name, material)


def _closures(plan: ModulePlan) -> None:
    """Make closures anew whose new code needs no other variables than they hold; say of which none can be made."""
    for old, new in plan.comparison.pairs.closures:
        if old.co_name in _TRANSIENT or not old.co_flags & _OPTIMIZED:
            continue
        for function in plan.living.anywhere(old):
            cells = dict(zip(old.co_freevars, function.__closure__ or ()))  # noqa: B905
            if any(name not in cells for name in new.co_freevars):
                plan.shared.note(
                    f"Functions that {plan.material.get(old, plan.name)} made before keep their old code: the new one needs variables that they do not hold."
                )
                break
            fresh = FunctionType(new, plan.variables, function.__name__, function.__defaults__, tuple(cells[name] for name in new.co_freevars))
            fresh.__kwdefaults__, fresh.__qualname__, fresh.__doc__ = function.__kwdefaults__, function.__qualname__, function.__doc__
            fresh.__dict__.update(function.__dict__)
            forward(plan.shared, [function], fresh, plan.material.get(old, plan.name))
    for old in plan.comparison.pairs.lost:
        name = plan.material.get(old)
        if name is not None and old.co_name not in _TRANSIENT and old.co_flags & _OPTIMIZED and plan.living.anywhere(old):
            plan.shared.note(f"Functions that {name} made before keep their old code: the new text makes none of that name.")
