"""Incidents: groups of like failures."""

from __future__ import annotations

from fastapi import APIRouter, Response

from nexoide.api.answers import answer
from nexoide.api.contract import Supervisor
from nexoide.errors import NotFoundError


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET incidents and GET incidents/{id}."""
    router = APIRouter(prefix="/incidents", tags=["incidents"])

    @router.get("")
    async def every() -> Response:
        return answer(list(supervisor.state.incidents.values()))

    @router.get("/{incident}")
    async def one(incident: str) -> Response:
        found = supervisor.state.incidents.get(incident)
        if found is None:
            raise NotFoundError(f"There is no incident {incident[:80]}: 'nexoide incidents list' shows those there are.")
        return answer(found)

    return router
