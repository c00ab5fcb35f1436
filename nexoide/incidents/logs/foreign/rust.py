"""Rust: `thread 'main' panicked at src/main.rs:4:5:` and its message, old and new, with or without a backtrace."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign.stack import Stack

_NEW = re.compile(
    r"thread '(?P<thread>[^'\n]{0,200})'(?: \(\d{1,12}\))? (?:has )?panicked at (?P<file>[^\s'\"][^\n:]{0,1000}):(?P<line>\d{1,9}):(?P<column>\d{1,9}):?$"
)
_OLD = re.compile(r"thread '(?P<thread>[^'\n]{0,200})' panicked at '(?P<message>.{0,8000})', (?P<file>[^\n:]{1,1000}):(?P<line>\d{1,9}):(?P<column>\d{1,9})$")
_NUMBERED = re.compile(r"\s{1,8}\d{1,5}: (?:0x[0-9a-f]{1,16} - )?(?P<function>[^\n]{1,400}?)(?:::h[0-9a-f]{16})?$")
_PLACE = re.compile(r"\s{6,40}at (?P<file>[^\n:]{1,1000}):(?P<line>\d{1,9})(?::\d{1,9})?$")
_OTHER = re.compile(r"stack backtrace:$|note: |\s{1,20}left: |\s{1,20}right: |\s*$")
_INSIDE = ("rust_begin_unwind", "core::", "std::", "__rust", "alloc::", "_start", "__libc", "main")


class Rust(Stack):
    """A panic of Rust."""

    language = "rust"

    def __init__(self, message: str, file: str, line: str) -> None:
        super().__init__("panic", message)
        self._function = ""
        self._place = (file, line)
        self._has_message = bool(message)

    def belongs(self, line: str) -> bool:
        """Take the message, or a line of the backtrace."""
        place = _PLACE.match(line)
        if place is not None:
            if self._function and (place["file"].removeprefix("./"), place["line"]) == (self._place[0].removeprefix("./"), self._place[1]):
                self.parts[0].frames.clear()
            if self._function and not self._function.startswith(_INSIDE[:5]):
                self.frame(place["file"].removeprefix("./"), place["line"], self._function)
            self._function = ""
            return True
        numbered = _NUMBERED.match(line)
        if numbered is not None:
            self._function = numbered["function"]
            return True
        if _OTHER.match(line):
            return True
        if not self._has_message and not line.startswith(("thread '", "{")):
            self.parts[0].message, self._has_message = line, True
            return True
        return False

    def keep_place(self) -> None:
        """Say where it was raised, as long as no backtrace says more."""
        self.frame(self._place[0], self._place[1], "")


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return a panic that begins on this line."""
    if "panicked at" not in line:
        return None
    at = max(line.find("thread '"), 0)
    found = _NEW.match(line, at) or _OLD.match(line, at)
    if found is None:
        return None
    stack = Rust(found.groupdict().get("message") or "", found["file"], found["line"])
    stack.thread = found["thread"]
    stack.keep_place()
    stack.keep(line)
    return stack
