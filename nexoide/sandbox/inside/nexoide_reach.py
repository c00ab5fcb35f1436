"""Runs inside the sandbox: says which of the watched lines of a program are run, each once.

Standard library only, Python 3.9 and later; sys.monitoring where it is there (3.12), a trace function elsewhere.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_TOOL = 4  # sys.monitoring: an id that no debugger, coverage or profiler claims


def start(watched: dict[str, set[int]], say: Callable[..., None]) -> None:
    """Watch from here on, in all threads; `watched` maps absolute paths to lines."""
    left = {path: set(lines) for path, lines in watched.items()}
    folder = os.getcwd()  # noqa: PTH109
    known: dict[str, str] = {}

    def place(name: str) -> str:
        found = known.get(name)
        if found is None:
            path = name if name.startswith("/") else os.path.join(folder, name)  # noqa: PTH118  (a hot path)
            found = known[name] = path if path in left else ""
        return found

    def seen(path: str, line: int) -> None:
        if line in left[path]:
            left[path].discard(line)
            say(hit=path, line=line)

    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None and monitoring.get_tool(_TOOL) is None:
        _monitor(monitoring, place, seen)
    else:
        _trace(place, seen)


def _monitor(monitoring: Any, place: Callable[[str], str], seen: Callable[[str, int], None]) -> None:
    def on_line(code: Any, line: int) -> Any:
        path = place(code.co_filename)
        if path:
            seen(path, line)
        return monitoring.DISABLE

    monitoring.use_tool_id(_TOOL, "nexoide-reach")
    monitoring.register_callback(_TOOL, monitoring.events.LINE, on_line)
    monitoring.set_events(_TOOL, monitoring.events.LINE)


def _trace(place: Callable[[str], str], seen: Callable[[str, int], None]) -> None:
    def in_file(frame: Any, event: str, _arg: Any) -> Any:
        if event == "line":
            seen(known_path(frame), frame.f_lineno)
        return in_file

    def known_path(frame: Any) -> str:
        return place(frame.f_code.co_filename)

    def at_call(frame: Any, _event: str, _arg: Any) -> Any:
        return in_file if place(frame.f_code.co_filename) else None

    threading.settrace(at_call)
    sys.settrace(at_call)
