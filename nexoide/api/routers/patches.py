"""Patches and the decisions about them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from nexoide.api.answers import answer, via
from nexoide.api.contract import Supervisor
from nexoide.errors import NotFoundError
from nexoide.model.commands import DecideCommand


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET patches, GET patches/{id} and POST patches/{id}/approve, reject, revert."""
    router = APIRouter(prefix="/patches", tags=["patches"])

    def known(patch: str) -> str:
        if patch not in supervisor.state.patches:
            raise NotFoundError(f"There is no patch {patch[:80]}: 'nexoide patches list' shows those there are.")
        return patch

    @router.get("")
    async def every() -> Response:
        return answer(list(supervisor.state.patches.values()))

    @router.get("/{patch}")
    async def one(patch: str) -> Response:
        return answer(supervisor.state.patches[known(patch)])

    @router.post("/{patch}/approve")
    async def approve(patch: str, command: DecideCommand, request: Request) -> Response:
        return answer(await supervisor.approve(known(patch), command, via(request.scope)))

    @router.post("/{patch}/reject")
    async def reject(patch: str, command: DecideCommand, request: Request) -> Response:
        return answer(await supervisor.reject(known(patch), command, via(request.scope)))

    @router.post("/{patch}/revert")
    async def revert(patch: str, command: DecideCommand, request: Request) -> Response:
        return answer(await supervisor.revert(known(patch), command, via(request.scope)))

    return router
