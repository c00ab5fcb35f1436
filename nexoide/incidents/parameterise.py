"""Messages without what differs from one occurrence to the next: numbers, identifiers, addresses, dates, quoted values.

One alternation in a fixed order; every repetition is bounded, so a hostile message costs no more than its length.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_MESSAGE = 2048

_UNIT = (
    r"(?P<duration>ns|[uµ]s|ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?)|"
    r"(?P<size>[kKMGTP]i?[bB]|[bB]ytes?|[kKMGT]|B)"
)
_PARTS = {
    "plain": r"(?<![\w@/\\.#-])(?:[A-Za-z]{1,40}+(?![\w@:=/+#\\'\"`-]|\.\w)[ ,;.()!?]*+)++",  # runs of plain words are most of a text: passed over at once
    "secret": r"«redacted:[^»]{1,80}»",
    "url": r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,15}://[^\s'\"<>]{1,500}",
    "email": r"\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}",
    "quoted": r"(?<!\w)[bru]?'[^'\n]{0,300}'(?!\w)|(?<!\w)[bru]?\"[^\"\n]{0,300}\"(?!\w)|`[^`\n]{0,300}`|“[^”\n]{0,300}”|‘[^’\n]{0,300}’",
    "object": r"<[\w.]{1,200} (?:object|instance)? ?at 0x[0-9a-fA-F]{1,16}>|<[\w.]{1,200} object[^<>\n]{0,200}>",
    "list": r"\[(?=['\"\d\-({])[^\[\]\n]{0,300}\]",
    "dict": r"\{(?=['\"\d])[^{}\n]{0,300}\}",
    "uuid": r"\b[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\b",
    "date": r"\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[ ]?[+-]\d\d:?\d\d)?)?\b|\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?\b",
    "ip": (
        r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){2,7}[0-9a-fA-F]{0,4}(?:::[0-9a-fA-F]{1,4})?(?![\w:])|"
        r"(?<![\w:])::[0-9a-fA-F]{1,4}(?![\w:])"
    ),
    "host": (
        r"\b[A-Za-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,6}:\d{2,5}\b(?!:)|"
        r"\b[a-z][\w-]{0,62}(?:\.[\w-]{1,63}){1,6}\.(?:com|org|net|io|dev|internal|local|svc|cloud)\b"
    ),
    "path": r"(?<![\w/])(?:[A-Za-z]:\\|~?/|\.{1,2}/)[^\s'\":,;()\[\]{}<>]{1,300}|(?<![\w/.-])(?:[\w.-]{1,60}/){1,12}[\w-]{1,60}\.[a-zA-Z]\w{0,7}\b",
    "value": r"(?<=\w)=(?!=)(?:'[^'\n]{0,300}'|\"[^\"\n]{0,300}\"|[^\s,;&'\"<>(){}\[\]]{1,300})",
    "hex": r"\b0[xX][0-9a-fA-F]{1,64}\b|\b(?=[0-9a-fA-F]{0,63}\d)(?=[0-9a-fA-F]{0,63}[a-fA-F])[0-9a-fA-F]{8,64}\b",
    "token": r"\b(?=[\w+/-]{0,63}\d)(?=[\w+/-]{0,63}[a-z])(?=[\w+/-]{0,63}[A-Z])[\w+/-]{20,512}={0,2}",
    "id": r"\b(?P<prefix>[A-Za-z]{2,30}[-_#:]{0,1})(?=[A-Za-z]{0,63}\d)[0-9A-Za-z]{1,64}(?:[-_][0-9A-Za-z]{1,64}){0,6}\b|(?<!\w)#\d{1,60}\b",
    "number": r"(?<![A-Za-z0-9_])[-+]?\d{1,60}(?:[.,_]\d{1,60}){0,8}(?:[eE][-+]?\d{1,5})?(?:\s?(?:%|(?:" + _UNIT + r")\b))?",
}
_VARIABLE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PARTS.items()))
_MAY_VARY = re.compile(r"[0-9'\"`“‘@=<\[{/\\«]")
_PLURAL = re.compile(r"(<number> [a-z-]{2,30}?)s\b")
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=2048)
def parameterise(message: str) -> str:
    """Return the message with each variable part replaced by `<its kind>` and white space made single.

    A key keeps its name (`user=<value>`), an identifier its prefix (`order-<id>`), and what was counted its singular.
    """
    message = message[:MAX_MESSAGE]
    if _MAY_VARY.search(message) is not None:
        message = _VARIABLE.sub(_placeholder, message)
        if "<number> " in message:
            message = _PLURAL.sub(r"\1", message)
    return _SPACE.sub(" ", message).strip()


def _placeholder(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    if kind == "plain":
        return found[0]
    if kind == "value":
        return "=<value>"
    if kind == "id":
        return f"{found['prefix'] or '#'}<id>"
    if kind == "number":
        return "<duration>" if found["duration"] else "<size>" if found["size"] else "<number>%" if found[0].endswith("%") else "<number>"
    return "<number>" if kind == "hex" else f"<{kind}>"  # an identifier in hex may consist of digits alone
