"""Frames between the probe and the supervisor: 4 bytes big-endian length, then one JSON object in UTF-8.

Bounds: 1 MiB towards the supervisor, 32 MiB towards the probe, nesting of at most 32. Written without the json package,
which a program that never fails need not pay for at its start; reading imports it when a command arrives.
"""

from __future__ import annotations

from _json import encode_basestring_ascii as _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_OUT = 1 << 20
MAX_IN = 32 << 20
MAX_DEPTH = 32
WELCOME = b'{"t":"welcome"}'


class WireError(Exception):
    """The other side sent what is no frame of ours; the connection is of no further use."""


def dumps(value: Any, depth: int = 0) -> str:
    """Return the JSON of None, bools, numbers, strings, lists, tuples and dicts with string keys.

    Exact types only, so that no method of a program's own class can run; lone surrogates become question marks.
    """
    kind = type(value)
    if kind is str:
        return _escape(value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8"))
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return int.__repr__(value)
    if kind is float:
        return float.__repr__(value) if value - value == 0 else "null"
    if depth >= MAX_DEPTH:
        raise ValueError("nested too deeply")
    if kind is dict:
        return "{" + ",".join(dumps(key, depth + 1) + ":" + dumps(item, depth + 1) for key, item in value.items()) + "}"
    if kind is list or kind is tuple:
        return "[" + ",".join([dumps(item, depth + 1) for item in value]) + "]"
    raise ValueError(f"{kind.__name__} is not part of a message")


def frame(payload: bytes) -> bytes:
    """Return `payload` with its length in front; raises ValueError beyond MAX_OUT."""
    if len(payload) > MAX_OUT:
        raise ValueError(f"A message of {len(payload)} bytes is over the limit of {MAX_OUT}.")
    return len(payload).to_bytes(4, "big") + payload


class Decoder:
    """Collects bytes and gives back whole messages; raises WireError on a bad length, bad JSON or too deep nesting."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Take what was received and return the messages that are complete now, oldest first."""
        self._buffer += data
        found = []
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[:4], "big")
            if not 2 <= length <= MAX_IN:
                raise WireError(f"A frame claims {length} bytes and 2 to {MAX_IN} are allowed.")
            if len(self._buffer) < 4 + length:
                break
            found.append(_parse(bytes(self._buffer[4 : 4 + length])))
            del self._buffer[: 4 + length]
        return found


def _parse(payload: bytes) -> dict[str, Any]:
    if payload.replace(b" ", b"") == WELCOME:
        return {"t": "welcome"}
    import json

    _check_depth(payload)
    try:
        message = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"A frame holds no JSON: {error}.") from error
    if type(message) is not dict or type(message.get("t")) is not str:
        raise WireError("A frame holds JSON that is not a message.")
    return message


def _check_depth(payload: bytes) -> None:
    import re

    depth = 0
    for bracket in re.findall(rb"[\[\]{}]", re.sub(rb'"(?:[^"\\]|\\.)*"', b"", payload, flags=re.DOTALL)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise WireError(f"A frame is nested deeper than {MAX_DEPTH}.")
