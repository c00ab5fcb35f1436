"""Serving: the socket's life, stopping with open streams, an idle server."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest
from websockets.asyncio.client import unix_connect
from websockets.exceptions import ConnectionClosed

from nexoide.clock import SystemClock
from nexoide.journal.journal import Journal
from tests.unit.api.standin import StandIn, running, served, short_folder


async def test_stopping_closes_streams_and_removes_the_socket():
    with short_folder() as folder:
        journal, socket = Journal.open(folder / "journal.db", clock=SystemClock()), folder / "control" / "api.sock"
        async with served(StandIn(journal), socket) as stop, unix_connect(str(socket), "ws://nexoide/v1/events?after=0", proxy=None) as ws:
            began = time.monotonic()
            stop.set()
            with pytest.raises(ConnectionClosed) as closed:
                await ws.recv()
            assert closed.value.rcvd.code == 1012
        assert time.monotonic() - began < 3
        assert not socket.exists()
        await journal.close()


async def test_signals_stay_the_supervisors():
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with running():
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


async def test_an_idle_server_with_a_client_does_not_wake_up():
    async with running() as (_, socket), unix_connect(str(socket), "ws://nexoide/v1/events?after=0", proxy=None, ping_interval=None):
        await asyncio.sleep(0.2)
        loop = asyncio.get_running_loop()
        before = time.process_time()
        scheduled = [handle for handle in loop._scheduled if not handle.cancelled()]
        await asyncio.sleep(0.5)
        assert time.process_time() - before < 0.05
        assert all(handle.when() - loop.time() > 5 for handle in scheduled if handle.when() > loop.time()), scheduled
