"""Calls a method that became a static method, a class method or a plain one with the arguments of what it was."""

from __future__ import annotations

from functools import partial
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional


def rebound(before: Any, after: Any, owner: Any) -> Optional[Callable[..., Any]]:
    """Return what calls the function within `after` with the arguments that the one within `before` is called with.

    Both are raw attributes of the class `owner`; None where there is no instance to call it with.
    """
    if type(after) is classmethod:
        if type(before) is staticmethod:
            return partial(after.__func__, owner)
        return _of_class(after.__func__) if type(before) is FunctionType else None
    return _without_first(after.__func__) if type(after) is staticmethod and type(before) is not staticmethod else None


def _without_first(target: Callable[..., Any]) -> Callable[..., Any]:
    def call(_: Any, /, *args: Any, **named: Any) -> Any:
        return target(*args, **named)

    return call


def _of_class(target: Callable[..., Any]) -> Callable[..., Any]:
    def call(one: Any, /, *args: Any, **named: Any) -> Any:
        return target(type(one), *args, **named)

    return call
