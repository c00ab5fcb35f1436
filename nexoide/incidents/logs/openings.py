"""How a traceback begins: its header, what stands before it on the line, and what the lines before say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nexoide.incidents.logs.chain import EXCEPTION
from nexoide.incidents.logs.traceback import BOXED, CONNECTORS
from nexoide.incidents.logs.writer import Open
from nexoide.model.failure import Relation

_HEADER = re.compile(r"(?P<drawn>\+ )?(?P<group>Exception Group )?Traceback(?: with variables)? \(most recent call last\):?\s{0,100}$")
_HEADER_LENGTH = 200
_THREAD = re.compile(r"Exception in thread (?P<thread>[^\n]{1,300}?):?(?: \(most likely raised[^\n]{0,80})?$")
_PROCESS = re.compile(r"Process (?P<thread>[\w-]{1,200}):$")
_INTRO = re.compile(
    r"Exception ignored |Task exception was never retrieved|Future exception was never retrieved|Exception in |Unhandled exception|Error in |"
    r"Internal Server Error: |Error handling request|Uncaught exception|--- Logging error ---|object address |"
    r"unhandled exception|Error while |An exception (?:was|has)"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The header of a traceback; `prefix` is what stands before it on its line."""

    prefix: str
    group: bool

    def relation(self, recent: list[str]) -> Relation | None:
        """Return how this traceback followed from the one before, where the lines before say so."""
        for line in reversed(recent[-3:]):
            said = line[len(self.prefix) :] if self.prefix and line.startswith(self.prefix) else line
            if said.strip() in CONNECTORS:
                return CONNECTORS[said.strip()]
            if said.strip():
                return None
        return None

    def look_back(self, item: Open, recent: list[str]) -> None:
        """Take what the lines before say: the thread, what was ignored, an exception that had no traceback of its own."""
        relation = self.relation(recent)
        if relation is not None:
            above = [line for line in recent if line.strip()][:-1]
            if above and EXCEPTION.match(above[-1].strip()):
                item.trace.precede(above[-1].strip())
                item.trace.link(relation)
            return
        if recent and recent[-1].strip() == '"""' and len(recent) > 1 and "RemoteTraceback" in recent[-2]:
            item.trace.precede(recent[-2].strip())
            return
        for line in reversed(recent[-4:]):
            thread = _THREAD.match(line) or _PROCESS.match(line)
            if thread is not None:
                item.thread = thread["thread"].strip()
                return
            if _INTRO.match(line):
                item.intro = line
                return


def opens(message: str) -> bool:
    """Return whether a message is one that a traceback follows."""
    return bool(_INTRO.match(message) or _THREAD.match(message) or _PROCESS.match(message) or message.startswith("future: ") or "RemoteTraceback" in message)


def opening(line: str) -> Opening | None:
    """Return the header of a traceback on this line, None where what stands there is something else."""
    if BOXED.match(line):
        return Opening(line[: len(line) - len(line.lstrip())], group=False)
    found = _HEADER.search(line, max(0, len(line) - _HEADER_LENGTH))
    if found is None:
        return None
    prefix = line[: found.start()]
    if found["group"] and found["drawn"]:
        prefix = prefix.removesuffix("  ")
    return Opening(prefix, found["group"] is not None and found["drawn"] is not None)


_ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\", "\\'": "'", "#012": "\n", "\\r": "", "#011": "\t", "\\x0a": "\n"}
_ESCAPED = re.compile(r"\\n|\\t|\\\"|\\\\|\\'|\\r|\\x0a|#012|#011")


def unescaped(line: str) -> str | None:
    """Return the traceback of a line that was written as one, with its line breaks; None where it has no such."""
    at = line.find("Traceback (most recent call last)")
    if at < 0:
        return None
    rest = line[at:]
    if not ("\\n" in rest or "#012" in rest or "\\x0a" in rest):
        return None
    whole = _ESCAPED.sub(lambda found: _ESCAPES[found[0]], rest)
    whole = whole.rstrip('"})] ')
    return whole[:-1] if whole.endswith("'") and whole.rpartition("\n")[2].count("'") % 2 else whole  # the quote that the whole was in
