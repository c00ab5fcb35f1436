"""One probe's connection: its frames, its budget, and the questions that wait for an answer."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nexoide.model.reload import DefinitionChange
from nexoide.supervisor.probe_wire import MAX_FROM_PROBE, BadFrameError
from nexoide.supervisor.sockets import Peer

MESSAGES_PER_SECOND = 2000
BYTES_PER_SECOND = 32 << 20
MAX_ITEMS = 2000
MAX_TOKENS = 8192
MAX_REPLAYS = 8


@dataclass(frozen=True, slots=True)
class LiveModule:
    """Which text of a file a module of one process runs: sha256 of its bytes (empty: unknown) and its generation."""

    module: str
    path: str
    sha256: str
    generation: int


@dataclass(frozen=True, slots=True)
class Again:
    """One call made again in a copy of the process: `outcome` is returned, raised or not replayable (`why` says why)."""

    outcome: str
    type: str = ""
    text: str = ""
    digest: str = ""
    why: str = ""
    file: str = ""
    line: int = 0
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Replayed:
    """A call that had failed, made again without and with a patch."""

    function: str
    line: int
    before: Again
    after: Again


@dataclass(frozen=True, slots=True)
class Reply:
    """What one process answered; `state` is committed, already, prepared, not_loaded, …, or empty on failure.

    `gone` means that it ended or let go before it answered, so nothing is known of it any more.
    """

    pid: int
    ok: bool
    state: str = ""
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ms: float = 0.0
    error: str = ""
    definitions: tuple[DefinitionChange, ...] = ()
    blockers: tuple[str, ...] = ()
    generation: int = 0
    gone: bool = False
    modules: tuple[LiveModule, ...] = ()
    replays: tuple[Replayed, ...] = ()


@dataclass(slots=True)
class Budget:
    """How much of a connection's failures is still read in this second."""

    second: int = -1
    messages: int = 0
    size: int = 0

    def take(self, now: float, size: int) -> bool:
        """Count one message; returns whether it is still within the budget."""
        if int(now) != self.second:
            self.second, self.messages, self.size = int(now), 0, 0
        self.messages += 1
        self.size += size
        return self.messages <= MESSAGES_PER_SECOND and self.size <= BYTES_PER_SECOND


@dataclass(slots=True, eq=False)
class Connection:
    """The supervisor's end; `target` is empty until its hello was accepted."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    peer: Peer
    target: str = ""
    hello: dict[str, Any] = field(default_factory=dict)
    waiting: dict[int, asyncio.Future[Reply]] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    skipped: int = 0
    tokens: dict[int, Any] = field(default_factory=dict)
    """What the failures that came whole were counted for, by the key under which the probe counts those that repeat them."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> bytes:
        """Return one frame's bytes; raises IncompleteReadError at the end and BadFrameError for a length no frame has."""
        (length,) = struct.unpack(">I", await self.reader.readexactly(4))
        if not 2 <= length <= MAX_FROM_PROBE:
            raise BadFrameError(f"a frame says that it is {length} bytes long, and at most {MAX_FROM_PROBE} are read")
        return await self.reader.readexactly(length)

    async def send(self, frame: bytes) -> None:
        """Send one frame, after those before it."""
        async with self.lock:
            self.writer.write(frame)
            await self.writer.drain()

    def answer(self, message: Mapping[str, Any]) -> None:
        """Give the answer to whoever waits for it; one to a question whose time was over is dropped."""
        waiting = self.waiting.get(message["id"])
        if waiting is not None and not waiting.done():
            waiting.set_result(_reply(self.peer.pid, message))

    def remember(self, key: int, token: Any) -> None:
        """Keep what a failure was counted for; the oldest is forgotten where there are too many."""
        self.tokens[key] = token
        if len(self.tokens) > MAX_TOKENS:
            del self.tokens[next(iter(self.tokens))]

    def ended(self) -> None:
        """Tell everyone who waits that no answer will come."""
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_result(Reply(self.peer.pid, False, error=f"process {self.peer.pid} ended or let go before it answered", gone=True))
        self.waiting.clear()


def _reply(pid: int, message: Mapping[str, Any]) -> Reply:
    if message["t"] == "modules":
        found = [_module(item) for item in message["modules"][:MAX_ITEMS] if isinstance(item, dict)]
        return Reply(pid, True, "modules", modules=tuple(found))
    changed, notes, blockers = (tuple(str(item)[:2000] for item in message.get(key, ())[:1000]) for key in ("changed", "notes", "blockers"))
    return Reply(
        pid,
        message["ok"],
        message["state"][:40],
        changed,
        notes,
        float(message["ms"]),
        message["error"][:4000],
        definitions=tuple(_definition(item) for item in message.get("definitions", ())[:MAX_ITEMS] if isinstance(item, dict)),
        blockers=blockers,
        generation=max(0, message.get("generation", 0)),
        replays=tuple(_replayed(item) for item in message.get("replays", ())[:MAX_REPLAYS] if isinstance(item, dict)),
    )


def _replayed(item: Mapping[str, Any]) -> Replayed:
    return Replayed(_text(item, "function"), _number(item, "line"), _again(item.get("before")), _again(item.get("after")))


def _again(item: Any) -> Again:
    if not isinstance(item, dict) or item.get("outcome") not in ("returned", "raised"):
        return Again("not replayable", why=_text(item, "why") if isinstance(item, dict) else "")
    ms = item.get("ms")
    spent = float(ms) if isinstance(ms, int | float) else 0.0
    text = _text(item, "message") or _text(item, "value")
    return Again(item["outcome"], _text(item, "type"), text, _text(item, "digest", 64), "", _text(item, "file", 4096), _number(item, "line"), spent)


def _text(item: Mapping[str, Any], key: str, limit: int = 500) -> str:
    return str(item.get(key) or "")[:limit].encode("utf-8", "replace").decode()


def _number(item: Mapping[str, Any], key: str) -> int:
    value = item.get(key)
    return max(0, min(value, 1 << 53)) if type(value) is int else 0


def _definition(item: Mapping[str, Any]) -> DefinitionChange:
    words = {key: _text(item, key) for key in ("module", "name", "kind", "action")}
    return DefinitionChange(**words, reason=_text(item, "reason", 1000), file=_text(item, "file", 4096), line=_number(item, "line"))


def _module(item: Mapping[str, Any]) -> LiveModule:
    return LiveModule(_text(item, "module"), _text(item, "path", 4096), _text(item, "sha256", 64), _number(item, "generation"))
