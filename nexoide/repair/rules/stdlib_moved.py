"""Errors of programs written for another Python: what the standard library removed, renamed or moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.moved import special
from nexoide.repair.moved.matching import Plan, plan
from nexoide.repair.moved.table import stdlib
from nexoide.repair.naming.imports import joined
from nexoide.repair.naming.packages import layout_of
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example

_TYPES = ("AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "TypeError", "ValueError", "RuntimeError", "error", "PatternError")


class StdlibMoved:
    """Writes what took the place of an API that the running Python does not have."""

    name = "stdlib-moved"
    summary = "Writes today's form of what the standard library removed, renamed or moved, from a table of versions 2.7 to 3.14."
    errors = (*_TYPES, "DeprecationWarning", "PendingDeprecationWarning", "FutureWarning")
    examples = (
        Example(
            name="abstract-base-class",
            files={
                "main.py": "import collections\n\n\ndef kind(value):\n"
                '    return "mapping" if isinstance(value, collections.Mapping) else "other"\n\n\nprint(kind({}), kind(1))\n'
            },
            prints="mapping other\n",
        ),
        Example(
            name="removed-function",
            files={"main.py": "from fractions import gcd\n\nprint(gcd(12, 18))\n"},
            prints="6\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is an error that a removed API gives."""
        return raised.type in self.errors

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield the edit that the table, or one of the few cases that need more than a table, knows."""
        layout = layout_of(context)
        repair = special.repair(context, layout)
        if repair is not None:
            proposal = context.propose(
                rule=self.name,
                title=repair.title,
                rationale=repair.rationale,
                edits=joined(repair.edits),
                prior=repair.prior,
                cautions=repair.cautions,
                guesses=repair.guesses,
            )
            if proposal is not None:
                yield proposal
                return
        found = plan(context, layout, stdlib())
        if found is not None:
            yield from told(context, self.name, found, "Python")


def told(context: Context, rule: str, found: Plan, owner: str) -> Iterator[Proposal | Advice]:
    """Yield a plan as a proposal, or as advice where a row knows that nothing took the place of what was removed."""
    if not found.edits:
        row = found.lost[0] if found.lost else None
        if row is not None and not (row.new or row.call or row.keywords or row.members):
            context.thoughts.add("think", f"{row.old} has no like replacement")
            yield context.advise(
                rule=rule,
                title=f"{row.old} is gone",
                text=f"{row.old} is not part of {owner} {row.gone} and later, and nothing there does the same. {row.note}".strip()
                + " Use a package that does, or an older version.",
            )
        return
    row = found.rows[0]
    target = row.new.removeprefix("@") or "today's form"
    places = f" ({found.places} places)" if found.places > 2 else ""
    context.thoughts.add("think", f"{row.old} is gone since {owner} {row.gone}" if row.gone not in ("", "0") else f"{row.old}: use {target}")
    since = f"{row.old} is not there any more since {owner} {row.gone}. " if row.gone not in ("", "0") else f"{row.old} is not there. "
    what = f"The edit uses {target}" if row.new else "The edit writes the call in today's form"
    proposal = context.propose(
        rule=rule,
        title=f"use {target} where {row.old} was{places}" if row.new else f"write {row.old} in today's form{places}",
        rationale=f"{since}{row.note} {what} wherever the project uses the old one, and keeps the imports in step.".replace("  ", " "),
        edits=found.edits,
        prior=row.prior,
        cautions=[row.caution] if row.caution else [],
        guesses=row.guesses,
        unchecked=["Uses that are made by name at run time, through getattr or text."],
    )
    if proposal is not None:
        yield proposal
