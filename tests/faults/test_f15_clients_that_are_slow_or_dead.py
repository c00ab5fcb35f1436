"""F15: slow, half-closed, dead and many clients of the event stream harm nobody but themselves."""

from __future__ import annotations

import asyncio
import socket as sockets
from pathlib import Path

import pytest
from websockets.asyncio.client import unix_connect

from nexoide.api import serve as serving
from nexoide.api import stream
from nexoide.client import Client
from nexoide.model.codec import decode_event
from tests.unit.api.standin import fill, running

HANDSHAKE = (
    b"GET /v1/events?after=0 HTTP/1.1\r\nHost: nexoide\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def connect(socket: Path) -> unix_connect:
    return unix_connect(str(socket), "ws://nexoide/v1/events?after=0", proxy=None)


def streams() -> int:
    return sum("serve_events" in repr(task.get_coro()) or "run_asgi" in repr(task.get_coro()) for task in asyncio.all_tasks())


async def none_left() -> None:
    async with asyncio.timeout(10):
        while streams():
            await asyncio.sleep(0.01)


def raw_client(socket: Path) -> sockets.socket:
    client = sockets.socket(sockets.AF_UNIX)
    client.connect(str(socket))
    client.sendall(HANDSHAKE)
    return client


async def test_who_reads_nothing_is_cut_off_and_others_get_everything(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream, "SEND_SECONDS", 0.3)
    monkeypatch.setattr(serving, "STUCK_SECONDS", 0.1)
    async with running() as (standin, socket):
        stuck = raw_client(socket)
        async with connect(socket) as quick:
            for index in range(20):
                await fill(standin.journal, 100, f"{index} " + "x" * 2000)
            assert [decode_event(await quick.recv()).seq for _ in range(2000)] == list(range(1, 2001))
        await none_left()
        received = 0
        stuck.setblocking(False)
        async with asyncio.timeout(10):
            while data := await asyncio.get_running_loop().sock_recv(stuck, 1 << 20):  # ends: the connection is gone
                received += len(data)
        assert 0 < received < 2000 * 2000
        stuck.close()


async def test_who_closes_half_or_dies_is_forgotten_at_once():
    async with running() as (standin, socket):
        half, dead, quiet = raw_client(socket), raw_client(socket), raw_client(socket)
        await fill(standin.journal, 1)
        async with asyncio.timeout(10):
            while streams() < 3:
                await asyncio.sleep(0.01)
        half.shutdown(sockets.SHUT_WR)
        dead.close()
        async with asyncio.timeout(10):
            while streams() > 1:
                await asyncio.sleep(0.01)
        quiet.close()
        half.close()
        await none_left()


async def test_a_hundred_clients_see_the_same_and_leave_nothing():
    before = len(list(Path("/proc/self/fd").iterdir()))
    async with running() as (standin, socket):
        await fill(standin.journal, 20)

        async def read() -> list[int]:
            async with connect(socket) as ws:
                return [decode_event(await ws.recv()).seq for _ in range(40)]

        readers = [asyncio.create_task(read()) for _ in range(100)]
        await asyncio.sleep(0)
        await fill(standin.journal, 20)
        async with asyncio.timeout(30):
            assert all(seen == list(range(1, 41)) for seen in await asyncio.gather(*readers))
        await none_left()
        client = Client(socket)
        assert (await client.status()).events == 40
        await client.aclose()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2
