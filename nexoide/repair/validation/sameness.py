"""Whether two runs failed in the same way, and where: compared by place and kind, for a patch moves lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nexoide.model.failure import Failure, Frame


def own_frames(failure: Failure, root: Path) -> tuple[Frame, ...]:
    """Return the frames of what was raised last that lie in the project's own files, the raising one last."""
    if not failure.exceptions:
        return ()
    return tuple(frame for frame in failure.exceptions[0].frames if relative(frame.file, root) is not None)


def relative(file: str, root: Path) -> str | None:
    """Return a frame's file relative to the root, POSIX; None where it is not one of the project's own."""
    path = Path(file) if file.startswith("/") else root / file
    try:
        found = path.relative_to(root)
    except ValueError:
        return None
    return None if {"site-packages", "dist-packages"} & set(found.parts) else found.as_posix()


def same(one: Failure, other: Failure, root: Path) -> bool:
    """Say whether two failures are one: of one type and in one function, with the same message or the same line of source."""
    if not one.exceptions or not other.exceptions:
        return one.exceptions == other.exceptions and one.log_message == other.log_message
    first, second = one.exceptions[0], other.exceptions[0]
    if first.type != second.type:
        return False
    here, there = own_frames(one, root)[-1:], own_frames(other, root)[-1:]
    if not here or not there:
        return first.message == second.message
    if (here[0].file, here[0].function) != (there[0].file, there[0].function):
        return False
    return first.message == second.message or here[0].source == there[0].source


def newly(after: Iterable[Failure], before: Iterable[Failure], root: Path) -> tuple[Failure, ...]:
    """Return the failures of a later run that an earlier one did not show."""
    known = list(before)
    return tuple(item for item in after if not any(same(item, other, root) for other in known))


def told(failure: Failure) -> str:
    """Return a failure in one line."""
    if not failure.exceptions:
        return failure.log_message[:200]
    raised = failure.exceptions[0]
    return f"{raised.type}: {raised.message}"[:200] if raised.message else raised.type
