"""The stream outlives the supervisor: each event once, in order, over any number of connections."""

from __future__ import annotations

import asyncio

import pytest

from nexoide.client import Client
from nexoide.client.stream import FIRST_DELAY, follow
from nexoide.clock import SystemClock
from nexoide.errors import ConflictError
from nexoide.journal.journal import Journal
from tests.unit.api.standin import StandIn, fill, served, short_folder


async def test_a_restart_loses_nothing_and_repeats_nothing():
    with short_folder() as folder:
        socket, states, got = folder / "control" / "api.sock", [], []
        journal = Journal.open(folder / "journal.db", clock=SystemClock())
        standin = StandIn(journal)
        await fill(journal, 10)
        changed = asyncio.Event()

        async def read() -> None:
            async for event in follow(socket, 2, states.append):
                got.append(event.seq)
                changed.set()

        async def until(seq: int) -> None:
            async with asyncio.timeout(10):
                while not got or got[-1] < seq:
                    changed.clear()
                    await changed.wait()

        reader = asyncio.create_task(read())
        await asyncio.sleep(FIRST_DELAY)  # nobody listens yet
        assert states == ["lost"]
        async with served(standin, socket):
            await until(10)
            await fill(journal, 5)
            await until(15)
        await fill(journal, 700)
        async with served(standin, socket):
            await until(715)
        assert states[:4] == ["lost", "connected", "lost", "connected"]
        assert got == list(range(3, 716))
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        await journal.close()


async def test_another_journal_ends_the_stream_with_an_error():
    with short_folder() as folder:
        journal = Journal.open(folder / "journal.db", clock=SystemClock())
        async with served(StandIn(journal), folder / "c" / "s"):
            with pytest.raises(ConflictError, match="another journal"):
                await anext(Client(folder / "c" / "s").stream(5))
        await journal.close()


async def test_leaving_the_loop_closes_the_connection():
    with short_folder() as folder:
        journal = Journal.open(folder / "journal.db", clock=SystemClock())
        await fill(journal, 3)
        async with served(StandIn(journal), folder / "c" / "s"):
            stream = Client(folder / "c" / "s").stream(0)
            assert (await anext(stream)).seq == 1
            await stream.aclose()
        await journal.close()
