"""What goes to a model and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]

CHARS_PER_TOKEN = 3
"""A low estimate for source text, so that what is reserved before a question is rather too much than too little."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A whole answer. `cost_usd` is None where the price of the model is not known (local ones), `seconds` the time it took with all retries."""

    text: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    finish_reason: str
    seconds: float
    model: str

    @property
    def told(self) -> str:
        """What it used, in words for the operator."""
        cost = "price not known" if self.cost_usd is None else f"${self.cost_usd:.4f}"
        return f"{self.input_tokens:,} tokens in, {self.output_tokens:,} out, {cost}, {self.seconds:.1f} s"


def estimated_tokens(characters: int) -> int:
    """Return about how many tokens a text of so many characters has."""
    return characters // CHARS_PER_TOKEN + 1
