"""A21 at the TCP listener: floods, bombs, lies and strangers are bounded, counted and said, and nothing of the rest is lost."""

from __future__ import annotations

import asyncio
import gzip
import json
import resource
import time
import zlib
from pathlib import Path

import brotli
import httpx
import pytest

from nexoide.api import ingest_body, ingest_serve
from tests.support.ingesting import Listener, envelope, event, item, listening

GOOD = envelope(item(event()))


async def still_works(listener: Listener) -> None:
    before = len(listener.taken)
    assert (await listener.envelope(GOOD)).status_code == 200
    assert len(listener.taken) == before + 1


def ten_gigabytes() -> bytes:
    """Return ten megabytes of gzip that would be ten gigabytes: one block of zeros, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"\0" * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + block * (10 * (1 << 30) // (1 << 24))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, encoding: str) -> None:
    if encoding == "gzip":
        bomb = ten_gigabytes()
        assert 8 << 20 < len(bomb) < 16 << 20
    elif encoding == "deflate":
        bomb = zlib.compress(b"\0" * (1 << 28), 1)
    else:
        bomb = brotli.compress(b"\0" * (1 << 28), quality=1)
    async with listening(tmp_path) as listener:
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        answer = await listener.envelope(bomb, **{"content-encoding": encoding})
        assert answer.status_code == 413
        assert "20 MiB" in answer.json()["detail"]
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80 << 10  # in KiB
        assert time.perf_counter() - began < 5
        assert listener.counts()["refused: too large"] == 1
        await still_works(listener)


async def test_good_items_of_a_bad_envelope_are_kept(tmp_path: Path) -> None:
    other = event(exception={"values": [{"type": "KeyError", "value": "'b'"}]})
    body = envelope(
        item(event()),
        b"\xff\xfe no header\n",
        item(b'{"exception": '),
        item(event(), length=10),
        item(b"[" * 100_000),
        item(b"x" * 5000, kind="attachment"),
        b'{"type": "event", "length": -5}\n' + json.dumps(other).encode() + b"\n",
        item(other, length=-1),
        item(b'{"exception":{"values":[{"type":"Twice","type":"OSError","value":"\\ud800 \xff"}]}}'),
        item({"exception": {"values": "no list"}, "message": "plain", "level": "fatal"}),
        item(event(), kind="teleport"),
    )
    async with listening(tmp_path) as listener:
        answer = await listener.envelope(body)
        assert (answer.status_code, answer.json()) == (200, {"id": "a" * 32})
        kinds = [failure.exceptions[0].type if failure.exceptions else failure.log_message for failure, _ in listener.taken]
        assert kinds == ["ZeroDivisionError", "ZeroDivisionError", "KeyError", "KeyError", "OSError", "plain"]
        assert "\\ud800" in listener.taken[4][0].exceptions[0].message
        (source,) = listener.ingest.sources()
        assert (source.failures, source.dropped) == (6, 2)
        assert source.counts["attachments"] == source.counts["other items"] == 1
        (sentence,) = listener.said
        assert "read in part" in sentence


async def test_a_body_that_ends_too_early_keeps_what_came(tmp_path: Path) -> None:
    whole = envelope(item(event()), item(event(exception={"values": [{"type": "KeyError", "value": "1"}]})))
    async with listening(tmp_path) as listener:
        assert (await listener.envelope(whole[:-40])).status_code == 200
        packed = gzip.compress(whole)
        assert (await listener.envelope(packed[:-10], **{"content-encoding": "gzip"})).status_code == 200
        assert [failure.exceptions[0].type for failure, _ in listener.taken][:2] == ["ZeroDivisionError", "ZeroDivisionError"]
        assert listener.ingest.sources()[0].dropped >= 1


async def test_a_million_items_are_read_to_a_bound(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        began = time.perf_counter()
        answer = await listener.envelope(envelope(b'{"type":"x"}\n{}\n' * 1_000_000))
        assert answer.status_code == 200
        assert time.perf_counter() - began < 5
        assert listener.counts()["other items"] == 1000
        assert "more than 1000 items" in listener.said[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\n\n\n", 400),
        (b"no json\n", 400),
        (b"[1]\n", 400),
        (b"[" * 1_000_000, 400),
        (b"{" * 1_000_000, 400),
        (b"\xff" * 70_000, 400),
        (b"{}", 200),
        (b"{}\n\n\n\n", 200),
    ],
)
async def test_what_is_no_envelope_is_refused_in_a_sentence(tmp_path: Path, body: bytes, status: int) -> None:
    async with listening(tmp_path) as listener:
        answer = await listener.envelope(body)
        assert answer.status_code == status
        if status == 400:
            assert answer.json()["detail"].startswith("The first line of the envelope is no envelope header: ")
        await still_works(listener)


async def test_a_hostile_event_is_cut_down(tmp_path: Path) -> None:
    frame = {"filename": "f" * 9000, "function": "g" * 9000, "lineno": 10**30, "context_line": "c" * 9000, "vars": {f"v{i}": "x" * 900 for i in range(20)}}
    chain = [{"type": "T" * 5000, "value": "secret password=hunter22 " + "m" * 30_000, "stacktrace": {"frames": [frame]}}] * 20
    hostile = event(server_name=["no"], release={"a": 1}, timestamp="1e400", tags=[[1, 2], "x", ["http.status_code", "503"]], contexts=[], request="GET")
    hostile |= {"user": 5, "breadcrumbs": {"values": {}}, "threads": 5, "sdk": None}
    async with listening(tmp_path) as listener:
        hostile["exception"] = {"values": [*chain, {"type": "Last", "value": 7, "stacktrace": {"frames": [frame] * 100}}]}
        body = envelope(item(hostile))
        assert 2 << 20 < len(body) < 20 << 20
        assert (await listener.envelope(body)).status_code == 200  # too large an item: said, not read
        assert (listener.taken, listener.ingest.sources()[0].dropped) == ([], 1)
        hostile["exception"] = {"values": [*chain, {"type": "Last", "value": 7, "stacktrace": {"frames": [frame] * 2}}]}
        body = envelope(item(hostile))
        assert 1 << 20 < len(body) < 2 << 20
        assert (await listener.envelope(body)).status_code == 200
        ((failure, _),) = listener.taken
        assert (failure.exceptions[0].type, failure.exceptions[0].message, failure.status) == ("Last", "7", 503)
        assert len(failure.exceptions) == 16
        assert "hunter22" not in str(failure)
        assert len(str(failure)) < 300 << 10


async def test_strangers_are_refused_counted_and_said_once(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener, listener.client() as client:
        for _ in range(5):
            assert (await client.post("/api/1/envelope/", content=GOOD)).status_code == 401
            assert (await client.post("/api/1/envelope/?sentry_key=" + "0" * 32, content=GOOD)).status_code == 403
            assert (await client.post("/api/v1/errors", json={"type": "X"})).status_code == 401
        assert listener.taken == []
        counts = {(source.kind, name): count for source in listener.ingest.sources() for name, count in source.counts.items()}
        assert counts == {("sentry", "refused: no key"): 5, ("sentry", "refused: wrong key"): 5, ("posted", "refused: no key"): 5}
        assert len(listener.said) == 2  # one for each kind, not one for each request


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example:8000"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "localhost.evil.example:80"},
        {"host": ""},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"origin": "file://"},
    ],
)
async def test_a_page_of_somebody_else_sends_nothing_even_with_the_key(tmp_path: Path, headers: dict[str, str]) -> None:
    async with listening(tmp_path) as listener:
        answer = await listener.envelope(GOOD, **headers)
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]
        async with listener.client() as client:
            asked = await client.options(
                f"/api/1/envelope/?sentry_key={listener.key}", headers={"origin": "http://localhost:3000", "access-control-request-method": "POST"}
            )
        assert asked.status_code == 405
        assert not [name for name in asked.headers if name.startswith("access-control")]
        assert listener.taken == []


async def test_slow_and_idle_connections_end_and_hold_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_serve, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(ingest_body, "BODY_SECONDS", 0.3)
    async with listening(tmp_path) as listener:
        port = listener.ingest.port
        starts = [
            b"",
            b"POST /api/1/envelope/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
            f"POST /api/1/envelope/?sentry_key={listener.key} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{{".encode(),
        ]
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for (_, writer), start in zip(slow, starts, strict=True):
            writer.write(start)
        await still_works(listener)
        async with asyncio.timeout(5):
            answers = [await reader.read() for reader, _ in slow[:1]] + [await _read(reader) for reader, _ in slow[1:]]
        assert answers[:2] == [b"", b""]
        assert answers[2].startswith(b"HTTP/1.1 408 ")
        for _, writer in slow:
            writer.close()
        await still_works(listener)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def test_a_thousand_connections_leave_room_for_the_next(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        idle = [await asyncio.open_connection("127.0.0.1", listener.ingest.port) for _ in range(900)]
        try:
            await still_works(listener)
        finally:
            for _, writer in idle:
                writer.transport.abort()


async def test_an_endless_head_ends_the_connection(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        _, writer = await asyncio.open_connection("127.0.0.1", listener.ingest.port)
        writer.write(b"POST /api/1/envelope/ HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        sent = 0
        try:
            async with asyncio.timeout(10):
                while sent < 64 << 20:
                    writer.write(b"X-A: " + b"a" * 8000 + b"\r\n")
                    await writer.drain()
                    sent += 8007
        except ConnectionError:
            pass
        assert sent < 32 << 20  # what the sockets buffer, and no more
        writer.transport.abort()
        await still_works(listener)


async def test_whatever_is_no_http_is_no_harm(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        for raw in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"\0" * 1000,
            b"GET / HTTP/9.9\r\n\r\n",
            b"POST /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", listener.ingest.port)
            writer.write(raw)
            writer.write_eof()
            async with asyncio.timeout(15):
                await _read(reader)
            writer.close()
        await still_works(listener)


async def test_all_bodies_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_body, "ALL_BYTES", 1 << 20)
    async with listening(tmp_path) as listener:
        big = envelope(item(b"x" * (2 << 20), kind="attachment"))
        answer = await listener.envelope(big)
        assert (answer.status_code, listener.counts()["refused: too much"]) == (429, 1)
        await still_works(listener)


async def test_a_flood_of_one_program_does_not_starve_another(tmp_path: Path) -> None:
    body = envelope(*[item(event()) for _ in range(500)])
    async with listening(tmp_path) as listener, listener.client() as client:
        url = f"/api/1/envelope/?sentry_key={listener.key}"
        flood = [asyncio.create_task(client.post(url, content=body)) for _ in range(20)]
        async with httpx.AsyncClient(base_url=listener.base, trust_env=False, timeout=30) as other:
            began = time.perf_counter()
            assert (await other.post(url, content=GOOD)).status_code == 200
            alone = time.perf_counter() - began
        await asyncio.gather(*flood)
        assert len(listener.taken) == 20 * 500 + 1
        assert alone < 10
