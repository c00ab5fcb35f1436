"""Which version of a file a program was running when it failed: the one in which the captured lines read as they were captured."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nexoide.incidents.project import project_frame, relative_path
from nexoide.model.examination import SourceView
from nexoide.model.failure import Failure
from nexoide.probe.redact import redact

AROUND = 6
MAX_PLACES = 8
MAX_LINE = 300
MAX_SOURCE = 400
_CUT_FROM = 100
_LINE_END = re.compile(r"\r\n|\r|\n")
_CODING = re.compile(rb"^[ \t\f]*#.{0,200}?coding[:=][ \t]*([-\w.]{1,40})")
_ENCODINGS = re.compile(
    r"(?:utf-?8(?:-sig)?|(?:us-)?ascii|latin-?1|iso-?8859-?\d{1,2}|(?:cp|windows-?)125\d|koi8-[ru]|euc-(?:jp|kr)|shift-?jis|gbk|gb18030|big5)\Z"
)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the workspace's own code that a failure went through; `path` is relative to the workspace, `source` as captured."""

    path: str
    line: int
    function: str
    source: str = ""


@dataclass(frozen=True)
class Version:
    """One text of a file: `commit` is what it is from (empty: the disk), `path` what it was called there (in the repository)."""

    commit: str
    path: str
    data: bytes

    @cached_property
    def lines(self) -> list[str]:
        """The lines, as Python numbers them."""
        return _LINE_END.split(_decoded(self.data))

    @cached_property
    def compared(self) -> list[str]:
        """The lines as `agrees` compares them."""
        return [_plain(line) for line in self.lines]

    def reads(self, line: int, source: str) -> bool:
        """Say whether a line (1-based) is what was captured."""
        return 0 < line <= len(self.lines) and agrees(self.lines[line - 1], source)

    def only(self, source: str) -> int:
        """Return the number of the one line that reads as captured; 0 where none does, or several do."""
        wanted = _plain(source)
        found = [number for number, line in enumerate(self.compared, 1) if line == wanted]
        if not found and ("«redacted:" in wanted or len(wanted) >= _CUT_FROM):
            found = [number for number, line in enumerate(self.lines, 1) if agrees(line, source)]
        return found[0] if len(found) == 1 else 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """The version that a place was found in, and its line there; `sure` is False where no captured text could be compared."""

    version: Version
    line: int
    sure: bool = True


def places(failure: Failure, root: Path) -> list[Place]:
    """Return the lines of the workspace that a failure went through, at most 8: the one that names its incident first, causes last."""
    named = project_frame(failure, root)
    found: dict[tuple[str, int], Place] = {}
    for frame in itertools.chain([named[0]] if named else [], *(reversed(raised.frames) for raised in failure.exceptions)):
        path = relative_path(frame.file, root) if frame.in_app is not False else None
        if path is not None and frame.line > 0:
            found.setdefault((path, frame.line), Place(path, frame.line, frame.function, frame.source))
        if len(found) >= MAX_PLACES:
            break
    return list(found.values())


def agrees(line: str, source: str) -> bool:
    """Say whether a line of a file is the one that was captured: without its indentation, cut short, or with secrets taken out."""
    wanted, plain = _plain(source), _plain(line)
    if plain == wanted or (len(wanted) >= _CUT_FROM and plain.startswith(wanted)):
        return bool(wanted)
    if "«redacted:" not in wanted:
        return False
    return wanted in {_plain(redact(line.strip()[:MAX_SOURCE], code=True)), _plain(redact(line.strip()[:MAX_SOURCE]))}


def choose(wanted: Iterable[Place], versions: Callable[[], Iterator[Version]]) -> dict[Place, Chosen]:
    """Return where each place of one file is found; `versions` yields the file's texts, the likeliest first.

    One process ran one text: the first in which all lines read as captured is taken. Else each line is looked for by itself, first
    under its own number in any text, then under any number in the first text in which it stands once.
    """
    checked = [place for place in wanted if place.source.strip()]
    if not checked:
        return {}
    seen: list[Version] = []
    for version in versions():
        seen.append(version)
        if all(version.reads(place.line, place.source) for place in checked):
            return {place: Chosen(version, place.line) for place in checked}
    found = {}
    for place in checked:
        exact = next((version for version in seen if version.reads(place.line, place.source)), None)
        if exact is not None:
            found[place] = Chosen(exact, place.line)
            continue
        moved = next(((version, number) for version in seen if (number := version.only(place.source))), None)
        if moved is not None:
            found[place] = Chosen(*moved)
    return found


def view(place: Place, chosen: Chosen) -> SourceView:
    """Return the lines around a place as they may be kept: secrets taken out, each at most 300 characters."""
    first = max(1, chosen.line - AROUND)
    lines = _without_keys(chosen.version.lines)[first - 1 : chosen.line + AROUND]
    return SourceView(
        path=place.path,
        line=chosen.line,
        function=place.function,
        first_line=first,
        lines=tuple(redact(line[:MAX_LINE].rstrip(), code=True) for line in lines),
        commit=chosen.version.commit,
    )


def _without_keys(lines: list[str]) -> list[str]:
    """Return the lines without those of private keys, which lie over several: no single one of them looks like a secret."""
    if not any("PRIVATE KEY-----" in line for line in lines):
        return lines
    kept, inside = [], False
    for line in lines:
        begins, ends = "-----BEGIN" in line and "PRIVATE KEY-----" in line, "-----END" in line and "PRIVATE KEY-----" in line
        kept.append("«redacted:private-key»" if (inside or begins) and not (begins and ends) else line)
        inside = (inside or begins) and not ends
    return kept


def _plain(line: str) -> str:
    return " ".join(line.split())


def _decoded(data: bytes) -> str:
    declared = next((found[1].decode("ascii") for line in data.split(b"\n", 2)[:2] if (found := _CODING.match(line))), "utf-8").lower().replace("_", "-")
    encoding = declared if _ENCODINGS.match(declared) else "utf-8"
    try:
        return data.decode(encoding, "replace").removeprefix("\ufeff")
    except LookupError:
        return data.decode("utf-8", "replace").removeprefix("\ufeff")
