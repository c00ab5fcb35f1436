"""The one place in which a failure of the probe itself ends."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


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
