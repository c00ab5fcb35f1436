"""Questions to a real server through the real worker process: whole answers, broken ones, refusals, limits."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from nexoide.config import ModelSettings
from nexoide.llm.errors import ModelError
from nexoide.llm.ledger import Ledger
from nexoide.llm.models import Message, Models
from nexoide.llm.process import WorkerProcess
from tests.support.chat_server import Answer, ChatServer, chat_server

HELLO = [Message("system", "You answer."), Message("user", "Say hello.")]
ENV = {
    **{name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")},
    "SHOP_KEY": "sk-shop-0123456789abcdef",
    "OPENAI_API_KEY": "sk-of-openai-9",
}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker() -> AsyncIterator[WorkerProcess]:
    """One warm worker for all tests of the file: it takes seconds to start."""
    process = WorkerProcess(environ=ENV)
    yield process
    await process.close()


def asking(worker: WorkerProcess, server: ChatServer, ledger: Ledger | None = None, **settings: Any) -> Models:
    models = Models(ModelSettings(**{"name": "openai/gpt-4o-mini", "api_base": server.base, "timeout": 20, **settings}), ledger=ledger)
    models._worker = worker
    return models


async def fails(models: Models, reason: str, **limits: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await models.complete(HELLO, **limits)
    assert caught.value.reason == reason, caught.value.sentence
    assert "sk-" not in caught.value.sentence
    return caught.value


async def test_a_whole_answer_with_its_tokens_and_price(worker: WorkerProcess) -> None:
    with chat_server(Answer(text="hello " * 200, usage=(1000, 500))) as server:
        models = asking(worker, server, key_env="SHOP_KEY", max_tokens=600)
        found = await models.complete(HELLO)
        assert (found.text, found.finish_reason, found.model) == ("hello " * 200, "stop", "openai/gpt-4o-mini")
        assert (found.input_tokens, found.output_tokens) == (1000, 500)
        assert found.cost_usd == pytest.approx(1000 * 0.15e-6 + 500 * 0.6e-6)
        assert models.ledger.tokens() == 1500
        assert models.ledger.usd() == pytest.approx(found.cost_usd)
        assert server.headers[0]["Authorization"] == "Bearer sk-shop-0123456789abcdef"
        assert server.asked[0]["messages"] == [{"role": "system", "content": "You answer."}, {"role": "user", "content": "Say hello."}]
        assert server.asked[0]["temperature"] == 0
        assert "1,000 tokens in, 500 out, $0.0004" in found.told


async def test_an_address_of_the_operator_gets_no_key_of_a_provider(worker: WorkerProcess) -> None:
    with chat_server(Answer(text="hello")) as server:
        await asking(worker, server).complete(HELLO)
        assert "sk-of-openai-9" not in str(server.headers)


async def test_a_model_that_litellm_does_not_know_is_asked_as_openais_are(worker: WorkerProcess) -> None:
    with chat_server(Answer(text="hello")) as server:
        found = await asking(worker, server, name="qwen3-coder").complete(HELLO)
        assert server.asked[0]["model"] == "qwen3-coder"
        assert found.cost_usd is None
        assert "price not known" in found.told


async def test_answers_that_broke_off_are_not_used(worker: WorkerProcess) -> None:
    for answer in (Answer(text="half an ans", cut=True), Answer(text="half", broken=True), Answer(text="half", finish="length")):
        with chat_server(answer) as server:
            models = asking(worker, server)
            error = await fails(models, "cut off")
            assert models.ledger.tokens() == error.input_tokens + error.output_tokens > 0


async def test_answers_that_are_none(worker: WorkerProcess) -> None:
    for answer in (Answer(text="  "), Answer(text="no", finish="content_filter"), Answer(text="x" * 400_000)):
        with chat_server(answer) as server:
            await fails(asking(worker, server, max_tokens=100), "malformed")


async def test_a_page_of_a_proxy_instead_of_an_answer(worker: WorkerProcess) -> None:
    with chat_server(Answer(raw=b"<html>log in</html>")) as server:
        await fails(asking(worker, server), "cut off")


async def test_a_refused_key_names_its_variable_and_is_never_shown(worker: WorkerProcess) -> None:
    for status in (401, 403):
        with chat_server(Answer(status=status, text="no: sk-shop-0123456789abcdef")) as server:
            error = await fails(asking(worker, server, key_env="SHOP_KEY"), "refused")
            assert "SHOP_KEY" in error.sentence
            assert str(status) in error.sentence
            assert len(server.asked) == 1


async def test_a_key_that_is_not_there_is_asked_for_by_name(worker: WorkerProcess) -> None:
    with chat_server(Answer(text="hello")) as server:
        error = await fails(asking(worker, server, key_env="LOST_KEY"), "no key")
        assert "LOST_KEY" in error.sentence
        assert server.asked == []
    models = Models(ModelSettings(name="anthropic/claude-sonnet-4-5"))
    models._worker = worker
    assert "ANTHROPIC_API_KEY" in (await fails(models, "no key")).sentence


async def test_what_the_provider_says_is_quoted_without_keys(worker: WorkerProcess) -> None:
    with chat_server(Answer(status=400, text="unknown model\x1b[2J\nfor sk-shop-0123456789abcdef and sk-abcdefghijklmnopqrstuvwxyz")) as server:
        error = await fails(asking(worker, server, key_env="SHOP_KEY"), "not accepted")
        assert "unknown model" in error.sentence
        assert error.sentence.isprintable()


async def test_rate_limits_are_waited_out_as_the_provider_says(worker: WorkerProcess) -> None:
    with chat_server(Answer(status=429, headers={"Retry-After": "1"}), Answer(text="hello")) as server:
        assert (await asking(worker, server).complete(HELLO)).text == "hello"
        assert 0.9 < server.times[1] - server.times[0] < 5
    with chat_server(Answer(status=429)) as server:
        models = asking(worker, server)
        await fails(models, "rate limited")
        assert len(server.asked) == 3
        assert models.ledger.tokens() == 0


async def test_failing_servers_are_asked_again_and_then_told(worker: WorkerProcess) -> None:
    with chat_server(Answer(status=500), Answer(text="hello")) as server:
        assert (await asking(worker, server).complete(HELLO)).text == "hello"
    with chat_server(Answer(status=503, text="overloaded")) as server:
        error = await fails(asking(worker, server), "unreachable")
        assert "overloaded" in error.sentence
        assert len(server.asked) == 3


async def test_nobody_listens(worker: WorkerProcess) -> None:
    with chat_server(Answer(text="hello")) as server:
        models = asking(worker, server)
    assert "api_base" in (await fails(models, "unreachable")).sentence


async def test_silence_and_trickle_end_with_the_time_and_the_worker_lives_on(worker: WorkerProcess) -> None:
    pid = worker.pid
    for answer in (Answer(text="hello", hang=30), Answer(text="x" * 40_000, pace=0.3)):
        with chat_server(answer) as server:
            began = time.monotonic()
            models = asking(worker, server, timeout=1.5)
            error = await fails(models, "timeout")
            assert time.monotonic() - began < 6
            assert "1.5 s" in error.sentence
            assert models.ledger.tokens() > 0  # the provider counts them, too
    assert worker.pid == pid


async def test_questions_at_the_same_time_and_one_that_is_given_up(worker: WorkerProcess) -> None:
    with chat_server(Answer(text="slow " * 400, pace=0.5)) as slow, chat_server(Answer(text="quick")) as quick:
        task = asyncio.create_task(asking(worker, slow).complete(HELLO))
        await asyncio.sleep(0.3)
        assert (await asking(worker, quick).complete(HELLO)).text == "quick"
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(slow.hung_up.wait, 5)


async def test_budgets_hold_before_a_question_is_sent(worker: WorkerProcess) -> None:
    with chat_server(Answer(text="hello", usage=(900, 100))) as server:
        ledger = Ledger()
        models = asking(worker, server, ledger, budget_tokens_per_hour=1500, max_tokens=200)
        await models.complete(HELLO)
        await models.complete(HELLO, max_tokens=64)
        error = await fails(models, "budget")
        assert "model.budget_tokens_per_hour" in error.sentence
        assert len(server.asked) == 2
        dear = asking(worker, server, budget_usd_per_day=0.0001, max_tokens=4000)
        assert "model.budget_usd_per_day" in (await fails(dear, "budget")).sentence
        assert len(server.asked) == 2


async def test_nothing_is_asked_where_no_model_is_configured() -> None:
    for settings in (ModelSettings(), ModelSettings(name="openai/x", enabled=False)):
        models = Models(settings)
        assert not models.configured
        error = await fails(models, "not configured")
        assert "model.name" in error.sentence
        assert models.pid == 0
