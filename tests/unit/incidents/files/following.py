"""A follower over real files, with a reader that makes one failure of each complete line that begins with ERR."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from nexoide.incidents.files.catalogue import Watched
from nexoide.incidents.files.copies import Place
from nexoide.incidents.files.followed import Dropped, Reader
from nexoide.incidents.files.follower import Follower
from nexoide.incidents.files.patterns import Pattern
from nexoide.model.failure import Failure

LONGEST = 1 << 16


class Lines:
    """One failure a line that begins with ERR; zeros before it do not matter, and a line of more than 64 KiB is none."""

    def __init__(self, path: str) -> None:
        self.path, self.rest, self.number = path, b"", 0
        self.lines: list[int] = []

    def feed(self, data: bytes, now: float) -> list[Failure]:
        *lines, rest = (self.rest + data).split(b"\n")
        self.rest = rest[-LONGEST:]
        self.lines = [self.number + index for index, line in enumerate(lines, 1) if line.lstrip(b"\0").startswith(b"ERR")]
        self.number += len(lines)
        return [self._failure(line.lstrip(b"\0")) for line in lines if line.lstrip(b"\0").startswith(b"ERR")]

    def due(self) -> float | None:
        return None

    def idle(self, now: float) -> list[Failure]:
        self.lines = []
        return []

    def close(self, now: float) -> list[Failure]:
        rest, self.rest = self.rest, b""
        self.lines = [self.number + 1] if rest.startswith(b"ERR") else []
        return [self._failure(rest)] if rest.startswith(b"ERR") else []

    def _failure(self, line: bytes) -> Failure:
        return Failure(target="", pid=0, source="file", at=0.0, log_message=line.decode("utf-8", "backslashreplace"), origin=self.path)


class Following:
    """What a follower told so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: list[Failure] = []
        self.notices: list[str] = []
        self.follower: Follower

    def take(self, source: Watched, failure: Failure) -> None:
        self.told.append(failure)

    @property
    def messages(self) -> list[str]:
        return [failure.log_message for failure in self.told]

    async def until(self, look: Callable[[], object], seconds: float = 8.0) -> None:
        """Wait until something is true."""
        deadline = time.monotonic() + seconds
        while not look():
            assert time.monotonic() < deadline, f"not seen within {seconds} s; told: {self.messages[-20:]}, {len(self.told)}; notices: {self.notices}"
            await asyncio.sleep(0.005)

    async def told_all(self, *messages: str) -> None:
        """Wait until these were told, and no other ones, in this order."""
        await self.until(lambda: len(self.told) >= len(messages))
        await self.settled()
        assert self.messages == list(messages)

    async def settled(self) -> None:
        """Wait until nothing is left to read."""
        await asyncio.sleep(0.15)  # longer than a look is put off
        await self.until(lambda: not self.follower.behind)


@asynccontextmanager
async def following(
    root: Path,
    *patterns: str,
    history: bool = False,
    places: dict[str, tuple[Place, ...]] | None = None,
    poll: bool = False,
    make: Callable[[str], Reader] = Lines,
    dropped: Dropped | None = None,
) -> AsyncIterator[Following]:
    """Follow patterns below `root` until the block ends."""
    told = Following(root)
    source = Watched("logs", tuple(Pattern(pattern, os.path.realpath(root)) for pattern in patterns), make, dropped)
    told.follower = Follower([source], told.take, notice=told.notices.append, places=places, history=history, poll=poll)
    await told.follower.start()
    task = asyncio.create_task(told.follower.run())
    try:
        yield told
    finally:
        told.follower.close()
        await task


def append(path: Path, *lines: str) -> None:
    """Append lines, each with a newline."""
    with path.open("ab") as file:
        file.write("".join(f"{line}\n" for line in lines).encode())
