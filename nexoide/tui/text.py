"""The one door for untrusted text to the terminal: only this file makes what widgets draw out of strings.

Textual and Rich hand control characters, escape sequences and bidirectional overrides on to the terminal as they are,
and parse square brackets as markup. Here every character either is shown as itself, or is shown as what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.content import Content, Span
from textual.strip import Strip

__all__ = ["Line", "Strip", "Style", "cell_width", "chop", "clean", "cut", "draw", "label", "strips", "wrap"]

LIMIT = 4096
_PLAIN = Style()
# Printable for Python, yet seen as nothing (or as a blank) on a terminal: fillers, joiners, variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def clean(text: str, limit: int = LIMIT, *, newlines: bool = False) -> str:
    """Return `text` with every character either harmless or made visible.

    C0 and DEL become control pictures (␛), everything else that is not printable becomes its code point (<U+202E>): C1,
    bidirectional controls, zero-width characters, tags, lone surrogates, blanks that are no space. A line feed stays only
    where `newlines` asks for it. More than `limit` characters are cut, and how many is said.
    """
    cut_off = len(text) - limit
    if cut_off > 0:
        text = text[:limit]
    if not (text.isprintable() and (text.isascii() or _UNSEEN.search(text) is None)):
        text = "".join([_shown(char, newlines) for char in text])
    return f"{text}… +{cut_off} characters" if cut_off > 0 else text


def _shown(char: str, newlines: bool) -> str:
    code = ord(char)
    if code < 0x20:
        return "\n" if newlines and char == "\n" else chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if char.isprintable() and (code < 0x34F or _UNSEEN.match(char) is None):
        return char
    return f"<U+{code:04X}>"


@lru_cache(maxsize=8192)
def cell_width(text: str) -> int:
    """Return how many cells of the terminal a cleaned text takes."""
    return len(text) if text.isascii() else cell_len(text)


class Line:
    """One line on its way to the screen: pieces of cleaned text, each with a style."""

    __slots__ = ("pieces", "width")

    def __init__(self, text: str = "", style: Style = _PLAIN) -> None:
        self.pieces: list[tuple[str, Style]] = []
        self.width = 0
        if text:
            self.add(text, style)

    def add(self, text: str, style: Style = _PLAIN, limit: int = LIMIT) -> Line:
        """Append `text`, cleaned; returns itself."""
        shown = clean(text, limit)
        if shown:
            self.pieces.append((shown, style))
            self.width += cell_width(shown)
        return self

    def join(self, other: Line) -> Line:
        """Append the pieces of another line; returns itself."""
        self.pieces.extend(other.pieces)
        self.width += other.width
        return self

    def pad(self, width: int, style: Style = _PLAIN) -> Line:
        """Append spaces up to `width` cells; returns itself."""
        if self.width < width:
            self.pieces.append((" " * (width - self.width), style))
            self.width = width
        return self

    def ends(self, right: Line, width: int) -> Line:
        """Return a line of exactly `width` cells with `right` at its end; this line is cut where they would meet."""
        room = width - right.width - (1 if right.width else 0)
        if room < 1:
            return cut(self, width).pad(width)
        return cut(self, room).pad(width - right.width).join(right)

    @property
    def plain(self) -> str:
        """The text alone."""
        return "".join(text for text, _ in self.pieces)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Line) and self.pieces == other.pieces

    __hash__ = None  # type: ignore[assignment]


def cut(line: Line, width: int) -> Line:
    """Return a line of at most `width` cells; an ellipsis stands for what was cut."""
    if line.width <= width:
        return line
    out = Line()
    for text, style in line.pieces:
        room = width - 1 - out.width
        if cell_width(text) <= room:
            out.pieces.append((text, style))
            out.width += cell_width(text)
            continue
        kept = _head(text, room) + "…" if width > 0 else ""
        out.pieces.append((kept, style))
        out.width += cell_width(kept)
        break
    return out


def _head(text: str, width: int) -> str:
    """Return as many leading characters as fit into `width` cells, combining marks with their base."""
    if text.isascii():
        return text[: max(0, width)]
    spans, _ = split_graphemes(text)
    end = taken = 0
    for _, last, cells in spans:
        if taken + cells > width:
            break
        taken, end = taken + cells, last
    return text[:end]


def wrap(line: Line, width: int, hanging: int = 0) -> list[Line]:
    """Return the line as lines of at most `width` cells, broken at spaces where it can be; later ones are indented."""
    if line.width <= width or width <= hanging + 1:
        return [line]
    out: list[Line] = []
    current = Line()
    fresh = True
    for word, style in _words(line.pieces):
        rest = word
        while rest:
            room = width - current.width
            if cell_width(rest) <= room:
                _put(current, rest, style)
                fresh = False
                break
            if rest.isspace():
                break
            if not fresh:
                out.append(current)
                current, fresh = Line().pad(hanging), True
                continue
            head = _head(rest, room) or rest[0]
            _put(current, head, style)
            rest, fresh = rest[len(head) :], False
    out.append(current)
    return out


def _put(line: Line, text: str, style: Style) -> None:
    """Append cleaned text, to the last piece where the style is the same."""
    if line.pieces and line.pieces[-1][1] == style:
        line.pieces[-1] = (line.pieces[-1][0] + text, style)
    else:
        line.pieces.append((text, style))
    line.width += cell_width(text)


def chop(line: Line, width: int) -> list[Line]:
    """Return the line as lines of at most `width` cells, broken anywhere: nothing is left out, nothing is moved."""
    if line.width <= width or width < 2:
        return [line]
    out: list[Line] = []
    current = Line()
    for text, style in line.pieces:
        rest = text
        while rest:
            head = _head(rest, width - current.width)
            if not head:
                out.append(current)
                current = Line()
                head = _head(rest, width) or rest[0]
            current.pieces.append((head, style))
            current.width += cell_width(head)
            rest = rest[len(head) :]
    out.append(current)
    return out


_WORD = re.compile(r"\s+|\S+")


def _words(pieces: Iterable[tuple[str, Style]]) -> Iterable[tuple[str, Style]]:
    for text, style in pieces:
        for match in _WORD.finditer(text):
            yield match[0], style


def draw(line: Line, width: int, base: Style) -> Strip:
    """Return the strip of a line, cut or filled to `width` cells, over the style `base`."""
    fitting = cut(line, width)
    segments = [Segment(text, base + style) for text, style in fitting.pieces]
    if fitting.width < width:
        segments.append(Segment(" " * (width - fitting.width), base))
    return Strip(segments, max(width, fitting.width))


def strips(parts: Iterable[Strip]) -> Strip:
    """Return strips one after the other as one."""
    return Strip.join(list(parts))


def label(text: str, style: str = "") -> Content:
    """Return content for a widget that is not ours; nothing in it is parsed as markup."""
    shown = clean(text, newlines=True)
    return Content(shown, [Span(0, len(shown), style)] if style and shown else [])
