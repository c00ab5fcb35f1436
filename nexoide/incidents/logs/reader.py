"""Reads failures out of the bytes of one log: lines are cut only where something may be that matters."""

from __future__ import annotations

import re
from functools import lru_cache

from nexoide.incidents.logs import text
from nexoide.incidents.logs.assembler import Assembler
from nexoide.incidents.logs.emission import Emission
from nexoide.incidents.logs.outbox import SETTLE_SECONDS, Outbox
from nexoide.incidents.logs.triggers import NOWHERE, Triggers
from nexoide.model.failure import Failure, Raised, Source

CHUNK = 256 << 10
CONTEXT_LINES = 6
CONTEXT_BYTES = 8 << 10
UNFINISHED_SECONDS = 2.0
_CLOCK = 1e-6  # what rounding of wall seconds may take away
_MAX_SECTION = 16 << 10
_SECTION = re.compile(rb"(?:[ \t][^\n]*\n)+")
_HEADER = b"Traceback (most recent call last):"


class LogReader:
    """Reads one stream: a log file, or what a target printed. What it returns is bounded and without secrets.

    After each call `lines` are the line numbers (from 1, as far as this reader read) at which the returned failures begin.
    `skipped` counts bytes of lines that were too long to keep. No content makes it raise.
    """

    def __init__(self, *, origin: str, target: str = "", log_errors: bool = True, source: Source = "file") -> None:
        self._outbox = Outbox()
        self._emission = Emission(self._outbox, origin, target, source, log_errors)
        self._assembler = Assembler(self._emission, read_stack)
        self._carry = b""
        self._over = False
        self._number = 0
        self._ended_in_cr = False
        self._fed = self._asked = 0.0
        self._began = False
        self.skipped = 0
        self.lines: list[int] = []

    def feed(self, data: bytes, now: float) -> list[Failure]:
        """Take the next bytes, cut anywhere; `now` is wall seconds."""
        self._emission.now = self._fed = self._asked = now
        for at in range(0, len(data), CHUNK):
            self._feed(data[at : at + CHUNK] if len(data) > CHUNK else data)
        return self._released(now)

    def due(self) -> float | None:
        """Return after how many seconds `idle` must be called, counted from the last call; None where nothing is held back."""
        waits = [self._outbox.due(self._asked)]
        if self._assembler.open:
            waits.append(self._fed + (UNFINISHED_SECONDS if self._assembler.unfinished else SETTLE_SECONDS) - self._asked)
        known = [wait for wait in waits if wait is not None]
        return max(0.0, min(known)) if known else None

    def idle(self, now: float) -> list[Failure]:
        """The stream paused: return what was held back long enough."""
        self._asked = now
        waited = now - self._fed + _CLOCK
        if waited >= UNFINISHED_SECONDS:
            if self._carry and self._assembler.open:
                self._rest()
            self._assembler.close()
        elif waited >= SETTLE_SECONDS:
            self._assembler.settle()
        return self._released(now)

    def close(self, now: float) -> list[Failure]:
        """Nothing more comes: return all that is left; the reader may be fed anew, as for the next file of a log."""
        self._emission.now = self._fed = self._asked = now
        self._rest()
        self._assembler.close()
        return self._released(now, everything=True)

    def _released(self, now: float, *, everything: bool = False) -> list[Failure]:
        entries = self._outbox.release(now, self._assembler.first_open(self._number), everything=everything)
        self.lines = [entry.line for entry in entries]
        return [entry.failure for entry in entries]

    def _rest(self) -> None:
        if self._carry:
            line, self._carry = self._carry, b""
            self._lines(line + b"\n")
        self._over = False

    def _feed(self, data: bytes) -> None:
        if b"\0" in data:
            data = data.replace(b"\0", b"")  # a hole that truncation left, or UTF-16
        if b"\r" in data or self._ended_in_cr:
            data = self._universal(data)
        if not self._began and data:
            self._began = True
            data = data.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
        if self._over:
            end = data.find(b"\n")
            self.skipped += len(data) if end < 0 else end
            if end < 0:
                return
            data = self._carry + data[end:]
            self._carry, self._over = b"", False
        elif self._carry:
            data = self._carry + data
            self._carry = b""
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        if len(rest) > text.MAX_LINE:
            self.skipped += len(rest) - text.MAX_LINE
            rest, self._over = rest[: text.MAX_LINE], True
        self._carry = rest
        if end:
            self._lines(data[:end] if rest else data)

    def _universal(self, data: bytes) -> bytes:
        if self._ended_in_cr and data[:1] == b"\n":
            data = data[1:]
        self._ended_in_cr = data[-1:] == b"\r" if data else self._ended_in_cr
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _lines(self, data: bytes) -> None:
        """Take whole lines: those that matter, their neighbours, and whatever follows while something is open."""
        if b"\x1b" in data:
            data = text.ESCAPE.sub(b"", data)
        triggers = Triggers(data)
        assembler, number, at, size = self._assembler, self._number, 0, len(data)
        while at < size:
            if not assembler.open:
                place = triggers.after(at)
                begin = size if place == NOWHERE else data.rfind(b"\n", at, place) + 1
                if begin > at:
                    number += data.count(b"\n", at, begin)
                    self._context(data, at, begin, number)
                    at = begin
                if place == NOWHERE:
                    break
            end = data.find(b"\n", at)
            number += 1
            line = data[at:end] if end - at <= text.MAX_LINE else data[at : at + text.MAX_LINE]
            self.skipped += end - at - len(line)
            assembler.take(text.decoded(line), number)
            at = end + 1
            if line == _HEADER and assembler.section_expected():
                found = _SECTION.match(data, at, at + _MAX_SECTION)
                if found is not None and found.end() < size and data[found.end()] not in b" \t":
                    section = data[at : found.end() - 1]
                    number += section.count(b"\n") + 1
                    assembler.put(text.decoded(section), number)
                    at = found.end()
        self._number = number

    def _context(self, data: bytes, at: int, begin: int, number: int) -> None:
        """Let the last lines before `begin` be remembered; `number` is that of the last of them."""
        first = begin
        for _ in range(CONTEXT_LINES):
            if first <= at or begin - first > CONTEXT_BYTES:
                break
            first = data.rfind(b"\n", at, first - 1) + 1 or at
        lines = data[first:begin].split(b"\n")[:-1]
        for index, line in enumerate(lines):
            if len(line) <= CONTEXT_BYTES:
                self._assembler.remember(text.decoded(line), number - len(lines) + 1 + index)


def read_stack(whole: str) -> tuple[str, tuple[Raised, ...]]:
    """Return language and exceptions of the stack trace in a text, `()` where it holds none."""
    return _read_stack(whole) if len(whole) <= _MAX_SECTION else _read_stack.__wrapped__(whole)


@lru_cache(maxsize=256)
def _read_stack(whole: str) -> tuple[str, tuple[Raised, ...]]:
    outbox = Outbox()
    assembler = Assembler(Emission(outbox, "", log_errors=False), None)
    for number, line in enumerate(whole.splitlines(), 1):
        assembler.take(
            text.ESCAPE.sub(b"", line.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")[: text.MAX_LINE]
            if "\x1b" in line
            else line[: text.MAX_LINE],
            number,
        )
    assembler.close()
    for entry in outbox.release(0.0, 0, everything=True):
        if entry.failure.exceptions:
            return entry.failure.language, entry.failure.exceptions
    return "python", ()
