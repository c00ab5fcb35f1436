"""Failures that are sent in: as plain JSON by anybody of ours, and as they were read by our own tools."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from nexoide.api.answers import answer
from nexoide.api.contract import Supervisor
from nexoide.api.ingest_guard import wants_json_lines


def routes(supervisor: Supervisor) -> APIRouter:
    """Return POST errors (nexoide.incidents.posted) and POST failures (a list of nexoide.model.failure.Failure)."""
    router = APIRouter(tags=["errors"])

    @router.post("/errors", status_code=202)
    async def errors(request: Request) -> Response:
        lines = wants_json_lines({b"content-type": request.headers.get("content-type", "").encode("latin-1", "replace")})
        return answer(supervisor.ingest.posted(await request.body(), lines=lines), 202)

    @router.post("/failures", status_code=202)
    async def failures(request: Request) -> Response:
        return answer(supervisor.ingest.reported(await request.body()), 202)

    return router
