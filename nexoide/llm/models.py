"""The interface to language models: one question, one whole answer, within the budgets, or a `ModelError` that says why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nexoide.config import ModelSettings
from nexoide.llm.completion import Completion, Message, estimated_tokens
from nexoide.llm.errors import REASONS, ModelError
from nexoide.llm.ledger import Budget, Ledger
from nexoide.llm.process import IDLE_SECONDS, WorkerProcess

RETRIES = 2
"""Of what a provider refuses for a while (429, 5xx), each after the time that it names, else after half a second and more."""
MAX_CHARS = 1_000_000

__all__ = ["Completion", "Message", "ModelError", "Models"]


class Models:
    """Asks the model of the settings; the worker process behind it starts with the first question.

    `environ` is where keys are looked for (default: our own environment); the ledger is in memory where none is given.
    """

    def __init__(
        self, settings: ModelSettings, *, ledger: Ledger | None = None, environ: Mapping[str, str] | None = None, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self.settings = settings
        self.ledger = ledger or Ledger()
        self._worker = WorkerProcess(environ=environ, idle_seconds=idle_seconds)

    @property
    def configured(self) -> bool:
        """Whether there is a model to ask."""
        return self.settings.enabled and bool(self.settings.name)

    @property
    def pid(self) -> int:
        """The worker's process id, 0 while none runs."""
        return self._worker.pid

    async def complete(
        self, messages: Sequence[Message], *, max_tokens: int | None = None, temperature: float = 0.0, timeout: float | None = None
    ) -> Completion:
        """Return the model's whole answer; `max_tokens` and `timeout` (seconds, retries included) are those of the settings unless given.

        Raises ModelError where none is configured, its key is missing or refused, it is limited, late, cut off, or too dear.
        """
        settings = self.settings
        if not self.configured:
            raise ModelError("not configured", "No model is configured: set model.name in nexoide.toml, or NEXOIDE_MODEL__NAME.")
        characters = sum(len(message.content) for message in messages)
        if characters > MAX_CHARS:
            raise ModelError("too long", f"The question has {characters:,} characters, and at most {MAX_CHARS:,} are sent.")
        limit, seconds = max_tokens or settings.max_tokens, timeout or settings.timeout
        reserved = estimated_tokens(characters) + limit
        left = self.ledger.reserve(reserved, Budget(tokens_per_hour=settings.budget_tokens_per_hour, usd_per_day=settings.budget_usd_per_day))
        job: dict[str, Any] = {
            "model": settings.name,
            "api_base": settings.api_base,
            "key_env": settings.key_env,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": limit,
            "temperature": temperature,
            "timeout": seconds,
            "retries": RETRIES,
            "max_usd": left,
        }
        used: tuple[int, int, float | None] = (0, 0, None)
        try:
            answer = await self._worker.call(job, seconds)
            found = answer["answer"] if answer.get("ok") else answer
            used = (int(found["input_tokens"]), int(found["output_tokens"]), found["cost_usd"])
        finally:
            self.ledger.settle(reserved, settings.name, *used)
        if not answer.get("ok"):
            raise _error(answer)
        return Completion(**answer["answer"])

    async def close(self) -> None:
        """End the worker process."""
        await self._worker.close()


def _error(answer: dict[str, Any]) -> ModelError:
    reason = answer.get("reason")
    known: Any = reason if reason in REASONS else "failed"
    return ModelError(
        known,
        str(answer.get("sentence")),
        input_tokens=int(answer["input_tokens"]),
        output_tokens=int(answer["output_tokens"]),
        cost_usd=answer["cost_usd"],
    )
