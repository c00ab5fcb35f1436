"""Inputs near the captured ones, the same for every patch of a failure: what tells two patches apart that both let it pass."""

from __future__ import annotations

import ast

from nexoide.repair.validation.rebuilding import Call

MAX_NEIGHBOURS = 8
_MIN_EACH = 2


def neighbours(call: Call, others: tuple[Call, ...] = ()) -> tuple[str, ...]:
    """Return up to 8 expressions: the call with one argument changed at a time, in an order that depends on the failure alone.

    `others` are further captured calls, whose values are tried where they are of the same type.
    """
    texts = tuple(text for _, text in call.arguments)
    captured = [text for other in (call, *others) for _, text in other.arguments]
    columns = [_variants(text, captured) for text in texts]
    found: list[str] = []
    for row in range(max((len(column) for column in columns), default=0)):
        for place, column in enumerate(columns):
            if row < len(column):
                found.append(call.with_arguments((*texts[:place], column[row], *texts[place + 1 :])))
    unique = [text for text in dict.fromkeys(found) if text != call.expression]
    return tuple(unique[:MAX_NEIGHBOURS])


def _variants(text: str, captured: list[str]) -> list[str]:
    """Return other values in place of one, the most telling first."""
    try:
        value: object = ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return [other for other in captured if other != text and other.partition("(")[0] == text.partition("(")[0] and "(" in text][:_MIN_EACH]
    alike = [other for other in captured if other != text and _type_of(other) is type(value)][:_MIN_EACH]
    return list(dict.fromkeys([*_of_value(value), *alike]))


def _of_value(value: object) -> list[str]:
    if isinstance(value, bool):
        return [repr(not value)]
    if isinstance(value, int):
        return ["0", "1", "-1", repr(value + 1)]
    if isinstance(value, float):
        return ["0.0", "1.0", "-1.0", repr(value * 2)]
    if isinstance(value, str | bytes):
        return [repr(value[:0]), repr(value[:1]), repr(value * 2)] if value else [repr("x" if isinstance(value, str) else b"x")]
    if isinstance(value, list | tuple):
        whole = [repr(value[:0]), repr(value[:1]), repr(value[::-1]), repr(value * 2)]
        return [*whole[:1], *_of_rows(value), *whole[1:]] if value else whole[:1]
    if isinstance(value, dict):
        return [*_fewer(value), "{}"] if value else []
    if value is None:
        return ["0", "''"]
    return []


def _of_rows(value: list[object] | tuple[object, ...]) -> list[str]:
    """Return a list with its first element changed from inside, where that is a dict: the shape that most often varies."""
    first = value[0]
    if not isinstance(first, dict):
        return []
    return [repr(type(value)([ast.literal_eval(other), *value[1:]])) for other in _fewer(first)[:3]]


def _fewer(value: dict[object, object]) -> list[str]:
    found = [repr({name: item for name, item in value.items() if name != left_out}) for left_out in list(value)[:3]]
    return [*found, *(repr({**value, name: None}) for name in list(value)[:2])]


def _type_of(text: str) -> type | None:
    try:
        return type(ast.literal_eval(text))
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
