"""Whose code a frame is, and under which name its file is known, whatever the host and folder that it was seen in.

A frame is the project's where its file lies below the workspace, or ends like a file of it (another host's folder). Where no
frame of a failure does, it is whatever its source says is the application's, else what is neither the standard library's nor installed.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path, PurePath

from nexoide.incidents.remote import unfolded
from nexoide.model.failure import Failure, Frame, Raised

MAX_PATH = 1024
MAX_SUFFIX = 12
MAX_COMPARED = 256 << 10
_ALIKE = 0.5
_FOREIGN = frozenset({".venv", "venv", "site-packages", "dist-packages", ".nexoide", ".tox", ".nox", "node_modules", ".git"})
_LIBRARY = re.compile(
    r"(?:^|/)(?:site-packages|dist-packages|node_modules|\.venv|venv|\.tox|\.nox|\.nexoide)/|/lib(?:64)?/(?:python|pypy)\d(?:\.\d{1,2})?t?/"
    r"|/python\d{2,3}\.zip/|/Python\d{2,3}/Lib/|(?:^|/)nexoide/(?:probe|middleware)/|(?:^|/)<[^/]{0,200}$"
)
_NO_FILE = re.compile(r"(?:^|[/\\])<[^/\\]{0,200}>$")
"""What was compiled from a text or is frozen; sentry-sdk puts the current folder before it."""
_OURS = re.compile(r"(?:^|/)nexoide/(?:probe|middleware)/|/lib(?:64)?/python\d\.\d{1,2}t?/")
_SAYS_LITTLE = re.compile(
    r"(?:__init__|__main__|main|app|apps|api|views?|models?|utils?|helpers?|common|base|core|tasks?|handlers?|admin|urls|forms|serializers|signals|services?"
    r"|schemas?|routes?|routers?|clients?|server|config|settings|types|errors|exceptions|middleware|workers?|cli|db|database|commands?|consumers?|managers?"
    r"|permissions|filters|tests?|conftest|index|run|wsgi|asgi|manage|controllers?|resources?)\.pyw?"
)
_FOLDER_OF_A_HOST = re.compile(
    r"apps?|application|src|source|code|work|workspace|tmp|temp|home|srv|opt|current|releases?|build|dist|www|html|sites?|projects?|repos?|deploy(?:ments?)?"
    r"|lib|bin|usr|var|data|root|user|mnt|media|shared?|live|prod|production|staging|dev|tests?|hosts?|containers?|function|task|vagrant|ubuntu|debian"
    r"|runner|checkout|folder|old|new|local|packages?"
)
_PACKAGE = re.compile(r"[a-z][a-z_]{1,40}")
_BELOW = ("", "src/")


def relative_path(file: str, root: Path) -> str | None:
    """Return a frame's file relative to the workspace (POSIX separators), None where it is not the workspace's own code.

    Installed packages, virtual environments and nexoide's own folder are not, wherever they lie. A path of another
    host is the workspace's file with which it has the longest end in common.
    """
    return _relative(file, str(root))


def project_frame(failure: Failure, root: Path | None) -> tuple[Frame, str] | None:
    """Return the deepest frame of the project and its path as shown, of the first exception of the chain that has one.

    The path is relative to the workspace where the file is in it, else as its source said it. Members of a group go before the group.
    """
    chain = unfolded(failure.exceptions)
    frames = frames_by_exception(chain, root)
    order = sorted(range(len(chain)), key=lambda index: is_group(chain[index]))
    for index in order:
        if frames[index]:
            frame, _ = frames[index][-1]
            inside = None if root is None else relative_path(frame.file, root)
            return frame, inside or frame.file
    return None


def project_frames(raised: Raised, root: Path | None) -> list[tuple[Frame, str]]:
    """Return the frames of one exception that are the project's, each with the name that its file has on every host."""
    return frames_by_exception((raised,), root)[0]


