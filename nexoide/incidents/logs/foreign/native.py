"""Processes that died of themselves: C++'s terminate, failed assertions, sanitizers, signals as shells and kernels tell them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign.stack import Stack
from nexoide.model.failure import Severity

_TERMINATE = re.compile(r"terminate called (?:after throwing an instance of '(?P<type>[^'\n]{1,400})'|without an active exception|recursively)")
_WHAT = re.compile(r"\s{1,8}what\(\): {1,4}(?P<message>.{0,8000})$")
_ASSERT = re.compile(
    r"(?:[^\s:]{1,200}: )?(?P<file>[^\s:]{1,300}):(?P<line>\d{1,9}): (?P<function>[^\n]{1,300}?): (?P<message>Assertion [`'].{1,2000}' failed\.)$"
)
_SANITIZER = re.compile(r"={0,3}\d{0,10}={0,3}\s?ERROR: (?P<kind>\w{1,40}Sanitizer): (?P<type>[\w-]{1,80})(?P<message>.{0,2000})$")
_SANITIZER_FRAME = re.compile(r"\s{2,8}#\d{1,4} 0x[0-9a-f]{1,16} in (?P<function>[^\n]{1,300}?) (?P<file>/[^\s:]{1,500})(?::(?P<line>\d{1,9}))?(?::\d{1,9})?")
_WORDS = "Segmentation fault|Aborted|Bus error|Floating point exception|Illegal instruction|Trace/breakpoint trap|Bad system call"
_SHELL = re.compile(
    rf"(?:[\w./-]{{1,200}}: line \d{{1,9}}:\s{{1,8}}(?P<pid>\d{{1,10}}) )?(?P<type>{_WORDS})(?: {{1,40}}\(core dumped\)|"
    rf" {{1,40}}(?=\S)|\s*$)(?P<message>.{{0,1000}})$"
)
_KILLED = re.compile(r"[\w./-]{1,200}: line \d{1,9}:\s{1,8}(?P<pid>\d{1,10}) (?P<type>Killed)\s(?P<message>.{0,1000})$")
_KERNEL = re.compile(
    r"(?:traps: )?(?P<name>[^\s\[]{1,64})\[(?P<pid>\d{1,10})\]:? (?P<type>segfault|general protection(?: fault)?|"
    r"trap [\w ]{1,40}|invalid opcode)(?P<message> (?:at|ip|in)\b.{0,600})$"
)
_OOM = re.compile(
    r"(?:Out of memory|Memory cgroup out of memory|oom-kill): (?:Killed|Kill) process (?P<pid>\d{1,10}) \((?P<name>[^)\n]{1,64})\)(?P<message>.{0,600})$"
)


class Crash(Stack):
    """A process that ended by a signal."""

    language = "c"
    severity: Severity = "critical"

    def belongs(self, line: str) -> bool:
        """Take what `what()` gives, and frames of a sanitizer."""
        found = _WHAT.match(line)
        if found is not None and self.teller == "runtime":
            self.parts[0].message = found["message"]
            return True
        frame = _SANITIZER_FRAME.match(line)
        if frame is not None:
            if len(self.parts[0].frames) < 32:
                self.frame(frame["file"], frame["line"] or 0, frame["function"])
            return True
        return False


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return the crash that this line tells of."""
    said = _told(line)
    if said is not None:
        return said
    found = _SHELL.match(line) or _KILLED.match(line)
    if found is not None:
        for back, earlier in enumerate(reversed(recent[-6:]), 1):
            told = _told(earlier)
            if told is not None:
                told.used = back
                return told
        crash = _crash(line, found["type"], found["message"].strip() or line, "shell", found["type"])
        crash.pid = int(found["pid"] or 0)
        return crash
    found = _OOM.search(line[:400]) or _KERNEL.match(line)
    if found is not None:
        names = found.groupdict()
        kind = names.get("type") or "out of memory"
        crash = _crash(line, kind, f"{names['name']}{names['message']}", "kernel", "Killed" if "type" not in names else "Segmentation fault")
        crash.pid = int(found["pid"])
        return crash
    return None


def _told(line: str) -> Crash | None:
    """Return the crash of which a program's own runtime tells on this line."""
    found = _TERMINATE.match(line)
    if found is not None:
        return _crash(line, found["type"] or "std::terminate", "" if found["type"] else line)
    found = _ASSERT.match(line)
    if found is not None:
        crash = _crash(line, "assertion", found["message"])
        crash.frame(found["file"], found["line"], found["function"])
        return crash
    found = _SANITIZER.match(line)
    return None if found is None else _crash(line, found["type"], f"{found['kind']}{found['message']}")


def _crash(line: str, kind: str, message: str, teller: str = "runtime", signal: str = "Aborted") -> Crash:
    crash = Crash(kind, message)
    crash.teller, crash.crash = teller, signal
    crash.keep(line)
    return crash
