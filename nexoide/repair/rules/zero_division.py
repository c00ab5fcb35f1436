"""ZeroDivisionError: a count that is never counted up, a loop from zero, a step of zero, the mean of nothing."""

from __future__ import annotations

from collections.abc import Iterable

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import offer
from nexoide.repair.numbers.nothing_to_divide import find_division, ideas
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example


class ZeroDivision:
    """Repairs what made the divisor zero, or gives what the program says that nothing gives."""

    name = "zero-division"
    summary = "Repairs what made a divisor zero, or gives what the program says (or, for means and shares, what is usual) where there is nothing to divide by."
    errors = ("ZeroDivisionError", "DivisionByZero", "InvalidOperation", "DivisionUndefined")
    examples: tuple[Example, ...] = (
        Example(
            name="mean of nothing",
            files={"main.py": 'def mean(values):\n    """Return the mean, 0.0 for no values."""\n    return sum(values) / len(values)\n\n\nprint(mean([]))\n'},
            prints="0.0\n",
        ),
        Example(name="a division that nothing explains", files={"main.py": "def divide(a, b):\n    return a / b\n\n\nprint(divide(1, 0))\n"}, prints=None),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether something was divided by zero."""
        return raised.type in self.errors and (raised.type != "InvalidOperation" or "DivisionUndefined" in raised.message)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the origin's repair, else the guard."""
        if raised_on_purpose(context):
            return
        division = find_division(context)
        if division is None:
            context.refuse("The line does not show which of its divisions failed.")
            return
        yield from offer(context, self.name, ideas(context, division))
