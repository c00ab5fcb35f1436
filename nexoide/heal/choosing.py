"""Which of several failures matters first, and what a run with a patch shows that the run without it did not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nexoide.model.failure import Failure, Frame, Raised
from nexoide.repair.validation.sameness import newly, own_frames, relative, same
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


def repaired(failure: Failure, before: Observation, after: Observation, root: Path) -> bool:
    """Say whether a run with a patch ended well, and showed nothing that was not there before; `failure` is what it was to repair."""
    if after.problem or after.exit_code != 0:
        return False
    return not any(same(failure, item, root) for item in after.failures) and not newly(after.failures, before.failures, root)


def place(failure: Failure, root: Path) -> Frame | None:
    """Return the deepest frame in the folder's own files of what was raised; the deepest of all where there is none."""
    if not failure.exceptions:
        return None
    frames = failure.exceptions[0].frames
    inside = own_frames(failure, root)
    return inside[-1] if inside else frames[-1] if frames else None


def beyond(failure: Failure, before: Observation, after: Observation, root: Path) -> Failure | None:
    """Return what a run fails with once `failure` is gone: what did not show before, else what is left of it; None where it is not gone."""
    if any(same(failure, item, root) for item in after.failures):
        return None
    fresh = newly(after.failures, before.failures, root)
    left = ordered(after)
    return next((item for item in left if item in fresh), left[0] if left and after.exit_code != 0 else None)


def pointed(failure: Failure, root: Path, file: str) -> Failure:
    """Return a failure whose frames end at the last one in `file`, where it has one there; else as it is."""
    chain: list[Raised] = []
    for raised in failure.exceptions:
        last = max((number for number, frame in enumerate(raised.frames) if relative(frame.file, root) == file), default=-1)
        chain.append(replace(raised, frames=raised.frames[: last + 1]) if last >= 0 else raised)
    return replace(failure, exceptions=tuple(chain))


def moved(failure: Failure, root: Path, folder: Path) -> Failure:
    """Return a failure seen at `root` as one of `folder`, a copy of it."""

    def there(frame: Frame) -> Frame:
        rel = relative(frame.file, root)
        return replace(frame, file=str(folder / rel)) if rel is not None else frame

    return replace(failure, exceptions=tuple(replace(raised, frames=tuple(there(frame) for frame in raised.frames)) for raised in failure.exceptions))
