"""What the journal says of a span of time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from nexoide.api.answers import answer
from nexoide.api.contract import Supervisor

DAY = 86400.0


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET analysis."""
    router = APIRouter(tags=["analysis"])

    @router.get("/analysis")
    async def analysis(seconds: Annotated[float, Query(gt=0, allow_inf_nan=False)] = DAY) -> Response:
        return answer(await supervisor.incidents.analyse(seconds))

    return router
