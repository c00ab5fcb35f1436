"""What is true now, whether the journal is what was written, and the end."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from nexoide.api.answers import answer, via
from nexoide.api.contract import Supervisor


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET status, GET audit and POST shutdown."""
    router = APIRouter(tags=["supervisor"])

    @router.get("/status")
    async def status() -> Response:
        return answer(supervisor.status())

    @router.get("/audit")
    async def audit() -> Response:
        return answer(await supervisor.audit())

    @router.post("/shutdown", status_code=202)
    async def shutdown(request: Request) -> Response:
        supervisor.request_stop(f"asked for over the control plane ({via(request.scope)})")
        return answer({"stopping": True}, 202)

    return router
