"""The body of a request: read within a time, decompressed as it comes, and bounded, each and all together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.types import Receive

from nexoide.api.ingest_guard import Refusal
from nexoide.incidents.sentry.inflate import Inflater, TooLargeError

BODY_SECONDS = 20.0
ALL_BYTES = 64 << 20
"""Of all requests that are being read at one time: more is a flood that no program's failures are."""


@dataclass(slots=True)
class Body:
    """A body without its encoding; `cut` says that a compressed one ended before its end."""

    data: bytes
    cut: bool = False


class Bodies:
    """All bodies that are in memory now."""

    def __init__(self) -> None:
        self._held = 0

    @asynccontextmanager
    async def read(self, receive: Receive, headers: dict[bytes, bytes], limit: int) -> AsyncIterator[Body]:
        """Give a request's body of at most `limit` bytes, before and after decompression; raises Refusal where it is none."""
        stated = headers.get(b"content-length", b"")
        if stated.isdigit() and int(stated[:20]) > limit:
            raise Refusal(413, f"The body is longer than {limit >> 20} MiB: send less at a time.", kind="too large")
        inflater = Inflater(headers.get(b"content-encoding", b"").decode("latin-1"), limit)
        taken = 0
        parts: list[bytes] = []
        try:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    more = True
                    while more:
                        message = await receive()
                        if message["type"] == "http.disconnect":
                            raise Refusal(400, "The connection ended before the body did.", kind="cut off", close=True)
                        more = message.get("more_body", False)
                        for piece in inflater.feed(message.get("body", b"")):
                            parts.append(piece)
                            taken += len(piece)
                            self._held += len(piece)
                            if self._held > ALL_BYTES:
                                raise Refusal(429, f"More than {ALL_BYTES >> 20} MiB are being received: send it again in a second.", kind="too much")
                            if taken > 1 << 20:
                                await asyncio.sleep(0)  # a large body must not hold up everybody else
            except TimeoutError:
                raise Refusal(408, f"The body did not come within {BODY_SECONDS:g} s.", kind="too slow", close=True) from None
            except TooLargeError as error:
                raise Refusal(413, error.sentence, kind="too large") from None
            yield Body(parts[0] if len(parts) == 1 else b"".join(parts), cut=not inflater.finished)
        finally:
            self._held -= taken