def is_group(raised: Raised) -> bool:
    """Say whether an exception stands for those that follow it as its members."""
    return raised.type.endswith("ExceptionGroup") or (" sub-exception" in raised.message[-40:] and raised.message.endswith(")"))


def frames_by_exception(chain: tuple[Raised, ...], root: Path | None) -> list[list[tuple[Frame, str]]]:
    """Return, for each exception, its frames that are the project's, each with the name that its file has on every host."""
    if root is not None:
        whole = str(root)
        inside = [[(frame, path) for frame in raised.frames if (path := _relative(frame.file, whole)) is not None] for raised in chain]
        if any(inside):
            return inside
    said = any(frame.in_app for raised in chain for frame in raised.frames)
    return [[(frame, stable_name(frame.file)) for frame in raised.frames if _counts(frame, said=said)] for raised in chain]


def _counts(frame: Frame, *, said: bool) -> bool:
    if said:
        return frame.in_app is True and _OURS.search(_posix(frame.file)) is None
    return _likely(frame.file)


@lru_cache(maxsize=8192)
def stable_name(file: str) -> str:
    """Return what of a path is the same on every host: its base name, and its folder's where the base name says little."""
    parts = _posix(file[-MAX_PATH:]).rsplit("/", 2)
    base, folder = parts[-1], parts[-2] if len(parts) > 1 else ""
    if _SAYS_LITTLE.fullmatch(base) and _PACKAGE.fullmatch(folder) and not _FOLDER_OF_A_HOST.fullmatch(folder):
        return f"{folder}/{base}"
    return base


@lru_cache(maxsize=8192)
def _likely(file: str) -> bool:
    return bool(file) and len(file) <= MAX_PATH and _LIBRARY.search(_posix(file)) is None


def _posix(file: str) -> str:
    return file.replace("\\", "/") if "\\" in file else file


@lru_cache(maxsize=8192)
def _relative(file: str, root: str) -> str | None:
    if not file or len(file) > MAX_PATH or "\0" in file or (file.endswith(">") and _NO_FILE.search(file) is not None):
        return None
    absolute = os.path.isabs(file)  # noqa: PTH117 - text, not a place
    whole = os.path.normpath(file if absolute else os.path.join(root, file))  # noqa: PTH118
    if not absolute and not os.path.lexists(whole) and (found := _suffix(file, whole, root)) is not None:
        return found
    for candidate in (whole, os.path.realpath(whole)):
        inside = PurePath(candidate)
        if not inside.is_relative_to(root):
            continue
        relative = inside.relative_to(root)
        own = relative.parts and not _FOREIGN.intersection(relative.parts[:-1]) and _OURS.search(f"/{relative.as_posix()}") is None
        return relative.as_posix() if own else None
    return _suffix(file, whole, root)


def _suffix(file: str, whole: str, root: str) -> str | None:
    """Return the workspace's file that a path of elsewhere ends like, the longest end first."""
    text = _posix(file)
    parts = [part for part in text.split("/") if part not in {"", "."}]
    if _LIBRARY.search(text) is not None or ".." in parts:
        return None
    for start in range(max(0, len(parts) - MAX_SUFFIX), len(parts)):
        end = "/".join(parts[start:])
        for below in _BELOW:
            place = os.path.join(root, below + end)  # noqa: PTH118
            if not _FOREIGN.intersection(parts[start:-1]) and os.path.isfile(place):  # noqa: PTH113
                return below + end if not os.path.isfile(whole) or _alike(whole, place) else None  # noqa: PTH113
    return None


def _alike(file: str, other: str) -> bool:
    """Say whether two files of this host are two states of one: another program's main.py is not the workspace's."""
    first, second = _lines(file), _lines(other)
    return len(first & second) >= _ALIKE * max(1, min(len(first), len(second)))


def _lines(file: str) -> frozenset[bytes]:
    try:
        with open(file, "rb") as stream:  # noqa: PTH123
            return frozenset(line.strip() for line in stream.read(MAX_COMPARED).splitlines()) - {b""}
    except OSError:
        return frozenset()
