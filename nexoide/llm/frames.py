"""Messages between us and the model worker: a 4-byte big-endian length and that many bytes of UTF-8 JSON."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any

MAX_FRAME = 4 << 20


def pack(message: dict[str, Any]) -> bytes:
    """Return a message as it goes over the pipe; raises ValueError where it is larger than 4 MiB."""
    raw = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode()
    if len(raw) > MAX_FRAME:
        raise ValueError(f"a message of {len(raw)} bytes, at most {MAX_FRAME} are sent")
    return struct.pack(">I", len(raw)) + raw


async def read(stream: asyncio.StreamReader) -> dict[str, Any] | None:
    """Return the next message, None at the end; raises ValueError for what is none."""
    try:
        (length,) = struct.unpack(">I", await stream.readexactly(4))
        if length > MAX_FRAME:
            raise ValueError("frame too large")
        found = json.loads(await stream.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 - like any other frame that cannot be read
    return found
