"""JavaScript (V8) and .NET, whose frames both begin with `at`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign.stack import Stack

_V8 = re.compile(
    r"\s{1,20}at (?:(?P<function>[^\n()]{1,300}(?: \[as [^\]\n]{1,100}\])?) \()?(?P<file>(?:file://|node:|webpack:|"
    r"https?://)?[^\s()]{1,1000}?):(?P<line>\d{1,9}):(?P<column>\d{1,9})\)?,?(?: \{)?\s*$"
)
_V8_OTHER = re.compile(r"\s{1,20}at [^\n]{1,400}(?:\(<anonymous>\)|\(native\)|<anonymous>|\(index \d{1,9}\))(?: \{)?\s*$")
_V8_HEAD = re.compile(
    r"(?:\[[\w-]{1,20}\] )?(?:Uncaught (?:\(in promise\) )?|Unhandled (?:Promise )?[Rr]ejection:? )?"
    r"(?P<type>[A-Za-z_$][\w$]{0,100}(?:Error|Exception|Failure|Rejection|Warning)|Error)(?: \[[\w-]{1,80}\])?(?:: "
    r"(?P<message>.{0,8000}))?$"
)
_V8_CAUSE = re.compile(r"\s{1,40}\[cause\]: (?P<type>[\w$]{1,100})(?: \[\w{1,80}\])?(?:: (?P<message>.{0,8000}))?$")
_V8_AFTER = re.compile(
    r"\s{1,40}(?:errno|code|syscall|address|port|path|generatedMessage|actual|expected|operator|\[?\w{1,60}\]?): |\s{0,40}[}\]],?\s*$|Node\.js v\d|\s*$"
)
_NET = re.compile(r"\s{1,20}at (?P<function>[\w.`<>+$|\[\], @]{1,300}(?:\([^\n]{0,400}\)))(?: in (?P<file>[^\n]{1,1000}):line (?P<line>\d{1,9}))?\s*$")
_NET_HEAD = re.compile(
    r"(?:Unhandled exception\.? ?:?|Unhandled Exception:|\[[\w-]{1,20}\])?\s?(?P<type>"
    r"(?:[A-Z_]\w{0,80}\.){1,12}[A-Z_]\w{0,120}(?:Exception|Error)?)(?: \(0x[0-9A-Fa-f]{1,16}\))?: (?P<message>.{0,8000})$"
)
_NET_INNER = re.compile(r"\s{0,20}---> (?P<type>[\w.]{1,300})(?: \(0x[0-9A-Fa-f]{1,16}\))?: (?P<message>.{0,8000})$")
_NET_END = re.compile(r"\s{1,20}--- End of ")


class V8(Stack):
    """A trace of Node.js, Deno or a browser."""

    language = "javascript"

    def belongs(self, line: str) -> bool:
        """Take a frame, a cause, or what Node prints of an error's properties."""
        found = _V8.match(line)
        if found is not None:
            self.frame(found["file"].removeprefix("file://"), found["line"], (found["function"] or "<anonymous>").removeprefix("async "))
            return True
        found = _V8_CAUSE.match(line)
        if found is not None:
            self.cause(found["type"], found["message"] or "")
            return True
        if self.parts[0].frames:
            return _V8_OTHER.match(line) is not None or (_V8_AFTER.match(line) is not None and len(self.lines) < 80)
        return _V8_OTHER.match(line) is not None


class Net(Stack):
    """A trace of .NET: the outer exception's frames follow those of the inner ones."""

    language = "dotnet"

    def belongs(self, line: str) -> bool:
        """Take a frame or an inner exception."""
        found = _NET.match(line)
        if found is not None:
            self.frame(found["file"] or "", found["line"] or 0, found["function"].partition("(")[0].strip())
            return True
        found = _NET_INNER.match(line)
        if found is not None:
            self.cause(found["type"], found["message"])
            return True
        if _NET_END.match(line):
            if "inner" in line:  # what follows are the frames of the one outside
                self.current = self.parts[max(0, self.parts.index(self.current) - 1)]
            return True
        return False


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return a trace that begins here: its first frame, under the head that was the line before."""
    stack: Stack | None = None
    if line[:1] not in " \t" and line.startswith(("Unhandled ", "Unhandled exception")):
        found = _NET_HEAD.match(line)
        if found is not None:
            stack = Net(found["type"], found["message"])
            stack.keep(line)
            return stack
    if line[:1] not in " \t" or "at " not in line[:24]:
        return None
    for kind, frame, head in ((V8, _V8, _V8_HEAD), (Net, _NET, _NET_HEAD)):
        if frame.match(line) is None and not (kind is V8 and _V8_OTHER.match(line)):
            continue
        stack = _under(kind, head, recent)
        if stack is not None:
            stack.feed(line)
            return stack
    return None


def _under(kind: type[Stack], head: re.Pattern[str], recent: Sequence[str]) -> Stack | None:
    """Return a trace whose head is one of the last lines (messages may have several), None where none is."""
    for back, earlier in enumerate(reversed(recent[-4:]), 1):
        begin = max(earlier.rfind(": Uncaught "), 0)
        found = head.match(earlier[begin:].lstrip(": ")) or head.search(earlier[-4000:]) if len(earlier) < 4000 else None
        if found is not None:
            stack = kind(found["type"], "\n".join((found["message"] or "", *recent[len(recent) - back + 1 :])).strip())
            stack.used = back
            stack.keep(earlier)
            return stack
    return None
