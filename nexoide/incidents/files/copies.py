"""Copies that rotation makes of a log before it empties the file: known again by their content, never read twice, and a help where the file was emptied."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from nexoide.incidents.files import content
from nexoide.incidents.files.content import NOTHING, Mark
from nexoide.incidents.files.names import copy_of
from nexoide.incidents.files.opening import Opened, Refused, open_log


@dataclass(frozen=True, slots=True)
class Place:
    """How far a file was read: enough to find it again and to see whether it is still that content.

    `base` is how much was written to it before its first byte, where it was shortened from the front; `lines` is how many lines
    come before `offset`, -1 where that is not known.
    """

    path: str
    device: int
    inode: int
    offset: int
    head: Mark = NOTHING
    tail: Mark = NOTHING
    base: int = 0
    lines: int = -1


class Rest(NamedTuple):
    """A copy, open, that holds what was not read of the original, up to `end`."""

    handle: int
    end: int


def holds(handle: int, size: int, places: Iterable[Place], original: int) -> bool | None:
    """Whether a file of `size` bytes is a copy of what was read up to one of `places`; None: that cannot be said yet.

    `original` is the open file that it may be a copy of, -1 where it is not open.
    """
    for place in places:
        if not place.head.length or size < place.head.length or not content.stands(handle, 0, place.head):
            continue
        if size < place.offset:
            return None
        if content.stands(handle, place.offset - place.tail.length, place.tail):
            return True
    if original < 0:
        return False
    same = size <= os.fstat(original).st_size and content.begin_of(handle, size) == content.begin_of(original, size)
    return None if same and content.before(handle, size) == content.before(original, size) else False


def newest(place: Place, allowed: tuple[str, ...]) -> Rest | None:
    """Return the newest copy beside a file, as `logrotate` makes one before it empties that file, which holds more than was read of it."""
    folder, name = os.path.split(place.path)
    best: Opened | None = None
    for other in _names(folder):
        if not place.head.length or not copy_of(other, name):
            continue
        try:
            opened = open_log(os.path.join(folder, other), allowed)
        except (Refused, OSError):
            continue
        spare: Opened | None = opened
        if _goes_on(opened, place) and (best is None or opened.found.st_mtime > best.found.st_mtime):
            spare, best = best, opened
        if spare is not None:
            os.close(spare.handle)
    return Rest(best.handle, best.found.st_size) if best is not None else None


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _goes_on(opened: Opened, place: Place) -> bool:
    if opened.found.st_size <= place.offset or opened.found.st_ino == place.inode:
        return False
    return content.stands(opened.handle, 0, place.head) and content.stands(opened.handle, place.offset - place.tail.length, place.tail)
