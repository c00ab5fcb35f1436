"""What Python's faulthandler prints when the interpreter itself dies: `Fatal Python error: …`, then frames, the latest first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign.stack import Stack
from nexoide.incidents.logs.frames import DUMPED
from nexoide.model.failure import Severity

_HEAD = re.compile(r"(?:Fatal Python error|Windows fatal exception): (?P<what>.{1,2000})$")
_LATE = re.compile(r"Timeout \(\d{1,6}:\d\d:\d\d(?:\.\d{1,9})?\)!$")
_THREAD = re.compile(r"(?P<current>Current )?[Tt]hread (?:0x[0-9a-fA-F]{1,20}|'[^'\n]{1,200}')(?: \[[^\]\n]{1,200}\])? \(most recent call first\):")
_OTHER = re.compile(
    r"\s*$|\s{0,4}<no Python frame>|\s{0,4}\.\.\.$|Extension modules: |Python runtime state: |Current thread's C stack trace|"
    r"\s{2,4}Binary file \"|\s{2,4}Garbage-collecting|\s{2,4}<cannot|(?:object|type|refcount)[ \w]{0,40}: "
)
_SIGNALS = ("Segmentation fault", "Aborted", "Bus error", "Floating point exception", "Floating-point exception", "Illegal instruction")


class Fault(Stack):
    """A dump of faulthandler: the frames of the thread that died, else of the first one."""

    language = "python"
    severity: Severity = "critical"

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self._wanted = True
        self._threads = 0

    def belongs(self, line: str) -> bool:
        """Take a frame, or the line before a thread's frames."""
        thread = _THREAD.match(line)
        if thread is not None:
            self._threads += 1
            self._wanted = thread["current"] is not None or self._threads == 1
            if thread["current"] is not None:
                self.current.frames.clear()
            return True
        frame = DUMPED.match(line)
        if frame is not None:
            if self._wanted:
                self.frame(frame["file"], frame["line"], frame["function"])
            return True
        return _OTHER.match(line) is not None


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return the dump that begins on this line."""
    found = _HEAD.match(line)
    if found is not None:
        what = found["what"]
        fault = Fault(what if what in _SIGNALS else "Fatal Python error", line if what in _SIGNALS else what)
    elif _LATE.match(line):
        late = Fault("Timeout", line)
        late.severity = "error"
        late.keep(line)
        return late
    else:
        return None
    fault.crash = what if what in _SIGNALS else "Aborted"
    fault.teller = "runtime"
    fault.keep(line)
    return fault
