"""The journal's events and the contents they name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from nexoide.api.answers import JSON
from nexoide.api.contract import Supervisor


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET journal (an array of events, as the stream sends them) and GET blobs/{sha256}."""
    router = APIRouter(tags=["journal"])

    @router.get("/journal")
    def journal(after: Annotated[int, Query(ge=0, lt=1 << 62)] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 1000) -> Response:
        rows = supervisor.journal.read_raw(after, limit)
        return Response(b"[" + b",".join(raw for _, raw in rows) + b"]", media_type=JSON)

    @router.get("/blobs/{sha256}")
    def blob(sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> Response:
        return Response(supervisor.journal.blob(sha256), media_type="application/octet-stream")

    return router
