"""Where in a chunk of a log something may be that matters: a few searches over bytes, each far faster than looking at lines.

What all lines of harmless logs have in common is that none of these is in them; a false hit costs the look at one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nexoide.incidents.logs.transports import transport_of

NOWHERE = 1 << 62
_SAMPLE = 400
Find = Callable[[bytes, int], int]

_METHODS = rb"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"
_LINE_STARTS = (
    rb"(?=[ \tAB-IOPSTU#*[./]|pa|go|fa|th|te|ba|sh|cr)(?:[ \t]{1,12}at |[ \t]{1,8}(?:> )?File \"|panic: |goroutine \d|fatal error: |thread '|"
    rb"\t{1,2}from |PHP |#\d|Caused by: |terminate c|"
    rb"(?:[./][^\s:]{1,100}|ba?sh|sh): line \d|Segmentation|Aborted|Bus error|Illegal inst|Floating p|Uncaught |Unhandled |"
    rb"Exception in thread \"|\*\* \(|SEVERE|(?:fail|crit): |"
    rb"[EF]\d{4} \d\d:|\[[EC] (?:\d{6} |\d\d:\d\d:|\d{4}-\d\d-)|Timeout \(|" + _METHODS + rb" +/|\[GIN\])"
)
_SEVERE_PRI = b"|".join(str(number).encode() for number in range(192) if number % 8 < 4)


def _literal(needle: bytes) -> Find:
    return lambda data, at: data.find(needle, at)


def _regex(form: bytes) -> Find:
    search = re.compile(form, re.DOTALL).search

    def find(data: bytes, at: int) -> int:
        found = search(data, at)
        return found.start() if found is not None else -1

    return find


_ALWAYS: tuple[Find, ...] = (
    _literal(b"(most recent call"),
    _regex(rb"ERR(?:OR\b|[\] \t|:])"),
    _regex(
        rb"rror(?:[\]\"' |\t\r\n>](?<=[Ee]rror.)(?<![^\[=\"':|\t<][Ee]rror.)(?!\s?:)|: (?<=[Z\d\n\]] [Ee]rror: )|: (?:(?<=ntaxError: )|"
        rb"(?<=tionError: )|(?<=TabError: ))|\)\r?\n|  )"
    ),
    _regex(rb"\" (?:5\d\d|40[138]|413|429)[ ,\r\n\"]"),
)
_LOWERED: tuple[Find, ...] = (
    _regex(rb"fatal(?:[\]\"' |\t\r\n>](?<![^\[=\"':|\t<\s/.-]fatal.)(?!\s?:)|: | error:| python|[\])>])"),
    _regex(
        rb"crit(?:i|ical)?[\]\"' |\t:>/),;](?:(?<=critical.)(?<![^\[=\"':|\t<\s/.(,;-]critical.)(?:(?!\s?:)|(?=:\w))"
        rb"|(?<=[\[|=:]crit.)(?!\s?:)|(?<=\[criti\]))"
    ),
)
_CARRIED: tuple[Find, ...] = (_literal(b"segfault at "), _literal(b"general protection"), _literal(b"Killed process"))
_REQUESTS: tuple[Find, ...] = (_regex(rb" 5\d\d (?:-|\d|\||\"|[A-Z]{3,7} )"), _regex(rb" 4(?:0[138]|13|29) (?:-|\d|\||\"|[A-Z]{3,7} )"))
_REQUEST = re.compile(rb"[\s|\]]" + _METHODS + rb" +\"?(?:/|https?://)| \d{3} [^\n\"]{1,200}\"" + _METHODS + rb" ")
"""A request whose status does not follow its closing quote."""
_BRACED: tuple[Find, ...] = (_regex(rb"tatus(?:[_A-Za-z]{0,8})\"\s?:\s?\"?(?:5\d\d|40[138]|413|429)\b"),)
_NUMBERED: tuple[Find, ...] = (
    _regex(rb"evel(?:no|_?value|_number)?\"\s?:\s?(?:[4-8]0|[45]0000|[0-3])\b"),
    _regex(rb"everity_?(?:[Nn]umber)\"\s?:\s?(?:1[7-9]|2[0-4])\b"),
)
_IN_WORDS = re.compile(rb"(?:evel|everity)(?:name)?\"\s?:\s?\"[A-Za-z]")
_IN_NUMBERS = re.compile(rb"(?:evel|everity)(?:no|_?value|_?[Nn]umber)?\"\s?:\s?\d")
_STARTS: dict[str, Find] = {}


def _line_starts(transport: str) -> Find:
    find = _STARTS.get(transport)
    if find is None:
        if len(_STARTS) > 32:
            _STARTS.clear()
        carrier = re.sub(r"\(\?![^)]*\)\\b\)", "", transport).replace(r"\ufeff", "").encode()  # which words it may not be is no matter here
        priority = rb"|<(?:" + _SEVERE_PRI + rb")>" if b"<" in carrier else b""
        body = rb"(?:" + carrier + rb")(?:" + _LINE_STARTS + rb")" if carrier else rb"(?:" + _LINE_STARTS + rb")"
        search = re.compile(rb"\n(?:" + body + priority + rb")").search
        first = re.compile(rb"(?:" + body + priority + rb")").match

        def find(data: bytes, at: int) -> int:
            if at == 0 or data[at - 1] == 10:
                found = first(data, at)
                if found is not None:
                    return at
            found = search(data, max(at - 1, 0))
            return found.start() + 1 if found is not None else -1

        _STARTS[transport] = find
    return find


class Triggers:
    """The places in one chunk of whole lines, in order, each found only when it is asked for."""

    __slots__ = ("_data", "_finds", "_next")

    def __init__(self, data: bytes) -> None:
        self._data = data
        transport = transport_of(data[: data.find(b"\n", 0, _SAMPLE)].decode("utf-8", "replace"))
        finds = [*_ALWAYS, _line_starts(transport)]
        samples = [(at, at + _SAMPLE * 8) for at in range(0, len(data), max(len(data) // 4, 1))]
        if b'{"' in data:
            finds += _BRACED
            if any(_IN_NUMBERS.search(data, *part) for part in samples) or not any(_IN_WORDS.search(data, *part) for part in samples):
                finds += _NUMBERED
        if transport:
            finds += _CARRIED
        if any(_REQUEST.search(data, *part) for part in samples):
            finds += _REQUESTS
        lower = data.lower()
        self._finds: list[tuple[Find, bytes]] = [(find, data) for find in finds] + [(find, lower) for find in _LOWERED]
        self._next = [-2] * len(self._finds)

    def after(self, at: int) -> int:
        """Return the first place at or after `at`, NOWHERE where there is none."""
        nearest = NOWHERE
        known = self._next
        for index, last in enumerate(known):
            place = last
            if last < at:
                find, data = self._finds[index]
                found = find(data, at)
                known[index] = place = NOWHERE if found < 0 else found
            if place < nearest:
                nearest = place
        return nearest
