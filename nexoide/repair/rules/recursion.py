"""RecursionError: a function that comes back to itself without end, and the one place at which it should not."""

from __future__ import annotations

from collections.abc import Iterable

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.recursion.recursive import links
from nexoide.repair.recursion.recursive_access import access_ideas
from nexoide.repair.recursion.recursive_calls import call_ideas
from nexoide.repair.recursion.recursive_data import data_ideas
from nexoide.repair.recursion.recursive_special import special_ideas
from nexoide.repair.recursion.recursive_steps import follow_ideas, step_ideas
from nexoide.repair.rules.base import Example


class Recursion:
    """Breaks the circle where it was closed by mistake; the limit of the recursion is never raised."""

    name = "recursion"
    summary = "Breaks an endless recursion: a property that returns itself, a method that calls itself for its base, an end that is never reached."
    errors = ("RecursionError",)
    examples: tuple[Example, ...] = (
        Example(
            name="a property that returns itself",
            files={
                "main.py": "class Account:\n    def __init__(self, owner):\n        self._owner = owner\n\n    @property\n    def owner(self):\n"
                "        return self.owner.title()\n\n\nprint(Account('ada').owner)\n"
            },
            prints="Ada\n",
        ),
        Example(
            name="a method that should extend its base's",
            files={
                "main.py": "class Log:\n    def write(self, text):\n        return [text]\n\n\nclass Loud(Log):\n    def write(self, text):\n"
                "        return self.write(text.upper())\n\n\nprint(Loud().write('a'))\n"
            },
            prints="['A']\n",
        ),
        Example(
            name="a recursion that is as deep as the data",
            files={
                "main.py": "class Item:\n    def __init__(self, rest):\n        self.rest = rest\n\n\ndef depth(item):\n    if item is None:\n"
                "        return 0\n    return 1 + depth(item.rest)\n\n\nchain = None\nfor _ in range(5000):\n    chain = Item(chain)\nprint(depth(chain))\n"
            },
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the recursion was too deep."""
        return raised.type == "RecursionError"

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repairs of the circle's links: of what Python calls by itself first, then of wrong calls, then of missing ends."""
        circle = links(context)
        if not circle:
            context.refuse("The frames do not show which of the project's functions call each other.")
            return
        for part in (access_ideas, special_ideas, follow_ideas, call_ideas, step_ideas, data_ideas):
            found: list[Idea] = [idea for link in circle for idea in part(context, link)]
            if found:
                yield from offer(context, self.name, found)
                return
        context.refuse(f"{circle[0].function.name}() calls itself, and the source does not show where it should end.")
