"""The one place in which failures end: those of the probe itself, and of the program's own code that the probe calls."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional


def quietly(function: Callable[..., object], *arguments: object, **named: object) -> object:
    """Call `function`; whatever it raises is swallowed (shown where NEXOIDE_PROBE_DEBUG is set) and None returned.

    A program under the probe must run as if alone, so this boundary is broad on purpose.
    """
    try:
        return function(*arguments, **named)
    except Exception as error:
        if os.environ.get("NEXOIDE_PROBE_DEBUG"):
            sys.__excepthook__(type(error), error, error.__traceback__)
        return None


def attempt(function: Callable[..., Any], *arguments: Any) -> tuple[Any, Optional[BaseException]]:
    """Call code of the program; returns what it returned, or None and whatever it raised, SystemExit included."""
    try:
        return function(*arguments), None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return None, error
