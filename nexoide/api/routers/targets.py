"""Targets: how they stand, what they print, and starting and stopping them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from nexoide.api.answers import answer
from nexoide.api.contract import Supervisor
from nexoide.model import codec
from nexoide.model.target import OutputPiece

STREAM = "application/x-ndjson"
MAX_TARGETS = 200
Lines = Annotated[int, Query(ge=0, le=10_000)]
Names = Annotated[list[str] | None, Query(max_length=MAX_TARGETS)]


async def _rows(pieces: AsyncIterator[OutputPiece]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield codec.encode(piece) + b"\n"


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET targets/{name} and targets/{name}/log, POST targets/{name}/start, stop, restart; GET logs and logs/stream."""
    router = APIRouter(tags=["targets"])

    @router.get("/targets/{name}")
    async def detail(name: str, lines: Lines = 10) -> Response:
        return answer(supervisor.outputs.detail(name, lines))

    @router.get("/targets/{name}/log")
    async def log(name: str, lines: Annotated[int, Query(ge=1, le=10_000)] = 100) -> Response:
        return answer(supervisor.target_log(name, lines))

    @router.post("/targets/{name}/{action}")
    async def act(name: str, action: Literal["start", "stop", "restart"]) -> Response:
        return answer(await supervisor.target_action(name, action))

    @router.get("/logs")
    async def logs(target: Names = None, lines: Lines = 100) -> Response:
        return answer(supervisor.outputs.last(target or (), lines))

    @router.get("/logs/stream")
    async def stream(target: Names = None, lines: Lines = 100, after: Names = None) -> Response:
        return StreamingResponse(_rows(supervisor.outputs.follow(target or (), lines, after or ())), media_type=STREAM)

    return router
