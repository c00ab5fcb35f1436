"""A diff, unified or side by side: only lines in sight are drawn, long ones are wrapped, and what was in sight is noted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from textual.message import Message

from nexoide.tui import format as fmt
from nexoide.tui.text import LIMIT, Line, Style, chop
from nexoide.tui.themes import Skin
from nexoide.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from nexoide.model.diff import DiffLine, Hunk
    from nexoide.tui.pin import FileDiff, Pinned

Mode = Literal["unified", "split"]
_TWO_NUMBERS = 74
_TAB = "→   "


@dataclass(frozen=True, slots=True)
class Row:
    """One line on the screen: of a file's or hunk's heading, or part `part` of (wrapped) diff lines."""

    kind: Literal["file", "hunk", "line", "gap"]
    file: int
    hunk: Hunk | None = None
    left: DiffLine | None = None
    right: DiffLine | None = None
    part: int = 0
    last: bool = True


class DiffDrawn(Message):
    """The pinned patch is on the screen for the first time."""

    def __init__(self, digest: str) -> None:
        super().__init__()
        self.digest = digest


class DiffView(Pane):
    """Draws a pinned patch; `seen` collects which lines were in sight, `since` is when the first was (monotonic)."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.pinned: Pinned | None = None
        self.since: float | None = None
        self.mode: Mode = "unified"
        self.message: tuple[str, ...] = ()
        self._rows: list[Row] = []
        self._width = 0
        self._seen: set[tuple[int, int, int]] = set()
        self._parts: dict[tuple[int, int, int, int], list[Line]] = {}

    def set_pinned(self, pinned: Pinned | None, message: tuple[str, ...] = ()) -> None:
        """Show this patch, or say why there is none."""
        before, self.pinned, self.message = self.pinned, pinned, message
        if pinned is not None and before is not None and (pinned.patch.id, pinned.files) == (before.patch.id, before.files):
            if pinned.digest != before.digest:
                self.since = None
                self.refresh()
            return
        self.since = None
        self.top = 0
        self._seen = self.nexoide.seen.setdefault(pinned.patch.files, set()) if pinned else set()
        self._arrange()
        self._to_first_change()

    def _to_first_change(self) -> None:
        """Begin with the first change where the lines above it would push it out of sight."""
        first = next((at for at, row in enumerate(self._rows) if any(line and line.kind != " " for line in (row.left, row.right))), 0)
        if first + 3 > self.room:
            self.top = max(0, min(first - 1, self.last_top))

    def set_mode(self, mode: Mode) -> None:
        """Show side by side, or in one column; the same change stays in sight."""
        if mode == self.mode:
            return
        anchor = next((row for row in self._rows[self.top :] if row.kind == "line"), None)
        self.mode = mode
        self._arrange()
        if anchor is not None:
            self.top = min(self.last_top, next((i for i, row in enumerate(self._rows) if row.right == anchor.right or row.left == anchor.left), 0))

    @property
    def unseen(self) -> int:
        """How many lines of the diff were never in sight, wholly; a line too long to be shown counts for good."""
        return self.pinned.total - len(self._seen) if self.pinned else 0

    def go_to_change(self, step: int) -> None:
        """Scroll to the next or previous hunk."""
        starts = [index for index, row in enumerate(self._rows) if row.kind == "hunk"]
        ahead = [index for index in starts if index > self.top] if step > 0 else [index for index in reversed(starts) if index < self.top]
        if ahead:
            self.scroll_to_line(ahead[0])

    def on_resize(self) -> None:
        """Wrap for the new width."""
        if self.inner != self._width:
            self._arrange()
        super().on_resize()

    def restyle(self) -> None:
        """Draw with other colours."""
        self._parts.clear()
        self.refresh()

    # arranging

    def _arrange(self) -> None:
        self._width = self.inner
        self._rows.clear()
        self._parts.clear()
        if self.pinned is not None and self._width > 0:
            several = len(self.pinned.files) > 1
            for number, file in enumerate(self.pinned.files):
                if number:
                    self._rows.append(Row("gap", number))
                if several:
                    self._rows.append(Row("file", number))
                for hunk in file.hunks:
                    self._rows.append(Row("hunk", number, hunk))
                    self._arrange_hunk(number, hunk)
        self.refresh()

    def _arrange_hunk(self, number: int, hunk: Hunk) -> None:
        from nexoide.model.diff import split_rows

        assert self.pinned is not None
        pairs = split_rows(hunk) if self.mode == "split" else [(line, line) for line in hunk.lines]
        for left, right in pairs:
            height = max([self._height(self.pinned.files[number], line) for line in (left, right) if line is not None], default=1)
            self._rows.extend(Row("line", number, hunk, left, right, part, part == height - 1) for part in range(height))

    def _columns(self) -> tuple[int, int]:
        """Return the cells of the gutter and of the text of one column."""
        number = self._number_width()
        if self.mode == "split":
            half = (self._width - 1) // 2
            return number + 4, max(4, half - number - 5)
        gutter = (number + 1) * (2 if self._width >= _TWO_NUMBERS else 1) + 3
        return gutter, max(4, self._width - gutter - 1)

    def _number_width(self) -> int:
        highest = 0
        for file in self.pinned.files if self.pinned else ():
            if file.hunks:
                highest = max(highest, file.hunks[-1].old_start + file.hunks[-1].old_count, file.hunks[-1].new_start + file.hunks[-1].new_count)
        return max(3, len(str(highest)))

    def _height(self, file: FileDiff, line: DiffLine) -> int:
        width = self._columns()[1]
        text = line.text
        if text.isascii() and text.isprintable() and len(text) <= LIMIT and line.newline:
            return max(1, -(-len(text) // width))
        return len(chop(paint(self.skin, file, line, self._ground(line)), width))

    # drawing

    def title(self) -> Line:
        """Name the file, or how many there are."""
        skin = self.skin
        if self.pinned is None or not self.pinned.files:
            return Line("Diff", skin.fore("quiet"))
        files = self.pinned.files
        name = files[0].path if len(files) == 1 else fmt.plural(len(files), "file")
        return Line().add(name, skin.fore("strong" if self.has_focus else "text", bold=True), 120)

    def aside(self) -> Line:
        """Count lines, and say how many were not in sight yet."""
        if self.pinned is None:
            return Line()
        skin = self.skin
        added, removed = self.pinned.changes
        return Line(f"+{added}", skin.fore("diff.added_mark")).add(f" −{removed}", skin.fore("diff.removed_mark"))

    def total(self) -> int:
        """Return the number of lines."""
        return len(self._rows)

    def empty(self) -> list[str]:
        """Say why there is no diff."""
        return list(self.message) or ["No patch selected."]

    def line_at(self, index: int, width: int) -> tuple[Line, Style]:
        """Return one line of the diff; notes that it was in sight."""
        row = self._rows[index]
        base = self.skin.base()
        assert self.pinned is not None
        if self.since is None:
            self.since = self.nexoide.clock.monotonic()
            self.post_message(DiffDrawn(self.pinned.digest))
        file = self.pinned.files[row.file]
        if row.kind == "gap":
            return Line(), base
        if row.kind == "file":
            return self._file_line(file, width), self.skin.base("raised")
        if row.kind == "hunk":
            return self._hunk_line(row, width), base + self.skin.back("diff.section")
        if row.last:
            for line in (row.left, row.right):
                if line is not None and len(line.text) <= LIMIT:
                    self._seen.add((row.file, line.old, line.new))
        if self.mode == "split":
            left = self._half(file, row, row.left, "old")
            right = self._half(file, row, row.right, "new")
            return left.add("│", self.skin.fore("border")).join(right), base
        assert row.right is not None
        return self._unified(file, row, row.right), base

    def _file_line(self, file: FileDiff, width: int) -> Line:
        skin = self.skin
        name = Line(" ").add(file.path, skin.fore("strong", bold=True), 200)
        return name.ends(Line(f"+{file.added}", skin.fore("diff.added_mark")).add(f" −{file.removed} ", skin.fore("diff.removed_mark")), width)

    def _hunk_line(self, row: Row, width: int) -> Line:
        skin, hunk = self.skin, row.hunk
        assert hunk is not None
        line = Line(f" {'⋯':>{self._number_width()}} ", skin.fore("faint"))
        line.add(f"line {hunk.new_start}", skin.fore("quiet"))
        if hunk.section:
            line.add("  ").add(hunk.section, skin.fore("quiet", italic=True), 120)
        return line

    def _unified(self, file: FileDiff, row: Row, line: DiffLine) -> Line:
        number = self._number_width()
        shown = [line.new or line.old] if self._width < _TWO_NUMBERS else [line.old, line.new]
        gutter = Line()
        for value in shown:
            gutter.add(f" {str(value) if value and not row.part else '':>{number}}", self._gutter_style(line))
        return self._with_text(gutter, file, row, line, self._width)

    def _half(self, file: FileDiff, row: Row, line: DiffLine | None, side: Literal["old", "new"]) -> Line:
        half = (self._width - 1) // 2 if side == "old" else self._width - 1 - (self._width - 1) // 2
        if line is None:
            return Line("╱" * half, self.skin.fore("border"))
        number = line.old if side == "old" else line.new
        gutter = Line(f" {str(number) if number and not row.part else '':>{self._number_width()}}", self._gutter_style(line))
        return self._with_text(gutter, file, row, line, half)

    def _gutter_style(self, line: DiffLine) -> Style:
        return self.skin.fore("quiet" if line.kind != " " else "faint") + self._ground(line)

    def _ground(self, line: DiffLine) -> Style:
        if line.kind == " ":
            return Style()
        return self.skin.back("diff.added" if line.kind == "+" else "diff.removed")

    def _with_text(self, gutter: Line, file: FileDiff, row: Row, line: DiffLine, width: int) -> Line:
        ground = self._ground(line)
        mark = {"+": "+", "-": "−"}.get(line.kind, " ")
        if row.part:
            mark = "↪" if self._part(file, row, line) else " "
        colour = self.skin.fore({"+": "diff.added_mark", "-": "diff.removed_mark"}.get(line.kind, "faint"), bold=True)
        gutter.add(f" {mark} ", colour + ground)
        part = self._part(file, row, line)
        if part is not None:
            gutter.join(part)
        return gutter.pad(width, ground)

    def _part(self, file: FileDiff, row: Row, line: DiffLine) -> Line | None:
        key = (row.file, line.old, line.new, 0)
        parts = self._parts.get(key)
        if parts is None:
            if len(self._parts) > 2000:
                self._parts.clear()
            parts = self._parts[key] = chop(paint(self.skin, file, line, self._ground(line)), self._columns()[1])
        return parts[row.part] if row.part < len(parts) else None


def paint(skin: Skin, file: FileDiff, line: DiffLine, ground: Style) -> Line:
    """Return the text with syntax colours in front and changed words marked behind."""
    text = line.text
    colours, number = (file.old_colours, line.old) if line.kind == "-" else (file.new_colours, line.new)
    ranges = colours[number - 1] if 0 < number <= len(colours) else ()
    word = skin.back("diff.added_word" if line.kind == "+" else "diff.removed_word")
    edges = {0, len(text)}
    for first, last, _ in ranges:
        edges |= {first, last}
    for first, last in line.spans:
        edges |= {first, last}
    places = sorted(edge for edge in edges if 0 <= edge <= len(text))
    out = Line()
    at_range = 0
    for first, last in pairwise(places):
        while at_range < len(ranges) and ranges[at_range][1] <= first:
            at_range += 1
        inside = at_range < len(ranges) and ranges[at_range][0] <= first
        style = skin.fore(f"syntax.{ranges[at_range][2]}" if inside else "text") + ground
        if any(start <= first < end for start, end in line.spans):
            style += word
        if first >= LIMIT:
            break
        out.add(text[first : min(last, LIMIT)].replace("\t", _TAB), style)
    if len(text) > LIMIT:
        out.add(f"… +{len(text) - LIMIT} characters", skin.fore("fail") + ground)
    if not line.newline:
        out.add(" no newline at end", skin.fore("faint", italic=True) + ground)
    return out
