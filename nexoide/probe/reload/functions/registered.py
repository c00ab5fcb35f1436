"""Where decorators put a definition: what the old one left there is taken out, so that nothing is registered twice or for ever.

Nothing is called for that. The containers are those that a decorator's names lead to; an entry belongs to a definition where
it is the old object, or holds it in a tuple, a small container or an attribute.
"""

from __future__ import annotations

import ast
from functools import partial
from types import FunctionType

from ...values import BOUND_KINDS, Kinds, instance_vars
from ..statements import containers
from ..statements.effects import Effects, Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Move = tuple[str, Any, list[Any], list[Any]]
    Old = Callable[[Any], bool]

DEPTH = 4
_ROWS = ("list", "deque", "set")
_TABLES = ("dict", "ordered")
_SMALL = Kinds(tuple, list, dict, set, partial)


def heads_of(node: Any) -> list[ast.expr]:
    """Return the decorators of a definition."""
    return list(getattr(node, "decorator_list", ()))


def forms(raw: Any, functions: Sequence[FunctionType]) -> list[Any]:
    """Return a decorated object, the functions within it, and the wrappers in between."""
    found = [*functions]
    ids = {id(item) for item in functions}

    def leads(item: Any, depth: int) -> bool:
        if id(item) in ids:
            return True
        inner = [instance_vars(item).get("__wrapped__"), *containers.cells(item)] if depth < DEPTH else []
        between = [leads(part, depth + 1) for part in inner if type(part) is FunctionType]  # all of them are looked at
        if any(between):
            found.append(item)
        return any(between)

    bare = raw.__func__ if type(raw) in BOUND_KINDS else raw
    leads(bare, 0)
    return [item for item in [raw, bare, *found] if item is not None]


def replaced(before: Snapshot, old: Sequence[Any], heads: Sequence[ast.expr], own: dict[str, Any]) -> None:
    """Take the old definition out of the containers in which its new decorators have just put the new one; an early step of the commit."""
    moved = [move for move in before.changes().moves if move[0] in (*_ROWS, *_TABLES) and move[1] is not own]
    if not moved:
        return
    is_old = _test(old)
    words = {item.value for head in heads for item in ast.walk(head) if isinstance(item, ast.Constant) and type(item.value) in (str, int)}
    ids = {id(move[1]) for move in moved}
    parents = [held for held in before.held() if held[0] in _TABLES and any(id(value) in ids for _, value in held[2])]
    tables: list[Any] = [item[1] for item in (*parents, *moved) if item[0] in _TABLES]
    inside = {id(value) for table in tables for value in dict.values(table)}
    still = [(kind, subject, was, was) for kind, subject, was in before.held() if id(subject) in inside - ids and kind in (*_ROWS, *_TABLES)]
    for kind, subject, was, now in [*moved, *still]:
        then = _rows(was, now, is_old) if kind in _ROWS else _table(was, now, is_old, words)
        if not containers.same(kind, now, then):
            containers.move(kind, subject, now, then)


def removed(subjects: Sequence[Any], old: Sequence[Any], own: dict[str, Any]) -> Effects:
    """Return what takes a definition that is gone out of the containers that its decorators lead to; nothing is done yet."""
    is_old = _test(old)
    moves: list[Move] = []
    for kind, subject, was in Snapshot(subjects, depth=DEPTH).held():
        if subject is own:
            continue
        if kind in _ROWS:
            left = [item for item in was if not is_old(item)]
        elif kind in _TABLES:
            left = [pair for pair in was if not is_old(pair[1])]
        else:
            continue
        if len(left) < len(was):
            moves.append((kind, subject, was, left))
    return Effects.planned(moves)


def _rows(was: list[Any], now: list[Any], is_old: Old) -> list[Any]:
    """Return the elements without the old ones; what came takes the place of what went."""
    come = containers.without(now, was)
    places = [position for position, item in enumerate(now) if is_old(item) and not any(item is other for other in come)]
    if not places:
        return now
    fresh = [item for item in now if any(item is other for other in come)]
    left = []
    for position, item in enumerate(now):
        if position in places:
            left += fresh if position == places[0] else []
        elif not any(item is other for other in fresh):
            left.append(item)
    return left


def _table(was: list[Any], now: list[Any], is_old: Old, words: set[Any]) -> list[Any]:
    """Return the pairs without the old ones: the only one there is, else those whose keys the old decorators spell out."""
    stale = [key for key, value in now if is_old(value)]
    if len(stale) > 1:
        stale = [key for key in stale if type(key) in (str, int) and key in words]
    gone = {containers.token(key) for key in stale}
    return [pair for pair in now if containers.token(pair[0]) not in gone]


def _test(old: Sequence[Any]) -> Old:
    ids = {id(item) for item in old}

    def is_old(value: Any, depth: int = 0) -> bool:
        if id(value) in ids:
            return True
        if depth > 1:
            return False
        kind = type(value)
        if kind is partial:
            return is_old(value.func, depth + 1)
        if kind in _SMALL:
            items = list(dict.values(value)) if kind is dict else list(value)
            return depth == 0 and kind is tuple and len(items) <= 8 and any(is_old(item, depth + 1) for item in items)
        variables = instance_vars(value) if not issubclass(kind, type) else {}
        return depth == 0 and 0 < len(variables) <= 16 and any(id(item) in ids for item in list(variables.values()))

    return is_old
