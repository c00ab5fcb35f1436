"""The worker process: lazy, warm, ended when idle, replaced when it dies, and deaf to what lies in the working folder."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.config import ModelSettings
from nexoide.llm.errors import ModelError
from nexoide.llm.models import Message, Models
from tests.support.chat_server import Answer, chat_server

HELLO = [Message("user", "hello")]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def gone(pid: int) -> None:
    for _ in range(200):
        if not alive(pid):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the worker lives on")


async def test_it_starts_with_the_first_question_and_ends_when_idle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "litellm.py").write_text("raise SystemExit('hijacked')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with chat_server(Answer(text="hello")) as server:
        models = Models(ModelSettings(name="x", api_base=server.base), idle_seconds=0.4)
        try:
            assert models.pid == 0
            assert (await models.complete(HELLO)).text == "hello"
            first = models.pid
            assert first > 0
            assert (await models.complete(HELLO)).text == "hello"
            assert models.pid == first
            await gone(first)
            assert models.pid == 0
            assert (await models.complete(HELLO)).text == "hello"
            os.kill(models.pid, signal.SIGKILL)
            await gone(models.pid or first)
            assert (await models.complete(HELLO)).text == "hello"
            last = models.pid
        finally:
            await models.close()
        assert not alive(last)
        with pytest.raises(ModelError, match="ending"):
            await models.complete(HELLO)


async def test_a_worker_that_dies_in_the_middle_fails_the_question_alone() -> None:
    with chat_server(Answer(text="hello", hang=20), Answer(text="hello")) as server:
        models = Models(ModelSettings(name="x", api_base=server.base))
        try:
            task = asyncio.create_task(models.complete(HELLO))
            while not server.asked:
                await asyncio.sleep(0.05)
            os.kill(models.pid, signal.SIGKILL)
            with pytest.raises(ModelError) as caught:
                await task
            assert caught.value.reason == "failed"
            assert (await models.complete(HELLO)).text == "hello"
        finally:
            await models.close()


_ASKING = """
import asyncio, os, sys
from nexoide.config import ModelSettings
from nexoide.llm.models import Message, Models
async def main():
    models = Models(ModelSettings(name="x", api_base=sys.argv[1]))
    await models.complete([Message("user", "hello")])
    assert not {"litellm", "openai"} & set(sys.modules)
    print(models.pid, flush=True)
    os._exit(1)
asyncio.run(main())
"""


async def test_it_does_not_outlive_the_process_that_asked_and_stays_out_of_it() -> None:
    with chat_server(Answer(text="hello")) as server:
        done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", _ASKING, server.base], capture_output=True, text=True, timeout=100, check=False)
        assert done.stderr == ""
        await gone(int(done.stdout))


async def test_a_proxy_is_used_unless_the_address_is_excepted(monkeypatch: pytest.MonkeyPatch) -> None:
    with chat_server(Answer(text="through the proxy")) as proxy, chat_server(Answer(text="straight")) as server:
        where = proxy.base.removesuffix("/v1")
        for excepted, text in (("127.0.0.1", "straight"), ("example.org", "through the proxy")):
            for name, value in (("HTTP_PROXY", where), ("http_proxy", where), ("NO_PROXY", excepted), ("no_proxy", excepted)):
                monkeypatch.setenv(name, value)
            models = Models(ModelSettings(name="x", api_base=server.base))
            try:
                assert (await models.complete(HELLO)).text == text
            finally:
                await models.close()
