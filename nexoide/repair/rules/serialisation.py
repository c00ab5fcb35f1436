"""Values and keys that JSON and pickle have no form for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example
from nexoide.repair.text.json_object_keys import key_ideas
from nexoide.repair.text.json_places import KEYS, REFUSED, value_ideas
from nexoide.repair.text.pickled import PICKLE, pickle_ideas


class Serialisation:
    """Writes a value in the form that the project's readers expect."""

    name = "serialisation"
    summary = "Writes dates, decimals, sets, enumerations and objects in a form that JSON has and that the project reads back."
    errors = ("TypeError", "PicklingError", "AttributeError")
    examples: tuple[Example, ...] = (
        Example(
            name="a set in a document",
            files={"main.py": 'import json\n\ntags = {"b", "a"}\nprint(json.dumps({"tags": tags}))\n'},
            prints='{"tags": ["a", "b"]}\n',
        ),
        Example(
            name="an object that keeps what it holds to itself",
            files={"main.py": 'import json\nimport threading\n\nprint(json.dumps({"lock": threading.Lock()}))\n'},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether something could not be written."""
        if raised.type == "TypeError" and REFUSED.search(raised.message):
            return True
        return raised.type in self.errors and bool(KEYS.search(raised.message) or PICKLE.search(raised.message))

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the forms, the likeliest first."""
        yield from offer(context, self.name, _ideas(context))


def _ideas(context: Context) -> Iterator[Idea]:
    message = context.raised.message
    if REFUSED.search(message):
        yield from value_ideas(context)
    elif KEYS.search(message):
        yield from key_ideas(context)
    else:
        yield from pickle_ideas(context)
