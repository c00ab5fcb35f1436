"""What a case that needs more than a table gives back."""

from __future__ import annotations

from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import Module


@dataclass(frozen=True, slots=True)
class Repair:
    """Edits with what to say about them."""

    title: str
    rationale: str
    edits: tuple[tuple[Module, Edit], ...]
    prior: float
    cautions: tuple[str, ...] = ()
    guesses: bool = False
