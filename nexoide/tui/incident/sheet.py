"""A sheet of lines under headings, some of which can be opened; two sheets can stand side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nexoide.tui.text import Line, cell_width, wrap
from nexoide.tui.themes import Skin

LABEL = 12


@dataclass(frozen=True, slots=True)
class Link:
    """What a line leads to."""

    kind: Literal["patch", "incident"]
    id: str


class Sheet:
    """Lines for a width; `links` are those that can be opened, with the line where each stands."""

    def __init__(self, skin: Skin, width: int, selected: Link | None = None) -> None:
        self.skin = skin
        self.width = width
        self.selected = selected
        self.lines: list[Line] = []
        self.links: list[tuple[Link, int]] = []

    def say(self, line: Line, hanging: int = 0) -> None:
        """Append a line, wrapped."""
        self.lines += wrap(line, self.width, hanging)

    def gap(self) -> None:
        """Append an empty line, unless there is one already."""
        if self.lines and self.lines[-1].width:
            self.lines.append(Line())

    def extend(self, section: Sheet) -> None:
        """Append a section that was made by itself; it holds nothing that can be opened."""
        if section.lines:
            self.gap()
            self.lines += section.lines

    def heading(self, name: str, aside: str = "") -> None:
        """Begin a section."""
        self.gap()
        line = Line(name, self.skin.fore("quiet", bold=True)).add(" ")
        right = Line(f" {aside}", self.skin.fore("faint")) if aside else Line()
        if line.width + right.width + 3 > self.width:
            right = Line()
        self.lines.append(line.add("─" * max(0, self.width - line.width - right.width), self.skin.fore("border")).join(right))

    def fact(self, name: str, *said: Line) -> None:
        """Append what is known under a name, one line each, the name in front of the first."""
        for number, item in enumerate(said):
            label = Line(name if number == 0 else "", self.skin.fore("quiet")).pad(LABEL)
            self.say(label.join(item), LABEL)

    def link(self, link: Link, line: Line) -> None:
        """Append a line that can be opened; the marked one stands on a ground of its own."""
        chosen = link == self.selected
        self.links.append((link, len(self.lines)))
        mark = Line("▌ " if chosen else "  ", self.skin.fore("focus"))
        self.say(mark.join(line), 4)

    def paragraph(self, text: str, style: str = "text", limit: int = 2000) -> None:
        """Append a text with its own line breaks."""
        shown = text[:limit]
        for part in shown.split("\n")[:60]:
            self.say(Line("  ").add(part.replace("\t", "    "), self.skin.fore(style), limit), 2)
        left_out = text.count("\n") - shown.count("\n") + max(0, shown.count("\n") - 59)
        if len(text) > limit or left_out:
            more = f"… {left_out} more lines" if left_out else f"… {len(text) - limit} more characters"
            self.lines.append(Line(f"  {more}", self.skin.fore("faint")))


def beside(left: Sheet, right: Sheet, gap: int) -> Sheet:
    """Return one sheet with another at its right; links are in the order in which they stand."""
    whole = Sheet(left.skin, left.width + gap + right.width, left.selected)
    for number in range(max(len(left.lines), len(right.lines))):
        line = Line().join(left.lines[number]) if number < len(left.lines) else Line()
        if number < len(right.lines):
            line = line.pad(left.width + gap).join(right.lines[number])
        whole.lines.append(line)
    whole.links = sorted((*left.links, *right.links), key=lambda item: item[1])
    return whole


def widest(texts: Iterable[str], limit: int) -> int:
    """Return how many cells the widest text takes, at most `limit`."""
    return min(limit, max((cell_width(text) for text in texts), default=0))
