"""A throw-away copy of a project in which hostile code runs again and again: what a run changed is listed and put back.

The copy's tree is never trusted: links are not followed, every folder on the way to a file is opened by itself.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from nexoide.errors import RefusedError
from nexoide.sandbox import scratch

LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".nexoide", ".venv", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox", ".hypothesis"}
)
MAX_BYTES = 512 << 20
MAX_FILES = 50_000
_MAX_HASHED = 8 << 20
_MAX_WRITTEN = 200
_UNSEEN = frozenset({"__pycache__", ".pytest_cache", ".mypy_cache", ".hypothesis"})  # what tools leave behind says nothing of a program

_Stamp = tuple[int, int, int, int]


class Copy:
    """A copy of the plain files under `source`, in the new folder `place`; raises RefusedError above 512 MiB or 50,000 files."""

    def __init__(self, source: Path, place: Path) -> None:
        self.source, self.place = source, place
        self._known: dict[str, tuple[_Stamp, _Stamp]] = {}  # path → stamp of the original, stamp in the copy
        self._folders: set[str] = {""}
        self._fill()
        self._digest = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of the copied files, relative, POSIX, sorted."""
        return tuple(sorted(self._known))

    @property
    def digest(self) -> str:
        """A digest of which files were copied and when they were last changed: two copies with the same one are of the same tree."""
        if not self._digest:
            whole = hashlib.sha256(str(self.source).encode())
            for path, (original, _) in sorted(self._known.items()):
                whole.update(f"\0{path}\0{original}".encode("utf-8", "surrogateescape"))
            self._digest = whole.hexdigest()
        return self._digest

    def stale(self) -> bool:
        """Say whether the original has changed since."""
        try:
            return {path: _stamp(info) for path, info in _walk(self.source)} != {path: stamps[0] for path, stamps in self._known.items()}
        except (OSError, RefusedError):
            return True

    def write(self, path: str, data: bytes) -> None:
        """Put one file into the copy, until `restore`; raises OSError where something else is in its way."""
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts:
            raise OSError(f"{path!a} is outside the copy")
        folder = _open_folder(self.place, parts[:-1], create=True)
        try:
            try:
                os.unlink(parts[-1], dir_fd=folder)
            except FileNotFoundError:
                pass
            descriptor = os.open(parts[-1], os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=folder)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
        finally:
            os.close(folder)

    def restore(self, ours: Mapping[str, bytes]) -> dict[str, str]:
        """Put everything back as it was; return what else than `ours` was written, as path → digest ('' where it is gone or no file)."""
        written: dict[str, str] = {}
        seen: set[str] = set()
        for path, info, is_folder in self._entries():
            name = PurePosixPath(path)
            if is_folder:
                continue
            seen.add(path)
            known = self._known.get(path)
            if known is not None and known[1] == _stamp(info) and path not in ours:
                continue
            if len(written) < _MAX_WRITTEN and not _UNSEEN & set(name.parts):
                digest = self._hash(path, info)
                if path not in ours or digest != hashlib.sha256(ours[path]).hexdigest():
                    written[path] = digest
            self._put_back(path)
        for path in self._known.keys() - seen:
            written.setdefault(path, "")
            self._put_back(path)
        self._drop_folders()
        return written

    def _fill(self) -> None:
        total = 0
        for path, info in _walk(self.source):
            total += info.st_size
            if total > MAX_BYTES:
                raise RefusedError(f"{self.source} holds more than {MAX_BYTES >> 20} MiB, too much to copy for a check: keep data elsewhere.")
            self._folders.update(str(parent) for parent in PurePosixPath(path).parents if str(parent) != ".")
            self._take(path, info)

    def _take(self, path: str, info: os.stat_result) -> None:
        target = self.place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if stat.S_ISLNK(info.st_mode):
            target.symlink_to(os.readlink(self.source / path))  # noqa: PTH115  (the text)
        else:
            shutil.copyfile(self.source / path, target, follow_symlinks=False)
            target.chmod(stat.S_IMODE(info.st_mode) | 0o600)
        self._known[path] = (_stamp(info), _stamp(target.lstat()))

    def _put_back(self, path: str) -> None:
        parts = PurePosixPath(path).parts
        try:
            folder = _open_folder(self.place, parts[:-1], create=True)
        except OSError:
            return
        try:
            os.unlink(parts[-1], dir_fd=folder)
        except IsADirectoryError:
            scratch.remove(self.place / path)
        except FileNotFoundError:
            pass
        finally:
            os.close(folder)
        if path in self._known:
            info = (self.source / path).lstat()
            if _stamp(info) != self._known[path][0]:
                raise RefusedError(f"{path} was changed while it was being checked: start again.")
            self._take(path, info)

    def _entries(self) -> Iterator[tuple[str, os.stat_result, bool]]:
        waiting = [""]
        count = 0
        while waiting:
            here = waiting.pop()
            try:
                entries = list(os.scandir(self.place / here))
            except OSError:
                continue
            for entry in entries:
                count += 1
                if count > 4 * MAX_FILES:
                    raise RefusedError("The program made more files than can be looked through: nothing more is said about it.")
                path = f"{here}/{entry.name}" if here else entry.name
                folder = entry.is_dir(follow_symlinks=False)
                if folder:
                    waiting.append(path)
                yield path, entry.stat(follow_symlinks=False), folder

    def _drop_folders(self) -> None:
        made = [path for path, _, folder in self._entries() if folder and path not in self._folders]
        for path in sorted(made, key=len):
            if (self.place / path).exists():
                scratch.remove(self.place / path)

    def _hash(self, path: str, info: os.stat_result) -> str:
        if not stat.S_ISREG(info.st_mode) or info.st_size > _MAX_HASHED:
            return ""
        try:
            folder = _open_folder(self.place, PurePosixPath(path).parts[:-1], create=False)
            try:
                descriptor = os.open(PurePosixPath(path).name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            finally:
                os.close(folder)
            with os.fdopen(descriptor, "rb") as stream:
                return hashlib.sha256(stream.read(_MAX_HASHED)).hexdigest()
        except OSError:
            return ""


def _walk(source: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the plain files under `source`, and the links that stay inside it, with their state."""
    count = 0
    root = source.resolve()
    for here, folders, names in os.walk(source):
        place = Path(here)
        linked = [name for name in folders if (place / name).is_symlink()]
        folders[:] = sorted(name for name in folders if name not in linked and name not in LEFT_OUT and not (place / name / "pyvenv.cfg").exists())
        for name in sorted([*names, *linked]):
            path = place / name
            info = path.lstat()
            if stat.S_ISLNK(info.st_mode) and (os.path.isabs(os.readlink(path)) or not path.resolve().is_relative_to(root)):  # noqa: PTH115, PTH117
                continue
            if not (stat.S_ISREG(info.st_mode) or stat.S_ISLNK(info.st_mode)) or name.endswith(".pyc"):
                continue
            count += 1
            if count > MAX_FILES:
                raise RefusedError(f"{source} holds more than {MAX_FILES} files, too many to copy for a check: keep data elsewhere.")
            yield path.relative_to(source).as_posix(), info


def _open_folder(root: Path, parts: tuple[str, ...], *, create: bool) -> int:
    """Return a descriptor of a folder below `root`, no link followed on the way."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts:
        try:
            if create:
                try:
                    os.mkdir(part, 0o755, dir_fd=folder)
                except FileExistsError:
                    pass
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        finally:
            os.close(folder)
        folder = inner
    return folder


def _stamp(info: os.stat_result) -> _Stamp:
    return (info.st_mtime_ns, info.st_size, info.st_ino, info.st_mode)
