"""Which failures are one: a fingerprint of exception types and of the frames inside the workspace.

After Sentry's stack-trace grouping: module, function and source line of the frames of the program itself, no line
numbers, recursion collapsed; the message counts only where no frame does, and then without its variable parts.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePath

from nexoide.incidents.parameterise import parameterise
from nexoide.model.failure import Failure, Frame, Raised

MAX_CONTEXT = 120
_FOREIGN = frozenset({".venv", "venv", "site-packages", "dist-packages", ".nexoide", ".tox", ".nox", "node_modules", ".git"})


def fingerprint(failure: Failure, root: Path) -> str:
    """Return 16 hex digits that are equal for like failures; `root` is the workspace, absolute and resolved.

    Equal under moved lines, other values and other depths of recursion; different for another type, function,
    source line or chain of exceptions.
    """
    parts = list(_components(failure, str(root)))
    if not any(frames for _, _, frames in parts):
        messages: list[object] = [parameterise(raised.message) for raised in failure.exceptions]
        if not failure.exceptions:
            messages = [failure.logger, parameterise(failure.log_message)]
        parts.append(("message", "", messages))
    whole = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def workspace_frame(failure: Failure, root: Path) -> Frame | None:
    """Return the deepest frame that lies in the workspace's own code, of the first exception of the chain that has one."""
    for raised in failure.exceptions:
        for frame in reversed(raised.frames):
            if relative_path(frame.file, root) is not None:
                return frame
    return None


def relative_path(file: str, root: Path) -> str | None:
    """Return a frame's file relative to the workspace (POSIX separators), None where it is not the workspace's own code.

    Installed packages, virtual environments and nexoide's own folder are not, wherever they lie.
    """
    return _relative(file, str(root))


@lru_cache(maxsize=4096)
def _relative(file: str, root: str) -> str | None:
    if not file or file.startswith("<") or "\0" in file:
        return None
    whole = os.path.normpath(file if os.path.isabs(file) else os.path.join(root, file))  # noqa: PTH117, PTH118 - text, not a place
    for candidate in (whole, os.path.realpath(whole)):
        inside = PurePath(candidate)
        if not inside.is_relative_to(root):
            continue
        relative = inside.relative_to(root)
        if relative.parts and not _FOREIGN.intersection(relative.parts[:-1]):
            return relative.as_posix()
        return None
    return None


def _components(failure: Failure, root: str) -> Iterator[tuple[str, str, list[object]]]:
    """Yield relation, type and frames of each exception; like members of a group count once, in no order."""
    members: dict[str, tuple[str, str, list[object]]] = {}
    for raised in failure.exceptions:
        part = (raised.relation, f"{raised.module}.{raised.type}", _frames(raised, root))
        if raised.relation == "member":
            members[json.dumps(part)] = part
        else:
            yield part
    yield from (members[key] for key in sorted(members))


def _frames(raised: Raised, root: str) -> list[object]:
    """Return each distinct frame of the workspace in order: how deep a recursion went, and where in its cycle it ended, is chance."""
    found: list[tuple[str, str, str]] = []
    for frame in raised.frames:
        relative = _relative(frame.file, root)
        if relative is not None:
            found.append((frame.module or relative, frame.function, " ".join(frame.source.split())[:MAX_CONTEXT]))
    return list(dict.fromkeys(found))
