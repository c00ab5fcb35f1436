"""The programs of tests/corpus/grouping, written into folders: as they are, and with every line moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "grouping"
_FILE = re.compile(r"^==== (\S+)\n", re.MULTILINE)
_SINCE = re.compile(r"since 3\.(\d+)\n")
_DEF = re.compile(r"^(?=def |class |async def |@)", re.MULTILINE)


def written(folder: Path, minor: int, *, moved: bool = False, only: frozenset[str] = frozenset()) -> Iterator[Path]:
    """Write the programs that CPython 3.`minor` can run below `folder` and yield their folders; `moved` puts lines above and between."""
    for path in sorted(CORPUS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        since = _SINCE.match(text)
        if (since is not None and int(since[1]) > minor) or (only and path.stem not in only):
            continue
        parts = _FILE.split(text)
        for name, source in zip(parts[1::2], parts[2::2], strict=True):
            place = folder / path.stem / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(shifted(source) if moved else source, encoding="utf-8")
        yield folder / path.stem


def shifted(source: str) -> str:
    """Return a source whose lines have other numbers, and mean the same."""
    if not source.strip():
        return source
    return "# written by another hand\n# on another day\n\n\n" + re.sub(r"(?<=\n)\n\n(?=\S)", "\n\n# a remark\n\n", source)
