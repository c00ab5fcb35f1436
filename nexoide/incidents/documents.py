"""JSON from anywhere, read to the end that can be: what is nearly JSON in its texts alone is no reason to lose a report."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from nexoide.errors import UsageError

_decoder = msgspec.json.Decoder()
_NO_TEXT = re.compile("[\udc80-\udcff]")
_MAX_DIGITS = 400


def document(raw: bytes | memoryview) -> Any:
    """Return dicts, lists, texts and numbers; raises UsageError, in one clause, where it is no JSON.

    Bytes that are no UTF-8 and lone surrogates (as Python's own encoder writes them) are escaped; the last of equal keys counts.
    """
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _patient(bytes(raw))
    except RecursionError:
        raise UsageError("it nests too deep") from None


def _patient(raw: bytes) -> Any:
    try:
        whole = _NO_TEXT.sub(lambda found: f"\\\\x{ord(found[0]) - 0xDC00:02x}", raw.decode("utf-8", "surrogateescape"))
        return json.loads(whole, strict=False, parse_int=lambda digits: int(digits) if len(digits) <= _MAX_DIGITS else 0)
    except RecursionError:
        raise UsageError("it nests too deep") from None
    except ValueError as error:
        raise UsageError(f"it is not JSON ({str(error)[:120]})") from None


def table(value: object) -> dict[str, Any]:
    """Return an object of a document, an empty one where it is something else."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Any]:
    """Return a list of a document (also that which a `values` key holds, as Sentry wraps them); what is a single object is one."""
    if isinstance(value, dict):
        value = value.get("values", [value])
    return value if isinstance(value, list) else []
