"""Waiting for what the event stream says, and no longer than promised."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from nexoide.client.commands import Client
from nexoide.demo.digest import computed_digest
from nexoide.demo.watch import Watch
from nexoide.errors import ConflictError, UnavailableError
from nexoide.model import event as e
from nexoide.model.event import KIND_OF, Body, Event
from nexoide.model.patch import FileChange, Patch, patch_digest
from nexoide.model.target import TargetStatus


class _Stream:
    """A client whose events are pushed in by the test."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Body | Exception] = asyncio.Queue()
        self.blobs: dict[str, bytes] = {}

    async def stream(self, after: int) -> AsyncIterator[Event]:
        seq = after
        while True:
            body = await self.queue.get()
            if isinstance(body, Exception):
                raise body
            seq += 1
            yield Event(seq=seq, ts=100.0 + seq, kind=KIND_OF[type(body)], actor="t", via="t", body=body)

    async def blob(self, sha256: str) -> bytes:
        return self.blobs[sha256]

    @property
    def client(self) -> Client:
        return cast("Client", self)


def _target(state: str) -> e.TargetChanged:
    return e.TargetChanged(target=TargetStatus(name="shop", command=("x",), state=state))


def _patch(**changes: object) -> Patch:
    before, after = (hashlib.sha256(content).hexdigest() for content in (b"old", b"new"))
    patch = Patch(
        id="P-1",
        incident="I-1",
        target="shop",
        title="t",
        rationale="r",
        rule="r",
        author="medic",
        base_commit="c",
        files=(FileChange(path="a.py", base_sha256=before, new_sha256=after),),
        proposed_at=1.0,
    )
    return replace(patch, **changes)


async def test_it_waits_until_it_is_true_and_remembers_when_patches_were_proposed() -> None:
    stream = _Stream()
    async with Watch(stream.client) as watch:
        waiting = asyncio.create_task(watch.until(lambda state: "shop" in state.targets and state.targets["shop"].state == "attached", 10, "the shop"))
        stream.queue.put_nowait(_target("running"))
        stream.queue.put_nowait(e.PatchProposed(patch=_patch()))
        stream.queue.put_nowait(e.PatchProposed(patch=_patch(id="P-2")))
        await asyncio.sleep(0)
        assert not waiting.done()
        stream.queue.put_nowait(_target("attached"))
        await waiting
        assert watch.proposed_at == {"I-1": 102.0}


async def test_it_gives_up_and_says_what_it_waited_for() -> None:
    async with Watch(_Stream().client) as watch:
        with pytest.raises(UnavailableError, match=r"Waited 0.05 s for a miracle"):
            await watch.until(lambda state: False, 0.05, "a miracle")


async def test_a_stream_that_ends_is_noticed_at_once() -> None:
    stream = _Stream()
    async with Watch(stream.client) as watch:
        waiting = asyncio.create_task(watch.until(lambda state: False, 60, "a miracle"))
        stream.queue.put_nowait(ConflictError("another journal"))
        with pytest.raises(UnavailableError, match=r"a miracle: another journal"):
            await asyncio.wait_for(waiting, 10)


async def test_a_digest_is_computed_from_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"old")
    stream = _Stream()
    patch = _patch()
    stream.blobs[patch.files[0].new_sha256] = b"new"
    patch = replace(patch, digest=patch_digest(str(tmp_path), patch))
    assert await computed_digest(stream.client, tmp_path, patch) == patch.digest
    with pytest.raises(ConflictError, match="announced under the digest"):
        await computed_digest(stream.client, tmp_path, replace(patch, base_commit="d"))
    stream.blobs[patch.files[0].new_sha256] = b"newer"
    with pytest.raises(ConflictError, match="other bytes"):
        await computed_digest(stream.client, tmp_path, patch)
    stream.blobs[patch.files[0].new_sha256] = b"new"
    (tmp_path / "a.py").write_bytes(b"edited")
    with pytest.raises(ConflictError, match="other bytes"):
        await computed_digest(stream.client, tmp_path, patch)
