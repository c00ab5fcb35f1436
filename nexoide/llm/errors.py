"""Why a model gave no answer that can be used."""

from __future__ import annotations

from typing import Literal, get_args

from nexoide.errors import UnavailableError

Reason = Literal[
    "not configured", "no key", "refused", "rate limited", "timeout", "unreachable", "cut off", "too long", "not accepted", "malformed", "budget", "failed"
]  # fmt: skip
"""`refused`: the provider does not accept the key (401, 403); `not accepted`: nor the question (400, 404); `cut off`: the answer
broke off, or reached the limit of tokens; `too long`: the question is longer than the model reads."""

REASONS: frozenset[str] = frozenset(get_args(Reason))


class ModelError(UnavailableError):
    """A question to a model that brought nothing; `reason` says of which kind, `input_tokens` and `output_tokens` what it used all the same."""

    def __init__(self, reason: Reason, sentence: str, *, input_tokens: int = 0, output_tokens: int = 0, cost_usd: float | None = None) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason
        self.input_tokens, self.output_tokens, self.cost_usd = input_tokens, output_tokens, cost_usd
