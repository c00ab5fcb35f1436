"""What reports from outside are cut down to, whatever their format: texts redacted and short, frames and exceptions counted out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from nexoide.incidents.probe_source import clip
from nexoide.model.failure import Frame, Raised
from nexoide.probe.redact import redact

MAX_NAME = 256
MAX_FILE = 512
MAX_SOURCE = 240
MAX_MESSAGE = 2000
MAX_TEXT = 4096
MAX_EXCEPTIONS = 16
MAX_FRAMES = 100
ALL_FRAMES = 200
"""Of one failure, over all its exceptions: with the bounds above it stays below 300 KiB, whoever sent it."""
_HEAD_SHARE = 4
_LONGEST = 16_384
_CACHED = 256
_HARMLESS_LENGTH = 6  # the shortest text that names a secret and shows it (`pwd=…`) is longer
_LATEST = 4102444800.0  # the year 2100
_SEPARATORS = str.maketrans(dict.fromkeys(map(ord, "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " "))

T = TypeVar("T")


def text(value: object, limit: int = MAX_TEXT) -> str:
    """Return a text of at most `limit` bytes without secrets; numbers as they are written, "" for whatever else is no text."""
    if isinstance(value, str):
        if len(value) < _HARMLESS_LENGTH and value.isascii():
            return value
        return _short(value, limit) if len(value) <= _CACHED else _redacted(value, limit)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)[:limit] if isinstance(value, float) or -(1 << 256) < value < 1 << 256 else ""


@lru_cache(maxsize=8192)
def _short(value: str, limit: int) -> str:
    """Return the same for the names and lines that come again and again: redaction is the dearest part of a report."""
    return _redacted(value, limit)


def _redacted(value: str, limit: int) -> str:
    return clip(redact(value[:_LONGEST]), limit)


def line(value: object, limit: int = MAX_NAME) -> str:
    """Return a text as one line: a name, a file, a route."""
    found = text(value, limit)
    return found if found.isprintable() else found.translate(_SEPARATORS).strip()


def integer(value: object, low: int = 0, high: int = (1 << 31) - 1) -> int:
    """Return a whole number within bounds, from a number or its digits; `low` where it is none."""
    if isinstance(value, str) and len(value) <= 12 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return low
    return max(low, min(value, high))


def moment(value: object, otherwise: float) -> float:
    """Return wall seconds of a number or an ISO 8601 text (without a zone: UTC), `otherwise` where it is neither or before 1970."""
    if isinstance(value, str):
        value = _parsed(value) if len(value) <= 64 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return otherwise
    return float(value) if 0 < value < _LATEST else otherwise


def _parsed(value: str) -> float | None:
    from datetime import UTC, datetime

    try:
        found = datetime.fromisoformat(value.strip())
        return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        pass
    try:
        return float(value)
    except ValueError:
        return None


def ends(items: Sequence[T], most: int) -> tuple[Sequence[T], int, Sequence[T]]:
    """Return the first quarter and the last three of what may be kept, and how many lie between; (all, 0, nothing) where all may."""
    if len(items) <= most:
        return items, 0, ()
    head = max(1, most // _HEAD_SHARE)
    tail = max(1, most - head - 1)
    return items[:head], len(items) - head - tail, items[-tail:]


def left_out(count: int) -> Frame:
    """Return the frame that stands for those that were left out."""
    return Frame(file="", line=0, function=f"… {count} frames left out …")


def frames(found: Sequence[Frame], most: int = MAX_FRAMES) -> tuple[Frame, ...]:
    """Return frames with the middle of too many replaced by one that says how many are missing."""
    head, missing, tail = ends(found, most)
    return (*head, left_out(missing), *tail) if missing else tuple(head)


def chain(found: Sequence[Raised]) -> tuple[Raised, ...]:
    """Return at most 16 exceptions, what was raised last first and the deepest cause with it, with at most 200 frames in all."""
    kept = list(found[: MAX_EXCEPTIONS - 2]) + list(found[-2:]) if len(found) > MAX_EXCEPTIONS else list(found)
    rest, bounded = ALL_FRAMES, []
    for position, raised in enumerate(kept):
        most = min(MAX_FRAMES, max(4, rest - 8 * (len(kept) - position - 1)))
        cut = frames(raised.frames, most)
        rest -= len(cut)
        bounded.append(raised if len(cut) == len(raised.frames) else _with_frames(raised, cut))
    return tuple(bounded)


def _with_frames(raised: Raised, kept: tuple[Frame, ...]) -> Raised:
    return Raised(type=raised.type, message=raised.message, module=raised.module, relation=raised.relation, name=raised.name, obj=raised.obj, frames=kept)
