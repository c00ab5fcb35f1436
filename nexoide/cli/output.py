"""What commands print: JSON as one document of plain ASCII, tables that align, and text from outside made harmless."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

MAX_LINE = 2000
_GAP = 2


def clean(text: str, *, newlines: bool = False) -> str:
    """Return text from outside as it may be shown on a terminal: no control, no escape, no hidden character."""
    from nexoide.tui.text import clean as through_the_door

    return through_the_door(text.expandtabs(4), MAX_LINE, newlines=newlines)


def emit_json(value: Any) -> None:
    """Print one JSON document; types of the model are turned into objects, everything beyond ASCII is escaped."""
    from nexoide.model.codec import to_builtins

    sys.stdout.write(json.dumps(to_builtins(value), indent=2, ensure_ascii=True) + "\n")


def emit(text: str = "") -> None:
    """Print one line of text from outside, made harmless."""
    sys.stdout.write(clean(text) + "\n")


def emit_sentence(text: str) -> None:
    """Print a sentence about what is going on beside the output proper: on stderr."""
    sys.stderr.write(f"{clean(text)}\n")
    sys.stderr.flush()


def emit_table(headers: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
    """Print aligned columns: drawn on a terminal, plain text with two spaces between columns elsewhere; `empty` where there are no rows."""
    if not rows:
        emit(empty)
        return
    cells = [[clean(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw(headers, cells)
    else:
        _align(headers, cells)


def _draw(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for header in headers:
        table.add_column(Text(header), overflow="fold")
    for row in rows:
        table.add_row(*[Text(cell) for cell in row])
    Console().print(table)


def _align(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len

    table = [list(headers), *rows]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(headers))]
    for row in table:
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write((" " * _GAP).join(cells).rstrip() + "\n")


def emit_diff(lines: Sequence[str]) -> None:
    """Print the lines of a unified diff, coloured on a terminal."""
    if not sys.stdout.isatty():
        for line in lines:
            emit(line)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in lines:
        heading = line.startswith(("+++", "---"))
        console.print(Text(clean(line), style="bold" if heading else styles.get(line[:1], "")), soft_wrap=True)


def emit_fields(fields: Sequence[tuple[str, str]]) -> None:
    """Print name and value pairs, one a line, the values aligned; pairs without a value are left away."""
    shown = [(name, value) for name, value in fields if value]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        emit(f"{name:<{width}}  {value}")


def clock(at: float) -> str:
    """Return a moment (wall seconds) as the local time of day."""
    return time.strftime("%H:%M:%S", time.localtime(at))


def percent(value: float | None) -> str:
    """Return a confidence as people read it."""
    return "" if value is None else f"{value:.2f}"
