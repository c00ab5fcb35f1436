"""Containers that others hold: they are refilled where they are, so that whoever holds one sees the new contents."""

from __future__ import annotations

import gc
import sys
from functools import partial
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType

from ...values import Kinds, _module_vars
from ..commit import Operation
from ..live import attribute
from .equality import plain_keys, same
from .importers import held_by, record
from .lookups import named_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..commit import Operations
    from ..plan import ModulePlan, Shared

_KINDS = Kinds(list, dict, set)
_BEFORE, _AFTER = "before", "after"
_RUNNING = (FrameType, GeneratorType, CoroutineType, AsyncGeneratorType)


def refill(plan: ModulePlan, owner: Any, name: str, value: Any, operations: Operations) -> bool:
    """Plan the new contents of a container in place; False where nobody else holds it, or it cannot be done in calls of C code.

    An importer that took it by name holds it as well, and is told apart from those that keep it in a container, a default or
    an object: names are bound anew, which a loop that runs over the old container does not notice.
    """
    shared = plan.shared
    kind = type(attribute(owner, name)[1])
    if kind not in _KINDS or kind is not type(value) or (kind is not list and not (plain_keys(attribute(owner, name)[1]) and plain_keys(value))):
        return False
    if not held_elsewhere(shared, owner, name):
        return False
    live = attribute(owner, name)[1]
    before = kind(live)
    if owner is plan.module:
        # Not `live` itself: what is computed from it must still find the old contents when they are gone.
        for holder, bound in [(plan.module, name), *held_by(shared, plan.module, name, live)]:
            record(shared, holder, bound, before, value)
    else:
        home, qualname = named_class(owner)
        shared.bindings[(home, f"{qualname}.{name}")] = (before, value)
    after = kind(value)
    now = partial(_contents, live, before, after)
    if kind is list:
        steps = [(partial(list.__setitem__, live, slice(None), after), partial(list.__setitem__, live, slice(None), before))]
    else:
        steps = [(partial(kind.clear, live), partial(kind.update, live, before)), (partial(kind.update, live, after), partial(kind.clear, live))]
    for place, (forward, backward) in enumerate(steps):
        operations.add(Operation(forward, backward, ("contents", id(live), place), _BEFORE, _AFTER, now))
    shared_swaps(shared)[id(value)] = (value, live)
    return True


def _contents(live: Any, before: Any, after: Any) -> str:
    """Say which contents a container has: those before, those after, or what the program made of it since, which no revert may lose."""
    return _AFTER if same(live, after) else _BEFORE if same(live, before) else "others"


def shared_swaps(shared: Shared) -> dict[int, tuple[Any, Any]]:
    """Return, by the id of a value that was computed for a transaction, that value and the live container that takes its contents."""
    found: dict[int, tuple[Any, Any]] = vars(shared).setdefault("_swaps", {})
    return found


def swapped(value: Any, swaps: dict[int, tuple[Any, Any]], depth: int = 0) -> Any:
    """Return a value in which the live containers stand for what was computed aside for them."""
    known = swaps.get(id(value))
    if known is not None:
        return known[1]
    kind = type(value)
    if not swaps or depth > 8 or kind not in (list, tuple, dict):
        return value
    if kind is dict:
        pairs = {key: swapped(item, swaps, depth + 1) for key, item in value.items()}
        return pairs if any(pairs[key] is not item for key, item in value.items()) else value
    items = [swapped(item, swaps, depth + 1) for item in value]
    return kind(items) if any(new is not old for new, old in zip(items, value)) else value  # noqa: B905


def held_elsewhere(shared: Shared, owner: Any, name: str) -> bool:
    """Tell whether anything but module namespaces holds the object under a name; calls under way do not count."""
    spaces = [_module_vars(module) for module in shared.workspace()]
    known = {id(space) for space in spaces} | {id(plan.was) for plan in shared.plans}
    if _references(owner, name) <= sum(_holds(space, owner, name) for space in (*spaces, *(plan.was for plan in shared.plans))):
        return False
    known |= {id(known), id(spaces)}
    for item in gc.get_referrers(attribute(owner, name)[1]):
        if id(item) in known or isinstance(item, _RUNNING) or type(item).__name__.endswith("iterator"):
            continue
        if type(item) is dict and owner is not None and item.get("__qualname__") and item.get(name) is attribute(owner, name)[1]:
            continue  # the dict of the class itself
        return True
    return False


def _references(owner: Any, name: str) -> int:
    """Count the references to the object under a name, that of this call left out."""
    return sys.getrefcount(attribute(owner, name)[1]) - 1


def _holds(space: dict[str, Any], owner: Any, name: str) -> int:
    wanted = id(attribute(owner, name)[1])
    return sum(1 for value in list(space.values()) if id(value) == wanted)
