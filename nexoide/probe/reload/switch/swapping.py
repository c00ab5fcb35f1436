"""Has the assignments of a transaction carried out, and says who is in the way of them."""

from __future__ import annotations

from _thread import get_ident

from ..text.source import Refused
from . import transition
from .blockers import Blockers
from .trampoline import quiet_kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..commit import Operations
    from ..plan import Shared


def carry_out(shared: Shared, when: str, bound: float, done: list[Operations]) -> tuple[str, ...]:
    """Swap everything that was planned; returns sentences on calls that finish on old code.

    What was done is appended to `done`. Raises Refused, with nothing done, where calls are under way beyond the bound and
    the transaction was to wait for them.
    """
    first, swaps, last = transition.arrange(shared.operations, shared.material, shared.forwards)
    carried = transition.carry_out(first, swaps, last, when, bound, get_ident(), removals=shared.removals, replaced=shared.replaced, plain=shared.plain)
    if carried.state == "blocked":
        raise Refused(f"Calls under way did not end within {bound:g} s ({' '.join(carried.blockers)}): try again, or restart the program for it.")
    done.append(carried.operations)
    shared.carried = carried
    for _, _, module, qualname in carried.kept:
        shared.note(f"{module}.{qualname} was removed and stays reachable, because a call under way may still use it.")
        shared.kept.add((module, qualname))
    return carried.blockers


def take_back(shared: Shared, done: list[Operations]) -> None:
    """Undo what was done, the last first; calls under way are minded where functions change back."""
    with quiet_kinds(True):
        for operations in reversed(done):
            if shared.carried is not None and operations is shared.carried.operations:
                transition.carry_back(shared.carried, transition.BOUND_S, get_ident())
            else:
                operations.revert()


def in_the_way(shared: Shared) -> tuple[str, ...]:
    """Say which calls are inside code that would be replaced."""
    if not shared.replaced:
        return ()
    suspends = any(plan.comparison.pairs.new for plan in shared.plans)
    return tuple(Blockers(shared.replaced, shared.heap.suspended if suspends else (), get_ident()).reasons)
