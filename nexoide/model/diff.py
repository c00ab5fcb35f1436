"""Differences of two texts: hunks with line numbers and changed words, and a patch that `git apply` takes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from nexoide.model.matching import Op, opcodes

Kind = Literal[" ", "+", "-"]
Row = tuple["DiffLine | None", "DiffLine | None"]

_MAX_WORD_PAIRS = 2_000
_MAX_WORDS = 400
_MAX_SECTION = 80
_MIN_ALIKE = 0.4
_WORDS = re.compile(r"\w+|\s+|.", re.DOTALL)
_PYTHON_SECTION = re.compile(r"\s*(?:async\s+def|def|class)\s")
_SECTION = re.compile(r"[A-Za-z_$\[].*[:{(\]]\s*$")
_NO_NEWLINE = "\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a hunk: its numbers in the old and the new text (1-based, 0 where it is in one alone).

    `spans` are the half-open ranges of characters that changed against the line it is paired with; empty where the
    whole line is new or gone. `newline` is False on a last line that does not end in one.
    """

    kind: Kind
    old: int
    new: int
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    newline: bool = True


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of changes with the lines around it; starts are 1-based, `section` is the definition it stands in."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: str
    lines: tuple[DiffLine, ...]


def hunks(base: str, new: str, context: int = 3) -> tuple[Hunk, ...]:
    """Return the differences of two texts, with `context` unchanged lines around each.

    Lines are what a line feed separates, and nothing else does. The time is bounded for texts of any content.
    """
    if base == new:
        return ()
    old_lines, new_lines = _split(base), _split(new)
    budget = _MAX_WORD_PAIRS
    found: list[Hunk] = []
    for group in _grouped(opcodes(old_lines, new_lines), context):
        hunk, used = _hunk(old_lines, new_lines, group, budget)
        budget -= used
        found.append(hunk)
    return tuple(found)


def counts(of: Sequence[Hunk]) -> tuple[int, int]:
    """Return how many lines the hunks add and remove."""
    kinds = Counter(line.kind for hunk in of for line in hunk.lines)
    return kinds["+"], kinds["-"]


def split_rows(hunk: Hunk) -> list[Row]:
    """Return a hunk's lines side by side: (old, new), with None where one side has nothing."""
    rows: list[Row] = []
    gone: list[DiffLine] = []
    came: list[DiffLine] = []
    for line in (*hunk.lines, None):
        if line is not None and line.kind == "-" and not came:
            gone.append(line)
            continue
        if line is not None and line.kind == "+":
            came.append(line)
            continue
        rows.extend(zip_longest(gone, came))
        gone, came = [], []
        if line is not None and line.kind == "-":
            gone.append(line)
        elif line is not None:
            rows.append((line, line))
    return rows


def unified(path: str, base: str | None, new: str | None) -> str:
    """Return the change of one file as a patch that `git apply` takes; empty where nothing changed. None: there is no file."""
    found = hunks(base or "", new or "")
    if not found:
        return ""
    old_name, new_name = _name(f"a/{path}"), _name(f"b/{path}")
    tab = "\t" if " " in path and not old_name.startswith('"') else ""
    old, to = f"--- {old_name}{tab}\n", f"+++ {new_name}{tab}\n"
    out = [f"diff --git {old_name} {new_name}\n"]
    if base is None:
        out += ["new file mode 100644\n", "--- /dev/null\n", to]
    elif new is None:
        out += ["deleted file mode 100644\n", old, "+++ /dev/null\n"]
    else:
        out += [old, to]
    for hunk in found:
        section = f" {hunk.section}" if hunk.section else ""
        out.append(f"@@ -{_range(hunk.old_start, hunk.old_count)} +{_range(hunk.new_start, hunk.new_count)} @@{section}\n")
        for line in hunk.lines:
            out.append(f"{line.kind}{line.text}\n")
            if not line.newline:
                out.append(_NO_NEWLINE)
    return "".join(out)


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    kept = [line + "\n" for line in lines]
    if last:
        kept.append(last)
    return kept


