"""Warnings as failures: a coroutine that nobody awaited always, where the settings ask for it all of the workspace's own code.

They are reported once for each place, as the interpreter shows them.
"""

from __future__ import annotations

import _thread
import os
import sys

from .guard import quietly
from .reporting import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .link import Link

VARIABLE = "NEXOIDE_PROBE_WARNINGS"
MAX_DEPTH = 64


class Own:
    """Stands where a filter has the pattern of a module's name: matches the modules of the workspace."""

    def match(self, name: str) -> bool:
        """Tell whether a module's file lies in the workspace."""
        from .frames import place
        from .values import module_file

        file = module_file(name)
        return bool(file) and place(file)[1]


def hook(link: Link, warnings: Any) -> None:
    """Report what is shown; where that is wanted, have every warning of the workspace's code shown, those included that are hidden by default."""
    wanted = os.environ.get(VARIABLE, "").lower() in ("1", "true", "yes", "on")
    if wanted:
        filters = warnings.filters
        # Behind what -W and PYTHONWARNINGS ask for, before what hides most categories by default.
        default = [item for item in filters if item[0] == "default" and item[2] is DeprecationWarning and item[3] == "__main__"]
        position = filters.index(default[0]) if default else len([item for item in filters if item[0] != "ignore"])
        filters.insert(position, ("default", None, Warning, Own(), 0))
        for name in ("_filters_mutated", "_filters_mutated_lock_held"):
            if hasattr(warnings, name):
                quietly(getattr(warnings, name))
                break
    _hook_shown(link, warnings, wanted)


def _hook_shown(link: Link, warnings: Any, every: bool) -> None:
    """`_showwarnmsg` is called for each warning that passed the filters, by the interpreter and by the module alike."""
    before, shows = warnings._showwarnmsg, warnings._showwarnmsg_impl  # noqa: SLF001

    def _showwarnmsg(msg: Any) -> Any:
        if warnings._showwarnmsg_impl is shows:  # noqa: SLF001 - else somebody records them
            quietly(_shown, link, msg, every)
        return before(msg)

    warnings._showwarnmsg = _showwarnmsg  # noqa: SLF001


def _shown(link: Link, msg: Any, every: bool) -> None:
    from types import CoroutineType, TracebackType

    from .frames import place

    file, line, source = msg.filename, msg.lineno, getattr(msg, "source", None)
    frame = source.cr_frame if type(source) is CoroutineType else None
    if type(file) is not str or type(line) is not int or (frame is None and not every):
        return
    if place(file)[1]:
        frames = _stack(file, line)
    elif frame is not None and place(frame.f_code.co_filename)[1]:
        frames = [(frame, frame.f_code.co_firstlineno)]
    else:
        return
    traceback: Any = None
    for found, number in reversed(frames):
        traceback = TracebackType(traceback, found, -1, number)
    report(link, msg.message, traceback, "warning", _thread.get_ident(), severity="warning")


def _stack(file: str, line: int) -> list[tuple[Any, int]]:
    """Return the frames that led to a warning and their lines, that of its place last; none where it is not on the stack."""
    frame: Any = sys._getframe(2)  # noqa: SLF001
    while frame is not None and (frame.f_lineno != line or frame.f_code.co_filename != file):
        frame = frame.f_back
    found: list[tuple[Any, int]] = []
    while frame is not None and len(found) < MAX_DEPTH:
        found.append((frame, frame.f_lineno or line))
        frame = frame.f_back
    return found[::-1]
