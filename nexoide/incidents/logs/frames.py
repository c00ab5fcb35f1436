"""The frames of a Python traceback as printed: the section between its header and its exception, whatever printed it."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import replace

from nexoide.incidents.logs import text
from nexoide.model.failure import Frame

HEAD = 12
TAIL = 28
_CACHED_BYTES = 16 << 10
_CACHED = 256
_KEPT_LINES = 400

FRAME = re.compile(r"\s{0,200}(?:> )?File \"{1,2}(?P<file>[^\n]{0,4096}?)\"{1,2}, line (?P<line>\d{1,9})(?:, in (?P<function>[^\n]{1,512}))?\s*$")
"""A frame of a traceback, of loguru's and of faulthandler's; without `in` it is where a SyntaxError lies. A table's cell doubles the quotes."""
DUMPED = re.compile(r"\s{0,200}File \"(?P<file>[^\n]{0,4096}?)\", line (?P<line>\d{1,9}|\?{3}) in (?P<function>[^\n]{1,512}?)\s*$")
_BOX = re.compile(r"\s{0,40}[│|] (?P<file>\S[^\n]{0,400}?):(?P<line>\d{1,9}) in (?P<function>\S{1,200})\s{0,200}[│|]?\s*$")
_CARETS = re.compile(r"(\s*)([~^][~^ ]*)\s*$")
_ELLIPSIS = re.compile(r"\s{1,200}\.\.\.<(\d{1,9}) lines?>\.\.\.\s*$")
_REPEATED = re.compile(r"\s{0,200}\[Previous line repeated \d{1,9} more times?\]")
_ANNOTATION = re.compile(r"\s{0,400}[│└├╭╰❱]")


class Section:
    """The lines of frames that came so far: all of a short one, the head and the tail of a long one."""

    __slots__ = ("_head", "_tail", "_whole")

    def __init__(self) -> None:
        self._head: list[str] = []
        self._tail: deque[str] = deque(maxlen=_KEPT_LINES)
        self._whole = ""

    def put(self, whole: str) -> None:
        """Take all lines at once, as they stand in the log."""
        self._whole = whole

    def add(self, line: str) -> None:
        """Take a line."""
        if self._whole:
            lines, self._whole = self._whole.split("\n"), ""
            for known in lines:
                self.add(known)
        if len(self._head) < _KEPT_LINES:
            self._head.append(line)
        else:
            self._tail.append(line)

    def __bool__(self) -> bool:
        return bool(self._whole or self._head)

    def last(self) -> str:
        """Return the latest line, "" where there is none."""
        return self._whole.rpartition("\n")[2] if self._whole else self._tail[-1] if self._tail else self._head[-1] if self._head else ""

    def frames(self) -> tuple[Frame, ...]:
        """Return its frames, the raising one last: at most the first 12 and the last 28."""
        if self._whole:
            return _kept(parsed(self._whole))
        if not self._tail:
            return _kept(parsed("\n".join(self._head)))
        return (*parsed("\n".join(self._head))[:HEAD], *parsed("\n".join(self._tail))[-TAIL:])


class _Parsed:
    """Sections that were parsed lately, by their text: what fails often prints the same frames."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Frame, ...]] = OrderedDict()

    def __call__(self, section: str) -> tuple[Frame, ...]:
        known = self._known.get(section)
        if known is None:
            known = tuple(_parse(section.split("\n")))
            if len(section) <= _CACHED_BYTES:
                self._known[section] = known
                if len(self._known) > _CACHED:
                    self._known.popitem(last=False)
        else:
            self._known.move_to_end(section)
        return known


parsed = _Parsed()
"""Return the frames in the text of a section."""


def _kept(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    return frames if len(frames) <= HEAD + TAIL else (*frames[:HEAD], *frames[-TAIL:])


def _parse(lines: list[str]) -> list[Frame]:
    found: list[Frame] = []
    source: list[str] = []
    for line in lines:
        match = FRAME.match(line) or _BOX.match(line)
        if match is not None:
            _finish(found, source)
            source = []
            found.append(Frame(file=text.name(match["file"]), line=int(match["line"]), function=text.name((match["function"] or "<module>").strip())))
        elif found and line.strip() and not _REPEATED.match(line):
            source.append(line)
    _finish(found, source)
    return found


def _finish(frames: list[Frame], lines: list[str]) -> None:
    """Give the last frame what was printed under it: its source, and the columns that carets or tildes mark."""
    if not frames or not lines or _ANNOTATION.match(lines[0]):
        return
    indent = len(lines[0]) - len(lines[0].lstrip())
    shown = lines[0].strip()
    column = end_column = -1
    last, reached = frames[-1].line, 0
    for line in lines[1:]:
        ellipsis = _ELLIPSIS.match(line)
        carets = _CARETS.match(line)
        if ellipsis is not None:
            reached += int(ellipsis[1])
        elif carets is not None:
            begin = max(0, len(carets[1]) - indent)
            column = begin if column < 0 and not reached else column
            end_column = begin + len(carets[2].rstrip())
        elif _ANNOTATION.match(line):
            break
        else:
            reached += 1
            end_column = -1
    if column < 0:
        frames[-1] = replace(frames[-1], source=text.source(shown), end_line=last + reached if reached else -1)
        return
    frames[-1] = replace(frames[-1], source=text.source(shown), column=column, end_column=end_column, end_line=last + reached if end_column >= 0 else -1)
