"""Health checks against real servers and commands, and what several of them in a row mean."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import ValidationError

from nexoide.config import HealthSettings
from nexoide.supervisor import check_command
from nexoide.supervisor.health import Health
from nexoide.supervisor.health_checks import ask
from nexoide.supervisor.processes import members

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]


@asynccontextmanager
async def server(answer: bytes, *, forever: bool = False, asked: list[bytes] | None = None) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            if asked is not None:
                asked.append(request)
            writer.write(answer)
            while forever:
                writer.write(b"x" * 65536)
                await writer.drain()
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


async def said(**settings: object) -> str:
    return await ask(HealthSettings(**settings), Path.cwd(), dict(os.environ))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nok", ""),
        (b"HTTP/1.0 204 \r\n\r\n", ""),
        (b"HTTP/1.1 302 Found\r\nLocation: http://198.51.100.1/\r\n\r\n", ""),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "answered with status 404"),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", "answered with status 503"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "no HTTP"),
        (b"", "ended before an answer"),
        (b"HTTP/1.1 2" + b"x" * 200_000, "no HTTP"),
        (b"HTTP/1.1 200 OK\n\n", ""),
    ],
)
async def test_http(answer: bytes, words: str):
    async with server(answer) as port:
        found = await said(http=f"http://127.0.0.1:{port}/healthz")
    assert (found == "") if not words else (words in found and f":{port}/healthz" in found)


async def test_http_asks_for_what_the_url_says():
    asked: list[bytes] = []
    async with server(b"HTTP/1.1 200 OK\r\n\r\n", asked=asked) as port:
        assert await said(http=f"http://127.0.0.1:{port}/a b/ü?q=1 2&r=%20") == ""
        assert await said(http=f"http://127.0.0.1:{port}") == ""
    assert asked[0].decode().startswith(f"GET /a%20b/%C3%BC?q=1%202&r=%20 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n")
    assert asked[1].startswith(b"GET / HTTP/1.1\r\n")


async def test_an_endless_body_is_not_read():
    async with server(b"HTTP/1.1 200 OK\r\n\r\n", forever=True) as port:
        began = time.monotonic()
        assert await said(http=f"http://127.0.0.1:{port}/", timeout=5) == ""
    assert time.monotonic() - began < 3


async def test_nobody_there_and_nobody_answering():
    listening = await asyncio.start_server(lambda reader, writer: asyncio.sleep(60), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    found = await said(http=f"http://127.0.0.1:{port}/", timeout=0.2)
    assert found == f"http://127.0.0.1:{port}/ did not answer within 0.2 s"
    assert await said(tcp=f"127.0.0.1:{port}") == ""
    listening.close()
    assert await said(tcp=f"127.0.0.1:{port}") == f"127.0.0.1:{port} did not answer: nobody listens there"
    assert "nobody listens there" in await said(http=f"http://127.0.0.1:{port}/", tcp=f"127.0.0.1:{port}")
    assert "did not answer" in await said(tcp="no-such-host.invalid:80", timeout=2)


async def test_a_command():
    assert await said(command=("true",)) == ""
    found = await said(command=(sys.executable, "-c", "import sys; print('queue is 9 long'); print(); sys.exit(2)"))
    assert found == f"the health check {sys.executable} ended with exit code 2: queue is 9 long"
    assert "cannot be run: No such file" in await said(command=("no-such-program",))


async def test_a_command_that_hangs_ends_with_all_it_started(tmp_path: Path):
    code = "import subprocess,time; subprocess.Popen(['sleep','600'], start_new_session=True); print('on', flush=True); time.sleep(600)"
    outcome = await check_command.run((sys.executable, "-c", code), tmp_path, {**os.environ, "CHECK_TEST": str(tmp_path)}, 0.7)
    assert outcome == check_command.Outcome(None, "on\n")
    assert members(None, f"CHECK_TEST={tmp_path}") == []


async def test_what_a_command_leaves_behind_with_its_output_ends_too(tmp_path: Path):
    env = {**os.environ, "CHECK_TEST": str(tmp_path)}
    outcome = await check_command.run(("sh", "-c", "setsid sleep 600 & echo done"), tmp_path, env, 10)
    assert outcome == check_command.Outcome(0, "done\n")
    assert members(None, f"CHECK_TEST={tmp_path}") == []


async def test_a_command_that_floods_is_bounded(tmp_path: Path):
    outcome = await check_command.run(("sh", "-c", "yes 0123456789 | head -c 50000000; echo end"), tmp_path, dict(os.environ), 20)
    assert (outcome.code, outcome.output[-4:], len(outcome.output)) == (0, "end\n", check_command.KEPT_BYTES)


@pytest.mark.parametrize(
    "settings",
    [{"http": "ftp://x/"}, {"http": "127.0.0.1:80"}, {"http": "http://"}, {"http": "http://u:p@h/"}, {"http": "http://h:99999/"}, {"http": "http://h/\r\nX: y"}]
    + [{"tcp": text} for text in ("80", ":80", "h:", "h:0", "h:65536", "h:x", "h:²")],
)
def test_what_cannot_be_asked_is_refused(settings: dict[str, str]):
    with pytest.raises(ValidationError, match="it must be a"):
        HealthSettings(**settings)


class Patient:
    """Something to ask whose answers are set by the test."""

    def __init__(self, **settings: object) -> None:
        self.why, self.asked = "", 0
        self.told: list[tuple[str, str]] = []
        self._changed = asyncio.Event()
        self.health = Health(HealthSettings(tcp="h:1", **settings), self.ask, self.tell, lambda low, high: 1.0)

    async def ask(self) -> str:
        self.asked += 1
        self._changed.set()
        return self.why

    async def tell(self, health: str, note: str) -> None:
        self.told.append((health, note))
        self._changed.set()

    async def until(self, right: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not right():
                self._changed.clear()
                await self._changed.wait()


async def test_only_several_failures_in_a_row_count_and_each_change_is_told_once():
    patient = Patient(interval=0.1, failures=3)
    patient.health.begin("shop", 0.0)
    await patient.until(lambda: patient.asked >= 3)
    assert patient.told == [("well", "")]
    patient.why = "no answer"
    asked = patient.asked
    await patient.until(lambda: len(patient.told) == 2)
    assert patient.told[1] == ("unwell", "no answer")
    assert patient.asked - asked in {3, 4}
    asked = patient.asked
    await patient.until(lambda: patient.asked >= asked + 3)
    assert len(patient.told) == 2
    patient.why = ""
    await patient.until(lambda: len(patient.told) == 3)
    assert patient.told[2][0] == "well"
    assert patient.told[2][1].startswith("well again after 0.")
    patient.health.end()
    asked = patient.asked
    await asyncio.sleep(0.25)
    assert patient.asked <= asked + 1


async def test_while_it_starts_failures_do_not_count_and_it_is_asked_soon():
    patient = Patient(interval=60, failures=1)
    patient.why = "starting"
    patient.health.begin("shop", 30.0)
    await patient.until(lambda: patient.asked >= 4)  # after 0, 0.1, 0.3 and 0.7 seconds, not after minutes
    assert patient.told == []
    patient.why = ""
    await patient.until(lambda: patient.told == [("well", "")])
    patient.health.end()


async def test_after_the_start_failures_count():
    patient = Patient(interval=0.1, failures=2)
    patient.why = "no"
    began = time.monotonic()
    patient.health.begin("shop", 0.5)
    await patient.until(lambda: patient.told == [("unwell", "no")])
    assert time.monotonic() - began >= 0.5
    patient.health.end()
