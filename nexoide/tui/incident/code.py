"""Source as it was when it failed: coloured, with the expression that failed marked in its line."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from nexoide.tui import syntax
from nexoide.tui.incident.sheet import Sheet
from nexoide.tui.text import LIMIT, Line, chop, cut

if TYPE_CHECKING:
    from nexoide.model.examination import SourceView
    from nexoide.model.failure import Frame
    from nexoide.tui.themes import Skin

_AROUND = 4
_COLOURED = 20_000  # characters of an excerpt that are coloured; colouring is done while the page is made
_TAB = "    "
_WRAPPED = 6
_LINE = 400  # characters of a frame's line; where there is a file to show it in, all of it is shown
Span = tuple[int, int]
_NONE: Span = (0, 0)


def span_of(text: str, frame: Frame, expression: str, *, whole: bool) -> Span:
    """Return where in a line the failing expression is (0-based code points, end exclusive); equal ends where that is not known.

    `whole` says that the line is as in the file, so that columns count from its beginning.
    """
    first, last = frame.column, frame.end_column
    if frame.end_line > frame.line:
        last = len(text.rstrip())
    inside = whole and 0 <= first < last <= len(text) and bool(text[first:last].strip())
    if inside and (not expression or text[first:last] == expression):
        return first, last
    if expression and text.count(expression) == 1:
        found = text.index(expression)
        return found, found + len(expression)
    return (first, last) if inside else _NONE


def source(sheet: Sheet, view: SourceView, frame: Frame, expression: str) -> str:
    """Append the lines of a file around a frame's line, with numbers; return the expression that is marked, "" where none is.

    The failing line is wrapped where it is too long, the others are cut.
    """
    skin = sheet.skin
    colours = _colours(view.path, "\n".join(view.lines))
    first = max(0, view.line - _AROUND - view.first_line)
    shown = list(enumerate(view.lines))[first : view.line + _AROUND + 1 - view.first_line]
    while shown and not shown[0][1].strip() and shown[0][0] != view.line - view.first_line:
        del shown[0]
    while shown and not shown[-1][1].strip() and shown[-1][0] != view.line - view.first_line:
        del shown[-1]
    number_width = len(str(view.first_line + len(view.lines)))
    marked = ""
    for index, text in shown:
        number = view.first_line + index
        failing = number == view.line
        gutter = Line("▶ " if failing else "  ", skin.fore("fail")).add(f"{number:>{number_width}}  ", skin.fore("quiet" if failing else "faint"))
        span = span_of(text, frame, expression, whole=True) if failing else _NONE
        body = painted(text, colours[index] if index < len(colours) else (), skin, span)
        if failing:
            _whole(sheet, gutter, body, span, text)
            marked = text[span[0] : span[1]]
        else:
            sheet.lines.append(gutter.join(cut(body, max(10, sheet.width - gutter.width))))
    return marked


def one_line(sheet: Sheet, frame: Frame, expression: str, language: str = "python", indent: int = 4) -> str:
    """Append a frame's own line, where there is no more than that; return the expression that is marked, "" where none is."""
    text = frame.source.strip()
    if not text:
        return ""
    if len(text) > _LINE:
        text = text[:_LINE] + " …"
    span = span_of(text, frame, expression, whole=False)
    colours = _colours("x.py" if language == "python" else frame.file[-40:], text)
    _whole(sheet, Line(" " * indent), painted(text, colours[0] if colours else (), sheet.skin, span), span, text)
    return text[span[0] : span[1]]


def painted(text: str, colours: syntax.Ranges, skin: Skin, span: Span = _NONE) -> Line:
    """Return a line of source with syntax colours; what is in `span` stands on its own ground, in bold."""
    edges = {0, len(text), *span}
    for first, last, _ in colours:
        edges |= {first, last}
    places = sorted(edge for edge in edges if 0 <= edge <= min(len(text), LIMIT))
    out, at = Line(), 0
    for first, last in pairwise(places):
        while at < len(colours) and colours[at][1] <= first:
            at += 1
        inside = at < len(colours) and colours[at][0] <= first
        style = skin.fore(f"syntax.{colours[at][2]}" if inside else "text")
        if span[0] <= first < span[1]:
            style += skin.fore("strong", bold=True, underline=True) + skin.back("diff.removed")
        out.add(text[first:last].replace("\t", _TAB), style)
    if len(text) > LIMIT:
        out.add(f"… +{len(text) - LIMIT} characters", skin.fore("faint"))
    return out


def _whole(sheet: Sheet, gutter: Line, body: Line, span: Span, text: str) -> None:
    """Append a line of source over as many lines as it takes, and carets below the expression where it takes one."""
    parts = chop(body, max(10, sheet.width - gutter.width))
    sheet.lines.append(Line().join(gutter).join(parts[0]))
    for part in parts[1:_WRAPPED]:
        sheet.lines.append(Line().pad(gutter.width - 2).add("↪ ", sheet.skin.fore("faint")).join(part))
    if len(parts) > _WRAPPED:
        sheet.lines.append(Line().pad(gutter.width).add(f"… {len(parts) - _WRAPPED} more lines of it", sheet.skin.fore("faint")))
    if span[1] > span[0] and len(parts) == 1:
        before = Line(text[: span[0]].replace("\t", _TAB)).width
        below = Line(text[span[0] : span[1]].replace("\t", _TAB)).width
        sheet.lines.append(Line().pad(gutter.width + before).add("^" * below, sheet.skin.fore("fail", bold=True)))


@lru_cache(maxsize=256)
def _colours(path: str, text: str) -> tuple[syntax.Ranges, ...]:
    return syntax.ranges(path, text) if len(text) <= _COLOURED else ()
