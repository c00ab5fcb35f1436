"""The event stream: in order, from a cursor, one way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from websockets.asyncio.client import unix_connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from nexoide.model.codec import decode_event
from tests.unit.api.standin import fill, running


def connect(socket: Path, after: object = 0) -> unix_connect:
    return unix_connect(str(socket), f"ws://nexoide/v1/events?after={after}", proxy=None)


async def test_old_events_then_new_ones_each_once_as_stored():
    async with running() as (standin, socket):
        await fill(standin.journal, 1200)
        async with connect(socket, 100) as ws:
            got = [await ws.recv() for _ in range(1100)]
            assert [decode_event(raw).seq for raw in got] == list(range(101, 1201))
            assert [raw.encode() for raw in got[:500]] == [raw for _, raw in standin.journal.read_raw(100, 500)]
            waiting = asyncio.create_task(ws.recv())
            await asyncio.sleep(0)
            assert not waiting.done()
            await fill(standin.journal, 1, "later")
            assert decode_event(await waiting).body.text == "later 0"


async def test_nothing_is_compressed():
    async with running() as (_, socket), connect(socket) as ws:
        assert ws.protocol.extensions == []


async def test_a_cursor_of_another_journal_is_told_so():
    async with running() as (standin, socket):
        await fill(standin.journal, 2)
        async with connect(socket, 3) as ws:
            with pytest.raises(ConnectionClosed) as closed:
                await ws.recv()
        assert closed.value.rcvd.code == 4409
        assert "another journal" in closed.value.rcvd.reason


@pytest.mark.parametrize("after", ["-1", "x", "", str(10**40)])
async def test_a_cursor_that_is_none_is_refused(after: str):
    async with running() as (_, socket):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(socket, after):
                pass
        assert 400 <= refused.value.response.status_code < 500


async def test_who_speaks_on_a_one_way_stream_is_disconnected_and_others_are_not():
    async with running() as (standin, socket), connect(socket) as quiet:
        async with connect(socket) as loud:
            await loud.send("hello?")
            with pytest.raises(ConnectionClosed) as closed:
                await loud.recv()
            assert closed.value.rcvd.code == 1008
        await fill(standin.journal, 1)
        assert decode_event(await quiet.recv()).seq == 1
