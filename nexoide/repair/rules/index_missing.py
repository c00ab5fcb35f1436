"""IndexError: loops that count too far, positions from one, walks without a bound, empty sequences, lines with too few parts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.index import last_name
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.items.accesses import Access, find_access
from nexoide.repair.items.bounds import counted_too_far
from nexoide.repair.items.lacking_items import filled_by_number, nothing_there, of_nothing, too_few_parts
from nexoide.repair.items.positions import swapped_indexes, wrong_position
from nexoide.repair.items.tables import built_too_short
from nexoide.repair.items.walks import walked_too_far
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example

_OUT = re.compile(r"(?:\w+ )*(?:assignment )?index out of range|index -?\d+ is out of bounds|index out of range")
_POP = re.compile(r"pop from (?:an )?empty \w+|pop index out of range")
_NOTHING = re.compile(
    r"(?:max|min)\(\) (?:arg is an empty sequence|iterable argument is empty)|.*requires at least (?:one|two) data points?|no m\w+ for empty data"
    r"|cannot choose from an empty|.*empty sequence",
    re.IGNORECASE,
)


class IndexMissing:
    """Corrects an index or the loop that counts it, or gives what the program says that an empty sequence gives."""

    name = "index-missing"
    summary = "Corrects an index, or the loop that counts it too far, or gives what the program says that an empty sequence gives."
    errors = ("IndexError", "ValueError", "StatisticsError")
    examples: tuple[Example, ...] = (
        Example(
            name="loop that counts too far",
            files={"main.py": "items = ['a', 'b']\nfor place in range(len(items) + 1):\n    print(items[place])\n"},
            prints="a\nb\n",
        ),
        Example(name="argument of the command", files={"main.py": "import sys\n\nprint(sys.argv[1])\n"}, prints=None),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an item was asked for that is not there."""
        if raised.type == "IndexError":
            return bool(_OUT.match(raised.message) or _POP.match(raised.message) or _NOTHING.match(raised.message))
        return raised.type in self.errors and bool(_NOTHING.match(raised.message))

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield the origin's repair, else what the program says of nothing."""
        if raised_on_purpose(context):
            return
        if _NOTHING.match(context.raised.message) and not _OUT.match(context.raised.message):
            yield from offer(context, self.name, of_nothing(context))
            return
        if _POP.match(context.raised.message):
            yield from offer(context, self.name, _popped(context))
            return
        access = find_access(context)
        if access is None:
            context.refuse("The line does not show which of its items is not there.")
            return
        if last_name(access.owner) == "argv":
            yield self._argument(context, access)
            return
        noted = len(context.refusals)
        found = list(_ideas(context, access))
        if not found and len(context.refusals) == noted:
            context.refuse(f"Nothing shows why {context.module.segment(access.node)} is asked for, or what should happen without it.")
        yield from offer(context, self.name, found)

    def _argument(self, context: Context, access: Access) -> Advice:
        number = access.number if access.number is not None else 1
        return context.advise(
            rule=self.name,
            title=f"give the command its argument {number}",
            text=(
                f"{context.place} reads argument {number} of the command, and the command was run with fewer. Run it with the "
                "argument that the program asks for."
            ),
        )


def _ideas(context: Context, access: Access) -> Iterator[Idea]:
    found = [*swapped_indexes(context, access)] or [*filled_by_number(context, access), *built_too_short(context, access)]
    if not found:
        found += [*counted_too_far(context, access), *walked_too_far(context, access)]
    if not found:
        found += [*too_few_parts(context, access), *wrong_position(context, access)]
    yield from found
    is_end = isinstance(access.index, ast.Constant | ast.UnaryOp) and (access.number in (0, -1) or access.number is None)
    if not found and is_end and access.length <= 0:
        yield from nothing_there(context, access.owner, access.node)


def _popped(context: Context) -> Iterator[Idea]:
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("pop", "popleft", "heappop")):
        assert isinstance(call, ast.Call)
        owner = call.args[0] if last_name(call.func) == "heappop" and call.args else call.func.value if isinstance(call.func, ast.Attribute) else None
        if owner is not None:
            yield from nothing_there(context, owner, call)
            return
