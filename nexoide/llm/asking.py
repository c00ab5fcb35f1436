"""One question through litellm, which is imported here alone, inside the worker process.

litellm tells a stream that broke off as one that ended ("stop"); only what the provider itself gave as the reason counts here.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from nexoide.llm.completion import estimated_tokens
from nexoide.llm.errors import ModelError, Reason
from nexoide.probe.redact import redact, secret_name

MAX_TOLD = 160
CHARS_OF_TOKEN = 16
"""An answer with more characters than this for each token that it may have is no answer."""
NO_KEY = "none-needed"
_WHOLE = frozenset({"stop", "stop_sequence", "end_turn", "eos", "eos_token"})
_LIMIT = frozenset({"length", "max_tokens", "model_length"})

# What a library of providers may raise over an answer that it does not understand; its own errors are among openai's.
_ODD = (ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, OSError, RuntimeError, TypeError, ValueError)


def load() -> Any:
    """Import litellm quietly: prices from its own file, no .env files, no handlers that print."""
    os.environ.update({"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION", "LITELLM_LOG": "CRITICAL"})
    litellm: Any = importlib.import_module("litellm")  # 2,600 modules that no type checker should follow
    litellm.suppress_debug_info = True
    litellm.drop_params = True  # a model that knows no temperature is asked without one
    litellm.disable_aiohttp_transport = True  # httpx keeps to HTTPS_PROXY and NO_PROXY
    for name in ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router", "httpx", "openai"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
    return litellm


async def ask(litellm: Any, job: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole answer to `job` as JSON-able values; raises ModelError."""
    began = time.monotonic()
    question = _Question(litellm, job)
    openai_error = importlib.import_module("openai").OpenAIError
    try:
        async with asyncio.timeout(float(job["timeout"])):
            await question.run()
    except TimeoutError:
        raise question.failed("timeout", f"{question.who} gave no whole answer within {float(job['timeout']):g} s.") from None
    except ModelError:
        raise
    except (openai_error, *_ODD) as error:
        raise question.failed(*_told(litellm, error, question)) from None
    return question.answer(time.monotonic() - began)


class _Question:
    """One question and what has come back so far."""

    def __init__(self, litellm: Any, job: Mapping[str, Any]) -> None:
        self._litellm, self._job = litellm, job
        self._chunks: list[Any] = []
        self._rebuilt: Any = None
        self.text = ""
        self.sent = False
        self.retries = int(job["retries"])
        self.key_env = str(job["key_env"])
        self.model, self.base = str(job["model"]), str(job["api_base"])
        self.who = f"The model {self.model[:80]}"
        self.reason = ""

    async def run(self) -> None:
        """Ask and read the answer to its end."""
        if self.base:
            self._name_provider()
        key = self._key()
        self._check_price()
        extra = {"api_base": self.base} if self.base else {}
        if key:
            extra["api_key"] = key
        self.sent = True
        stream = await self._litellm.acompletion(
            model=self.model,
            messages=self._job["messages"],
            max_tokens=self._job["max_tokens"],
            temperature=self._job["temperature"],
            timeout=float(self._job["timeout"]),
            num_retries=self.retries,
            stream=True,
            stream_options={"include_usage": True},
            **extra,
        )
        await self._read(stream)
        self.reason = (stream.received_finish_reason or stream.intermittent_finish_reason or "").lower()
        self._rebuilt = self._litellm.stream_chunk_builder(self._chunks, messages=self._job["messages"])
        self._check_whole()

    async def _read(self, stream: AsyncIterator[Any]) -> None:
        most = int(self._job["max_tokens"]) * CHARS_OF_TOKEN
        async for chunk in stream:
            self._chunks.append(chunk)
            choice = chunk.choices[0] if chunk.choices else None
            self.text += (choice.delta.content or "") if choice is not None else ""
            if len(self.text) > most or len(self._chunks) > most:
                raise self.failed("malformed", f"{self.who} goes on after {self._job['max_tokens']} tokens, which it was told not to: its answer is not used.")

    def _check_whole(self) -> None:
        if not self.reason:
            raise self.failed("cut off", f"The answer of {self.who[0].lower()}{self.who[1:]} broke off before its end, so nothing of it is used.")
        if self.reason in _LIMIT:
            raise self.failed("cut off", f"{self.who} needs more than {self._job['max_tokens']} tokens for its answer: raise model.max_tokens.")
        if self.reason not in _WHOLE:
            raise self.failed("malformed", f"{self.who} ended its answer for another reason than being done with it, so nothing of it is used.")
        if not self.text.strip():
            raise self.failed("malformed", f"{self.who} answered with nothing.")

    def _name_provider(self) -> None:
        """Take a model that litellm knows no provider of for one that is served as OpenAI's are."""
        try:
            self._litellm.get_llm_provider(model=self.model)
        except self._litellm.exceptions.BadRequestError:
            self.model = f"openai/{self.model}"

    def _key(self) -> str:
        """Return the key to send, "" where the provider's own variables are to be used; an address of the operator's gets no provider's key."""
        if self.key_env:
            key = os.environ.get(self.key_env, "").strip()
            if not key:
                raise ModelError("no key", f"The environment variable {self.key_env}, which model.key_env names, is not set: put the key there.")
            return key
        if self.base:
            return NO_KEY
        missing = list(self._litellm.validate_environment(model=self.model)["missing_keys"])
        if missing and all(str(name).endswith("_API_KEY") for name in missing):
            names = " or ".join(str(name) for name in missing)
            raise ModelError("no key", f"{self.who} needs a key, and {names} is not set: put it there, or name its variable in model.key_env.")
        return ""

    def _check_price(self) -> None:
        """Refuse a question that could cost more than is left, where the price is known."""
        expected = self._cost(self._tokens_in(), int(self._job["max_tokens"]))
        left = float(self._job["max_usd"])
        if expected is not None and expected > left:
            raise ModelError("budget", f"This question may cost ${expected:.4f}, and ${left:.4f} of the day's budget is left: raise model.budget_usd_per_day.")

    def _tokens_in(self) -> int:
        return estimated_tokens(sum(len(str(message["content"])) for message in self._job["messages"]))

    def _cost(self, tokens_in: int, tokens_out: int) -> float | None:
        try:
            return float(sum(self._litellm.cost_per_token(model=self.model, prompt_tokens=tokens_in, completion_tokens=tokens_out)))
        except (self._litellm.exceptions.ModelNotMappedError, self._litellm.exceptions.BadRequestError, *_ODD):
            return None

    def failed(self, reason: Reason, sentence: str) -> ModelError:
        """Return the error with what the question used, as far as that is known."""
        if not (self._chunks or (self.sent and reason == "timeout")):
            return ModelError(reason, sentence)
        usage = getattr(self._rebuilt, "usage", None)
        tokens_in = int(usage.prompt_tokens) if usage is not None else self._tokens_in()
        tokens_out = int(usage.completion_tokens) if usage is not None else estimated_tokens(len(self.text))
        return ModelError(reason, sentence, input_tokens=tokens_in, output_tokens=tokens_out, cost_usd=self._cost(tokens_in, tokens_out))

    def answer(self, seconds: float) -> dict[str, Any]:
        """Return the answer with its usage and price."""
        usage = self._rebuilt.usage
        cost = self._rebuilt._hidden_params.get("response_cost")  # noqa: SLF001 - where litellm documents that it puts the price
        if cost is None:
            cost = self._cost(int(usage.prompt_tokens), int(usage.completion_tokens))
        return {
            "text": self.text,
            "input_tokens": int(usage.prompt_tokens),
            "output_tokens": int(usage.completion_tokens),
            "cost_usd": None if cost is None else float(cost),
            "finish_reason": self.reason,
            "seconds": round(seconds, 3),
            "model": str(self._job["model"]),
        }


