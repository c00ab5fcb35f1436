"""Which frames of a failure are the program's own, which of them failed, and where the screen has their source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexoide.model.examination import SourceView
    from nexoide.model.failure import Failure, Frame, Raised, ValueView
    from nexoide.model.incident import Incident

_LIBRARY = re.compile(
    r"/(?:site|dist)-packages/|/lib(?:64)?/python\d|\\(?:site-packages|Lib)\\|/node_modules/|^node:|/pkg/mod/|/usr/local/go/|/gems/|\bjava\.base\b|^<(?!stdin>|string>|ipython)"
)


def is_own(frame: Frame, workspace: str) -> bool:
    """Tell whether a frame is the program's own code: its source's word where it has one, else by where the file lies."""
    if frame.in_app is not None:
        return frame.in_app
    inside = frame.file[len(workspace) :] if workspace and frame.file.startswith(workspace.rstrip("/") + "/") else frame.file
    return not _LIBRARY.search(inside[:1000])


def variables(frame: Frame) -> list[tuple[str, ValueView]]:
    """Return a frame's variables without those that no program can name: an interpreter's `.0`, a test runner's `@py_assert1`."""
    return [(name, value) for name, value in frame.locals.items() if not name.startswith((".", "@"))]


def shown_path(file: str, workspace: str) -> str:
    """Return a file's path as it is shown: relative to the workspace where it is inside."""
    inside = workspace.rstrip("/") + "/"
    return file.removeprefix(inside) if workspace and file.startswith(inside) else file


def failing_frame(incident: Incident, workspace: str) -> tuple[Raised, Frame] | None:
    """Return the frame that the incident is about: the deepest of the program's own that is at its place, else the deepest."""
    chains = incident.sample.exceptions
    found: tuple[Raised, Frame] | None = None
    for raised in chains:
        for frame in reversed(raised.frames):
            if not is_own(frame, workspace):
                continue
            if _is_at(frame, incident.file, incident.function):
                return raised, frame
            found = found or (raised, frame)
    if found is None:
        found = next(((raised, raised.frames[-1]) for raised in chains if raised.frames), None)
    return found


def _is_at(frame: Frame, file: str, function: str) -> bool:
    if not file or not (frame.file == file or frame.file.endswith("/" + file)):
        return False
    return not function or frame.function.rpartition(".")[2] == function.rpartition(".")[2]


def view_of(frame: Frame, views: Sequence[SourceView]) -> SourceView | None:
    """Return the source that was looked up for a frame, where there is any."""
    for view in views:
        if view.line == frame.line and (frame.file == view.path or frame.file.endswith("/" + view.path)):
            return view
    return None


def is_empty(failure: Failure) -> bool:
    """Tell whether no exception of a failure has a frame."""
    return not any(raised.frames for raised in failure.exceptions)
