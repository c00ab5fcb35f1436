"""Reloads: what saves brought into the running programs, and what a change would do there."""

from __future__ import annotations

from fastapi import APIRouter, Response

from nexoide.api.answers import answer
from nexoide.api.contract import Supervisor
from nexoide.errors import NotFoundError
from nexoide.model.commands import ExplainCommand


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET reload, GET reload/{id} and POST reload/explain."""
    router = APIRouter(prefix="/reload", tags=["reload"])

    @router.get("")
    async def every() -> Response:
        return answer(list(supervisor.state.reloads.values()))

    @router.post("/explain")
    async def explain(command: ExplainCommand) -> Response:
        return answer(await supervisor.explain(command))

    @router.get("/{reload}")
    async def one(reload: str) -> Response:
        found = supervisor.state.reloads.get(reload)
        if found is None:
            raise NotFoundError(f"There is no reload {reload[:80]}: 'nexoide reload list' shows the newest.")
        return answer(found)

    return router
