"""The TCP listener: Sentry's endpoints, plain JSON, the address and what is counted."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from nexoide.config import IngestSettings
from nexoide.errors import UsageError
from nexoide.supervisor.ingest import Ingest
from nexoide.supervisor.ingest_counts import MAX_SOURCES, Tallies
from tests.support.ingesting import NOW, envelope, event, item, listening

TRANSACTION = {
    "type": "transaction",
    "transaction": "/orders/{id}",
    "start_timestamp": 10.0,
    "timestamp": 10.25,
    "request": {"method": "GET", "url": "http://x/orders/1"},
    "contexts": {"trace": {"op": "http.server"}, "response": {"status_code": 503}},
}


@pytest.mark.parametrize("way", ["header", "authorization", "query", "dsn"])
async def test_every_way_to_say_the_key(tmp_path: Path, way: str) -> None:
    async with listening(tmp_path) as listener, listener.client() as client:
        path, headers, dsn = "/api/1/envelope/", {}, ""
        if way == "header":
            headers = {"x-sentry-auth": f"Sentry sentry_version=7,sentry_key={listener.key}"}
        elif way == "authorization":
            headers = {"authorization": f"Sentry sentry_key={listener.key}"}
        elif way == "query":
            path += f"?sentry_version=7&sentry_key={listener.key}"
        else:
            dsn = listener.ingest.dsn
        answer = await client.post(path, content=envelope(item(event()), dsn=dsn), headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"id": "a" * 32})
        assert len(listener.taken) == 1


async def test_projects_are_targets(tmp_path: Path) -> None:
    async with listening(tmp_path, "web", "worker") as listener:
        for running in ([], ["web"], ["web", "worker"]):
            listener.running[:] = running
            assert (await listener.envelope(envelope(item(event())))).status_code == 200
        for project in (2, 3):
            assert (await listener.envelope(envelope(item(event())), project)).status_code == 200
        assert [failure.target for failure, _ in listener.taken] == ["sentry", "web", "sentry", "web", "worker"]
        refused = await listener.envelope(envelope(item(event())), 4)
        assert (refused.status_code, refused.json()["detail"]) == (404, "There is no project 4: 1 is any program, 2 to 3 are the targets of nexoide.toml.")


async def test_the_older_endpoint(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener, listener.client() as client:
        url = f"/api/1/store/?sentry_key={listener.key}"
        packed = gzip.compress(json.dumps(event()).encode())
        answer = await client.post(url, content=packed, headers={"content-encoding": "gzip"})
        assert (answer.status_code, answer.json(), len(listener.taken)) == (200, {"id": "a" * 32}, 1)
        for body in (b"", b"[]", b"{", b"\xff"):
            refused = await client.post(url, content=body)
            assert (refused.status_code, refused.json()["detail"].startswith("The event cannot be read: ")) == (400, True)
        assert (await client.post("/api/1/store/", json=event())).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/api/1/envelope/", 405),
        ("PUT", "/api/v1/errors", 405),
        ("POST", "/api/1/minidump/", 404),
        ("POST", "/api/1/security/", 404),
        ("POST", "/api/x/envelope/", 404),
        ("POST", "/api/99999999999999999999/envelope/", 404),
        ("POST", "/v1/shutdown", 404),
        ("GET", "/v1/status", 404),
        ("GET", "/openapi.json", 404),
    ],
)
async def test_nothing_else_is_served(tmp_path: Path, method: str, path: str, status: int) -> None:
    async with listening(tmp_path) as listener, listener.client() as client:
        answer = await client.request(method, path, headers={"x-nexoide-key": listener.key})
        assert answer.status_code == status
        assert answer.json()["detail"]


async def test_requests_are_counted_by_route_and_passed_on(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        quick = TRANSACTION | {"timestamp": 10.002, "contexts": {"response": {"status_code": 404}}}
        assert (await listener.envelope(envelope(item(TRANSACTION, "transaction"), item(quick, "transaction")))).status_code == 200
        async with asyncio.timeout(5):
            while not listener.routes:
                await asyncio.sleep(0.02)
        ((target, began, ended, (route,)),) = listener.routes
        assert (target, began, ended) == ("sentry", NOW, NOW)
        assert (route.route, route.count, route.errors, route.client_errors, round(route.max_ms), sum(route.buckets)) == ("GET /orders/{id}", 2, 1, 1, 250, 2)
        assert listener.counts()["transactions"] == 2


async def test_what_a_program_could_not_send_is_said(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        for reason in ("queue_overflow", "before_send"):
            report = {"discarded_events": [{"category": "error", "reason": reason, "quantity": 4}]}
            assert (await listener.envelope(envelope(item(report, "client_report")))).status_code == 200
        (source,) = listener.ingest.sources()
        assert (source.failures, source.dropped) == (0, 8)
        assert listener.said == ["sentry did not send 4 errors (queue_overflow): they are not in the feed."]


@pytest.mark.parametrize("way", ["bearer", "header", "url"])
async def test_plain_errors(tmp_path: Path, way: str) -> None:
    async with listening(tmp_path) as listener, listener.client() as client:
        headers = {"bearer": {"authorization": f"Bearer {listener.key}"}, "header": {"x-nexoide-key": listener.key}, "url": {}}[way]
        url = listener.ingest.errors_url if way == "url" else "/api/v1/errors"
        answer = await client.post(url, json=[{"type": "A", "count": 5}, {"message": "b"}, {"type": 7}], headers=headers)
        assert answer.status_code == 202
        assert answer.json() == {"accepted": 6, "incidents": ["I-1", "I-2"], "refused": ["item 2: 'type' is 7: it must be a text."]}
        assert [(failure.target, count) for failure, count in listener.taken] == [("posted", 5), ("posted", 1)]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"type":"A"}\n{"type":"B"}\n', "application/x-ndjson", 202),
        (b'{"type":"A"}\n{"type":"B"}\n', "application/json", 400),
        (b"{}", "application/json", 422),
        (b"", "application/json", 400),
        (b'"' + b"x" * (1 << 20) + b'"', "application/json", 413),
    ],
)
async def test_plain_errors_that_are_none(tmp_path: Path, content: bytes, kind: str, status: int) -> None:
    async with listening(tmp_path) as listener, listener.client() as client:
        answer = await client.post(listener.ingest.errors_url, content=content, headers={"content-type": kind})
        assert answer.status_code == status
        assert "detail" in answer.json() or status == 202


async def test_many_requests_on_one_connection_and_pipelined_ones(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.ingest.port)
        body = envelope(item(event()))
        head = f"POST /api/1/envelope/?sentry_key={listener.key} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        bad = f"POST /api/1/envelope/?sentry_key={'0' * 32} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        writer.write((head + body) * 20 + (bad + body) * 3 + (head + body) * 20)
        statuses = []
        async with asyncio.timeout(20):
            for _ in range(43):
                said = await reader.readuntil(b"\r\n\r\n")
                statuses.append(int(said.split()[1]))
                await reader.readexactly(int(said.lower().partition(b"content-length: ")[2].split()[0]))
        writer.close()
        assert statuses == [200] * 20 + [403] * 3 + [200] * 20
        assert len(listener.taken) == 40


async def test_the_address_is_kept_and_another_is_taken_where_it_is_in_use(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        first, kept = listener.ingest.dsn, tmp_path / "ingest.json"
        port = listener.ingest.port
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    async with listening(tmp_path) as listener:
        assert (listener.ingest.dsn, listener.said) == (first, [])
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        async with listening(tmp_path) as listener:
            assert listener.ingest.port != port
            assert listener.key in first
            (sentence,) = listener.said
            assert sentence.startswith(f"Port {port} could not be used (somebody else listens there): failures are taken at port {listener.ingest.port} now")


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'{"port":"x","key":7}', b'{"port":-1,"key":"short"}', b"\xff" * 5000])
async def test_a_damaged_address_is_made_anew(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "ingest.json").write_bytes(junk)
    async with listening(tmp_path) as listener:
        assert len(listener.key) == 32
        assert json.loads((tmp_path / "ingest.json").read_bytes()) == {"port": listener.ingest.port, "key": listener.key}


async def test_it_can_be_turned_off(tmp_path: Path) -> None:
    ingest = Ingest(folder=tmp_path, settings=IngestSettings(enabled=False), targets=(), take=lambda failure, count=1: "", wall=lambda: NOW)
    ingest.open()
    assert (ingest.dsn, ingest.errors_url, ingest.port, ingest.socket, ingest.knows("")) == ("", "", 0, None, False)
    assert ingest.posted(b'{"type":"A"}', lines=False).accepted == 1  # as the control plane hands it on
    ingest.close()


def failures(**changes: Any) -> bytes:
    return json.dumps([{"target": "pytest", "pid": 1, "source": "pytest", "at": 5.0, "log_message": "x"} | changes]).encode()


async def test_what_our_own_tools_report_is_bounded_and_of_their_sources(tmp_path: Path) -> None:
    async with listening(tmp_path) as listener:
        assert listener.ingest.reported(failures()).accepted == 1
        assert listener.ingest.reported(b"[]").accepted == 0
        for body in (b"{}", b"[7]", b"[{}]", failures(source="main"), failures(source="thread"), failures(source=7), b"{"):
            with pytest.raises(UsageError):
                listener.ingest.reported(body)
        assert len(listener.taken) == 1


def test_sources_and_names_are_bounded() -> None:
    tallies = Tallies()
    for number in range(1000):
        tally = tallies.of("posted", f"t{number}")
        tally.failures += 1
        for name in range(100):
            tally.counts  # noqa: B018 - looked at, as an operator does
            tally.add({f"n{name}": 1})  # type: ignore[arg-type]
    statuses = tallies.statuses()
    assert len(statuses) <= MAX_SOURCES + 1
    assert sum(status.failures for status in statuses) == 1000
    assert max(len(status.counts) for status in statuses) <= 41
