"""Both clients against the real API: the same answers, the same errors."""

from __future__ import annotations

import asyncio
import hashlib
import socket as sockets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nexoide import errors
from nexoide.client import Client, Control
from nexoide.client.answers import error_of, kinds
from nexoide.errors import ConflictError, CorruptJournalError, NexoideError, NotFoundError, RefusedError, UnavailableError
from nexoide.model import codec
from nexoide.model.commands import DecideCommand
from tests.unit.api.standin import fill, running, short_folder

COMMAND = DecideCommand(digest="d" * 64, operator="ann", reason="looks right")


class Blocking:
    """`Control`, asked from a thread, so that one test serves both clients."""

    def __init__(self, socket: Path) -> None:
        self._control = Control(socket)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: asyncio.to_thread(getattr(self._control, name), *arguments)

    async def aclose(self) -> None:
        pass


@pytest.fixture(params=[Client, Blocking], ids=["Client", "Control"])
def make(request: pytest.FixtureRequest) -> Callable[[Path], Any]:
    return request.param


async def test_every_command_and_answer(make: Callable[[Path], Any]):
    async with running() as (standin, socket):
        client = make(socket)
        await fill(standin.journal, 3)
        await standin.journal.append(actor="test", blobs=[b"bytes"])
        assert await client.status() == standin.status()
        assert await client.patch("P-1") == standin.state.patches["P-1"]
        assert await client.blob(hashlib.sha256(b"bytes").hexdigest()) == b"bytes"
        assert await client.journal(1, 1) == standin.journal.read(1, 1)
        assert (await client.audit()).ok
        assert await client.target_log("shop", 2) == ["shop 0", "shop 1"]
        assert (await client.target_action("shop", "stop")).name == "shop"
        assert (await client.approve("P-1", COMMAND)).sentence == "approve done"
        assert standin.decided["P-1"][:2] == ("approve", COMMAND)
        await client.shutdown()
        assert len(standin.stops) == 1
        await client.aclose()


async def test_the_supervisors_own_errors_arrive(make: Callable[[Path], Any]):
    async with running() as (_, socket):
        client = make(socket)
        await client.revert("P-1", COMMAND)
        with pytest.raises(ConflictError, match="P-1 was decided already: nothing was done"):
            await client.reject("P-1", COMMAND)
        with pytest.raises(NotFoundError):
            await client.patch("P-9/../..")
        with pytest.raises(NotFoundError):
            await client.blob("0" * 64)
        await client.aclose()


async def test_content_that_is_not_what_its_hash_says_is_refused(make: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch):
    async with running() as (standin, socket):
        monkeypatch.setattr(standin.journal, "blob", lambda sha256: b"forged")
        client = make(socket)
        with pytest.raises(CorruptJournalError):
            await client.blob("a" * 64)
        await client.aclose()


async def test_nobody_there_is_one_sentence(make: Callable[[Path], Any]):
    with short_folder() as folder:
        with pytest.raises(UnavailableError, match="nexoide up"):
            await make(folder / "none.sock").status()
        left = sockets.socket(sockets.AF_UNIX)
        left.bind(str(folder / "left.sock"))
        left.close()
        with pytest.raises(UnavailableError, match="nexoide up"):
            await make(folder / "left.sock").status()


async def test_a_server_that_hangs_up_is_one_sentence(make: Callable[[Path], Any]):
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    with short_folder() as folder:
        server = await asyncio.start_unix_server(hang_up, folder / "s")
        client = make(folder / "s")
        with pytest.raises(UnavailableError, match="closed the connection"):
            await client.status()
        await client.aclose()
        server.close()


async def test_a_server_that_talks_nonsense_is_one_sentence(make: Callable[[Path], Any]):
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 502 Bad\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnope")
        await writer.drain()
        writer.close()

    with short_folder() as folder:
        server = await asyncio.start_unix_server(nonsense, folder / "s")
        client = make(folder / "s")
        with pytest.raises(UnavailableError, match="status 502"):
            await client.status()
        await client.aclose()
        server.close()


async def test_a_socket_in_a_folder_that_others_can_write_is_not_used(make: Callable[[Path], Any]):
    async with running() as (_, socket):
        socket.parent.chmod(0o777)
        with pytest.raises(RefusedError, match="private"):
            await make(socket).status()


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_each_class_of_the_tree_survives_the_wire(kind: str):
    made = error_of(500, codec.encode({"error": "why", "kind": kind, "exit_code": 1, "first_bad": 3}))
    assert type(made) is getattr(errors, kind)
    assert made.sentence == "why"


def test_an_unknown_kind_is_still_an_error_with_its_sentence():
    made = error_of(500, b'{"error":"why","kind":"Path","exit_code":1}')
    assert (type(made), made.sentence) == (NexoideError, "why")
