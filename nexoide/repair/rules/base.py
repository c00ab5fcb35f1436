"""What a rule is, and the messages that more than one rule reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.proposal import Advice, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A small program that fails, run as `python main.py`, for `nexoide rules explain` and `nexoide rules test`.

    Repaired by the rule's first proposal, it ends with 0 and prints `prints`; where `prints` is None the rule gives advice, or
    proposes nothing, and that is right.
    """

    name: str
    files: dict[str, str]
    prints: str | None


class Rule(Protocol):
    """One kind of error: says whether it applies to an exception, and proposes repairs of the failing place.

    `name` is what patches carry, `summary` one sentence on what it sees and does, `errors` the types of exceptions that
    it reads ("*": any). A rule that looks for its fault all over the program, whatever the error, has `searches = True`: it is asked
    last, and where a patch must be ready at once not at all.
    """

    name: str
    summary: str
    errors: tuple[str, ...]
    examples: tuple[Example, ...]

    def applies(self, raised: Raised) -> bool:
        """Say, from type and message alone, whether this rule knows the error."""

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield repairs or advice, or note in the context why there is none."""


@dataclass(frozen=True, slots=True)
class MissingAttribute:
    """What an AttributeError's message says."""

    kind: Literal["instance", "type", "module"]
    owner: str
    attribute: str


_SHAPES: tuple[tuple[Literal["instance", "type", "module"], re.Pattern[str]], ...] = (
    ("type", re.compile(r"type object '([^']+)' has no attribute '(\w+)'")),
    ("module", re.compile(r"(?:partially initialized )?module '([^']+)' has no attribute '(\w+)'")),
    ("instance", re.compile(r"'([^']+)' object has no attribute '(\w+)'(?! and no __dict__)")),
)


def missing_attribute(raised: Raised) -> MissingAttribute | None:
    """Read an AttributeError's message; None where it is another error, or about None."""
    if raised.type != "AttributeError":
        return None
    for kind, pattern in _SHAPES:
        match = pattern.match(raised.message)
        if match:
            return None if match[1] == "NoneType" else MissingAttribute(kind, match[1], match[2])
    return None


def failing_access(context: Context, missing: MissingAttribute) -> ast.Attribute | None:
    """Return the access that failed, or None (with the reason noted) where the line leaves it open."""
    found = context.nodes(lambda node: isinstance(node, ast.Attribute) and node.attr == missing.attribute and isinstance(node.ctx, ast.Load))
    accesses = [node for node in found if isinstance(node, ast.Attribute)]
    if not accesses:
        context.refuse(f"The line does not read .{missing.attribute} itself: the access is made elsewhere.")
        return None
    texts = {context.module.segment(node.value) for node in accesses}
    if len(texts) > 1:
        last = missing.owner.rsplit(".", 1)[-1]
        seen = [node for node in accesses if (view := context.view(node.value)) is not None and view.type.rsplit(".", 1)[-1] == last]
        if len({context.module.segment(node.value) for node in seen}) != 1:
            context.refuse(f"The line reads .{missing.attribute} of {len(texts)} objects, and nothing says which of them failed.")
            return None
        accesses = seen
    return accesses[0]


def in_own_code(context: Context) -> bool:
    """Say whether the project's own line raised; notes the refusal where it did not."""
    if not context.is_raising:
        last = context.raised.frames[-1]
        context.refuse(f"It was raised in {last.file.rsplit('/', 1)[-1]}, code that is not the project's; only the project's own files are edited.")
    return context.is_raising
