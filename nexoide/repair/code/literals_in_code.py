"""Text literals as they stand in the source: where one comes from, and edits of a part of it that leave its quotes and escapes alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context

MAX_LITERAL = 4000


@dataclass(frozen=True, slots=True)
class Literal:
    """A text literal of the project: its node (a constant or an f-string), and its source text from the first quote's prefix on."""

    module: Module
    node: ast.expr

    @property
    def start(self) -> int:
        """Where its source begins."""
        return self.module.span(self.node)[0]

    @property
    def text(self) -> str:
        """Its source text."""
        return self.module.segment(self.node)

    def edit(self, start: int, end: int, text: str) -> tuple[Module, Edit]:
        """Return the edit of a part of its source text."""
        return self.module, Edit(self.start + start, self.start + end, text)


def literal_of(context: Context, node: ast.expr, module: Module | None = None) -> Literal | None:
    """Return the text literal that an expression is, or that it was surely given; None where it is another thing or too long."""
    spots = trace(context, node, module)
    for spot in spots:
        if spot.how in ("element", "unpacked", "opened", "option"):
            return None
        if isinstance(spot.node, ast.Constant) and isinstance(spot.node.value, str):
            found = Literal(spot.module, spot.node)
            return found if len(found.text) <= MAX_LITERAL else None
    return None


@dataclass(frozen=True, slots=True)
class Field:
    """One `{...}` of a template's source text: its expression or name, its conversion, its format, and where each begins and ends."""

    start: int
    end: int
    name: str
    conversion: str
    spec: str
    spec_start: int

    @property
    def name_end(self) -> int:
        """Where its expression or name ends."""
        return self.start + 1 + len(self.name)


def fields(text: str) -> Iterator[Field]:
    """Yield the top-level `{...}` of a template's source text; doubled braces are text."""
    at = 0
    while at < len(text):
        if text[at] == "{":
            if text.startswith("{{", at):
                at += 2
                continue
            found = _field(text, at)
            if found is None:
                return
            yield found
            at = found.end
        else:
            at += 1


def _field(text: str, start: int) -> Field | None:
    depth, at, colon, bang = 0, start, -1, -1
    quote = ""
    while at < len(text):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and colon < 0:
            quote = char
        elif char in "{[(":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                name_end = bang if bang >= 0 else colon if colon >= 0 else at
                conversion = text[bang + 1 : colon if colon >= 0 else at] if bang >= 0 else ""
                spec_start = colon + 1 if colon >= 0 else at
                return Field(start, at + 1, text[start + 1 : name_end], conversion, text[spec_start:at], spec_start)
        elif char == ":" and depth == 1 and colon < 0:
            colon = at
        elif char == "!" and depth == 1 and colon < 0 and text[at + 1 : at + 2] != "=" and bang < 0:
            bang = at
        at += 1
    return None


_WORDS = re.compile(r"[A-Za-z_]\w*")


def label_before(text: str, at: int) -> set[str]:
    """Return the words that stand before a place of a template, back to the place before it: `total: %d` gives {total}."""
    piece = re.split(r"%[-+ #0]*[\d.*]*[a-zA-Z]|[{}\n|]", text[max(0, at - 40) : at])[-1]
    return {word.lower() for word in _WORDS.findall(piece)}