def _told(litellm: Any, error: Exception, question: _Question) -> tuple[Reason, str]:
    """Return what kind of failure an error is, and the sentence for the operator."""
    kinds, who = litellm.exceptions, question.who
    status = getattr(error, "status_code", None)
    named = question.key_env or "the variable that holds it"
    said = _said(error)
    if isinstance(error, kinds.MidStreamFallbackError):
        return "cut off", f"The answer of the model {question.model[:80]} broke off in the middle, so nothing of it is used."
    if isinstance(error, kinds.AuthenticationError | kinds.PermissionDeniedError) or status in (401, 403):
        return "refused", f"The provider of the model {question.model[:80]} refuses the key (HTTP {status}): see {named}."
    if isinstance(error, kinds.RateLimitError):
        return (
            "rate limited",
            f"{who} was asked too often for its provider (HTTP 429), also after {question.retries} retries: wait, or see your limits there.",
        )
    if isinstance(error, kinds.Timeout):
        return "timeout", f"{who} did not answer in time."
    if isinstance(error, kinds.ContextWindowExceededError):
        return "too long", f"The question is longer than the model {question.model[:80]} reads."
    if isinstance(error, kinds.BadRequestError | kinds.NotFoundError | kinds.UnprocessableEntityError):
        return (
            "not accepted",
            f"The provider does not accept the question to {question.model[:80]} ({_status(status)}): see model.name and model.api_base{said}.",
        )
    if status == 500 and "Connection error" in str(error):
        return "unreachable", f"No server answers for the model {question.model[:80]}: see model.api_base and the network."
    if isinstance(error, kinds.APIConnectionError | kinds.ServiceUnavailableError | kinds.InternalServerError | kinds.BadGatewayError):
        return "unreachable", f"The server of the model {question.model[:80]} fails ({_status(status)}), also after {question.retries} retries{said}."
    return "failed", f"{who} could not be asked ({type(error).__name__}){said}."


def _status(status: object) -> str:
    return f"HTTP {status}" if isinstance(status, int) else "no status"


def _said(error: Exception) -> str:
    """Return what a provider says of an error, without keys, on one line; it is quoted, for anybody may have written it."""
    text = str(error).partition(" LiteLLM Retried")[0]
    text = text.rpartition("Exception - ")[2] or text
    for name, value in os.environ.items():
        if len(value) >= 8 and secret_name(name):
            text = text.replace(value, "«redacted»")
    text = " ".join("".join(character if character.isprintable() else " " for character in redact(text)).split())
    return f"; it says: “{text[:MAX_TOLD]}”" if text else ""
