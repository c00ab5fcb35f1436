"""The gate in front of everything that parses, shows, tests or applies a patch.

What a person reads in a diff and what Python runs must be the same, so whatever can make them differ is refused: other
encodings, hidden line ends, invisible characters, and files that Python loads unasked. What can crash a parser is
refused before one sees it. The sources of the single rules are PEP 263, PEP 672 and CVE-2021-42574.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import warnings
from collections.abc import Collection, Iterator, Mapping

from nexoide.errors import InspectionError
from nexoide.patches.naming import check_new_file, check_path, check_shadows, is_test_surface, show
from nexoide.patches.shape import MAX_NESTING, names_in, require_shallow
from nexoide.patches.source import decode, split_lines

MAX_BYTES = 1 << 20
MAX_FILES = 200
MAX_TOTAL = 8 << 20
_MAX_NOTES = 20
_BOM = b"\xef\xbb\xbf"
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_UTF8 = frozenset({b"utf-8", b"utf8", b"utf_8"})
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # letters and marks that are drawn as nothing
_compiling = threading.Lock()  # warnings filters are the whole process's

__all__ = ["MAX_BYTES", "MAX_FILES", "MAX_NESTING", "MAX_TOTAL", "inspect", "inspect_all"]


def inspect(path: str, base: bytes | None, new: bytes) -> tuple[str, ...]:
    """Return what the operator should know about one file of a patch; raises InspectionError for what no patch may contain.

    `base` is the file's content before, None where it does not exist yet. Invisible characters are tolerated, with a
    note, in lines above the first and below the last changed one; everything between counts as changed. What changes
    how the whole file is read (encoding, NUL, lone carriage returns) is refused wherever it stands.
    """
    check_path(path)
    if base is None:
        check_new_file(path)
    _check_sizes(path, base, new)
    try:
        text = _check_bytes(base, new)
        kept = _check_characters(base, text)
        require_shallow(new)
        _check_compiles(new)
    except InspectionError as error:
        raise InspectionError(f"{show(path)}: {error.sentence}") from error
    notes = [*_surface(path), *_line_ends(base, new), *kept, *_foreign_names(base, new)]
    return tuple(f"{show(path)}: {note}" for note in notes[:_MAX_NOTES])


def inspect_all(files: Mapping[str, tuple[bytes | None, bytes]], *, existing: Collection[str] = ()) -> tuple[str, ...]:
    """Return the notes on all files of a patch, each given as (before, after); raises InspectionError where one is refused.

    `existing` names the workspace's files, so that a new file which would be imported instead of one of them is seen.
    """
    if not files:
        raise InspectionError("The patch contains no file: there is nothing to review.")
    if len(files) > MAX_FILES:
        raise InspectionError(f"The patch changes {len(files)} files, and at most {MAX_FILES} can be reviewed: split it.")
    total = sum(len(new) for _, new in files.values())
    if total > MAX_TOTAL:
        raise InspectionError(f"The patch is {total >> 20} MiB long, and at most {MAX_TOTAL >> 20} MiB can be reviewed: split it.")
    notes = [note for path, (base, new) in sorted(files.items()) for note in inspect(path, base, new)]
    present = {path for path, (base, _) in files.items() if base is not None}
    created = sorted(files.keys() - present)
    check_shadows([*sorted(present), *created], {*existing, *present} - set(created))
    return tuple(notes)


def _check_sizes(path: str, base: bytes | None, new: bytes) -> None:
    if len(new) > MAX_BYTES:
        raise InspectionError(f"{show(path)} would be {len(new)} bytes long, and at most {MAX_BYTES} can be reviewed: split the file.")
    if new == base:
        raise InspectionError(f"{show(path)} would stay as it is: a patch has to change each of its files.")
    if base and not new.strip():
        raise InspectionError(f"{show(path)} would be emptied: delete it by hand if that is meant.")


def _check_bytes(base: bytes | None, new: bytes) -> str:
    """Refuse what makes Python read other characters or lines than a person is shown; return the text."""
    if b"\0" in new:
        raise InspectionError("It contains a NUL byte, so it is no text: remove it.")
    alone = re.search(rb"\r(?!\n)", new)
    if alone:
        line = new.count(b"\n", 0, alone.start()) + 1
        raise InspectionError(f"Line {line} holds a carriage return without a newline, which hides a line of code: use newlines.")
    if new.startswith(_BOM) and not (base or b"").startswith(_BOM):
        raise InspectionError("It would begin with a byte order mark, which is invisible: leave it out.")
    for number, top in enumerate(new.removeprefix(_BOM).split(b"\n", 2)[:2], start=1):
        cookie = _COOKIE.match(top)
        if cookie and cookie[1].lower() not in _UTF8:
            name = cookie[1].decode("ascii", "replace")[:40]
            raise InspectionError(f"Line {number} declares the encoding {name!a}, in which Python reads other text than is shown: only UTF-8 is accepted.")
    return decode(new)


def _check_characters(base: bytes | None, text: str) -> list[str]:
    """Refuse invisible characters in changed lines; return a note for each untouched line that holds some."""
    lines = split_lines(text)
    first, last = _changed(split_lines(base.decode("utf-8", "surrogateescape")) if base else [], lines)
    notes = []
    for number, line in enumerate(lines, start=1):
        found = _invisible(line, at_start=number == 1)
        if found and first <= number <= last:
            raise InspectionError(f"Line {number} holds {found}, which hides or reorders what is shown: write it as an escape (such as \\u200b).")
        if found:
            notes.append(f"line {number}, which is not changed, already holds {found}")
    return notes


def _changed(old: list[str], new: list[str]) -> tuple[int, int]:
    """Return the first and last changed line of `new` (1-based): all between the common beginning and the common end."""
    shorter = min(len(old), len(new))
    head = next((count for count in range(shorter) if old[count] != new[count]), shorter)
    tail = next((count for count in range(shorter - head) if old[-1 - count] != new[-1 - count]), shorter - head)
    return head + 1, len(new) - tail


def _invisible(line: str, *, at_start: bool) -> str:
    if line.isascii() and line.rstrip("\r\n").replace("\t", " ").isprintable():
        return ""
    body = line.removesuffix("\n").removesuffix("\r")
    if at_start:
        body = body.removeprefix("\ufeff")
    found = sorted({character for character in body if character != "\t" and _is_invisible(character)})
    return ", ".join(f"U+{ord(character):04X}" for character in found[:5])


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in _FILLERS


def _check_compiles(new: bytes) -> None:
    try:
        with _compiling, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(new, "<patch>", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise InspectionError(f"Line {error.lineno or 1} is not valid Python ({str(error.msg)[:200]}): correct it.") from error
    except (ValueError, OverflowError) as error:
        raise InspectionError(f"It is not valid Python ({error}): correct it.") from error
    except (RecursionError, MemoryError) as error:
        raise InspectionError("It is nested too deeply for Python to compile: simplify it.") from error


def _surface(path: str) -> Iterator[str]:
    if is_test_surface(path):
        yield "test surface changed: the tests prove less about this patch"


def _line_ends(base: bytes | None, new: bytes) -> Iterator[str]:
    before, after = _ends(base or b""), _ends(new)
    if base and before and after and before != after:
        yield f"line endings change from {before} to {after}"
    elif not base and after not in {"", "LF"}:
        yield f"line endings are {after}"


def _ends(data: bytes) -> str:
    every, windows = data.count(b"\n"), data.count(b"\r\n")
    if not every:
        return ""
    return "LF" if not windows else "CRLF" if windows == every else "mixed"


def _foreign_names(base: bytes | None, new: bytes) -> Iterator[str]:
    """Yield a note for each identifier that is not ASCII and was not there before: it can look like another, or be it (NFKC)."""
    if new.isascii():
        return
    known = {name for name, _ in names_in(base)} if base and not base.isascii() else set()
    seen = set()
    for name, line in names_in(new):
        if name.isascii() or name in known or name in seen:
            continue
        seen.add(name)
        points = ", ".join(f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip() for character in name if not character.isascii())
        real = unicodedata.normalize("NFKC", name)
        read = f", and Python reads it as {real!a}" if real != name else ""
        yield f"line {line}: the name {name!a} is not ASCII ({points[:200]}){read}"
