"""What differs between two runs of the same program without meaning anything: addresses, times, process ids, temporary names."""

from __future__ import annotations

import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b0x[0-9a-fA-F]{6,}\b"), "0x…"),
    (re.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"), "«uuid»"),
    (re.compile(r"(?:/tmp|/var/tmp|/dev/shm)/[\w./+-]+"), "«temporary»"),
    (re.compile(r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"), "«time»"),
    (re.compile(r"\b\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\b"), "«time»"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(?:ns|us|µs|ms)\b"), "«duration»"),
    (re.compile(r"\b\d+\.\d+ ?(?:s|sec|secs|seconds)\b"), "«duration»"),
    (re.compile(r"\b1[6-9]\d{8}(?:\.\d+)?\b"), "«time»"),
    (re.compile(r"(?i)\b(pid[ =:]+)\d+\b"), r"\1«pid»"),
)
_MAX_TEXT = 512 * 1024


def masked(text: str) -> str:
    """Return the text with such parts replaced by names of what they are; at most 512 Ki characters of it."""
    found = text[:_MAX_TEXT]
    for pattern, name in _RULES:
        found = pattern.sub(name, found)
    return found


def without_tracebacks(text: str) -> list[str]:
    """Return the masked lines of a program's output that belong to no traceback; where streams were mixed, each keeps its order."""
    kept: list[str] = []
    inside = False
    for line in masked(text).splitlines():
        if _OPENING.match(line):
            inside = True
        elif not inside:
            kept.append(line)
        elif line and not line[0].isspace() and not line.startswith(("|", "+")):
            inside = False
    while kept and not kept[-1].strip():
        kept.pop()
    return [line for line in kept if not line.startswith(_BETWEEN) and not _WARNING.match(line)]


_OPENING = re.compile(r"\s*(?:[+|] ?)*(?:Exception Group )?Traceback \(most recent call last\):")
_WARNING = re.compile(r"\S+:\d+: \w*Warning: ")
_BETWEEN = ("During handling of the above exception", "The above exception was the direct cause")
