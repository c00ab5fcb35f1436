"""The containers of a program, read and set through the methods of their base types: no override of the program's runs.

A container as it was is a list of pairs (dicts, namespaces, attributes of classes) or of elements (lists, deques, sets).
`move` brings a live container from one such state to another; what somebody else put in meanwhile stays.
"""

from __future__ import annotations

import os
from collections import OrderedDict, deque
from difflib import SequenceMatcher
from functools import partial
from operator import methodcaller
from types import CellType, FunctionType, MemberDescriptorType

from ...values import Kinds, _mro
from ...values import _type_vars as _class_vars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_ENVIRON = type(os.environ)
_PLAIN = Kinds(str, int, float, complex, bool, bytes, type(None), type(Ellipsis))
_call = methodcaller("__call__")
_TRIES = 5


def kind_of(value: Any) -> str:
    """Return "dict", "ordered", "list", "deque", "set", "cell", "environ" or "class"; "" for what is no container.

    One more kind, "slots", is that of an object itself, next to whatever container it is.
    """
    kind = type(value)
    if kind is _ENVIRON:
        return "environ"
    if kind is CellType:
        return "cell"
    if issubclass(kind, type):
        return "class"
    for base in _mro(kind):
        if base is OrderedDict:
            return "ordered"
        if base in (dict, list, set, deque):
            return str(base.__name__)
    return ""


def token(key: Any) -> Any:
    """Return what stands for a key or element: its value where that is of an exact builtin type, else its identity."""
    kind = type(key)
    if kind in _PLAIN:
        return (kind, key)
    if kind is tuple:
        return (tuple, tuple(token(item) for item in key))
    return id(key)


def read(kind: str, subject: Any) -> list[Any]:
    """Return a container's pairs or elements as they are now; raises RuntimeError where it never holds still."""
    for attempt in range(_TRIES):
        try:
            return list(_READ[kind](subject))
        except RuntimeError:  # another thread changed its size between two elements
            if attempt == _TRIES - 1:
                raise
    return []


def size(kind: str, subject: Any) -> int:
    """Return how many entries a container has."""
    if kind in ("class", "cell", "environ", "slots"):
        return 1
    return int(_BASE[kind].__len__(subject))


def cells(function: Any) -> list[Any]:
    """Return what the cells of a function hold."""
    return [value for cell in getattr(function, "__closure__", None) or () for _, value in _cell(cell)] if type(function) is FunctionType else []


def _cell(subject: Any) -> list[tuple[str, Any]]:
    try:
        return [("", subject.cell_contents)]
    except ValueError:  # an empty cell
        return []


def _slots(subject: Any) -> list[tuple[Any, Any]]:
    found = []
    for kind in _mro(type(subject)):
        for descriptor in list(_class_vars(kind).values()):
            if type(descriptor) is MemberDescriptorType:
                try:
                    found.append((descriptor, descriptor.__get__(subject)))
                except AttributeError:  # an empty slot
                    continue
    return found


_BASE: dict[str, Any] = {"dict": dict, "ordered": OrderedDict, "list": list, "deque": deque, "set": set}
_READ: dict[str, Callable[[Any], Any]] = {
    "dict": dict.items, "ordered": OrderedDict.items, "list": list.__iter__, "deque": deque.__iter__, "set": set.__iter__, "cell": _cell,
    "environ": lambda subject: dict.items(vars(subject)["_data"]),
    "class": lambda subject: dict(_class_vars(subject)).items(),
    "slots": lambda subject: _slots(subject),
}  # fmt: skip


def same(kind: str, one: list[Any], other: list[Any]) -> bool:
    """Tell whether two states hold the same objects in the same order."""
    if len(one) != len(other):
        return False
    if kind in ("list", "deque", "set"):
        return all(a is b for a, b in zip(one, other))  # noqa: B905
    return all(a[1] is b[1] and (a[0] is b[0] or token(a[0]) == token(b[0])) for a, b in zip(one, other))  # noqa: B905


