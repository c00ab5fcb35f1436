"""Remembers what a program catches itself: for one that ends badly and shows nothing, the last of it is likely why.

Only exceptions that the workspace's own code handles; from Python 3.12 on through the interpreter's monitoring, before that by
tracing the workspace's own frames, which slows the program down. Asked for by NEXOIDE_PROBE_CAUGHT, in a run made for it.
"""

from __future__ import annotations

import sys
from _collections import deque  # type: ignore[import-not-found]

from .frames import place
from .guard import quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

MAX_KEPT = 3
TOOL = 4
_passing = (StopIteration, StopAsyncIteration, GeneratorExit, KeyboardInterrupt, SystemExit)


class Caught:
    """The last exceptions that were handled, the newest last."""

    def __init__(self) -> None:
        self.kept: Any = deque(maxlen=MAX_KEPT)

    def watch(self) -> None:
        """Look from now on."""
        monitoring = getattr(sys, "monitoring", None)
        if monitoring is not None and monitoring.get_tool(TOOL) is None:
            monitoring.use_tool_id(TOOL, "nexoide")
            monitoring.register_callback(TOOL, monitoring.events.EXCEPTION_HANDLED, self._handled)
            monitoring.set_events(TOOL, monitoring.events.EXCEPTION_HANDLED)
            return
        import threading

        sys.settrace(self._called)
        threading.settrace(self._called)

    def _handled(self, code: CodeType, _offset: int, error: BaseException) -> Any:
        if place(code.co_filename)[1]:
            quietly(self._keep, error)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not place(frame.f_code.co_filename)[1]:
            return None
        frame.f_trace_lines = False
        return self._within

    def _within(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "exception":
            quietly(self._keep, argument[1])
        return self._within

    def _keep(self, error: Any) -> None:
        if issubclass(type(error), Exception) and not issubclass(type(error), _passing) and not any(item is error for item in self.kept):
            self.kept.append(error)
