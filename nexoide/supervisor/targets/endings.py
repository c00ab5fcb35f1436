"""How a process ended, in words: exit codes as shells use them, signals, and memory that ran out."""

from __future__ import annotations

import re
import signal
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

AT_ONCE_SECONDS = 2.0
LOOP_STARTS = 3
_SHOWN = 160
_SIGNALS = {
    signal.SIGSEGV: "an invalid access to memory: a crash of native code",
    signal.SIGBUS: "an access to memory that is not there: a crash of native code, or a file that was cut while it was mapped",
    signal.SIGABRT: "it aborted itself: a failed check of native code or of the allocator",
    signal.SIGFPE: "an invalid arithmetic operation of native code",
    signal.SIGILL: "an invalid instruction: native code for another processor, or a crash",
    signal.SIGSYS: "a system call that is forbidden to it",
    signal.SIGXCPU: "its limit of processor time is reached",
    signal.SIGXFSZ: "its limit on the size of files is reached",
    signal.SIGKILL: "from outside; nothing says that memory ran out",
    signal.SIGTERM: "asked to end, from outside",
    signal.SIGINT: "interrupted, from outside",
    signal.SIGHUP: "its terminal or session ended, or it was asked to from outside",
    signal.SIGPIPE: "nobody read what it wrote to a pipe or a connection",
    signal.SIGTRAP: "a breakpoint of native code",
}
_CODES = {126: "as a shell says it: a command may not be executed", 127: "as a shell says it: a command was not found"}
_NO_MEMORY = re.compile(
    r"\bMemoryError\b|\bstd::bad_alloc\b|\bOutOfMemory(?:Error|Exception)\b|\bCannot allocate memory\b|JavaScript heap out of memory"
    r"|fatal error: runtime: out of memory|memory allocation of \d{1,20} bytes failed"
)
_FATAL = re.compile(r"Fatal Python error: |panicked at |SIG[A-Z]{2,6}: |A fatal error has been detected by ")
_TRACE = re.compile(
    r"^.{0,200}?(?:Traceback \(most recent call last\):|Fatal Python error: |Exception in thread |panicked at |goroutine \d{1,9} \[|Caused by: )"
    r"|^[ \t]{1,16}at [\w$.<]",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Ending:
    """What was observed when a process ended; `lived` is in seconds (negative: not known), `memory` says that it ran out, `why` that we ended it."""

    code: int | None
    lived: float = -1.0
    last_line: str = ""
    memory: str = ""
    why: str = ""

    @property
    def signal(self) -> int:
        """The signal that ended it, or that a shell says to have ended what it ran; 0: none."""
        if self.code is None:
            return 0
        number = -self.code if self.code < 0 else self.code - 128
        return number if number in signal.valid_signals() else 0


def cause(ending: Ending) -> str:
    """Return how it ended in words that are the same each time it ends like that: `exited with code 127 (…)`, `was ended by SIGSEGV (…)`."""
    code = ending.code
    if code is None:
        words, more = "ended", "its exit code is unknown: an earlier supervisor had started it"
    elif code < 0:
        words, more = f"was ended by {_name(-code)}", _meaning(-code)
    elif ending.signal:
        words, more = f"exited with code {code}", f"as a shell says it: what it ran was ended by {_name(ending.signal)}"
    else:
        words, more = f"exited with code {code}", _CODES.get(code, "")
    more = ending.memory or more
    return f"{words} ({more})" if more else words


def how_it_ended(code: int | None, lived: float, last_line: str, memory: str = "") -> str:
    """Return in words how a process ended: `exited with code 3 at once (0.1 s): ImportError: …`."""
    words = cause(Ending(code, lived, last_line, memory))
    if 0 <= lived < AT_ONCE_SECONDS:
        words += f" at once ({lived:.1f} s)"
    return f"{words}: {last_line[:_SHOWN]}" if last_line and code != 0 else words


def said_no_memory(lines: Sequence[str]) -> str:
    """Return in words that a program's last lines say that it ran out of memory, or ""."""
    for line in reversed(lines):
        found = _NO_MEMORY.search(line[:1000])
        if found is not None:
            return f"it ran out of memory: {found[0]}"
    return ""


def holds_trace(text: str, *, fatal: bool) -> bool:
    """Return whether a text holds a stack trace of some language, so that whoever reads logs has seen a failure in it.

    `fatal`: one that a runtime prints while a signal ends it; a traceback that was logged before does not explain that.
    """
    return (_FATAL if fatal else _TRACE).search(text) is not None


class Ends:
    """How a target ended the last times, to recognise that it ends again and again in the same way."""

    def __init__(self, name: str, kept: int) -> None:
        self._name = name
        self._last: deque[str] = deque(maxlen=kept)

    def note(self, how: str) -> None:
        """Take one end, in words without its time."""
        self._last.append(how)

    def clear(self) -> None:
        """Forget all of them."""
        self._last.clear()

    def loop(self, starts: int, seconds: float) -> str:
        """Return in words that it ends soon after each of its last starts, or ""."""
        recent = self._recent(starts)
        if len(recent) < LOOP_STARTS:
            return ""
        how = "each" if len(set(recent)) == 1 else "the last one"
        return f"{self._name} crashes in a loop: {len(recent)} starts in {seconds:.1f} s, {how} {recent[-1]}"

    def in_loop(self, starts: int) -> str:
        """Return the same as an addition to a sentence on how it ended the last time."""
        recent = self._recent(starts)
        if len(recent) < LOOP_STARTS:
            return ""
        return f"; it crashes in a loop, {'each time the same way' if len(set(recent)) == 1 else 'not each time the same way'}"

    def _recent(self, starts: int) -> list[str]:
        return list(self._last)[-starts:] if starts else []


def _name(number: int) -> str:
    return signal.Signals(number).name if number in list(signal.Signals) else f"signal {number}"


def _meaning(number: int) -> str:
    return next((meaning for known, meaning in _SIGNALS.items() if known == number), "")
