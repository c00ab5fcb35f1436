"""Formats that do not fit their values: `%`, `.format()`, f-strings, and the formats of times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example
from nexoide.repair.text import brace_format, format_codes, percent_format, time_format
from nexoide.repair.text.brace_format import brace_ideas
from nexoide.repair.text.format_codes import code_ideas
from nexoide.repair.text.percent_format import percent_ideas
from nexoide.repair.text.time_format import time_ideas

_CODES = (
    format_codes.UNKNOWN,
    format_codes.UNSUPPORTED,
    format_codes.TEXT_ONLY,
    format_codes.COMMA,
    format_codes.INVALID,
)
_TIMES = (time_format.UNLIKE, time_format.REST, time_format.DIRECTIVE, time_format.ISO)


class FormatArity:
    """Gives a format the values it lacks, the places it lacks, or the codes that suit its values."""

    name = "format-arity"
    summary = "Makes a format and its values fit: missing values and places, codes that do not suit a value, formats of times that do not read their text."
    errors = ("TypeError", "ValueError", "KeyError", "IndexError")
    examples: tuple[Example, ...] = (
        Example(name="values without parentheses", files={"main.py": 'a, b = 1, 2\nprint("%d of %d" % a, b)\n'}, prints="1 of 2\n"),
        Example(
            name="year of four digits",
            files={"main.py": 'from datetime import datetime\n\nprint(datetime.strptime("03.05.2024", "%d.%m.%y").year)\n'},
            prints="2024\n",
        ),
        Example(name="which value is missing is open", files={"main.py": 'print("%s and %s" % ("a",))\n'}, prints=None),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the message is that of a format."""
        message = raised.message
        if raised.type == "KeyError":
            return raised.frames != () and ("%" in raised.frames[-1].source or "format" in raised.frames[-1].source or bool(_placeless(message)))
        if raised.type == "IndexError":
            return bool(brace_format.OUT_OF_RANGE.match(message))
        if raised.type == "TypeError":
            return _is_percent(message) or bool(format_codes.UNSUPPORTED.search(message))
        if raised.type != "ValueError":
            return False
        return (
            bool(percent_format.STRAY.match(message) or brace_format.BRACES.match(message))
            or message.startswith((brace_format.SWITCH, format_codes.NO_PRECISION))
            or any(pattern.search(message) for pattern in _CODES)
            or any(pattern.match(message) for pattern in _TIMES)
        )

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield what the message calls for."""
        if not raised_on_purpose(context):
            yield from offer(context, self.name, _ideas(context))


def _is_percent(message: str) -> bool:
    return message.startswith((percent_format.TOO_FEW, percent_format.TOO_MANY, percent_format.NO_MAPPING)) or bool(percent_format.NOT_A_NUMBER.search(message))


def _placeless(message: str) -> bool:
    """Say whether a missing key is no name: text between braces that a template took for a place."""
    return any(char in message for char in ' \\"\n;:')


def _ideas(context: Context) -> Iterator[Idea]:
    raised, message = context.raised, context.raised.message
    if raised.type == "KeyError":
        yield from percent_ideas(context)
        yield from brace_ideas(context)
    elif raised.type == "IndexError" or message.startswith(brace_format.SWITCH) or brace_format.BRACES.match(message):
        yield from brace_ideas(context)
    elif (raised.type == "TypeError" and _is_percent(message)) or percent_format.STRAY.match(message):
        yield from percent_ideas(context)
    elif any(pattern.match(message) for pattern in _TIMES):
        yield from time_ideas(context)
    else:
        yield from code_ideas(context)
