"""Brings live containers from what the old text put into them to what the new one does; what the program did itself stays."""

from __future__ import annotations

from functools import partial
from types import FunctionType, ModuleType

from ...values import Kinds, _module_vars, _type_vars, instance_vars
from ..commit import MISSING
from ..constants.equality import same
from ..text.compare import RESTART
from ..text.source import Refused
from . import containers
from .shadow import BASES, Unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ..commit import Operations
    from .shadow import Target

_KEYS = Kinds(str, int, float, bool, bytes, type(None), type, FunctionType)


def settle(target: Target, before: Any, after: Any, operations: Operations, line: int, where: str) -> bool:
    """Plan to bring a live container from what the old text put in (`before`) to what the new one does; tells whether anything differs.

    Raises Refused where the program itself has changed an entry meanwhile.
    """
    if target.kind in ("dict", "attrs"):
        return _settle_pairs(target, before, after, operations, line, where)
    if target.kind == "set":
        return _settle_set(target, before, after, operations)
    return _settle_sequence(target, list(before), list(after), operations)


def alike(one: Any, other: Any) -> bool:
    """Tell whether two values are the same as far as a text makes them."""
    return same(one, other, loose=True)


def _settle_pairs(target: Target, before: dict[Any, Any], after: dict[Any, Any], operations: Operations, line: int, where: str) -> bool:
    if any(type(key) not in _KEYS and not (type(key) is tuple and all(type(item) in _KEYS for item in key)) for key in (*before, *after)):
        raise Unfit  # a key whose class may have a `__hash__` of its own
    live = _pairs_of(target)
    planned = False
    for key in {**before, **after}:
        has, want = live.get(key, MISSING), after.get(key, MISSING)
        if want is not MISSING and has is not MISSING and alike(has, want):
            continue
        if key in before:
            if want is not MISSING and alike(before[key], want):
                continue  # it did not change, whatever the program made of it
            if has is MISSING:
                continue  # the program took it out
            if not alike(has, before[key]):
                name = (
                    f"{target.text}.{key}" if target.kind == "attrs" else f"{target.text}[{key!r}]" if type(key) in (str, int) else f"an entry of {target.text}"
                )
                raise Refused(
                    f"{where}: line {line} changes {name}, which the running program has changed itself, and that would be lost: {RESTART}.", line=line
                )
        _put(target, key, want, operations)
        planned = True
    return planned


def _pairs_of(target: Target) -> dict[Any, Any]:
    subject = target.subject
    if target.kind == "dict":
        return dict(dict.items(subject))
    if issubclass(type(subject), type):
        return dict(_type_vars(subject))
    return dict(_module_vars(subject) if issubclass(type(subject), ModuleType) else instance_vars(subject))


def _put(target: Target, key: Any, value: Any, operations: Operations) -> None:
    subject = target.subject
    if target.kind == "dict":
        operations.item(subject, key, value)
    elif issubclass(type(subject), (type, ModuleType)):
        if value is MISSING:
            operations.unbind(subject, key)
        else:
            operations.bind(subject, key, value)
    else:
        operations.item(instance_vars(subject), key, value)


def _settle_set(target: Target, before: set[Any], after: set[Any], operations: Operations) -> bool:
    if any(type(item) not in _KEYS and not (type(item) is tuple and all(type(part) in _KEYS for part in item)) for item in (*before, *after)):
        raise Unfit
    live = target.subject
    planned = False
    for item in after - before:
        if item not in live:
            operations.do(partial(set.add, live, item), partial(set.discard, live, item))
            planned = True
    for item in before - after:
        if item in live:
            operations.do(partial(set.discard, live, item), partial(set.add, live, item))
            planned = True
    return planned


def _settle_sequence(target: Target, before: list[Any], after: list[Any], operations: Operations) -> bool:
    """Replace the run of elements that the old text put in by that of the new; plain additions go to the end."""
    live, base = target.subject, BASES[target.kind]
    if not before:
        for item in after:
            operations.do(partial(base.append, live, item), partial(_take_out, base, live, item))
        return bool(after)
    if len(before) == len(after) and all(alike(one, other) for one, other in zip(before, after)):  # noqa: B905
        return False
    at = _place(live, before)
    if at is None:
        if after and _place(live, after) is not None:
            return False
        raise Unfit
    held = list(live)
    fresh = [next((held[at + number] for number, old in enumerate(before) if alike(old, item)), item) for item in after]
    if target.kind == "list":
        wanted = [*held[:at], *fresh, *held[at + len(before) :]]
        # Both ways by what differs: when it is undone, or done again, the program may have put more into the list.
        operations.do(partial(containers.move, "list", live, held, wanted), partial(containers.move, "list", live, wanted, held))
        return True
    raise Unfit


def _place(live: Any, run: list[Any]) -> Optional[int]:
    """Return where a run of elements stands, the last such place; None where it does not."""
    items = list(live)
    for start in range(len(items) - len(run), -1, -1):
        if all(alike(items[start + number], item) for number, item in enumerate(run)):
            return start
    return None


def _take_out(base: Any, live: Any, item: Any) -> None:
    for position in range(len(live) - 1, -1, -1):
        if base.__getitem__(live, position) is item:
            base.__delitem__(live, position)
            return
