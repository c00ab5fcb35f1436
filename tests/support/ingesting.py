"""The real TCP listener over a real Ingest, in this process, and what it counted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from nexoide.api.ingest import IngestApp
from nexoide.api.ingest_serve import serve_ingest
from nexoide.config import IngestSettings
from nexoide.model.failure import Failure
from nexoide.model.route import RouteCount
from nexoide.supervisor.ingest import Ingest

NOW = 1_750_000_000.0


@dataclass
class Listener:
    """What was taken, measured and said."""

    ingest: Ingest
    taken: list[tuple[Failure, int]] = field(default_factory=list)
    routes: list[tuple[str, float, float, tuple[RouteCount, ...]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.ingest.port}"

    @property
    def key(self) -> str:
        return self.ingest.dsn.partition("//")[2].partition("@")[0]

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.base, trust_env=False, timeout=30)

    def counts(self) -> dict[str, int]:
        return {name: count for source in self.ingest.sources() for name, count in source.counts.items()}

    async def envelope(self, body: bytes, project: int = 1, **headers: str) -> httpx.Response:
        auth = {"x-sentry-auth": f"Sentry sentry_key={self.key}, sentry_version=7, sentry_client=test/1"}
        async with self.client() as client:
            return await client.post(f"/api/{project}/envelope/", content=body, headers=auth | headers)


@asynccontextmanager
async def listening(folder: Path, *targets: str, port: int = 0) -> AsyncIterator[Listener]:
    """Yield a listener that serves."""
    stop = asyncio.Event()

    def take(failure: Failure, count: int = 1) -> str:
        listener.taken.append((failure, count))
        kind = failure.exceptions[0].type if failure.exceptions else failure.log_message
        return listener.kinds.setdefault(kind, f"I-{len(listener.kinds) + 1}")

    ingest = Ingest(
        folder=folder,
        settings=IngestSettings(port=port),
        targets=targets,
        take=take,
        wall=lambda: NOW,
        running=lambda: listener.running,
        on_routes=lambda *measured: listener.routes.append(measured),
        on_notice=lambda sentence: listener.said.append(sentence),
    )
    listener = Listener(ingest)
    ingest.open()
    assert ingest.socket is not None
    task = asyncio.create_task(serve_ingest(IngestApp(ingest), ingest.socket, stop))
    try:
        yield listener
    finally:
        stop.set()
        await task
        ingest.close()


def event(**changes: Any) -> dict[str, Any]:
    """Return an event as sentry-sdk sends it."""
    frame = {
        "filename": "shop.py",
        "abs_path": "/srv/shop.py",
        "function": "total",
        "module": "shop",
        "lineno": 3,
        "context_line": "    return 1 / n",
        "in_app": True,
    }
    return {
        "event_id": "a" * 32,
        "timestamp": "2026-01-02T03:04:05.000000Z",
        "platform": "python",
        "level": "error",
        "exception": {"values": [{"type": "ZeroDivisionError", "value": "division by zero", "stacktrace": {"frames": [frame]}}]},
    } | changes


def item(payload: Any, kind: str = "event", length: int | None = None) -> bytes:
    """Return one item of an envelope; `length` is what its header says (None: the truth, -1: nothing)."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    header: dict[str, Any] = {"type": kind}
    if length != -1:
        header["length"] = len(raw) if length is None else length
    return json.dumps(header).encode() + b"\n" + raw + b"\n"


def envelope(*items: bytes, **header: Any) -> bytes:
    """Return an envelope."""
    return json.dumps({"event_id": "a" * 32} | header).encode() + b"\n" + b"".join(items)
