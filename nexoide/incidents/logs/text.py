"""Bytes of a log as text that can be kept: no escape sequences, valid Unicode, bounded, without secrets."""

from __future__ import annotations

import re

from nexoide.probe.redact import redact

MAX_LINE = 64 << 10
"""How many bytes of one line are looked at; the rest of it is counted only."""
MAX_MESSAGE = 2000
MAX_SOURCE = 400
MAX_NAME = 512
MAX_KEPT_TEXT = 4096
_CACHED = 512
_SHAPES = 4096
_DIGITS = str.maketrans("123456789", "000000000")
_harmless: set[str] = set()

ESCAPE = re.compile(rb"\x1b(?:\[[0-?]{0,64}[ -/]{0,16}[@-~]|\][^\x07\x1b\n]{0,2048}(?:\x07|\x1b\\)?|[PX^_][^\x1b\n]{0,2048}(?:\x1b\\)?|[ -/]{0,4}[0-Z\\^-~])?")
"""A terminal's escape sequence: colours, titles, links; its introducer alone where it is none."""


def decoded(raw: bytes) -> str:
    r"""Return at most 64 KiB of a line as text; bytes that are no UTF-8 stay visible as `\\xNN`."""
    return raw[:MAX_LINE].decode("utf-8", "backslashreplace")


def storable(text: str) -> str:
    """Return the text with lone surrogates made visible, so that it can be encoded."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def message(text: str) -> str:
    """Return at most 2,000 characters of a message, its head and its tail, without secrets."""
    clean = redacted(storable(text))
    if len(clean) <= MAX_MESSAGE:
        return clean
    tail = MAX_MESSAGE // 4
    return f"{clean[: MAX_MESSAGE - tail - 40]} … {len(text) - MAX_MESSAGE + 40} characters … {clean[-tail:]}"


def redacted(text: str) -> str:
    """Return the text without secrets; what differs from a harmless one in its digits alone is not looked at again.

    The shapes of secrets name digits as a class (but for Google's `ya29.`), so other digits make no other secret.
    """
    if len(text) > _CACHED or "ya29" in text:
        return redact(text)
    shape = text.translate(_DIGITS)
    if shape in _harmless:
        return text
    clean = redact(text)
    if clean == text:
        if len(_harmless) >= _SHAPES:
            _harmless.clear()
        _harmless.add(shape)
    return clean


def source(line: str) -> str:
    """Return at most 400 characters of a line of source, stripped, without the secrets in its literals."""
    return redact(storable(line.strip()[:MAX_SOURCE]), code=True)


def name(text: str) -> str:
    """Return at most 512 characters of a name, a path or a header."""
    return storable(text[:MAX_NAME])


def kept(text: str) -> str:
    """Return at most 4 KiB of UTF-8 of a piece of a log, without secrets."""
    clean = redacted(storable(text[:MAX_KEPT_TEXT]))
    return clean.encode()[:MAX_KEPT_TEXT].decode("utf-8", "ignore")