def _range(start: int, count: int) -> str:
    return f"{start}" if count == 1 else f"{start},{count}"


def _name(path: str) -> str:
    """Quote a path as git does: C escapes for what a header line cannot hold."""
    if all(char.isprintable() and char not in '"\\' for char in path):
        return path
    named = {"\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    out = []
    for char in path:
        if char in named:
            out.append(named[char])
        elif char.isprintable():
            out.append(char)
        else:
            out.extend(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))
    return '"' + "".join(out) + '"'


def _grouped(ops: list[Op], context: int) -> Iterator[list[Op]]:
    group: list[Op] = []
    for number, (tag, i1, i2, j1, j2) in enumerate(ops):
        if tag != "equal":
            group.append((tag, i1, i2, j1, j2))
            continue
        last = number == len(ops) - 1
        if not group:
            if not last:
                keep = min(context, i2 - i1)
                group = [(tag, i2 - keep, i2, j2 - keep, j2)]
        elif last or i2 - i1 > 2 * context:
            keep = min(context, i2 - i1)
            yield [*group, (tag, i1, i1 + keep, j1, j1 + keep)]
            keep = min(context, i2 - i1)
            group = [] if last else [(tag, i2 - keep, i2, j2 - keep, j2)]
        else:
            group.append((tag, i1, i2, j1, j2))
    if any(tag != "equal" for tag, *_ in group):
        yield group


def _hunk(old: list[str], new: list[str], group: list[Op], budget: int) -> tuple[Hunk, int]:
    lines: list[DiffLine] = []
    used = 0
    for tag, i1, i2, j1, j2 in group:
        if tag == "equal":
            lines.extend(_line(" ", i + 1, j1 + i - i1 + 1, old[i]) for i in range(i1, i2))
            continue
        gone = [_line("-", i + 1, 0, old[i]) for i in range(i1, i2)]
        came = [_line("+", 0, j + 1, new[j]) for j in range(j1, j2)]
        for index in range(min(len(gone), len(came), budget - used)):
            left, right = _word_spans(gone[index].text, came[index].text)
            gone[index] = replace(gone[index], spans=left)
            came[index] = replace(came[index], spans=right)
        used += min(len(gone), len(came), budget - used)
        lines.extend(gone)
        lines.extend(came)
    i1, i2, j1, j2 = group[0][1], group[-1][2], group[0][3], group[-1][4]
    old_start = i1 + 1 if i2 > i1 else i1
    new_start = j1 + 1 if j2 > j1 else j1
    return Hunk(old_start, i2 - i1, new_start, j2 - j1, _section(old, i1), tuple(lines)), used


def _line(kind: Kind, old: int, new: int, raw: str) -> DiffLine:
    ends = raw.endswith("\n")
    return DiffLine(kind, old, new, raw[:-1] if ends else raw, (), ends)


def _section(old: list[str], before: int) -> str:
    fallback = ""
    for index in range(before - 1, max(-1, before - 2000), -1):
        if _PYTHON_SECTION.match(old[index]):
            return old[index].strip()[:_MAX_SECTION]
        if not fallback and _SECTION.match(old[index]):
            fallback = old[index].strip()[:_MAX_SECTION]
    return fallback


def _word_spans(old: str, new: str) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    if not left or not right or len(left) > _MAX_WORDS or len(right) > _MAX_WORDS:
        return (), ()
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < _MIN_ALIKE:
        return (), ()
    gone = [(i1, i2) for tag, i1, i2, _, _ in matcher.get_opcodes() if tag in {"replace", "delete"}]
    came = [(j1, j2) for tag, _, _, j1, j2 in matcher.get_opcodes() if tag in {"replace", "insert"}]
    return _ranges(left, gone), _ranges(right, came)


def _ranges(words: list[str], changed: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    merged: list[tuple[int, int]] = []
    for first, last in changed:
        if first < last:
            merged.append((starts[first], starts[last]))
    return tuple(merged)
