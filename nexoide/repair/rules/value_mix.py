"""Values of another form than the code takes: parts that do not unpack, texts that are no number, items that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.absent.absent_items import ABSENT, absent_ideas
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.items.unpacking import UNPACK, unpack_ideas
from nexoide.repair.numbers.number_texts import LITERAL, number_ideas
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example


class ValueMix:
    """Takes a value in the form that it has."""

    name = "value-mix"
    summary = "Unpacks, splits and converts values in the form that they have, and tests for an item where the program says that it may be missing."
    errors = ("ValueError", "TypeError")
    examples: tuple[Example, ...] = (
        Example(name="a dict without its items", files={"main.py": "sizes = {'axe': 3}\nfor name, size in sizes:\n    print(name, size)\n"}, prints="axe 3\n"),
        Example(name="thousands", files={"main.py": "print(int('1,234'.strip()))\n"}, prints="1234\n"),
        Example(name="a word for a number", files={"main.py": "print(int('many'.strip()))\n"}, prints=None),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a value was of another form than was taken."""
        if raised.type == "TypeError":
            return raised.message.startswith("cannot unpack non-iterable") and "NoneType" not in raised.message
        return raised.type == "ValueError" and any(pattern.match(raised.message) for pattern in (UNPACK, LITERAL, ABSENT))

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield what the message calls for."""
        if not raised_on_purpose(context):
            yield from offer(context, self.name, _ideas(context))


def _ideas(context: Context) -> Iterator[Idea]:
    message = context.raised.message
    if UNPACK.match(message):
        yield from unpack_ideas(context)
    elif LITERAL.match(message):
        yield from number_ideas(context)
    else:
        yield from absent_ideas(context)
