"""The root of a watcher's threads: what the consumer's own code raises is told, and the watching goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())  # a library prints nothing by itself


def contained(function: Callable[..., object], *arguments: object) -> BaseException | None:
    """Call `function` and return what it raised, None where it went through."""
    try:
        function(*arguments)
    except Exception as error:  # noqa: BLE001 - the named boundary "root of a watcher": a consumer's mistake must not end the watching
        _log.exception("%s failed in a watcher", getattr(function, "__qualname__", "a callback"))
        return error
    return None
