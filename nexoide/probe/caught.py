"""Remembers what a program catches itself, and where it ended itself: for one that ends badly and shows nothing, that is likely why.

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
    """The last exceptions that were handled, the newest last, and the last SystemExit that says that something is wrong."""

    def __init__(self) -> None:
        self.kept: Any = deque(maxlen=MAX_KEPT)
        self.ending: Any = None
        self.traceback: Any = None
        """Of the SystemExit: until 3.12 the interpreter hangs it on the exception only where that is caught."""

    @property
    def is_own(self) -> bool:
        """Whether the program ended itself by its own judgement, and not in the handling of another exception."""
        return self.ending is not None and self.ending.__context__ is None and self.ending.__cause__ is None

    def watch(self) -> None:
        """Look from now on."""
        monitoring = getattr(sys, "monitoring", None)
        if monitoring is not None and monitoring.get_tool(TOOL) is None:
            monitoring.use_tool_id(TOOL, "nexoide")
            monitoring.register_callback(TOOL, monitoring.events.EXCEPTION_HANDLED, self._handled)
            monitoring.register_callback(TOOL, monitoring.events.RAISE, self._raised)
            monitoring.set_events(TOOL, monitoring.events.EXCEPTION_HANDLED | monitoring.events.RAISE)
            return
        import threading

        sys.settrace(self._called)
        threading.settrace(self._called)

    def _handled(self, code: CodeType, _offset: int, error: BaseException) -> Any:
        if place(code.co_filename)[1]:
            quietly(self._keep, error)

    def _raised(self, code: CodeType, _offset: int, error: BaseException) -> Any:
        if type(error) is SystemExit and place(code.co_filename)[1]:
            quietly(self._keep, error)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not place(frame.f_code.co_filename)[1]:
            return None
        frame.f_trace_lines = False
        return self._within

    def _within(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "exception":
            quietly(self._keep, argument[1])
            if argument[1] is self.ending:
                self.traceback = argument[2]
        return self._within

    def _keep(self, error: Any) -> None:
        if type(error) is SystemExit and error.code not in (None, 0, False):
            self.ending = error
        if issubclass(type(error), Exception) and not issubclass(type(error), _passing) and not any(item is error for item in self.kept):
            self.kept.append(error)
