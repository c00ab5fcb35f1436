"""Messages without what differs from one occurrence to the next: numbers, identifiers, addresses, dates, quoted values.

One alternation in a fixed order; every repetition is bounded, so a hostile message costs no more than its length.
"""

from __future__ import annotations

import re

MAX_MESSAGE = 2048

_PARTS = {
    "url": r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,15}://[^\s'\"<>]{1,500}",
    "email": r"\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}",
    "quoted": r"(?<!\w)'[^'\n]{0,300}'(?!\w)|(?<!\w)\"[^\"\n]{0,300}\"(?!\w)|`[^`\n]{0,300}`",
    "uuid": r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b",
    "date": r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?\b|\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?\b",
    "ip": r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){2,7}[0-9a-fA-F]{0,4}(?:::[0-9a-fA-F]{1,4})?(?![\w:])",
    "path": r"(?<![\w/])(?:[A-Za-z]:\\|~?/)[^\s'\":,;()\[\]{}<>]{1,300}",
    "hex": r"\b0[xX][0-9a-fA-F]{1,64}\b|\b(?=[0-9a-fA-F]{0,63}\d)(?=[0-9a-fA-F]{0,63}[a-fA-F])[0-9a-fA-F]{8,64}\b",
    "number": r"(?<![A-Za-z0-9_])[-+]?\d{1,60}(?:[.,_]\d{1,60}){0,8}(?:[eE][-+]?\d{1,5})?",
}
_VARIABLE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PARTS.items()))
_SHOWN = {"hex": "number"}  # an identifier in hex may consist of digits alone
_SPACE = re.compile(r"\s+")


def parameterise(message: str) -> str:
    """Return the message with each variable part replaced by `<its kind>` and white space made single."""
    replaced = _VARIABLE.sub(_placeholder, message[:MAX_MESSAGE])
    return _SPACE.sub(" ", replaced).strip()


def _placeholder(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    return f"<{_SHOWN.get(kind, kind)}>"
