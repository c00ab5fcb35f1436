"""Reading what targets print, from any place on: bounded pieces, whole lines, and a word on everything that is left out."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from nexoide.model.target import OutputPiece
from nexoide.supervisor.target_logs import LINE_BYTES, last_lines, line_of, open_to_read
from nexoide.supervisor.target_space import first_whole_line, resume

SLICE_BYTES = 64 << 10
MAX_CHARACTERS = 1 << 20
_CURSOR = re.compile(r"([A-Za-z0-9_][A-Za-z0-9._-]{0,63}):(\d{1,20}):(\d{1,19}):(\d{1,19}):([01])")


@dataclass(slots=True)
class Cursor:
    """A place in a log: the file's inode, the offset, what was printed before the file's first byte, and whether a line is left in its middle."""

    inode: int = 0
    offset: int = 0
    base: int = 0
    within: bool = False


class OutputReader:
    """Reads one log; what it has read is never read again, whatever is dropped of the log meanwhile."""

    def __init__(self, name: str, path: Path, cursor: Cursor | None = None) -> None:
        self.name, self.path = name, path
        self.at = cursor or Cursor()
        self._passed, self._lost = 0, False

    @property
    def cursor(self) -> str:
        """The place up to which it was read, for another reader to go on there (see `cursor_of`)."""
        return f"{self.name}:{self.at.inode}:{self.at.offset}:{self.at.base}:{int(self.at.within)}"

    def history(self, lines: int, *, whole: bool, characters: int = MAX_CHARACTERS) -> OutputPiece:
        """Return the last lines, of at most so many characters together, and set the place after them.

        `whole`: a line that has no end yet is left for later.
        """
        try:
            handle = open_to_read(self.path)
        except OSError:
            return OutputPiece(target=self.name, lines=(), cursor=self.cursor)
        try:
            found = os.fstat(handle)
            end = _end_of_lines(handle, found.st_size) if whole else found.st_size
            place = resume(handle, end)
            self.at = Cursor(found.st_ino, end, place.base)
        finally:
            os.close(handle)
        shown = last_lines(self.path, lines, first_whole_line(self.path), end)
        return OutputPiece(target=self.name, lines=_newest(shown, characters), cursor=self.cursor)

    def take(self, at: float, *, final: bool = False) -> OutputPiece | None:
        """Return the next lines (of at most 64 KiB), None where there is nothing new; `final`: also a line that has no end."""
        try:
            handle = open_to_read(self.path)
        except OSError:
            return None
        try:
            inode = os.fstat(handle).st_ino
            if inode != self.at.inode:
                self.at = Cursor(inode)
            place = resume(handle, self.at.offset, self.at.base)
            raw = os.pread(handle, SLICE_BYTES, place.offset)
        except OSError:
            return None
        finally:
            os.close(handle)
        if place.missed:
            self.at.within = self._lost = True  # in the middle of a line, of which nothing was shown
        self.at.offset, self.at.base = place.offset, place.base
        return self._piece(raw, place.missed, at, final=final)

    def _piece(self, raw: bytes, dropped: int, at: float, *, final: bool) -> OutputPiece | None:
        lines: list[str] = []
        begin = 0
        if self.at.within:
            begin = raw.find(b"\n") + 1 or len(raw)
            dropped += begin if self._lost else 0
            self._passed += begin
            if raw[begin - 1 : begin] == b"\n":
                if not self._lost and self._passed > 1:
                    lines.append(f"(that line went on for {self._passed - 1} bytes)")
                self.at.within, self._lost, self._passed = False, False, 0
        end = max(begin, raw.rfind(b"\n") + 1)
        lines += [line_of(row) for row in raw[begin:end].split(b"\n")[:-1]]
        rest = raw[end:]
        if rest and final:
            lines.append(line_of(rest))
            end = len(raw)
        elif end == 0 and len(rest) >= SLICE_BYTES:
            lines.append(line_of(rest[:LINE_BYTES]) + " …")
            self.at.within, self._passed, end = True, len(rest) - LINE_BYTES, len(raw)
        self.at.offset += end
        if not lines and not dropped and not end:
            return None
        return OutputPiece(target=self.name, lines=tuple(lines), cursor=self.cursor, at=at, dropped=dropped)


def cursor_of(text: str) -> tuple[str, Cursor] | None:
    """Return the target and the place that a cursor names, None where it is none."""
    found = _CURSOR.fullmatch(text)
    if found is None:
        return None
    return found[1], Cursor(int(found[2]), int(found[3]), int(found[4]), found[5] == "1")


def _newest(lines: list[str], characters: int) -> tuple[str, ...]:
    """Return as many of the last lines as fit, and in front of them how many did not."""
    for index in range(len(lines) - 1, -1, -1):
        characters -= len(lines[index]) + 1
        if characters < 0:
            return (f"({index + 1} lines before these are left out: they are too long together)", *lines[index + 1 :])
    return tuple(lines)


def _end_of_lines(handle: int, size: int) -> int:
    """Return the offset after the last newline, looking back 64 KiB; a line longer than that is shown in pieces."""
    begin = max(0, size - SLICE_BYTES)
    newline = os.pread(handle, size - begin, begin).rfind(b"\n")
    return begin + newline + 1 if newline >= 0 else begin
