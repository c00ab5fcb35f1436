"""JSON that cannot be read: several documents or none, another notation, and the four functions of the module mixed up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example
from nexoide.repair.text.json_calls import FILE_FIRST, NO_FILE, NO_READ, NO_WRITE, NOT_TEXT, TWO_GIVEN, UNPARSED, mixed_up, unparsed
from nexoide.repair.text.json_texts import text_ideas


class JsonData:
    """Reads what the text is, writes what the reader wants, or calls the function of the json module that fits."""

    name = "json-data"
    summary = "Reads JSON line by line, without its mark, or only where there is any; makes what writes it write JSON; calls the right one of load and loads."
    errors = ("JSONDecodeError", "TypeError", "AttributeError")
    examples: tuple[Example, ...] = (
        Example(
            name="one document on each line",
            files={"main.py": "import json\n\ntext = '{\"a\": 1}\\n{\"a\": 2}\\n'\nrows = json.loads(text)\nprint(sum(row['a'] for row in rows))\n"},
            prints="3\n",
        ),
        Example(
            name="a file for its text",
            files={"main.py": "import io\nimport json\n\nprint(json.loads(io.StringIO('[1]')))\n"},
            prints="[1]\n",
        ),
        Example(name="an answer that is no JSON", files={"main.py": "import json\n\nprint(json.loads('<html>'))\n"}, prints=None),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether JSON could not be read, or one of its functions was given what another one takes."""
        if raised.type == "JSONDecodeError":
            return True
        if raised.type == "TypeError":
            return any(pattern.search(raised.message) for pattern in (NOT_TEXT, FILE_FIRST, NO_FILE, TWO_GIVEN, UNPARSED))
        return raised.type == "AttributeError" and any(pattern.match(raised.message) for pattern in (NO_READ, NO_WRITE, UNPARSED))

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield what the message and the text call for."""
        if not raised_on_purpose(context):
            yield from offer(context, self.name, _ideas(context))


def _ideas(context: Context) -> Iterator[Idea]:
    if context.raised.type == "JSONDecodeError":
        yield from text_ideas(context)
    elif UNPARSED.search(context.raised.message):
        yield from unparsed(context)
    else:
        yield from mixed_up(context)
