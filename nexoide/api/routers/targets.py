"""Targets: their logs, and starting and stopping them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from nexoide.api.answers import answer
from nexoide.api.contract import Supervisor


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET targets/{name}/log and POST targets/{name}/start, stop, restart."""
    router = APIRouter(prefix="/targets", tags=["targets"])

    @router.get("/{name}/log")
    async def log(name: str, lines: Annotated[int, Query(ge=1, le=10_000)] = 100) -> Response:
        return answer(supervisor.target_log(name, lines))

    @router.post("/{name}/{action}")
    async def act(name: str, action: Literal["start", "stop", "restart"]) -> Response:
        return answer(await supervisor.target_action(name, action))

    return router
