"""Files, databases, folders and locks that are closed too early, too late, or never."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.resources.closed_blocks import after_block
from nexoide.repair.resources.temporary import gone_too_early
from nexoide.repair.resources.unclosed import too_many, unflushed
from nexoide.repair.resources.uncommitted import locks, uncommitted
from nexoide.repair.rules.base import Example

_CLOSED = re.compile(
    r"I/O operation on closed file|(?:read|write|seek|tell|flush) (?:of|to|on) closed file|Cannot operate on a closed (?:database|cursor)"
    r"|cannot schedule new futures after (?:interpreter )?shutdown|Pool not running|Session is closed|client has been closed"
    r"|(?:Attempt to use ZIP archive that was|archive) already closed|invalid operation on closed shelf|file is closed|Connection is closed",
    re.IGNORECASE,
)
_MANY = re.compile(r"\\[Errno (?:24|23)\\]|Too many open files")
_LOCKED = re.compile(r"database (?:table )?is locked")
_LOCK = re.compile(r"release unlocked lock|cannot (?:release|notify|wait on) un-acquired lock|cannot release un-acquired lock")
# What a reader says of a file that is empty, or ends too early.
_SHORT = frozenset(
    ["JSONDecodeError", "EOFError", "EmptyDataError", "BadZipFile", "UnpicklingError", "StopIteration", "IndexError", "ValueError", "AssertionError", "error"]
)


class ResourceOpen:
    """Closes, flushes, commits and releases where it is due, and uses things only while they are open."""

    name = "resource-open"
    summary = "Uses files, databases and pools only within their block, closes what is never closed, writes out and commits before it is read back."
    errors = ("ValueError", "OSError", "*")
    searches = True
    examples: tuple[Example, ...] = (
        Example(
            name="a reader handed out of its block",
            files={
                "main.py": "def lines(path):\n    with open(path) as file:\n        return (line.strip() for line in file)\n\n\n"
                "with open('a.txt', 'w') as out:\n    out.write('x\\ny\\n')\nprint(list(lines('a.txt')))\n"
            },
            prints="['x', 'y']\n",
        ),
        Example(
            name="a key that is not there",
            files={"main.py": "import io\n\nfile = io.StringIO()\nprint({}[file.closed])\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether something was closed, full, locked or empty that should not be."""
        message = raised.message
        if any(pattern.search(message) for pattern in (_CLOSED, _MANY, _LOCKED, _LOCK)):
            return True
        return raised.type in _SHORT or raised.type in ("FileNotFoundError", "TypeError", "OperationalError", "RuntimeError", "TimeoutError")

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield what the message calls for, the origin first."""
        yield from offer(context, self.name, _ideas(context))


def _ideas(context: Context) -> Iterator[Idea]:
    raised, message = context.raised, context.raised.message
    if _CLOSED.search(message):
        yield from after_block(context)
    elif _MANY.search(message):
        yield from too_many(context)
    elif _LOCKED.search(message):
        yield from uncommitted(context)
    elif _LOCK.search(message) or raised.type in ("RuntimeError", "TimeoutError"):
        yield from locks(context)
    elif raised.type == "FileNotFoundError":
        yield from gone_too_early(context)
    else:
        if raised.type in _SHORT:
            yield from unflushed(context)
        if raised.type in ("IndexError", "TypeError", "AssertionError", "OperationalError", "ValueError"):
            yield from uncommitted(context)
