"""The middleware for ASGI applications."""

from __future__ import annotations

from typing import Any

from nexoide.middleware.observed import Observed, enter, leave, link
from nexoide.probe import web


class _Request(Observed):
    __slots__ = ("_scope", "begun")

    def __init__(self, scope: dict[str, Any]) -> None:
        super().__init__()
        self._scope = scope
        self.begun = scope.get("type") != "lifespan"

    def raw_route(self) -> str:
        """Return the route: routers write into the scope that came in."""
        return web.scope_route(self._scope) if "method" in self._scope or self._scope.get("type") == "websocket" else ""


class HealingMiddleware:
    """Passes everything on, and observes it: requests, websockets and the application's lifespan.

    What the application raises is raised on unchanged; what it sends is sent at once.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one connection."""
        if type(scope) is not dict or link() is None:
            await self.app(scope, receive, send)
            return
        request = _Request(scope)
        token = enter(request)
        http = scope.get("type") == "http"
        try:
            await self.app(scope, receive if request.begun else _beginning(receive, request), _noting(send, request) if http else send)
        except BaseException as error:
            if request.begun:
                request.raised(error, sent=True)
            raise
        finally:
            if http:
                request.count()
            leave(token)


def _beginning(receive: Any, request: _Request) -> Any:
    """An application that raises before it asks what a lifespan brings knows none: servers take that as its way to say so."""

    async def receiving() -> Any:
        request.begun = True
        return await receive()

    return receiving


def _noting(send: Any, request: _Request) -> Any:
    async def noting(message: Any) -> None:
        if type(message) is dict:
            kind = message.get("type")
            if kind == "http.response.start":
                status = message.get("status")
                request.status = status if type(status) is int else 0
            elif kind == "http.response.body" and not message.get("more_body"):
                await send(message)
                request.answered()
                return
        await send(message)

    return noting