def move(kind: str, subject: Any, was: list[Any], now: list[Any]) -> None:
    """Bring a live container from the state `was` to the state `now`, entry by entry where others changed it meanwhile."""
    live = read(kind, subject)
    if same(kind, live, now):
        return
    if kind in ("list", "deque"):
        _move_sequence(kind, subject, live, was, now)
    elif kind == "set":
        _move_set(subject, live, was, now)
    else:
        exact = kind in ("dict", "ordered") and same(kind, live, was)
        _move_pairs(kind, subject, live, was, now)
        if exact and not same(kind, read(kind, subject), now):
            _at_once([partial(_BASE[kind].clear, subject), partial(_BASE[kind].update, subject, dict(now))])  # the order counts too


def _at_once(steps: list[Any]) -> None:
    deque(map(_call, steps), maxlen=0)


def _move_sequence(kind: str, subject: Any, live: list[Any], was: list[Any], now: list[Any]) -> None:
    if same("list", live, was):
        if kind == "list":
            list.__setitem__(subject, slice(None), now)
        else:
            _at_once([partial(deque.clear, subject), partial(deque.extend, subject, now)])
        return
    base, cursor = _BASE[kind], 0
    for tag, first, last, begin, end in SequenceMatcher(None, [id(item) for item in was], [id(item) for item in now], autojunk=False).get_opcodes():
        for item in was[first:last]:
            place = next((number for number in range(cursor, len(live)) if live[number] is item), -1)
            if place >= 0:
                cursor = place + (tag == "equal")
                if tag != "equal":
                    del live[place]
                    base.__delitem__(subject, place)
        for item in now[begin:end] if tag != "equal" else ():
            live.insert(cursor, item)
            base.insert(subject, cursor, item)
            cursor += 1


def without(some: list[Any], others: list[Any]) -> list[Any]:
    """Return the elements of `some` that `others` lacks, each as often as it is there more often."""
    counts: dict[int, int] = {}
    for item in others:
        counts[id(item)] = counts.get(id(item), 0) + 1
    left = []
    for item in some:
        if counts.get(id(item), 0):
            counts[id(item)] -= 1
        else:
            left.append(item)
    return left


def _last(items: list[Any], wanted: Any) -> int:
    return next((position for position in range(len(items) - 1, -1, -1) if items[position] is wanted), -1)


def _move_set(subject: Any, live: list[Any], was: list[Any], now: list[Any]) -> None:
    before, after, present = ({token(item): item for item in items} for items in (was, now, live))
    for name, item in before.items():
        if name not in after and name in present:
            set.discard(subject, item)
    for name, item in after.items():
        if name not in before and name not in present:
            set.add(subject, item)


def _move_pairs(kind: str, subject: Any, live: list[Any], was: list[Any], now: list[Any]) -> None:
    put, take = _accessors(kind)
    before, after, present = ({token(pair[0]): pair for pair in pairs} for pairs in (was, now, live))
    for name, (key, value) in before.items():
        if name not in after and name in present and present[name][1] is value:
            take(subject, key)
    for name, (key, value) in after.items():
        if name in before:
            if before[name][1] is not value and name in present and present[name][1] is before[name][1]:
                put(subject, key, value)
        elif name not in present:
            put(subject, key, value)


def _accessors(kind: str) -> tuple[Any, Any]:
    if kind == "class":
        return type.__setattr__, type.__delattr__
    if kind == "environ":
        return _set_environ, _unset_environ
    if kind == "cell":
        return _set_cell, _empty_cell
    if kind == "slots":
        return _set_slot, _empty_slot
    return _BASE[kind].__setitem__, _BASE[kind].__delitem__


def _set_environ(subject: Any, key: bytes, value: bytes) -> None:
    vars(subject)["_data"][key] = value
    os.putenv(key, value)


def _unset_environ(subject: Any, key: bytes) -> None:
    del vars(subject)["_data"][key]
    os.unsetenv(key)


def _set_cell(subject: Any, _key: str, value: Any) -> None:
    subject.cell_contents = value


def _set_slot(subject: Any, slot: Any, value: Any) -> None:
    slot.__set__(subject, value)


def _empty_slot(subject: Any, slot: Any) -> None:
    slot.__delete__(subject)


def _empty_cell(subject: Any, _key: str) -> None:
    del subject.cell_contents
