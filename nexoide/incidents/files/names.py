"""What the name of a log says: which file it was rotated from, how old it is, and whether it is one that is read."""

from __future__ import annotations

import os
import re

COMPRESSED = frozenset({".gz", ".bz2", ".xz", ".zst", ".lz4", ".z", ".zip", ".7z", ".br"})
TEXTUAL = frozenset({".log", ".out", ".err", ".txt", ".json", ".jsonl", ".ndjson", ".stderr", ".stdout", ".trace", ".logs"})
_SOURCES = ".py .pyc .pyi .so .js .ts .css .html .htm .md .rst .toml .cfg .ini .yml .yaml .c .h .rs .go .java .class .jar .sh .sql"
_DATA = ".db .sqlite .sqlite3 .db-wal .db-shm .pid .lock .sock .png .jpg .jpeg .gif .svg .ico .pdf .tar .tgz .whl .bin .dat .journal .pickle .pkl .swp .xml"
OTHER = frozenset([*_SOURCES.split(), *_DATA.split()])
"""Endings of what is no log: left out where a whole folder is named."""
_NUMBER = r"\d{1,4}"
_PART = r"\d{1,14}"
_DATE = r"\d{4}[-_.]?\d{2}(?:[-_.]?\d{2})?(?:[-_.T]?\d{2}(?:[-_.:]?\d{2}){0,2})?|\d{8,14}"
_AFTER = re.compile(rf"(?P<base>.{{1,200}}?)[-._](?:(?P<number>{_NUMBER})|(?P<date>{_DATE})(?:[-._](?P<part>{_PART}))?)\Z")
_WITHIN = re.compile(
    rf"(?P<base>.{{1,200}}?)[-._](?:(?P<number>{_NUMBER})|(?P<date>{_DATE})(?:[-._](?P<part>{_PART}))?)(?P<ending>\.[A-Za-z][A-Za-z0-9]{{0,9}})\Z"
)
_OLD = re.compile(r"(?P<base>.{1,200}?)(?:\.(?:old|bak|prev|previous|orig|save)|~)\Z")

Age = tuple[int, int | str, int]
_NEWEST: Age = (3, 0, 0)


def ending(name: str) -> str:
    """Return a name's ending in small letters, `.log` of `app.LOG.1.gz`: what compression and rotation added is left away."""
    return os.path.splitext(rotated_from(name)[0])[1].lower()


def compressed(name: str) -> bool:
    """Whether a name says that the file is compressed."""
    return os.path.splitext(name)[1].lower() in COMPRESSED


def rotated_from(name: str) -> tuple[str, Age]:
    """Return the name that a rotated log had while it was written, and a key that sorts the oldest first.

    `app.log.2.gz` was `app.log`, as `app.log-20240131`, `app.1.log` and `app.log.old` were; a name without such a mark is
    its own, and newest.
    """
    if compressed(name):
        name = os.path.splitext(name)[0]
    old = _OLD.fullmatch(name)
    if old:
        return old["base"], (2, 0, 0)
    found = _AFTER.fullmatch(name) or _WITHIN.fullmatch(name)
    if found is None:
        return name, _NEWEST
    base = found["base"] + (found.groupdict().get("ending") or "")
    if found["date"]:
        return base, (0, re.sub(r"\D", "", found["date"]).ljust(14, "0"), -int(found["part"] or 0))
    return base, (1, "", -int(found["number"]))


def in_order_of_time(path: str) -> tuple[str, str, tuple[int, str, int], str]:
    """Return a sort key under which the parts of one log come oldest first: `app.log.2`, `app.log.1`, `app.log`."""
    folder, name = os.path.split(path)
    base, (kind, text, number) = rotated_from(name)
    return folder, base, (kind, str(text), number), name


def copy_of(name: str, other: str) -> bool:
    """Whether a file of this name may be a copy that rotation made of a file named `other` in the same folder."""
    return name != other and rotated_from(name)[0] == other


def shown(path: str) -> str:
    r"""Return a path as text that can be stored: bytes of a name that are not UTF-8 as `\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
