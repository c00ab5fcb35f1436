"""Where an exception came from, in terms that outlive edits: function, file and source line, without what is chance.

The deepest frame of the project counts alone: who called it (a route, a thread, a retry) is chance. Only where its line raises
what it was given does the caller count, whose line says what that was.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from nexoide.incidents.parameterise import parameterise
from nexoide.model.failure import Frame
from nexoide.probe.redact import redact

MAX_SOURCE = 120
MAX_NAME = 200
MAX_CALLERS = 4
_INLINED = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"})
_MARK = re.compile(r"«redacted:[^»]{1,80}»")
_RAISES = re.compile(r"(?:^|[:;] ?)(?:raise\b|assert\b.{1,120},)")
_LITERAL = re.compile(r"([rbuRBU]?[fFtT]?[rR]?)(\"[^\"]{0,300}\"|'[^']{0,300}')")
_FIELD = re.compile(r"\{[^{}]{0,200}\}")
_WORD = re.compile(r"[^\W\d_]{2,40}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_QUOTED = re.compile(r"'[^'\n]{0,300}'|\"[^\"\n]{0,300}\"")
_SMALL_WORDS = {"the", "an", "is", "are", "was", "were", "be", "of", "to", "in", "on", "at", "for", "with", "and", "or", "not", "no", "by", "as", "from", "it"}


class Place(NamedTuple):
    """A function by its plain name, the name of its file, and the line of its source that ran ("" where it is not known)."""

    function: str
    file: str
    source: str


def places(frames: list[tuple[Frame, str]]) -> list[Place]:
    """Return the places of frames, comprehensions folded into the function around them, as Python 3.12 and later run them."""
    found: list[Place] = []
    for frame, file in frames:
        place = Place(plain(frame.function), file[:MAX_NAME], normalised(frame.source))
        if place.function in _INLINED and found:
            around = next((known for known in reversed(found) if known.file == place.file), None)
            if around is not None and around is found[-1]:
                found.pop()
            place = place._replace(function=around.function if around else "<module>")
        found.append(place)
    return found


def plain(function: str) -> str:
    """Return the plain name in a qualified one: `Cart.total` and `f.<locals>.g` are `total` and `g`."""
    return function.rpartition(".")[2][:MAX_NAME] if "." in function else function[:MAX_NAME]


@lru_cache(maxsize=4096)
def normalised(source: str) -> str:
    """Return the first line of a source text, white space made single, redacted as any other text, at most 120 characters."""
    line = " ".join(source.strip().partition("\n")[0].split())
    return _MARK.sub("«redacted»", redact(line[:400]))[:MAX_SOURCE]


def cycle(found: list[Place]) -> list[tuple[str, str]]:
    """Return the functions of a recursion with their files, sorted: those between the last two calls of the deepest one that was called before.

    Where in its cycle it ended is chance, and so is what led into it. The deepest function alone where nothing repeats.
    """
    functions = [(place.function, place.file) for place in found]
    for end in range(len(functions) - 1, 0, -1):
        for begin in range(end - 1, -1, -1):
            if functions[begin] == functions[end]:
                return sorted(set(functions[begin:end]))
    return functions[-1:]


def raises(source: str) -> bool:
    """Say whether a line raises by itself, rather than calling what does."""
    return _RAISES.search(source) is not None


@lru_cache(maxsize=2048)
def origin(raiser: Place, callers: tuple[Place, ...], message: str) -> tuple[str, ...]:
    """Return what tells the failures of one raising line apart: nothing, the caller whose line says it, or the message.

    A line that says itself what went wrong (`raise ValueError("no items")`) needs nothing, neither does a message that is
    a mere value. A line that raises what it was given (`raise Failed(text)`, `assert ok, text`) needs the nearest of `callers`
    (nearest first) in whose line words of the message stand; the masked message where there is none.
    """
    said = _words(_unquoted(message))
    if _literal_words(raiser.source) & said:
        return ()
    if len(_words(_QUOTED.sub(" ", message)) - _identifiers(raiser.source)) < 2 and len(said - _identifiers(raiser.source)) < 3:
        return ()
    for caller in callers[:MAX_CALLERS]:
        if len(_literal_words(caller.source) & said) >= min(2, len(said)):
            return caller
    if raiser.source.endswith(("(", ",", "\\")):  # the text stands in a further line, which no source tells of
        return ()
    masked = parameterise(message)
    constant = masked.partition("<")[0].rpartition(" ")[0]  # what stands before the first value: what stands behind may be one, too
    return (constant if len(_words(constant)) >= 3 else masked,)


def _unquoted(message: str) -> str:
    return message.partition("\n")[0][:400]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text.partition("\n")[0][:400])) - _SMALL_WORDS


@lru_cache(maxsize=2048)
def _literal_words(source: str) -> frozenset[str]:
    """Return the words in the string literals of a line, an f-string's fields left out."""
    texts = []
    for prefix, literal in _LITERAL.findall(source):
        texts.append(_FIELD.sub(" ", literal) if "f" in prefix.lower() or "{" in literal else literal)
    if source.count('"') % 2 or source.count("'") % 2:  # a literal that goes on in the next line
        texts.append(source.rpartition('"')[2] if source.count('"') % 2 else source.rpartition("'")[2])
    return _words(" ".join(texts))


@lru_cache(maxsize=2048)
def _identifiers(source: str) -> frozenset[str]:
    return _words(_CAMEL.sub(" ", source).replace("_", " "))
