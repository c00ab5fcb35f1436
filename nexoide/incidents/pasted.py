"""A traceback as text, of whatever language: read as a log's would be, by the same parser."""

from __future__ import annotations

from nexoide.incidents.bounded import chain
from nexoide.incidents.logs import read_stack
from nexoide.model.failure import Raised

MAX_TEXT = 256 << 10
_MARKER = "\n... part of the text was left out ...\n"


def pasted(text: str) -> tuple[str, tuple[Raised, ...]]:
    """Return the language and the exceptions of a text, none where it holds no stack trace.

    Of a text over 256 KiB the first quarter and the rest from the end are read.
    """
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT // 4] + _MARKER + text[-MAX_TEXT * 3 // 4 :]
    language, found = read_stack(text)
    return language, chain(found)
