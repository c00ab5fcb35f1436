"""PHP: `PHP Fatal error:  Uncaught Type: message in file:3`, `Stack trace:`, `#0 file(7): function()`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign.stack import Stack

_HEAD = re.compile(r".{0,120}?(?:PHP )?(?P<level>Fatal error|Parse error|Recoverable fatal error|Catchable fatal error): {1,4}(?P<rest>.{0,8000})$")
_UNCAUGHT = re.compile(r"Uncaught (?P<type>[\w\\]{1,300})(?:: (?P<message>.{0,8000}?))?(?: in (?P<file>[^\n:]{1,1000}):(?P<line>\d{1,9}))?$")
_PLACE = re.compile(r"(?P<message>.{0,8000}?) in (?P<file>[^\n]{1,1000}) on line (?P<line>\d{1,9})$")
_FRAME = re.compile(r"(?:PHP {1,4})?#?\s{0,4}\d{1,4}\.? (?P<file>[^\n(]{1,1000})\((?P<line>\d{1,9})\): (?P<function>[^\n]{1,400})$")
_NUMBERED = re.compile(r"(?:PHP {1,4})?\s{0,4}#?\d{1,4}\.? (?:\{main\}|\[internal function\]: [^\n]{1,400}|[^\n]{1,400}\(\) [^\n]{1,400}:\d{1,9})$")
_THROWN = re.compile(r"\s{1,8}thrown in (?P<file>[^\n]{1,1000}) on line (?P<line>\d{1,9})$")
_OTHER = re.compile(r"(?:PHP )?Stack trace:$|\[stacktrace\]$|Next (?P<type>[\w\\]{1,300})")


class Php(Stack):
    """A fatal error of PHP."""

    language = "php"

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self._thrown = ("", 0)

    def at(self, file: str, line: str) -> None:
        """Say where it was thrown; the function is what the first frame of its trace called."""
        self.frame(file, line, "")

    def belongs(self, line: str) -> bool:
        """Take a frame, or where it was thrown."""
        found = _FRAME.match(line)
        if found is not None:
            frames = self.parts[0].frames
            function = found["function"].partition("(")[0]
            if frames and not frames[-1].function:
                last = frames.pop()
                self.frame(last.file, last.line, function)
            self.frame(found["file"], found["line"], "")
            return True
        if _NUMBERED.match(line):
            frames = self.parts[0].frames
            if frames and not frames[-1].function and "{main}" in line:
                last = frames.pop()
                self.frame(last.file, last.line, "{main}")
            return True
        return _THROWN.match(line) is not None or _OTHER.match(line) is not None


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return a fatal error that begins on this line."""
    if "atal error: " not in line and "Parse error: " not in line:
        return None
    found = _HEAD.match(line)
    if found is None or ("PHP" not in line and " in " not in found["rest"] and "Uncaught" not in found["rest"]):
        return None
    uncaught = _UNCAUGHT.match(found["rest"])
    place = _PLACE.match(found["rest"])
    if uncaught is None and place is None and "PHP" not in line:
        return None
    stack = Php(uncaught["type"] if uncaught else found["level"], (uncaught["message"] or "") if uncaught else place["message"] if place else found["rest"])
    where = uncaught if uncaught is not None and uncaught["file"] else place
    if where is not None:
        stack.at(where["file"], where["line"])
    stack.keep(line)
    return stack
