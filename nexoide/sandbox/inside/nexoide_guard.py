"""Runs inside the sandbox: the one place that catches whatever code on trial raises, so that it is said and not lost.

Standard library only, Python 3.9 and later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def attempt(step: Callable[..., Any], *words: Any) -> tuple[Any, BaseException | None]:
    """Return what a step gives, or what it raised: its own frames begin at the traceback's second entry."""
    try:
        return step(*words), None
    except BaseException as error:  # noqa: BLE001  (a program ends with whatever it likes, SystemExit included)
        return None, error
