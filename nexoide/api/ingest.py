"""What is served on TCP, for programs that nexoide did not start: Sentry's endpoints and plain JSON errors, and nothing else.

    POST /api/{project}/envelope/   an envelope of any Sentry SDK
    POST /api/{project}/store/      one event, as older SDKs send it
    POST /api/v1/errors             failures as plain JSON (nexoide.incidents.posted)

A bare ASGI app: it answers thousands of requests a second beside the supervisor's own work.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from nexoide.api.ingest_body import Bodies, Body
from nexoide.api.ingest_guard import Refusal, check_origin, check_place, headers_of, key_of, wants_json_lines
from nexoide.errors import NexoideError, UsageError
from nexoide.incidents.documents import document
from nexoide.incidents.sentry.envelope import Envelope
from nexoide.model import codec
from nexoide.supervisor.ingest import Ingest

MAX_ENVELOPE = 20 << 20
MAX_EVENT = 2 << 20
MAX_POSTED = 1 << 20
MAX_UNKNOWN = 1 << 20
"""Of a body whose sender is known only by what the envelope says."""
_SENTRY = re.compile(r"/api/(?P<project>[0-9]{1,9})/(?P<what>envelope|store)/?\Z")
_ERRORS = "/api/v1/errors"
_log = logging.getLogger(__name__)

Headers = dict[bytes, bytes]


class IngestApp:
    """The ASGI app over one Ingest; every answer is JSON, every refusal one sentence in `detail`."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest
        self._bodies = Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise RuntimeError(f"only HTTP is served here, not {scope['type']}")
        close = False
        try:
            status, said = await self._answer(scope, receive)
        except Refusal as error:
            status, said, close = error.status, _detail(error.sentence), error.close
            if error.kind:
                self._ingest.refused(error.kind, error.sentence, "posted" if scope["path"].startswith(_ERRORS) else "sentry")
        except NexoideError as error:
            status, said = error.http_status, _detail(error.sentence)
            self._ingest.refused("not understood", f"A request of a program was refused: {error.sentence}", _kind(scope["path"]))
        await _send(send, status, said, close=close)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        headers = headers_of(scope)
        check_place(headers)
        check_origin(headers)
        path: str = scope["path"]
        found = _SENTRY.match(path)
        if found is None and path.rstrip("/") != _ERRORS:
            raise Refusal(404, f"There is no {path[:200]} here: Sentry's envelope and store endpoints and {_ERRORS} are what is served.")
        if scope["method"] != "POST":
            raise Refusal(405, f"{scope['method'][:20]} is not answered here: POST is.")
        serve: Callable[..., Awaitable[tuple[int, bytes]]] = self._errors if found is None else self._envelope if found["what"] == "envelope" else self._store
        return await serve(scope, headers, receive, int(found["project"]) if found is not None else 0)

    async def _envelope(self, scope: Scope, headers: Headers, receive: Receive, project: int) -> tuple[int, bytes]:
        key = key_of(scope, headers)
        if key:
            self._check(key)
            self._ingest.target_of(project)
        async with self._bodies.read(receive, headers, MAX_ENVELOPE if key else MAX_UNKNOWN) as body:
            envelope = Envelope(body.data)
            if not key:
                self._check(envelope.key)
            await self._ingest.envelope(envelope, project, await self._ingest.sender(_port(scope)), cut=body.cut)
            return 200, codec.encode({"id": envelope.id} if envelope.id else {})

    async def _store(self, scope: Scope, headers: Headers, receive: Receive, project: int) -> tuple[int, bytes]:
        self._check(key_of(scope, headers))
        async with self._bodies.read(receive, headers, MAX_EVENT) as body:
            event = _event(body)
            self._ingest.event(event, project, await self._ingest.sender(_port(scope)))
            return 200, codec.encode({"id": str(event.get("event_id", ""))[:64]})

    async def _errors(self, scope: Scope, headers: Headers, receive: Receive, project: int) -> tuple[int, bytes]:
        self._check(key_of(scope, headers))
        async with self._bodies.read(receive, headers, MAX_POSTED) as body:
            return 202, codec.encode(self._ingest.posted(body.data, lines=wants_json_lines(headers)))

    def _check(self, key: str) -> None:
        if not key:
            raise Refusal(401, "No key was given: use the DSN or the URL that 'nexoide status --json' names.", kind="no key")
        if not self._ingest.knows(key):
            raise Refusal(403, "The key is not that of this workspace: use the DSN or the URL that 'nexoide status --json' names.", kind="wrong key")


def _event(body: Body) -> dict[str, object]:
    try:
        found = document(body.data)
    except UsageError as error:
        raise UsageError(f"The event cannot be read: {error.sentence}.") from None
    if not isinstance(found, dict):
        raise UsageError("The event cannot be read: it is no JSON object.")
    return found


def _port(scope: Scope) -> int:
    client = scope.get("client")
    return int(client[1]) if client else 0


def _kind(path: str) -> str:
    return "posted" if path.startswith(_ERRORS) else "sentry"


def _detail(sentence: str) -> bytes:
    return codec.encode({"detail": sentence, "error": sentence, "causes": []})


async def _send(send: Send, status: int, said: bytes, *, close: bool) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(said)).encode()), (b"x-content-type-options", b"nosniff")]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": said})
