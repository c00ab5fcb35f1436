"""Go: `panic: message`, `fatal error: …`, then a dump of goroutines, of which the first one failed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign.stack import Stack

_HEAD = re.compile(r"(?P<kind>panic|fatal error): (?P<message>.{0,8000})$")
_SERVED = re.compile(r".{0,80}\bhttp: panic serving [^\s]{1,80}: (?P<message>.{0,8000})$")
_GOROUTINE = re.compile(r"goroutine (?P<number>\d{1,12}) \[[^\]\n]{1,200}\]:$")
_PLACE = re.compile(r"\t(?P<file>[^\s:][^\n:]{0,1000}\.(?:go|s|c|h)):(?P<line>\d{1,9})(?: \+0x[0-9a-f]{1,16})?$")
_CALL = re.compile(r"(?:created by )?(?P<function>[\w./*()\[\]{}·…-]{1,400}?)(?:\([^\n]{0,800}\))?(?: in goroutine \d{1,12})?$")
_OTHER = re.compile(r"\s*$|\[signal |\tpanic: |exit status \d{1,3}$|\.\.\.(?:additional|\d{1,9}) |panic\(|runtime stack:|goroutine running on other thread")
_INSIDE = ("runtime.", "panic(", "runtime/debug.", "testing.")


class Go(Stack):
    """A panic of Go with its dump; frames of the runtime itself at the raise are left out."""

    language = "go"

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self._goroutines = 0
        self._function = ""
        if kind == "fatal error":
            self.severity = "critical"

    def belongs(self, line: str) -> bool:
        """Take a line of the dump."""
        if _GOROUTINE.match(line):
            self._goroutines += 1
            return True
        if self._goroutines == 0 and line.startswith(("\tpanic: ", "panic: ", "[signal ")):
            return True
        place = _PLACE.match(line)
        if place is not None:
            if self._goroutines <= 1 and self._function and not (not self.parts[0].frames and self._function.startswith(_INSIDE)):
                self.frame(place["file"], place["line"], self._function)
            self._function = ""
            return True
        if _OTHER.match(line):
            if line.startswith("panic(") and self._goroutines <= 1:
                self.current.frames.clear()  # what came before are deferred functions that saw it
            return True
        call = _CALL.match(line)
        if self._goroutines and call is not None and ("(" in line or line.startswith("created by ")):
            self._function = re.sub(r"\([^()]{0,800}\)$", "", call["function"])
            return True
        return False


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return a panic that begins on this line, or whose dump does."""
    found = _HEAD.match(line)
    served = _SERVED.match(line) if found is None and "panic serving" in line else None
    if found is None and served is None:
        if _GOROUTINE.match(line):
            served = next((found for earlier in recent[-1:] if (found := _SERVED.match(earlier))), None)
            if served is None:
                stack = Go("panic", recent[-1] if recent else "")
                stack.feed(line)
                return stack
            stack = Go("panic", served["message"])
            stack.used = 1
            stack.feed(line)
            return stack
        return None
    message = (found or served)["message"]  # type: ignore[index]
    kind = found["kind"] if found is not None else "panic"
    known = re.match(r"(?P<type>runtime error|[\w.*]{1,200}Error)(?:: )(?P<rest>.*)", message)
    stack = Go(known["type"] if known else kind, re.sub(r" \[recovered\]$", "", known["rest"] if known else message))
    stack.keep(line)
    return stack
