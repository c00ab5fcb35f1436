"""Pages and tables that fit the terminal: cleaned text in columns, coloured where a person looks at it, plain where a program reads."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style

from nexoide.tui.text import Line, cell_width, chop, clean, cut, wrap

BOLD, DIM, PLAIN = Style(bold=True), Style(dim=True), Style()
BAD, GOOD, WARN = Style(color="red"), Style(color="green"), Style(color="yellow")
LABEL = 13
_GAP = 2
_NARROWEST, _WIDEST = 40, 160


def width() -> int:
    """Return how many columns there are: of the terminal, or COLUMNS, or 80."""
    return max(_NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, _WIDEST))


def emit_line(line: Line) -> None:
    """Print one line whose text was cleaned when it was made."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        sys.stdout.write(line.plain.rstrip() + "\n")
        return
    sys.stdout.write("".join(style.render(text) for text, style in line.pieces).rstrip() + "\n")


class Sheet:
    """A page that is printed line by line, never wider than the terminal."""

    def __init__(self) -> None:
        self.width = width()

    def say(self, text: str, style: Style = PLAIN, indent: int = 0) -> None:
        """Print a text from outside, broken at spaces."""
        for line in wrap(Line(" " * indent).add(text, style), self.width, indent):
            emit_line(line)

    def title(self, text: str) -> None:
        """Print the title of a section, after an empty line."""
        emit_line(Line())
        emit_line(Line(text, BOLD))

    def field(self, name: str, text: str, style: Style = PLAIN) -> None:
        """Print a name and its value, wrapped below itself; nothing where the value is empty."""
        if text:
            for line in wrap(Line(f"{name:<{LABEL}}", DIM).add(text, style), self.width, LABEL):
                emit_line(line)

    def rows(self, rows: Sequence[Sequence[str]], indent: int = 2, styles: Sequence[Style] = ()) -> None:
        """Print aligned columns, the last of them cut where it would not fit."""
        if not rows:
            return
        cells = [[clean(cell, 400) for cell in row] for row in rows]
        widths = [min(max(cell_width(row[place]) for row in cells), self.width // 2) for place in range(len(cells[0]) - 1)]
        for row in cells:
            line = Line(" " * indent)
            for place, cell in enumerate(row[:-1]):
                line.join(cut(Line(cell, _style(styles, place)), widths[place]).pad(widths[place] + _GAP))
            emit_line(cut(line.add(row[-1], _style(styles, len(row) - 1)), self.width))

    def code(self, number: int, text: str, digits: int, span: tuple[int, int], *, marked: bool) -> None:
        """Print a line of source with its number; the marked one whole, with carets under what failed, the others cut."""
        gutter = Line(f"{'>' if marked else ' '} {number:>{digits}} │ ", BAD if marked else DIM)
        body = Line(text.replace("\t", "    "), PLAIN if marked else DIM)
        room = max(20, self.width - gutter.width)
        if not marked:
            emit_line(gutter.join(cut(body, room)))
            return
        parts = chop(body, room)
        first, last = (cell_width(clean(text[:end].replace("\t", "    "))) for end in span)
        for place, part in enumerate(parts):
            blank = Line(" " * (2 + digits) + " │ ", DIM)
            emit_line((gutter if place == 0 else blank).join(part))
            here, there = max(first - place * room, 0), min(last - place * room, room)
            if span[1] > span[0] and here < there:
                emit_line(Line(" " * (2 + digits) + " │ ", DIM).add(" " * here).add("^" * (there - here), BAD))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its heading, the narrowest it may become (0: never narrower than its cells), and how it looks.

    `from_left` cuts at the beginning, where the end says more (paths); `right` aligns numbers; `optional` ones are left away where
    every cell is empty.
    """

    heading: str
    least: int = 0
    from_left: bool = False
    right: bool = False
    optional: bool = False


def emit_fitted(columns: Sequence[Column], rows: Sequence[Sequence[str]], styles: Sequence[Style] = ()) -> None:
    """Print a table that is not wider than the terminal: where it would be, the widest columns that may are narrowed.

    `styles` has one style a row.
    """
    used = [place for place in range(len(columns)) if not columns[place].optional or any(row[place] for row in rows)]
    columns = [columns[place] for place in used]
    cells = [[clean(row[place], 400) for place in used] for row in rows]
    widths = [max([cell_width(column.heading), *(cell_width(row[place]) for row in cells)]) for place, column in enumerate(columns)]
    excess = sum(widths) + _GAP * (len(columns) - 1) - width()
    while excess > 0:
        place = max(range(len(columns)), key=lambda index: widths[index] - columns[index].least if columns[index].least else 0)
        if not columns[place].least or widths[place] <= columns[place].least:
            break
        widths[place] -= 1
        excess -= 1
    room = width()
    emit_line(cut(_row(columns, [column.heading for column in columns], widths, BOLD), room))
    if sys.stdout.isatty():
        emit_line(cut(Line((" " * _GAP).join("─" * size for size in widths), DIM), room))
    for number, row in enumerate(cells):
        emit_line(cut(_row(columns, row, widths, _style(styles, number)), room))


def _row(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int], style: Style) -> Line:
    line = Line()
    for place, (column, cell, room) in enumerate(zip(columns, cells, widths, strict=True)):
        shown = _end_of(cell, room) if column.from_left else cut(Line(cell), room).plain
        blank = " " * (room - cell_width(shown))
        line.add(blank + shown if column.right else shown + blank, style)
        line.add(" " * _GAP if place + 1 < len(columns) else "", style)
    return line


def _end_of(text: str, room: int) -> str:
    if cell_width(text) <= room:
        return text
    kept = text[-room + 1 :]
    while cell_width(kept) > room - 1:
        kept = kept[1:]
    return f"…{kept}"


def _style(styles: Sequence[Style], place: int) -> Style:
    return styles[place] if place < len(styles) else PLAIN
