"""The frames between a probe and the supervisor: a 4-byte big-endian length and one UTF-8 JSON object, checked field by field."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import msgspec

from nexoide.errors import UsageError

VERSION = 3
OLDER = frozenset({1, 2})
"""Versions whose probes are still let in: they report each failure whole, as ever."""
ASKED = frozenset({2, VERSION})
"""Versions whose probes understand what is asked today: the first takes no reloads."""
FAILURE = b'{"t":"failure"'
MAX_FROM_PROBE = 1 << 20
MAX_TO_PROBE = 32 << 20
MAX_DEPTH = 32
MAX_REPEATS = 4096
MAX_COUNT = 1 << 40
MAX_TIME = 1e11

_FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "hello": {
        "v": int,
        "token": str,
        "target": str,
        "pid": int,
        "start_time": (float, int),
        "python": str,
        "implementation": str,
        "free_threaded": bool,
        "executable": str,
        "argv": list,
        "cwd": str,
    },
    "failure": {"failure": dict, "dropped": int},
    "reply": {"id": int, "ok": bool, "state": str, "changed": list, "notes": list, "ms": (float, int), "error": str},
    "passes": {"watch": str, "hits": int},
    "modules": {"id": int, "modules": list},
    "repeats": {"items": list, "dropped": int},
    "routes": {"began": (float, int), "ended": (float, int), "routes": list},
}
_MAY: dict[str, dict[str, type | tuple[type, ...]]] = {
    "hello": {"attached": bool},
    "failure": {"key": int, "count": int},
    "reply": {"definitions": list, "generation": int, "blockers": list, "files": list, "replays": list},
}
"""Fields that a frame may lack."""


class BadFrameError(Exception):
    """A connection sent what no probe sends; the text says what."""


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadFrameError("a frame names a key twice")
    return found


def _no_constant(name: str) -> Any:
    raise BadFrameError(f"a frame contains {name}, which is not JSON")


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise BadFrameError(f"a frame is nested deeper than {MAX_DEPTH}")
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer) if isinstance(inner, dict | list)]


def _decode(raw: bytes) -> Any:
    """Return the JSON of a frame; failures and their repeats, of which there are most, by the fastest way, which lets the last of two equal keys win."""
    try:
        if raw.startswith((FAILURE, b'{"t":"repeats"')):
            return msgspec.json.decode(raw)
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except RecursionError:
        raise BadFrameError(f"a frame is nested deeper than {MAX_DEPTH}") from None
    except (ValueError, msgspec.DecodeError) as error:
        raise BadFrameError(f"a frame is no JSON ({str(error)[:80]})") from None


def repeats_of(message: Mapping[str, Any]) -> list[tuple[int, int, float]]:
    """Return key, count and time of the last of the repeats in a frame; raises BadFrameError where one is none."""
    found: list[tuple[int, int, float]] = []
    for item in message["items"][:MAX_REPEATS]:
        if type(item) is not list or len(item) != 3 or type(item[0]) is not int or type(item[1]) is not int or type(item[2]) not in (int, float):
            raise BadFrameError("a repeats frame holds what is no count")
        if item[1] > 0:
            found.append((item[0], min(item[1], MAX_COUNT), min(max(0.0, float(item[2])), MAX_TIME)))
    return found


def parse(raw: bytes) -> dict[str, Any]:
    """Return the message of one frame, its fields checked; raises BadFrameError, saying in words what is wrong."""
    message = _decode(raw)
    if not isinstance(message, dict):
        raise BadFrameError("a frame is no JSON object")
    _check_depth(message)
    kind = message.get("t")
    fields = _FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        raise BadFrameError(f"a frame has the unknown type {str(kind)[:40]!r}")
    if kind == "hello" and message.get("v") not in {VERSION, *OLDER}:
        raise BadFrameError(f"it speaks version {str(message.get('v'))[:20]} and this supervisor version {VERSION}: restart the program")
    may = _MAY.get(str(kind), {})
    if message.keys() - {"t"} - may.keys() != fields.keys():
        wrong = min((message.keys() - {"t"} - may.keys()) ^ fields.keys())
        raise BadFrameError(f"a {kind} frame has a field too many or too few ({wrong[:40]!r})")
    for name, wanted in (fields | {name: kind_of for name, kind_of in may.items() if name in message}).items():
        value = message[name]
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise BadFrameError(f"a {kind} frame has a {type(value).__name__} as {name}")
    return message


def frame(message: Mapping[str, Any]) -> bytes:
    """Return the frame of a message to a probe; raises UsageError where it is longer than 32 MiB."""
    raw = json.dumps(message, separators=(",", ":")).encode()
    if len(raw) > MAX_TO_PROBE:
        size = f"{len(raw)} bytes long and at most {MAX_TO_PROBE} go to a program at once"
        raise UsageError(f"The reload is {size}: take fewer or smaller files, or restart the program.")
    return struct.pack(">I", len(raw)) + raw
