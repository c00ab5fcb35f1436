"""Which of several failures matters first, and whether two runs failed in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nexoide.model.failure import Failure, Frame, Raised
from nexoide.repair.validation.trial import Observation

_IMPORTANCE = ("main", "output", "pytest", "thread", "task", "server", "request", "warning", "log", "unraisable")
MAX_TRIED = 3
"""Failures of one run that are diagnosed: those that follow are seldom the cause."""


def ordered(seen: Observation) -> tuple[Failure, ...]:
    """Return a run's failures, the one to repair first in front: what ended the program, failing tests, then what was told beside.

    Of those that ended the program the last one did.
    """
    ending = [item for item in seen.failures if item.source in ("main", "output") and item.exceptions]
    others = [item for item in seen.failures if item not in ending and (item.exceptions or item.log_message)]
    ranks = {source: rank for rank, source in enumerate(_IMPORTANCE)}
    return (*reversed(ending), *sorted(others, key=lambda item: ranks.get(item.source, len(ranks))))


def clean(seen: Observation) -> bool:
    """Say whether a run ended well and showed no failure."""
    return seen.exit_code == 0 and not seen.failures and not seen.problem


def place(failure: Failure, root: Path) -> Frame | None:
    """Return the deepest frame in the folder's own files of what was raised; the deepest of all where there is none."""
    if not failure.exceptions:
        return None
    frames = failure.exceptions[0].frames
    inside = [frame for frame in frames if is_own(frame.file, root)]
    return inside[-1] if inside else frames[-1] if frames else None


def is_own(file: str, root: Path) -> bool:
    """Say whether a frame's file lies in the folder, and not among packages installed in it."""
    path = Path(file) if file.startswith("/") else root / file
    return path.is_relative_to(root) and not {"site-packages", "dist-packages"} & set(path.parts)


def same(one: Failure, other: Failure, root: Path) -> bool:
    """Say whether two failures are one: of the same type, with the same message or at the same line of the same function."""
    if not one.exceptions or not other.exceptions:
        return one.exceptions == other.exceptions and one.log_message == other.log_message
    first, second = one.exceptions[0], other.exceptions[0]
    if first.type != second.type:
        return False
    here, there = place(one, root), place(other, root)
    if here is None or there is None:
        return first.message == second.message
    if here.function != there.function or here.file != there.file:
        return False
    return first.message == second.message or here.source == there.source


def beyond(before: Observation, after: Observation, root: Path) -> tuple[Failure, ...]:
    """Return the failures of a later run that an earlier one did not show, in order of importance."""
    return tuple(item for item in ordered(after) if not any(same(item, known, root) for known in before.failures))


def pointed(failure: Failure, root: Path, file: str) -> Failure:
    """Return a failure whose frames end at the last one in `file`, where it has one there; else as it is."""
    wanted = str(root / file)
    chain: list[Raised] = []
    for raised in failure.exceptions:
        last = max((number for number, frame in enumerate(raised.frames) if str(root / frame.file) == wanted), default=-1)
        chain.append(replace(raised, frames=raised.frames[: last + 1]) if last >= 0 else raised)
    return replace(failure, exceptions=tuple(chain))


def moved(failure: Failure, root: Path, folder: Path) -> Failure:
    """Return a failure seen at `root` as one of `folder`, a copy of it."""

    def there(frame: Frame) -> Frame:
        return replace(frame, file=str(folder / Path(frame.file).relative_to(root))) if is_own(frame.file, root) and frame.file.startswith("/") else frame

    return replace(failure, exceptions=tuple(replace(raised, frames=tuple(there(frame) for frame in raised.frames)) for raised in failure.exceptions))
