"""Which lines of two texts belong together, in bounded time for texts of any content.

Unchanged ends are cut off first. What is left is matched by difflib where it is small, by the shortest edit script
(Myers, An O(ND) Difference Algorithm, 1986) where the texts are near each other, and else between lines that occur
once on both sides (patience diff, after Bram Cohen); what then is still big is a replacement as a whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher

Op = tuple[str, int, int, int, int]

_EXACT_CELLS = 250_000  # line pairs of a gap that difflib matches: its worst case is cubic in the lines
_MAX_EDITS = 500  # of the shortest script: its cost is quadratic in the edits


def opcodes(old: list[str], new: list[str]) -> list[Op]:
    """Return what turns `old` into `new`, as difflib's opcodes (tag, i1, i2, j1, j2)."""
    blocks: list[tuple[int, int, int]] = []
    _match(old, new, 0, len(old), 0, len(new), blocks)
    blocks.append((len(old), len(new), 0))
    found: list[Op] = []
    i = j = 0
    for at, to, size in blocks:
        if i < at or j < to:
            tag = "replace" if i < at and j < to else ("delete" if i < at else "insert")
            found.append((tag, i, at, j, to))
        if size:
            last = found[-1] if found else None
            if last and last[0] == "equal" and last[2] == at and last[4] == to:
                found[-1] = ("equal", last[1], at + size, last[3], to + size)
            else:
                found.append(("equal", at, at + size, to, to + size))
        i, j = at + size, to + size
    return found


def _match(old: list[str], new: list[str], i: int, i_end: int, j: int, j_end: int, blocks: list[tuple[int, int, int]]) -> None:
    head = 0
    while i + head < i_end and j + head < j_end and old[i + head] == new[j + head]:
        head += 1
    if head:
        blocks.append((i, j, head))
    i, j = i + head, j + head
    tail = 0
    while i_end - tail > i and j_end - tail > j and old[i_end - tail - 1] == new[j_end - tail - 1]:
        tail += 1
    _middle(old, new, i, i_end - tail, j, j_end - tail, blocks)
    if tail:
        blocks.append((i_end - tail, j_end - tail, tail))


def _middle(old: list[str], new: list[str], i: int, i_end: int, j: int, j_end: int, blocks: list[tuple[int, int, int]]) -> None:
    if i >= i_end or j >= j_end:
        return
    if (i_end - i) * (j_end - j) <= _EXACT_CELLS:
        matcher = SequenceMatcher(None, old[i:i_end], new[j:j_end], autojunk=False)
        blocks.extend((i + at, j + to, size) for at, to, size in matcher.get_matching_blocks() if size)
        return
    near = _shortest(old[i:i_end], new[j:j_end])
    if near is not None:
        blocks.extend((i + at, j + to, 1) for at, to in near)
        return
    anchors = _anchors(old, new, i, i_end, j, j_end)
    if not anchors:
        return
    at, to = i, j
    for a, b in anchors:
        _gap(old, new, at, a, to, b, blocks)
        blocks.append((a, b, 1))
        at, to = a + 1, b + 1
    _gap(old, new, at, i_end, to, j_end, blocks)


def _gap(old: list[str], new: list[str], i: int, i_end: int, j: int, j_end: int, blocks: list[tuple[int, int, int]]) -> None:
    """Match between two anchors; a gap that is still too big has no line of its own in both and is replaced."""
    if (i_end - i) * (j_end - j) <= _EXACT_CELLS:
        _middle(old, new, i, i_end, j, j_end, blocks)


def _anchors(old: list[str], new: list[str], i: int, i_end: int, j: int, j_end: int) -> list[tuple[int, int]]:
    """Return the longest rising run of pairs of lines that occur exactly once on both sides."""
    in_old, in_new = Counter(old[i:i_end]), Counter(new[j:j_end])
    where = {line: at for at, line in enumerate(new[j:j_end], j) if in_new[line] == 1}
    pairs = [(at, where[line]) for at, line in enumerate(old[i:i_end], i) if in_old[line] == 1 and line in where]
    ends: list[int] = []
    ids: list[int] = []
    before: list[int] = []
    for index, (_, to) in enumerate(pairs):
        place = bisect_left(ends, to)
        before.append(ids[place - 1] if place else -1)
        if place == len(ends):
            ends.append(to)
            ids.append(index)
        else:
            ends[place], ids[place] = to, index
    chain: list[tuple[int, int]] = []
    index = ids[-1] if ids else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _shortest(old: list[str], new: list[str]) -> list[tuple[int, int]] | None:
    """Return the pairs of equal lines along a shortest edit script, or None where it has too many edits."""
    rows, columns = len(old), len(new)
    if abs(rows - columns) > _MAX_EDITS:
        return None
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for edits in range(_MAX_EDITS + 1):
        trail.append(furthest.copy())
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            while x < rows and x - k < columns and old[x] == new[x - k]:
                x += 1
            furthest[k] = x
            if x >= rows and x - k >= columns:
                return _walk_back(trail, rows, columns)
    return None


def _walk_back(trail: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for edits in range(len(trail) - 1, -1, -1):
        furthest, k = trail[edits], x - y
        down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
        from_k = k + 1 if down else k - 1
        from_x = furthest[from_k]
        start = from_x if down else from_x + 1
        while x > start:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = from_x, from_x - from_k
    return pairs[::-1]
