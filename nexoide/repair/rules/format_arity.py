"""Being written right now by its owner (R6): please take another one."""

from __future__ import annotations

from collections.abc import Iterable

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example


class FormatArity:
    """Proposes nothing yet."""

    name = "format-arity"
    summary = "Proposes nothing yet."
    errors: tuple[str, ...] = ()
    examples: tuple[Example, ...] = (Example(name="nothing", files={"main.py": "raise SystemExit(0)\n"}, prints=None),)

    def applies(self, raised: Raised) -> bool:
        """Say that it knows no error yet."""
        return False

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Propose nothing yet."""
        return ()
