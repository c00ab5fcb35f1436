"""A project's Python files as the worker may see them: inside the root, regular files, bounded in size and number."""

from __future__ import annotations

import collections
import os
import stat
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from nexoide.repair.code.source import MAX_BYTES, Module, UnreadableError

MAX_FILES = 2000
MAX_DEPTH = 12
_SKIPPED = frozenset({"node_modules", "site-packages", "dist-packages", "__pycache__", "venv", "env", "build", "dist"})

_Stamp = tuple[int, int, int, int]
_modules: collections.OrderedDict[str, tuple[_Stamp, bytes, Module | None]] = collections.OrderedDict()
_MAX_CACHED = 4096


class Project:
    """The Python files under `root`; contents are read when they are asked for and kept between jobs by their stamp."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._found: dict[tuple[str, ...], tuple[Module, ...]] = {}

    @cached_property
    def files(self) -> tuple[str, ...]:
        """POSIX paths of the project's Python files, relative to the root, at most 2,000."""
        found: list[str] = []
        for folder, names, files in os.walk(self.root, followlinks=False):
            depth = len(Path(folder).relative_to(self.root).parts)
            names[:] = sorted(name for name in names if depth < MAX_DEPTH and self._enters(Path(folder), name))
            for name in sorted(files):
                if name.endswith(".py"):
                    found.append((Path(folder) / name).relative_to(self.root).as_posix())
                    if len(found) >= MAX_FILES:
                        return tuple(found)
        return tuple(found)

    @staticmethod
    def _enters(folder: Path, name: str) -> bool:
        return not name.startswith(".") and name not in _SKIPPED and not (folder / name / "pyvenv.cfg").exists()

    def relative(self, file: str) -> str | None:
        """Return the path of a frame's file relative to the root, or None where it is not one of the project's files."""
        path = Path(file)
        try:
            rel = (path if path.is_absolute() else self.root / path).resolve().relative_to(self.root)
        except (ValueError, OSError, RuntimeError):
            return None
        parts = rel.parts
        if not path.is_absolute() and not (self.root / rel).is_file():
            return None  # compiled libraries name their sources relative to where they were built
        if not rel.name.endswith(".py") or any(part.startswith(".") or part in _SKIPPED for part in parts[:-1]):
            return None
        if any((self.root.joinpath(*parts[:depth]) / "pyvenv.cfg").exists() for depth in range(1, len(parts))):
            return None
        return rel.as_posix()

    def read(self, rel: str) -> bytes:
        """Return a file's bytes; raises UnreadableError where it is not a regular file of at most 1 MiB inside the root."""
        return self._load(rel)[0]

    def module(self, rel: str) -> Module:
        """Return a parsed file; raises UnreadableError where it may not or cannot be read."""
        data, module = self._load(rel)
        return module if module is not None else Module(rel, data)  # reading it again gives the reason again

    def containing(self, *names: str) -> tuple[Module, ...]:
        """Return the readable modules whose text contains every one of `names`; looked for once per diagnosis."""
        if names not in self._found:
            self._found[names] = tuple(self._containing(names))
        return self._found[names]

    def _containing(self, names: tuple[str, ...]) -> Iterator[Module]:
        wanted = [name.encode() for name in names]
        for rel in self.files:
            try:
                data = self._load(rel, parse=False)[0]
                if all(name in data for name in wanted):
                    yield self.module(rel)
            except UnreadableError:
                continue

    def _load(self, rel: str, *, parse: bool = True) -> tuple[bytes, Module | None]:
        path = self._inside(rel)
        try:
            info = path.lstat()
        except OSError as error:
            raise UnreadableError("is not there") from error
        if not stat.S_ISREG(info.st_mode) or info.st_size > MAX_BYTES:
            raise UnreadableError("is not a regular file of at most 1 MiB")
        stamp = (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)
        key = str(path)
        held = _modules.get(key)
        if held is None or held[0] != stamp:
            held = (stamp, _read(path), None)
        if parse and held[2] is None:
            held = (stamp, held[1], Module(rel, held[1]))
        _modules[key] = held
        _modules.move_to_end(key)
        while len(_modules) > _MAX_CACHED:
            _modules.popitem(last=False)
        return held[1], held[2]

    def _inside(self, rel: str) -> Path:
        parts = PurePosixPath(rel).parts
        if not parts or rel.startswith("/") or ".." in parts:
            raise UnreadableError("is outside the project")
        path = self.root.joinpath(*parts)
        if path.parent.resolve() != path.parent:  # a folder on the way is a link
            raise UnreadableError("is reached through a symbolic link")
        return path


def is_test(rel: str) -> bool:
    """Say whether a path is one of the project's tests, which no proposal edits."""
    path = PurePosixPath(rel)
    return (
        path.name == "conftest.py" or path.name.startswith("test_") or path.name.endswith("_test.py") or "tests" in path.parts[:-1] or "test" in path.parts[:-1]
    )


def _read(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise UnreadableError("cannot be opened") from error
    with os.fdopen(descriptor, "rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableError("is larger than 1 MiB")
    return data
