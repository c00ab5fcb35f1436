"""How answers and errors are written: the model's own JSON, and one sentence for every refusal."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nexoide.errors import CorruptJournalError, NexoideError, NotFoundError, UsageError
from nexoide.model import codec

JSON = "application/json"
BODY_LIMIT = 64 << 10
REPORT_LIMIT = 1 << 20
REPORTS = ("/errors", "/failures")
"""The ends of the paths at which failures are sent in, many at a time."""
_log = logging.getLogger(__name__)


def answer(value: object, status: int = 200) -> Response:
    """Return a response with the model's JSON of `value`."""
    return Response(codec.encode(value), status, media_type=JSON)


def refusal(error: NexoideError, status: int | None = None) -> Response:
    """Return the response for an error: its sentence, its class's name and its exit code."""
    said: dict[str, object] = {"error": error.sentence, "kind": type(error).__name__, "exit_code": error.exit_code}
    if isinstance(error, CorruptJournalError):
        said["first_bad"] = error.first_bad
    return answer(said, status or error.http_status)


def via(scope: Scope) -> str:
    """Return how a request came in, as it is journaled with a decision: `local uid 0`."""
    client = scope.get("client")
    return str(client[0]) if client else "local"


def _sentence(error: RequestValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"The request is not understood: {where}: {first['msg']}."


def add_handlers(app: FastAPI) -> None:
    """Make every error of the app an answer with one sentence."""

    async def ours(request: Request, error: Exception) -> Response:
        return refusal(error) if isinstance(error, NexoideError) else await unexpected(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        sentence = _sentence(error) if isinstance(error, RequestValidationError) else "The request is not understood."
        return refusal(UsageError(sentence), 422)

    async def routing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            return refusal(NotFoundError(f"There is no {request.url.path} here: see /openapi.json for what there is."))
        detail = str(error.detail) if isinstance(error, HTTPException) else "The request cannot be answered"
        return refusal(UsageError(f"{request.method} {request.url.path}: {detail}."), status)

    async def unexpected(request: Request, error: Exception) -> Response:
        _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return refusal(NexoideError("The supervisor met a defect of its own while answering: its log has the details, and nothing else was changed."))

    app.add_exception_handler(NexoideError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, routing)
    app.add_exception_handler(Exception, unexpected)


class BodyLimit:
    """ASGI middleware: a body over 64 KiB is refused before it is read to its end (no command needs a tenth of that); 1 MiB of failures."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what is received of its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        read, limit = 0, REPORT_LIMIT if scope["path"].endswith(REPORTS) else BODY_LIMIT

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413, f"the body is longer than {limit} bytes")
            return message

        await self.app(scope, counted, send)
